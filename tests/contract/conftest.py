"""The product in one process: pytest looks for fixtures here, by their names."""

from tests.in_process import *  # noqa: F403 (its __all__ is the list)
