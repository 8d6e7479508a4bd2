"""What an action needs of Rasa's tracker, parsed at the border."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError
from rasa_sdk import Tracker

from assistant.adapters.rasa_messages import ParsedMessage
from assistant.domain.errors import InvalidInput
from assistant.domain.turn import Understanding


class _Metadata(BaseModel):
    model_config = ConfigDict(extra="ignore")
    message_id: str


class _LatestMessage(ParsedMessage):
    metadata: _Metadata


@dataclass(frozen=True)
class Asked:
    """A message as Rasa hands it to an action.

    ``is_fresh`` is false when another action already ran for the same message.
    """

    turn_id: str
    understanding: Understanding
    is_fresh: bool


def read_tracker(tracker: Tracker) -> Asked:
    """Parse a tracker. Raises InvalidInput when the message is not one of the gateway's."""
    try:
        message = _LatestMessage.model_validate(tracker.latest_message)
    except ValidationError as error:
        raise InvalidInput("the tracker holds no message of the gateway") from error
    return Asked(
        turn_id=message.metadata.message_id,
        understanding=message.understanding(),
        is_fresh=tracker.latest_action_name in (None, "action_listen"),
    )
