"""The three actions of the domain; they decide nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import cache

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.types import DomainDict

from actions.reading import Asked, read_tracker
from assistant.bootstrap import Assistant, build
from assistant.config import Settings
from assistant.domain.turn import Decider, Understanding
from assistant.services.guidance import Guidance, Guided

LOOP = "action_follow_flow"


@cache
def _assistant() -> Assistant:
    return build(Settings())


def _told(dispatcher: CollectingDispatcher, asked: Asked, guided: Guided) -> list[EventType]:
    # Words are rendered by the gateway. The payload proves to it that an action answered: the
    # REST channel gives [] both for silence and for a crash.
    dispatcher.utter_message(json_message={"turn": asked.turn_id, "action": guided.action})
    return [ActiveLoop(LOOP if guided.flow_waits else None)]


class ActionFollowFlow(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Takes a message as the answer to the step that waits: the active loop of a guided flow."""

    def name(self) -> str:
        """Return the name in the domain."""
        return LOOP

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Answer the step; reject what is no answer, so that the rule of its need applies."""
        del domain
        asked = read_tracker(tracker)
        if not asked.is_fresh:
            # The rule of a digression answered and asked the step again in one commit.
            return []
        guidance = _assistant().guidance
        guided = await asyncio.to_thread(
            guidance.follow, asked.turn_id, asked.understanding, Decider.RASA
        )
        if guided is None:
            raise ActionExecutionRejection(self.name())
        return _told(dispatcher, asked, guided)


class ActionMeetNeed(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Answers the need that was understood, and asks the waiting step again."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_meet_need"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Close the turn with an answer."""
        del domain
        return await _close(Guidance.meet, dispatcher, tracker)


class ActionClarify(Action):  # type: ignore[misc]  # rasa-sdk ships no types
    """Asks what was meant, with what we believe to have understood."""

    def name(self) -> str:
        """Return the name in the domain."""
        return "action_clarify"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict
    ) -> list[EventType]:
        """Close the turn with a question."""
        del domain
        return await _close(Guidance.clarify, dispatcher, tracker)


async def _close(
    use_case: Callable[[Guidance, str, Understanding, Decider], Guided],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
) -> list[EventType]:
    asked = read_tracker(tracker)
    guidance = _assistant().guidance
    guided = await asyncio.to_thread(
        use_case, guidance, asked.turn_id, asked.understanding, Decider.RASA
    )
    return _told(dispatcher, asked, guided)
