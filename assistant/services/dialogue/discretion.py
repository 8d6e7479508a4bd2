"""Quick exit: what is told of a delicate subject goes out of sight once the subject is left.

A while later it is erased for good, here and at the carrier. A flow marked ``sensitive`` is
delicate, and so is the answer to its need: the numbers that come after a message about violence.
Nothing is kept for it: what is in sight follows from the messages, the state and the hour.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from assistant.domain.conversation import Conversation, DialogueState, Question, Session
from assistant.domain.errors import ContentError, NotFound, StaleState
from assistant.domain.messages import Author, Instruction, Message
from assistant.domain.retention import WINDOWS, Kind
from assistant.flows import engine
from assistant.flows.engine import Library
from assistant.services.conversations import tell
from assistant.services.dialogue.moves import (
    HUMAN,
    MENU,
    NEED_PREFIX,
    RESUME_CHOICES,
    Move,
    ask,
    move,
    need_choice,
)
from assistant.services.dialogue.steering import FIRST_NEEDS
from assistant.services.ports.clock import Clock
from assistant.services.ports.conversations import Announcer
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork

# Whoever takes up the device a quarter of an hour later finds nothing, exit or no exit.
IN_SIGHT = WINDOWS[Kind.DELICATE].lasts
# Somebody who walked away may still answer by SMS; after that they find the question of the exit.
WALKED_AWAY = WINDOWS[Kind.DELICATE_WAITING].lasts

_LEFT = "interface/left.question"
_SAFETY = "interface/safe."
# A message that is being answered moves the state under us; the next try finds it settled.
_TRIES = 5


@dataclass(frozen=True)
class Sight:
    """The messages that may be shown, and which of them are delicate.

    ``stranded`` tells that what waits for an answer is not among them.
    """

    messages: Sequence[Message]
    delicate: frozenset[str] = frozenset()
    stranded: bool = False


@dataclass
class Exchange:
    """What somebody said and all that answered it, or what we said by ourselves."""

    messages: list[Message]
    delicate: bool = False

    @property
    def begins_with_the_citizen(self) -> bool:
        """Tell whether it answers somebody."""
        return self.messages[0].author is Author.CITIZEN

    @property
    def question(self) -> Instruction | None:
        """The last question asked in it."""
        asked = (each.instruction for each in reversed(self.messages) if each.words.choices)
        return next(asked, None)

    @property
    def is_the_exit(self) -> bool:
        """Tell whether it is what we say after an exit."""
        first = self.messages[0].instruction
        return first is not None and first.key == _LEFT


@dataclass(frozen=True)
class Discretion:
    """The use cases around what nobody must read over a shoulder, or an hour later.

    ``flows`` lists the flows that are published.
    """

    open_unit_of_work: OpenUnitOfWork
    open_reading: OpenUnitOfWork
    library: Library
    flows: Callable[[], frozenset[str]]
    wording: Wording
    announcer: Announcer
    clock: Clock

    def in_sight(self, conversation: Conversation, messages: Sequence[Message]) -> Sight:
        """Return what may be shown of all the messages of a conversation.

        A delicate subject is in sight while it is open, or the last one, and somebody is there.
        """
        told = self._marked(exchanges(messages))
        delicate = frozenset(
            message.id for each in told if each.delicate for message in each.messages
        )
        if not delicate:
            return Sight(messages)
        waits = told[-1].delicate or self._is_open(conversation.state)
        here = self.clock.now() - conversation.last_activity_at < IN_SIGHT
        if waits and here and not told[-1].is_the_exit:
            return Sight(messages, delicate)
        shown = [each for each in messages if each.id not in delicate]
        return Sight(shown, stranded=waits)

    def leave(self, conversation_id: str) -> None:
        """Close what is delicate and ask something harmless instead. Raises NotFound.

        Nothing happens where nothing delicate was said since the last exit.
        """
        for _ in range(_TRIES):
            with suppress(StaleState):
                self._leave(conversation_id)
                break
        self.announcer.announce(conversation_id)

    def erase_left(self) -> int:
        """Erase what was left a quarter of an hour ago, in every conversation; return how many."""
        now = self.clock.now()
        delicate = sorted(filter(self.is_delicate, self.flows()))
        with self.open_reading() as work:
            told = work.delicate_lines.conversations(delicate, now - IN_SIGHT)
        return sum(self._erase_left(each, now) for each in told)

    def is_delicate(self, slug: str, revision: str | None = None) -> bool:
        """Tell whether a flow, or the flow of a need, is delicate."""
        try:
            return self.library.flow(slug, revision).document.sensitive
        except NotFound:
            return False

    def _leave(self, conversation_id: str) -> None:
        with self.open_unit_of_work() as work:
            conversation = work.conversations.get(conversation_id)
            state = conversation.state
            told = self._marked(exchanges(work.messages.after(conversation_id)))
            in_sight = bool(told) and told[-1].delicate
            if not (in_sight or self._is_open(state)):
                return
            left = self._left(state)
            work.conversations.save_state(conversation_id, left.state, conversation.version)
            moved = replace(conversation, state=left.state)
            tell(work, self.wording, moved, left.instructions, self.clock.now())
            work.commit()

    def _erase_left(self, conversation_id: str, now: datetime) -> bool:
        with suppress(NotFound):
            with self.open_reading() as work:
                conversation = work.conversations.get(conversation_id)
                sight = self.in_sight(conversation, work.messages.after(conversation_id))
            if sight.stranded:
                if now - conversation.last_activity_at < WALKED_AWAY:
                    return False
                self.leave(conversation_id)
            with self.open_unit_of_work() as work:
                lines = self._old_and_hidden(work, conversation_id, now)
                if lines and not work.delicate_lines.are_leaving(lines):
                    work.delicate_lines.erase(conversation_id, lines, now)
                    work.commit()
                    return True
        return False

    def _old_and_hidden(self, work: UnitOfWork, conversation_id: str, now: datetime) -> list[str]:
        """Return the lines that nobody may see any more, when the last of them is old enough."""
        messages = work.messages.after(conversation_id)
        sight = self.in_sight(work.conversations.get(conversation_id), messages)
        shown = {each.id for each in sight.messages}
        hidden = [each for each in messages if each.id not in shown]
        if sight.stranded or any(now - each.created_at < IN_SIGHT for each in hidden):
            return []
        return [each.id for each in hidden]

    def _left(self, state: DialogueState) -> Move:
        session = self._without_the_delicate(state.session)
        later = tuple(need for need in state.later if not self.is_delicate(need))
        resting = Question.RESUME if session.current is not None else None
        calm = replace(state, session=session, question=resting, later=later, misunderstood=0)
        needs = (*map(need_choice, FIRST_NEEDS), MENU, HUMAN)
        return move(
            "left",
            calm,
            ask(
                _LEFT.removeprefix("interface/"),
                *(RESUME_CHOICES if resting is not None else needs),
            ),
        )

    def _without_the_delicate(self, session: Session) -> Session:
        kept = tuple(
            each for each in session.positions if not self.is_delicate(each.flow, each.revision)
        )
        if not kept:
            return Session()
        try:
            # A flow that waited on its detour stands again at the question before it.
            return engine.begin(self.library, Session(kept), kept[-1].flow).session
        except ContentError:
            return Session()

    def _is_open(self, state: DialogueState) -> bool:
        return any(self.is_delicate(each.flow, each.revision) for each in state.session.positions)

    # -- telling what is delicate -----------------------------------------------------------

    def _marked(self, told: list[Exchange]) -> list[Exchange]:
        """Mark the exchanges about a delicate subject, and what led to it or was answered to it."""
        for each in told:
            each.delicate = any(map(self._is_delicate_message, each.messages))
        for before, after in pairwise(told):
            if before.delicate and after.begins_with_the_citizen:
                after.delicate |= self._asks_delicately(before)
        for before, after in reversed([*pairwise(told)]):
            if after.delicate and before.begins_with_the_citizen:
                before.delicate |= self._offers_the_delicate(before)
        return told

    def _is_delicate_message(self, message: Message) -> bool:
        return message.instruction is not None and self._is_delicate(message.instruction)

    def _is_delicate(self, instruction: Instruction) -> bool:
        space, _, rest = instruction.key.partition("/")
        slug = rest.partition("/")[0]
        if space == "flow" and self.is_delicate(slug, instruction.revision):
            return True
        if space == "answer" and self.is_delicate(slug):
            return True
        return instruction.step is not None and self.is_delicate(instruction.step.flow)

    def _asks_delicately(self, exchange: Exchange) -> bool:
        """Tell whether any reply to its question says something about the subject."""
        asked = exchange.question
        return asked is not None and (asked.key.startswith(_SAFETY) or self._is_delicate(asked))

    def _offers_the_delicate(self, exchange: Exchange) -> bool:
        """Tell whether it asked « vouliez-vous dire … » and named the subject."""
        asked = exchange.question
        return asked is not None and any(
            self.is_delicate(choice.id.removeprefix(NEED_PREFIX))
            for choice in asked.choices
            if choice.id.startswith(NEED_PREFIX)
        )


def exchanges(messages: Sequence[Message]) -> list[Exchange]:
    """Part a conversation into its exchanges.

    Messages sent before the first was answered make one exchange with all their answers. What we
    say by ourselves stands alone, and an answer that comes after it belongs to what was asked.
    """
    told: list[Exchange] = []
    for message in messages:
        if message.author is Author.CITIZEN:
            if told and told[-1].begins_with_the_citizen and not _is_answered(told[-1]):
                told[-1].messages.append(message)
            else:
                told.append(Exchange([message]))
        elif message.in_reply_to is None and message.author is Author.ASSISTANT:
            told.append(Exchange([message]))
        else:
            asked = next((each for each in reversed(told) if each.begins_with_the_citizen), None)
            if asked is None:
                told.append(Exchange([message]))
            else:
                asked.messages.append(message)
    return told


def _is_answered(exchange: Exchange) -> bool:
    return exchange.messages[-1].author is not Author.CITIZEN
