"""The answer to an SMS: shown like any other, and sent as text messages to the phone that asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from assistant.domain.conversation import Conversation
from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Channel, InstructionKind, Message
from assistant.domain.turn import Decider, Turn
from assistant.services.conversations import tell
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork
from assistant.services.sms.words import SmsWord

INTRODUCTION = "interface/welcome.program"

# After STOP these are answered all the same: a danger always, and STOP itself once.
_ALWAYS_ANSWERED = frozenset({Decider.DANGER, Decider.OPT_OUT})


def answer_phone(
    work: UnitOfWork, wording: Wording, conversation: Conversation, turn: Turn, now: datetime
) -> None:
    """Keep the messages that answer a turn, and let them leave.

    A long answer leaves page by page: the next one when SUITE asks for it, none when something
    else is said. What tells about a danger leaves whole.
    """
    address_id = work.addresses.last_in(Channel.SMS, conversation.id)
    if address_id is None:
        # Forgotten since: there is nobody to write to.
        return
    if turn.action == SmsWord.NEXT_PAGE:
        work.outbox.release(address_id, now)
        return
    work.outbox.drop_held(address_id)
    noted = work.messages.answers_to(turn.id)
    told = tell(work, wording, conversation, turn.instructions, now, turn)
    if not told:
        return
    grave = turn.closed_by is Decider.DANGER or any(
        each.kind is InstructionKind.DANGER for each in turn.instructions
    )
    said = told if grave else [*noted, *told]
    for part in _parts(said, conversation.language, wording):
        work.outbox.put(
            address_id,
            told[0].id,
            part,
            now,
            although_stopped=grave or turn.closed_by in _ALWAYS_ANSWERED,
            page_by_page=not grave,
        )


def _parts(
    said: Sequence[Message], language: str, wording: Wording
) -> Iterator[Sequence[PhoneText]]:
    """Yield what leaves together: who we are goes ahead of an answer that has no room for it."""
    whole = wording.text_messages([each.words for each in said], language)
    first, *rest = said
    introduces = first.instruction is not None and first.instruction.key == INTRODUCTION
    if len(whole) == 1 or not rest or not introduces:
        yield whole
        return
    yield wording.text_messages([first.words], language)
    yield wording.text_messages([each.words for each in rest], language)
