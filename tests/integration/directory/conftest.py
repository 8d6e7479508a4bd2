"""The databases of the persistence tests, for the directory."""

from tests.integration.persistence.conftest import (  # noqa: F401 (fixtures, found by their names)
    engine,
    migrated_file,
    migrated_server,
)
