"""The gateway's channel: Rasa's REST channel, reading clicks without the language model."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.rest import RestInput
from sanic import Blueprint

CLICK = "/choose"


class GatewayInput(RestInput):
    """Answers on the path of Rasa's REST channel.

    Rasa runs a message that begins with « / » through the whole pipeline before it reads the intent
    written in it (a seventh of the time of a click).
    """

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Return the routes of the channel."""

        async def on_message(message: UserMessage) -> None:
            if message.text.startswith(CLICK):
                message.parse_data = read_click(message.text)
            await on_new_message(message)

        return super().blueprint(on_message)


def read_click(text: str) -> dict[str, Any]:
    """Return what the language model would: ``/choose{"option": "…"}`` is sure of itself."""
    option = json.loads(text.removeprefix(CLICK))["option"]
    return {
        "text": text,
        "intent": {"name": CLICK.removeprefix("/"), "confidence": 1.0},
        "intent_ranking": [],
        "entities": [{"entity": "option", "value": option}],
    }
