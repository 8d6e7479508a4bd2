"""The product in one process, as the integration tests have it."""

from tests.integration.conftest import (
    announcer,
    assistant,
    client,
    clock,
    content,
    examples,
    prepared,
    rasa,
    settings,
    talker,
)

__all__ = [
    "announcer",
    "assistant",
    "client",
    "clock",
    "content",
    "examples",
    "prepared",
    "rasa",
    "settings",
    "talker",
]
