"""What all tests share: no network but where the folder is about it, and how hard to try."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

TESTS = Path(__file__).parent
WITH_REAL_PROCESSES = TESTS / "e2e"

# No deadline: on a machine shared by several tasks a slow example says nothing about the code.
settings.register_profile("usual", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("usual")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that start real processes, and let these alone use sockets."""
    for item in items:
        if item.path.is_relative_to(WITH_REAL_PROCESSES):
            item.add_marker("e2e")
            item.add_marker("enable_socket")
