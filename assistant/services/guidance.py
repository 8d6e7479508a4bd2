"""Closing a turn: the state and the instructions are committed together, once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.errors import StaleState
from assistant.domain.messages import Channel, Instruction, InstructionKind
from assistant.domain.turn import SILENT, Decider, Turn, Understanding
from assistant.domain.whom import Whom
from assistant.services.choices import talk
from assistant.services.consent.wishes import grant
from assistant.services.dialogue.dialogue import Dialogue
from assistant.services.dialogue.moves import WORD_PREFIX, Effect, Move, preceded, say, say_for_whom
from assistant.services.dialogue.precedence import Verdict
from assistant.services.dialogue.universal_words import Word
from assistant.services.dialogue.whom import recognise_whom
from assistant.services.effects import Effects
from assistant.services.ports.clock import Clock
from assistant.services.ports.transaction import OpenUnitOfWork, UnitOfWork
from assistant.services.scams.talk import judge
from assistant.services.sms import phone_line
from assistant.services.sms.words import SmsWord
from assistant.services.tallies import tallies

# After a night, « oui » no longer answers the question of the day before.
RESUME_AFTER = timedelta(hours=6)

# What is grave comes at once, and the end of all messages says itself who we are.
_WITHOUT_INTRODUCTION = frozenset({Decider.DANGER, Decider.OPT_OUT})
_SAYS_IT_ITSELF = frozenset({"bonjour", SmsWord.LINK, SmsWord.CONTACT})

_FOR_WHOM = frozenset({Word.FOR_OTHER, Word.FOR_SELF})

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
    effects: Effects
    clock: Clock

    def follow(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided | None:
        """Take the message as the answer to what waits; None when it is something else."""
        return self._close(
            turn_id,
            decider,
            _to_whom_is_meant(
                lambda conversation, turn, state: self._answer(
                    conversation, turn, state, understanding
                )
            ),
        )

    def meet(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided:
        """Answer the need that was understood."""

        def decide(conversation: Conversation, turn: Turn, state: DialogueState) -> Move:
            answered = self._answer(conversation, turn, state, understanding)
            if answered is not None:
                return answered
            if understanding.need is None:
                return self.dialogue.clarify(
                    state, understanding, turn.inbound.text, conversation.language
                )
            return self.dialogue.meet(
                state, understanding.need, turn.inbound.text, conversation.language
            )

        return self._must_close(turn_id, decider, _to_whom_is_meant(decide))

    def clarify(self, turn_id: str, understanding: Understanding, decider: Decider) -> Guided:
        """Ask what was meant."""
        return self.meet(turn_id, replace(understanding, need=None), decider)

    def named_choice(self, conversation: Conversation, turn: Turn) -> str | None:
        """Return the button that a message names by number or label, outside any waiting step."""
        state = rested(conversation, self.clock.now())
        if state.session.current is not None and state.question is None:
            return None
        return self.dialogue.offers.named(state, turn.inbound.text, conversation.language)

    def is_offered(self, conversation: Conversation, text: str) -> bool:
        """Tell whether a message is, word for word, one of the answers to what waits."""
        state = rested(conversation, self.clock.now())
        return self.dialogue.offers.hold(state, text, conversation.language)

    def settle(self, turn_id: str, verdict: Verdict) -> Guided:
        """Do what was decided before any dialogue engine: danger, STOP, a word, a mediator."""
        # « suivant » where no page waits to be read means that the step is done.
        reads_on = verdict.word is Word.NEXT and not self._page_waits(turn_id)

        def decide(conversation: Conversation, turn: Turn, state: DialogueState) -> Move:
            steering = self.dialogue.steering
            if verdict.line is not None:
                return phone_line.act(self.dialogue.library, state, verdict)
            if verdict.danger is not None:
                return steering.warn(state, verdict.danger)
            if verdict.opt_out is not None:
                return steering.stop(state, verdict.opt_out)
            agreed = self._settle_consent(state, verdict)
            if agreed is not None:
                return agreed
            if verdict.word is not None:
                named = self._named(conversation, turn, state, verdict.word)
                done = self.dialogue.carried_out(state) if reads_on else None
                return named or done or steering.steer(state, verdict.word)
            if verdict.doubted is not None:
                return judge(self.dialogue.library, state, verdict.doubted)
            if verdict.unreadable and turn.inbound.masked:
                return steering.steer(state, Word.REPEAT)
            if verdict.unreadable:
                nothing = Understanding(None, 0.0)
                return self.dialogue.clarify(state, nothing, "", conversation.language)
            return Move("held", state, ())

        return self._must_close(turn_id, verdict.decider, decide)

    def _settle_consent(self, state: DialogueState, verdict: Verdict) -> Move | None:
        """Do what was said of a consent, of all of them, or of what one lets us note."""
        if verdict.reply is not None and state.question is Question.CONSENT:
            return self.dialogue.hear(state, verdict.reply)
        if verdict.notebook is not None:
            return talk.wish(self.dialogue.library, state, verdict.notebook)
        if verdict.wish is not None:
            return grant(self.dialogue.library, state, verdict.wish)
        return None

    def _page_waits(self, turn_id: str) -> bool:
        with self.open_unit_of_work() as work:
            return work.messages.page_waits(work.turns.get(turn_id).conversation_id)

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

    def _named(
        self, conversation: Conversation, turn: Turn, state: DialogueState, word: Word
    ) -> Move | None:
        """Pick the choice on offer whose label a word also is; None when there is none.

        « tout effacer » may answer a question about Mon espace santé.
        """
        if word is not Word.FORGET_ME or turn.inbound.choice is not None:
            return self._named_for_whom(conversation, turn, state, word)
        text, language = turn.inbound.text, conversation.language
        named = self.dialogue.offers.shown(state, text, language)
        return self.dialogue.answer(state, text, named, None, language) if named else None

    def _named_for_whom(
        self, conversation: Conversation, turn: Turn, state: DialogueState, word: Word
    ) -> Move | None:
        """Pick what « c'est pour ma mère » names among what is offered; None when it does not.

        A label typed as it is shown does no more than its button: « une autre personne » may be a
        child of theirs. Other words for it tell for whom they write as well.
        """
        if word not in _FOR_WHOM or turn.inbound.choice is not None:
            return None
        text, language = turn.inbound.text, conversation.language

        def pick(_conversation: Conversation, _turn: Turn, state: DialogueState) -> Move | None:
            return self.dialogue.answer(state, text, named, None, language)

        named = self.dialogue.offers.shown(state, text, language)
        if named is not None:
            return pick(conversation, turn, state)
        named = self.dialogue.offers.named(state, text, language)
        if named is None or named.startswith(WORD_PREFIX):
            return None
        return _to_whom_is_meant(pick)(conversation, turn, state)

    def _must_close(self, turn_id: str, decider: Decider, decide: Decide) -> Guided:
        guided = self._close(turn_id, decider, decide)
        if guided is None:
            raise AssertionError(f"nothing was decided about turn {turn_id}")
        return guided

    def _close(self, turn_id: str, decider: Decider, decide: Decide) -> Guided | None:
        while True:
            with self.open_unit_of_work() as work:
                turn = work.turns.get(turn_id)
                conversation = work.conversations.get(turn.conversation_id)
                if turn.is_closed:
                    # Theirs is what the person reads.
                    return _guided(turn.action or "", conversation.state)
                state = rested(conversation, self.clock.now())
                move = decide(conversation, turn, state)
                if move is None:
                    return None
                move = self.dialogue.finding.completed(move)
                move = self.effects.notebook.completed(work, conversation, move)
                move = self.effects.completed(
                    work, conversation, move, turn.inbound.channel, self.clock.now()
                )
                # Somebody closed the turn, or changed the state, while we were deciding: again.
                with suppress(StaleState):
                    if self._keep(work, turn, conversation, decider, move):
                        work.commit()
                        return _guided(move.action, move.state)

    def _keep(
        self,
        work: UnitOfWork,
        turn: Turn,
        conversation: Conversation,
        decider: Decider,
        move: Move,
    ) -> bool:
        now = self.clock.now()
        changed = self.effects.carry_out(work, conversation, move, turn.inbound.channel, now)
        if changed is None:
            return True
        move = changed
        by = Decider.OPT_OUT if move.effect is Effect.STOP else decider
        told = (*_introduction(turn, by, move), *_about_secrets(turn, move), *move.instructions)
        if not work.turns.close(turn.id, by, move.action, told):
            return False
        work.conversations.save_state(conversation.id, move.state, conversation.version)
        if _begins_to_help(conversation, turn, move):
            # Nothing is kept by default on the device of somebody who helps.
            work.conversations.set_shared_device(conversation.id, shared=True)
        happened = tallies(self.dialogue.library, conversation.state, move)
        work.tallies.count(now.date(), happened)
        return True


def _to_whom_is_meant(decide: Decide) -> Decide:
    """Return the decision made for whom the message says that it is written, and said so first."""

    def decided(conversation: Conversation, turn: Turn, state: DialogueState) -> Move | None:
        heard = recognise_whom(turn.inbound.text)
        if heard is None or heard.whom is state.whom:
            return decide(conversation, turn, state)
        move = decide(conversation, turn, replace(state, whom=heard.whom))
        # Emergency numbers come first, and nothing before them.
        if move is None or any(each.kind is InstructionKind.DANGER for each in move.instructions):
            return move
        return preceded(say_for_whom(heard.whom), move)

    return decided


def rested(conversation: Conversation, now: datetime) -> DialogueState:
    """Return the state, with the open flow in the background when the person was long away."""
    state = conversation.state
    long_away = now - conversation.last_activity_at > RESUME_AFTER
    if long_away and state.session.current is not None and state.question is None:
        return replace(state, question=Question.RESUME)
    return state


def _begins_to_help(conversation: Conversation, turn: Turn, move: Move) -> bool:
    turned = conversation.state.whom is Whom.SELF and move.state.whom is Whom.OTHER
    return turned and turn.inbound.channel is Channel.WEB


def _about_secrets(turn: Turn, move: Move) -> tuple[Instruction, ...]:
    if not turn.inbound.masked or move.action == SILENT:
        return ()
    return (replace(say("masked"), whom=move.state.whom),)


def _introduction(turn: Turn, decider: Decider, move: Move) -> tuple[Instruction, ...]:
    """Say in the first text message that this is a program; a danger comes before everything."""
    first = turn.inbound.channel is Channel.SMS and turn.order == 1
    silent_about_it = decider in _WITHOUT_INTRODUCTION or move.action in _SAYS_IT_ITSELF
    if not first or not move.instructions or silent_about_it:
        return ()
    return (replace(say("welcome.program"), whom=move.state.whom),)


def _guided(action: str, state: DialogueState) -> Guided:
    return Guided(action, flow_waits=state.session.current is not None)
