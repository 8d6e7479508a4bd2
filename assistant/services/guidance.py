"""Closing a turn: the state and the instructions are committed together, once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.errors import StaleState
from assistant.domain.messages import Instruction
from assistant.domain.turn import Decider, Turn, Understanding
from assistant.services.dialogue import Dialogue
from assistant.services.moves import Move, say
from assistant.services.ports import Clock, OpenUnitOfWork, UnitOfWork
from assistant.services.precedence import Verdict
from assistant.services.universal_words import Word

# After a night, « oui » no longer answers the question of the day before.
RESUME_AFTER = timedelta(hours=6)

Decide = Callable[[Conversation, Turn, DialogueState], Move | None]


@dataclass(frozen=True)
class Guided:
    """What became of a turn: whether a flow waits for an answer after it."""

    action: str
    flow_waits: bool


@dataclass(frozen=True)
class Guidance:
    """The use cases that dialogue engines and the gateway call; each may be repeated at will."""

    open_unit_of_work: OpenUnitOfWork
    dialogue: Dialogue
    clock: Clock

    def follow(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided | None:
        """Take the message as the answer to what waits; None when it is something else."""
        return self._close(
            turn_id,
            decider,
            lambda conversation, turn, state: self._answer(
                conversation, turn, state, understanding
            ),
        )

    def meet(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided:
        """Answer the need that was understood."""

        def decide(conversation: Conversation, turn: Turn, state: DialogueState) -> Move:
            answered = self._answer(conversation, turn, state, understanding)
            if answered is not None:
                return answered
            if understanding.need is None:
                return self.dialogue.clarify(state, understanding, turn.inbound.text)
            return self.dialogue.meet(state, understanding.need, turn.inbound.text)

        return self._must_close(turn_id, decider, decide)

    def clarify(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided:
        """Ask what was meant."""
        return self.meet(turn_id, replace(understanding, need=None), decider)

    def named_choice(self, conversation: Conversation, turn: Turn) -> str | None:
        """Return the button that a message names by number or label, outside any waiting step."""
        state = rested(conversation, self.clock.now())
        if state.session.current is not None and state.question is None:
            return None
        return self.dialogue.offered_choice(state, turn.inbound.text, conversation.language)

    def settle(self, turn_id: str, verdict: Verdict) -> Guided:
        """Do what was decided before any dialogue engine: danger, STOP, a word, a mediator."""

        def decide(conversation: Conversation, turn: Turn, state: DialogueState) -> Move:
            del conversation
            steering = self.dialogue.steering
            if verdict.danger is not None:
                return steering.warn(state, verdict.danger)
            if verdict.opt_out is not None:
                return steering.stop(state, verdict.opt_out)
            if verdict.word is not None:
                return steering.steer(state, verdict.word)
            if verdict.unreadable and turn.inbound.masked:
                return steering.steer(state, Word.REPEAT)
            if verdict.unreadable:
                return self.dialogue.clarify(state, Understanding(None, 0.0), "")
            return Move("held", state, ())

        return self._must_close(turn_id, verdict.decider, decide)

    def apologise(self, turn_id: str) -> Guided:
        """Close a turn that no engine could: say so, and how to reach a person."""
        return self._must_close(
            turn_id,
            Decider.KEYWORDS,
            lambda _conversation, _turn, state: self.dialogue.steering.hand_to_person(
                state, "trouble"
            ),
        )

    def _answer(
        self,
        conversation: Conversation,
        turn: Turn,
        state: DialogueState,
        understanding: Understanding,
    ) -> Move | None:
        return self.dialogue.answer(
            state,
            turn.inbound.text,
            turn.inbound.choice,
            understanding.need,
            conversation.language,
        )

    def _must_close(self, turn_id: str, decider: Decider, decide: Decide) -> Guided:
        guided = self._close(turn_id, decider, decide)
        if guided is None:
            raise AssertionError(f"nothing was decided about turn {turn_id}")
        return guided

    def _close(self, turn_id: str, decider: Decider, decide: Decide) -> Guided | None:
        with self.open_unit_of_work() as work:
            turn = work.turns.get(turn_id)
            conversation = work.conversations.get(turn.conversation_id)
            if turn.is_closed:
                return _guided(turn.action or "", conversation.state)
            state = rested(conversation, self.clock.now())
            move = decide(conversation, turn, state)
            if move is None:
                return None
            try:
                kept = self._keep(work, turn, conversation, decider, move)
            except StaleState:
                kept = False
            if kept:
                work.commit()
                return _guided(move.action, move.state)
        with self.open_unit_of_work() as work:
            # Somebody closed the turn while we were deciding: theirs is what the person reads.
            turn = work.turns.get(turn_id)
            return _guided(turn.action or "", work.conversations.get(turn.conversation_id).state)

    def _keep(
        self,
        work: UnitOfWork,
        turn: Turn,
        conversation: Conversation,
        decider: Decider,
        move: Move,
    ) -> bool:
        told = (*_about_secrets(turn), *move.instructions)
        if not work.turns.close(turn.id, decider, move.action, told):
            return False
        work.conversations.save_state(conversation.id, move.state, conversation.version)
        return True


def rested(conversation: Conversation, now: datetime) -> DialogueState:
    """Return the state, with the open flow in the background when the person was long away."""
    state = conversation.state
    long_away = now - conversation.last_activity_at > RESUME_AFTER
    if long_away and state.session.current is not None and state.question is None:
        return replace(state, question=Question.RESUME)
    return state


def _about_secrets(turn: Turn) -> tuple[Instruction, ...]:
    return (say("masked"),) if turn.inbound.masked else ()


def _guided(action: str, state: DialogueState) -> Guided:
    return Guided(action, flow_waits=state.session.current is not None)
