"""Asking for a consent when it matters, and telling which are in force."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.consent import Purpose, Standing
from assistant.domain.conversation import Conversation, Question
from assistant.domain.messages import Channel, Choice, Instruction, InstructionKind
from assistant.domain.whom import Whom
from assistant.services.consent.asking import (
    OF_THE_PERSON,
    WITHDRAW,
    ask_consent,
    consent_choice,
)
from assistant.services.consent.recording import ConsentRecord, last_word, standing_of
from assistant.services.consent.wishes import WISHED
from assistant.services.dialogue.moves import CONTINUE, MENU, Move, ask, move, say
from assistant.services.ports.transaction import UnitOfWork

_BY_PHONE = frozenset({Purpose.QUALITY})


@dataclass(frozen=True)
class ConsentsWanted:
    """What the dialogue alone cannot tell: whether a consent is in force already."""

    record: ConsentRecord

    def completed(
        self,
        work: UnitOfWork,
        conversation: Conversation,
        decided: Move,
        channel: Channel,
        now: datetime,
    ) -> Move:
        """Return the move with the consent that it wants asked after it, unless it is in force.

        In its last month it is asked anew. Nobody is asked twice in a conversation who said no,
        and whoever helps is not asked for what is not theirs.
        """
        purpose = decided.wants
        if purpose is None:
            return decided
        wished = decided.action == WISHED
        if not wished and not self._may_ask(conversation, decided, purpose, channel):
            return decided
        if conversation.shared_device and purpose in OF_THE_PERSON:
            first, *rest = decided.instructions
            told = replace(say("consent.shared_device"), whom=first.whom)
            return replace(decided, instructions=(told, *rest))
        if standing_of(work, conversation.id, purpose, now) is Standing.IN_FORCE:
            return decided
        before = () if wished else tuple(_without_question(decided.instructions))
        question = self.record.question(purpose)
        asked = ask_consent(decided.state, purpose, *before, question=question)
        return replace(decided, state=asked.state, instructions=asked.instructions)

    def listed(
        self, work: UnitOfWork, conversation: Conversation, decided: Move, now: datetime
    ) -> Move:
        """Return the move that tells each consent and how to take back those in force."""
        lines: list[Instruction] = []
        taken_back: list[Choice] = []
        for purpose in Purpose:
            if purpose is Purpose.SEND_PLACE:
                continue  # Used up by the one text message that it was given for.
            last = last_word(work, conversation.id, purpose)
            if last is None or not last.in_force(now):
                lines.append(say(f"consent.{purpose}.off"))
                continue
            until = f"{last.expires_at:%d/%m/%Y}" if last.expires_at is not None else ""
            lines.append(replace(say(f"consent.{purpose}.on"), params={"until": until}))
            taken_back.append(consent_choice(purpose, WITHDRAW))
        state = decided.state
        waits = state.session.current is not None
        going_on = CONTINUE if waits else MENU
        key = "consent.change" if taken_back else "consent.nothing_to_change"
        resting = replace(state, question=Question.RESUME if waits else None)
        return move(decided.action, resting, *lines, ask(key, *taken_back, going_on))

    def _may_ask(
        self, conversation: Conversation, decided: Move, purpose: Purpose, channel: Channel
    ) -> bool:
        state = decided.state
        return (
            purpose not in state.declined
            and not conversation.shared_device
            and state.question is not Question.CONSENT
            and not (state.whom is Whom.OTHER and purpose in OF_THE_PERSON)
            and (channel is Channel.SMS or purpose not in _BY_PHONE)
        )


def _without_question(instructions: tuple[Instruction, ...]) -> list[Instruction]:
    """Leave out what is asked again once the consent is answered, and all other buttons."""
    *before, last = instructions
    kept = (
        before
        if last.kind is InstructionKind.ASK and last.key not in _SAYS_MORE
        else [*before, last]
    )
    return [
        replace(each, kind=InstructionKind.SAY, choices=())
        if each.kind is InstructionKind.ASK
        else replace(each, choices=())
        for each in kept
    ]


_SAYS_MORE = frozenset({"interface/pause.kept"})
"""Questions that tell something too, and so are said all the same."""
