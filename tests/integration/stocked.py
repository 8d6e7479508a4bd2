"""A directory that holds the shipped places, for whoever imports both fixtures."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant.adapters.database import open_database
from assistant.adapters.places.upkeep import SHIPPED, PlaceUpkeep
from assistant.config import Settings
from tests.fakes.clock import FakeClock
from tests.in_process import DATABASE


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Path:
    """A prepared database that holds the shipped places, to be copied."""
    folder = tmp_path_factory.mktemp("stocked")
    shutil.copyfile(prepared, folder / DATABASE)
    address = f"sqlite:///{folder / DATABASE}"
    engine = open_database(address)
    upkeep = PlaceUpkeep(address, engine, "", FakeClock().now)
    assert upkeep.due(1) == (SHIPPED,)
    upkeep.perform(SHIPPED)
    # The last connection that closes leaves all of it in the one file that is copied.
    engine.dispose()
    return folder / DATABASE


@pytest.fixture
def settings(settings: Settings, stocked: Path) -> Settings:
    """The settings of the tests, over that directory."""
    shutil.copyfile(stocked, settings.data_dir / DATABASE)
    return settings
