"""Steering the conversation itself: danger, STOP, menu, back, again, more simply, a person."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.domain.conversation import DialogueState, Question, Session
from assistant.domain.messages import Instruction, InstructionKind
from assistant.flows import engine, keys
from assistant.flows.engine import Library, Sprint
from assistant.flows.replies import Picked
from assistant.safety.danger import Danger
from assistant.safety.opt_out import OptOut
from assistant.services.moves import (
    CONTINUE,
    HUMAN,
    MENU,
    RESUME_CHOICES,
    Move,
    ask,
    move,
    need_choice,
    say,
    waiting,
    word_choice,
    worded,
)
from assistant.services.universal_words import Word

FIRST_NEEDS = ("activer_espace", "nouveau_code", "connexion_impossible", "qui_peut_voir")
"""What most people come with: the choices of the first message."""

MENU_NEEDS = (*FIRST_NEEDS, "s_opposer", "trouver_aide", "arnaque")
"""The menu: beyond eight choices, the person's included, people stop reading."""


@dataclass(frozen=True)
class Steering:
    """What a patient person does when asked to go back, repeat, stop or call somebody."""

    library: Library

    def welcome(self) -> Move:
        """Open a conversation: this is a program, send no numbers, what would you like."""
        question = ask("welcome.question", *map(need_choice, FIRST_NEEDS), MENU, HUMAN)
        return move("welcome", DialogueState(), say("welcome.program"), question)

    def warn(self, state: DialogueState, danger: Danger) -> Move:
        """Give the emergency numbers in one message, then ask whether the person is safe."""
        numbers = Instruction(InstructionKind.DANGER, f"answer/{danger}/text")
        question = ask("safe.question", word_choice(Word.SAFE), word_choice(Word.NOT_SAFE))
        return move(danger, replace(state, question=Question.SAFE), numbers, question)

    def stop(self, state: DialogueState, opt_out: OptOut) -> Move:
        """Fall silent, or ask first when the words may mean something else."""
        if opt_out is OptOut.DOUBTFUL:
            doubt = ask("stop.doubt", word_choice(Word.STOP), word_choice(Word.KEEP))
            return move("stop_doubt", replace(state, question=Question.STOP), doubt)
        return move("stop_messages", self.at_rest(state), say("stop.done"))

    def at_rest(self, state: DialogueState) -> DialogueState:
        """Return the state with the open flow, if any, waiting in the background."""
        return replace(state, question=Question.RESUME if state.session.current else None)

    def offer_to_resume(self, state: DialogueState) -> Move:
        """Greet somebody who comes back in the middle of a flow."""
        return move("resume", self.at_rest(state), ask("resume.offer", *RESUME_CHOICES))

    def hand_to_person(self, state: DialogueState, key: str) -> Move:
        """Tell how to reach a person, and keep the place."""
        person = (say(key), *worded(state, _PERSON))
        return move("parler_humain", state, *person, *self._waiting_or_menu(state))

    def steer(self, state: DialogueState, word: Word) -> Move:
        """Do what a universal word asks for."""
        match word:
            case Word.BACK:
                return self._go_back(state)
            case Word.REPEAT | Word.RETRY | Word.CONTINUE:
                return self._go_on(state, word)
            case Word.SIMPLER:
                return self._go_on(replace(state, simpler=True), word)
            case Word.STUCK:
                return self._get_stuck(state)
            case Word.HUMAN | Word.CONTACT:
                return self.hand_to_person(state, "person.here")
            case Word.RESTART:
                return self._restart(state)
            case Word.PAUSE:
                return self._pause(state)
            case Word.SAFE | Word.NOT_SAFE | Word.STOP | Word.KEEP:
                return self._settle(state, word)
            case Word.HELP | Word.MENU:
                return self._menu(state, word)

    def after(self, action: str, state: DialogueState, sprint: Sprint) -> Move:
        """Tell what the flow engine decided; when nothing is open any more, ask what else."""
        calm = replace(state, session=sprint.session, question=None, misunderstood=0)
        told = worded(calm, *sprint.instructions)
        if sprint.session.current is None:
            told = (*told, ask("anything_else", MENU, HUMAN))
        return move(action, calm, *told)

    def _go_back(self, state: DialogueState) -> Move:
        if state.session.current is None:
            return self._menu(state, Word.MENU)
        sprint = engine.go_back(self.library, state.session)
        if sprint is None:
            awake = replace(state, question=None)
            return move("back", awake, say("back.nothing"), *waiting(self.library, awake))
        return self.after("back", state, sprint)

    def _go_on(self, state: DialogueState, word: Word) -> Move:
        if state.session.current is None:
            return self._menu(state, Word.MENU)
        awake = replace(state, question=None)
        if word is Word.RETRY:
            again = engine.answer(self.library, awake.session, Picked(keys.RETRY_CHOICE))
            return self.after(word, awake, again)
        return move(word, awake, *waiting(self.library, awake))

    def _get_stuck(self, state: DialogueState) -> Move:
        if state.session.current is None:
            choices = (*map(need_choice, MENU_NEEDS), HUMAN)
            return move("stuck", state, ask("stuck.where", *choices))
        return self.after("stuck", state, engine.get_stuck(self.library, state.session))

    def _restart(self, state: DialogueState) -> Move:
        if state.session.current is None:
            return self._menu(state, Word.MENU)
        first = state.session.positions[0].flow
        return self.after("restart", state, engine.begin(self.library, Session(), first))

    def _pause(self, state: DialogueState) -> Move:
        if state.session.current is None:
            answer = Instruction(InstructionKind.SAY, "answer/plus_tard/text")
            return move("plus_tard", state, answer)
        return move("plus_tard", self.at_rest(state), ask("pause.kept", CONTINUE, HUMAN))

    def _settle(self, state: DialogueState, word: Word) -> Move:
        calm = replace(state, question=None)
        match word:
            case Word.STOP:
                return self.stop(calm, OptOut.CLEAR)
            case Word.KEEP:
                return move("keep", calm, say("stop.kept"), *self._waiting_or_menu(calm))
            case Word.SAFE:
                return move("safe", calm, say("safe.good"), *self._waiting_or_menu(calm))
            case _:
                call = say("safe.call_now", InstructionKind.DANGER)
                question = ask("safe.again", word_choice(Word.SAFE))
                return move("not_safe", replace(state, question=Question.SAFE), call, question)

    def _menu(self, state: DialogueState, word: Word) -> Move:
        going_on = (CONTINUE,) if state.session.current is not None else ()
        question = ask(f"{word}.question", *going_on, *map(need_choice, MENU_NEEDS), HUMAN)
        return move(word, self.at_rest(state), question)

    def _waiting_or_menu(self, state: DialogueState) -> tuple[Instruction, ...]:
        return waiting(self.library, state) or (ask("anything_else", MENU),)


_PERSON = Instruction(InstructionKind.HAND_OVER, "answer/parler_humain/text")
