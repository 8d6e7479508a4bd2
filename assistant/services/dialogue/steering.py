"""Steering the conversation itself: danger, STOP, menu, back, again, more simply, a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from assistant.domain.consent import Purpose
from assistant.domain.conversation import DialogueState, Finished, Question, Session
from assistant.domain.messages import Choice, Instruction, InstructionKind
from assistant.domain.whom import Whom
from assistant.flows import engine, keys
from assistant.flows.document import EndStep
from assistant.flows.engine import Library, Sprint
from assistant.flows.replies import Picked
from assistant.safety.danger import Danger
from assistant.safety.opt_out import OptOut
from assistant.services.dialogue.moves import (
    CONTINUE,
    HUMAN,
    MENU,
    NEED_PREFIX,
    RESUME_CHOICES,
    Effect,
    Move,
    ask,
    move,
    need_choice,
    say,
    say_for_whom,
    waiting,
    word_choice,
    worded,
)
from assistant.services.dialogue.universal_words import Word
from assistant.services.rights.talk import ask_to_erase, tell_known

FIRST_NEEDS = ("activer_espace", "nouveau_code", "connexion_impossible", "qui_peut_voir")
"""What most people come with: the choices of the first message."""

MENU_NEEDS = (*FIRST_NEEDS, "s_opposer", "trouver_aide", "arnaque")
"""The menu: beyond eight choices, the person's included, people stop reading."""

HELPERS_NEED = "proche_aidant"
"""What somebody who helps may also have come for: an access of their own."""

FOR_OTHER = word_choice(Word.FOR_OTHER)
FOR_SELF = word_choice(Word.FOR_SELF)
_SAFE = ask("safe.question", word_choice(Word.SAFE), word_choice(Word.NOT_SAFE))
_DOUBT = ask("stop.doubt", word_choice(Word.STOP), word_choice(Word.KEEP))


def what_else(state: DialogueState, *needs: Choice) -> tuple[DialogueState, Instruction]:
    """Ask what comes next: the subject that was kept for later, if there is one."""
    if not state.later:
        return state, ask("anything_else", *needs, MENU, HUMAN)
    kept = need_choice(state.later[0])
    others = (each for each in needs if each != kept)
    question = ask("later.offer", kept, *others, MENU, HUMAN)
    return replace(state, question=Question.LATER), question


@dataclass(frozen=True)
class Steering:
    """What a patient person does when asked to go back, repeat, stop or call somebody."""

    library: Library

    def welcome(self) -> Move:
        """Open a conversation: this is a program, send no numbers, what would you like."""
        needs = map(need_choice, FIRST_NEEDS)
        question = ask("welcome.question", *needs, FOR_OTHER, MENU, HUMAN)
        return move("welcome", DialogueState(), say("welcome.program"), question)

    def warn(self, state: DialogueState, danger: Danger) -> Move:
        """Give the emergency numbers in one message, then ask whether the person is safe."""
        numbers = Instruction(InstructionKind.DANGER, f"answer/{danger}/text")
        question = replace(_SAFE, choices=(*_SAFE.choices, *self._guides_out_of(danger)))
        return move(danger, replace(state, question=Question.SAFE), numbers, question)

    def _guides_out_of(self, danger: Danger) -> tuple[Choice, ...]:
        """Offer the guide for afterwards by its title, which says nothing to whoever looks on."""
        if danger is not Danger.VIOLENCE:
            return ()
        revision = self.library.flow(danger).revision
        return (Choice(f"{NEED_PREFIX}{danger}", f"flow/{danger}/title", revision),)

    def stop(self, state: DialogueState, opt_out: OptOut) -> Move:
        """Fall silent, or ask first when the words may mean something else."""
        if opt_out is OptOut.DOUBTFUL:
            return move("stop_doubt", replace(state, question=Question.STOP), _DOUBT)
        done = move("stop_messages", self.at_rest(state), say("stop.done"))
        return replace(done, effect=Effect.STOP)

    def at_rest(self, state: DialogueState) -> DialogueState:
        """Return the state with the open flow, if any, waiting in the background."""
        return replace(state, question=Question.RESUME if state.session.current else None)

    def offer_to_resume(self, state: DialogueState) -> Move:
        """Greet somebody who comes back in the middle of a flow."""
        return move("resume", self.at_rest(state), ask("resume.offer", *RESUME_CHOICES))

    def hand_to_person(self, state: DialogueState, key: str) -> Move:
        """Tell how to reach a person, and keep the place."""
        person = (say(key), *worded(state, _PERSON))
        ways = ask("anything_else", need_choice("parler_humain"), MENU)
        return move("parler_humain", state, *person, *(waiting(self.library, state) or (ways,)))

    def steer(self, state: DialogueState, word: Word) -> Move:
        """Do what a universal word asks for."""
        match word:
            case Word.BACK:
                return self._go_back(state)
            case Word.REPEAT | Word.RETRY | Word.CONTINUE | Word.NEXT:
                # After « suite », the page that waits is shown instead, when there is one.
                return self._go_on(state, word)
            case Word.SIMPLER | Word.SLOWER | Word.FOR_OTHER | Word.FOR_SELF:
                return self._speak(state, word)
            case Word.STUCK:
                return self._get_stuck(state)
            case Word.HUMAN | Word.CONTACT:
                return self.hand_to_person(state, "person.here")
            case Word.RESTART | Word.PAUSE:
                return self._restart(state) if word is Word.RESTART else self._pause(state)
            case Word.SAFE | Word.NOT_SAFE | Word.STOP | Word.KEEP:
                return self._settle(state, word)
            case Word.MY_DATA | Word.FORGET_ME:
                asked = word is Word.FORGET_ME
                return ask_to_erase(state) if asked else tell_known(self.library, state)
            case Word.HELP | Word.MENU:
                return self._menu(state, word)

    def after(self, action: str, state: DialogueState, sprint: Sprint) -> Move:
        """Tell what the flow engine decided; when nothing is open any more, ask what else."""
        calm = replace(state, session=sprint.session, question=None, misunderstood=0)
        told = worded(calm, *sprint.instructions)
        if sprint.session.current is None:
            calm, question = what_else(calm)
            told = (*told, question)
        ended = replace(move(action, calm, *told), sprint=sprint)
        return self._wanting(ended, sprint)

    def _wanting(self, ended: Move, sprint: Sprint) -> Move:
        """Return the move with the consent that is of use where a guide ends.

        It is of use to go on another day, or to ask later whether it still works.
        """
        if sprint.session.current is not None or not sprint.instructions:
            return ended
        last = sprint.instructions[-1]
        if last.kind is not InstructionKind.END or last.step is None:
            return ended
        end = self.library.flow(last.step.flow, last.revision).document.step(last.step.id)
        if not isinstance(end, EndStep):
            return ended
        if end.follow_up_days is None:
            return replace(ended, wants=_WANTED.get(end.outcome))
        finished = Finished(last.step.flow, last.step.id, end.follow_up_days)
        return replace(ended, wants=Purpose.QUALITY, state=replace(ended.state, finished=finished))

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
            # Named as it was asked for: SUITE shows the page that waits instead of the menu.
            return replace(self._menu(state, Word.MENU), action=word)
        awake = replace(state, question=None)
        if word is Word.RETRY:
            again = engine.answer(self.library, awake.session, Picked(keys.RETRY_CHOICE))
            return self.after(word, awake, again)
        return move(word, awake, *waiting(self.library, awake))

    def _go_slower(self, state: DialogueState) -> Move:
        slower = replace(state, slower=True)
        if state.session.current is None:
            return move(Word.SLOWER, slower, say("slower.done"), *self._waiting_or_menu(slower))
        return self._go_on(slower, Word.SLOWER)

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
        kept = move("plus_tard", self.at_rest(state), ask("pause.kept", CONTINUE, HUMAN))
        return replace(kept, wants=Purpose.KEEP_CONVERSATION)

    def _settle(self, state: DialogueState, word: Word) -> Move:
        calm = replace(state, question=None)
        match word:
            case Word.STOP:
                return self.stop(calm, OptOut.CLEAR)
            case Word.KEEP:
                kept = move("keep", calm, say("stop.kept"), *self._waiting_or_menu(calm))
                # Who wants no reminder, and goes away, comes back to nothing after a day.
                puts_off = state.question is Question.REMIND and calm.session.current is not None
                return replace(kept, wants=Purpose.KEEP_CONVERSATION if puts_off else None)
            case Word.SAFE:
                # The guide that was offered beside the question is offered once more.
                guides = tuple(each for each in state.offered if each.id.startswith(NEED_PREFIX))
                after = self._waiting_or_menu(calm, *guides)
                return move("safe", calm, say("safe.good"), *after)
            case _:
                call = say("safe.call_now", InstructionKind.DANGER)
                question = ask("safe.again", word_choice(Word.SAFE))
                return move("not_safe", replace(state, question=Question.SAFE), call, question)

    def _speak(self, state: DialogueState, word: Word) -> Move:
        """Speak from now on more simply, more slowly, or to another reader."""
        match word:
            case Word.SLOWER:
                return self._go_slower(state)
            case Word.FOR_OTHER:
                return self._turn(state, word, Whom.OTHER)
            case Word.FOR_SELF:
                return self._turn(state, word, Whom.SELF)
            case _:
                return self._go_on(replace(state, simpler=True), word)

    def _turn(self, state: DialogueState, word: Word, whom: Whom) -> Move:
        """Speak to that reader from now on, and ask again what waits."""
        turned = replace(state, whom=whom, misunderstood=0)
        asked = self._asked(turned)
        if not asked:
            others = (need_choice(HELPERS_NEED), FOR_SELF) if whom is Whom.OTHER else ()
            needs = map(need_choice, FIRST_NEEDS)
            asked = (ask("whom.question", *needs, *others, MENU, HUMAN),)
        return move(word, turned, say_for_whom(whom), *asked)

    def _asked(self, state: DialogueState) -> tuple[Instruction, ...]:
        """Ask again the question that waits, the flow's or our own; nothing when nothing waits."""
        match state.question:
            case Question.SAFE:
                return (_SAFE,)
            case Question.STOP:
                return (_DOUBT,)
            case Question.LATER:
                return (what_else(state)[1],)
            case _:
                return waiting(self.library, state)

    def _menu(self, state: DialogueState, word: Word) -> Move:
        going_on = (CONTINUE,) if state.session.current is not None else ()
        question = ask(f"{word}.question", *going_on, *map(need_choice, MENU_NEEDS), HUMAN)
        return move(word, self.at_rest(state), question)

    def _waiting_or_menu(self, state: DialogueState, *extra: Choice) -> tuple[Instruction, ...]:
        asked = waiting(self.library, state, *extra)
        return asked or (ask("anything_else", *extra, MENU),)


_WANTED: Mapping[str, Purpose] = {
    "elsewhere": Purpose.KEEP_CONVERSATION,
}

_PERSON = Instruction(InstructionKind.HAND_OVER, "answer/parler_humain/text")
