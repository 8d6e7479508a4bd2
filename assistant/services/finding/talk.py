"""Talking about places: what a message means while somebody near is looked for, and what follows.

The flow asks where and what next; the search lies beside its waiting step and goes with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from assistant.domain.conversation import DialogueState, Position, Question, Session
from assistant.domain.found_places import FoundPlaces, dump_places
from assistant.domain.messages import PROPER_NAME, Choice, Instruction, InstructionKind
from assistant.flows import engine, keys
from assistant.flows.document import AskStep, Expect, FindHelpStep
from assistant.flows.engine import Library
from assistant.flows.replies import Answer, Given, Picked
from assistant.safety.normalise import fold
from assistant.services.dialogue.moves import HUMAN, Effect, Move, ask, move, say, waiting
from assistant.services.dialogue.steering import Steering, what_else
from assistant.services.finding.find_help import FindHelp
from assistant.services.finding.search import Search, dump_search, load_search
from assistant.services.finding.send_place import UNSENT, Unsent, ask_number, ask_number_again
from assistant.services.finding.wishes import Wish

FIND_HELP: Final = "trouver_aide"
HELP_PREFIX: Final = "help/"
PLACE_DETAILS: Final = "interface/places.details"

# A longer message that tells of something else names a place by the way.
_SHORT_WORDS: Final = 6
_LONGEST_LABEL: Final = 40
_CLOSED: Final = re.compile(
    r"\b(?:lieu|endroit|c ?est|cest|est|etait|adresse|guichet|mairie|ils ont|la) (?:\w+ )?ferme\b"
    r"|\bferme (?:definitivement|depuis)\b|\bexiste plus\b"
)
_SEND: Final = re.compile(
    r"\b(?:envo[iy]\w*|transfer\w*|transmet\w*|partag\w*)\b.*\b(?:sms|textos?|messages?|portable"
    r"|telephone|tel|moi|fille|fils|mere|pere|maman|papa|mari|femme|ami|amie|soeur|frere|voisine?"
    r"|niece|neveu|quelqu un|elle|lui)\b|\bpar (?:sms|texto|message)\b"
    r"|\benvo[iy]e[rz]? (?:le|la|moi)\b"
)
_ELSEWHERE: Final = Choice(f"{HELP_PREFIX}elsewhere", "interface/places.choice_elsewhere")


@dataclass(frozen=True)
class FindHelpTalk:
    """The turns of a search, over the flow engine and the directory.

    ``sends`` tells that text messages can leave, and be answered by STOP.
    """

    library: Library
    steering: Steering
    find_help: FindHelp
    sends: bool = False

    def read(self, text: str) -> Wish:
        """Return what a message wishes for."""
        return self.find_help.read(text)

    def begin(self, opened: Move, wish: Wish) -> Move:
        """Go on from a flow just opened with what the message already said."""
        step = engine.waiting_step(self.library, opened.state.session)
        if step is None or step.expect is not Expect.PLACE:
            return opened
        search = Search().wishing(wish)
        state = _with_search(opened.state, search)
        if search.around is None and not search.among:
            return replace(opened, state=state)
        return self._look(opened.action, state, search)

    def hear(self, state: DialogueState, text: str, intent: str | None) -> Move | None:
        """Take a message as a part of the search that is open; None when it is something else."""
        position = state.session.current
        step = engine.waiting_step(self.library, state.session)
        if position is None or step is None:
            return None
        search = load_search(position.search)
        short = len(text.split()) <= _SHORT_WORDS
        about_this = short or intent in {None, FIND_HELP}
        if step.expect is Expect.PLACE:
            wish = self.find_help.read(text, expected=True)
            if wish.areas and about_this:
                return self._look(FIND_HELP, state, search.wishing(wish))
            if wish.says_how and about_this:
                kept = _with_search(state, search.wishing(wish))
                return move(FIND_HELP, kept, *waiting(self.library, kept))
            return None
        if search.around is None or not self._follows_places(position, step):
            return None
        if _CLOSED.search(_plain(text)):
            return self._report(state, search)
        if self.sends and _SEND.search(_plain(text)):
            return self._send(state, search)
        wish = self.find_help.read(text)
        if about_this and (wish.areas or wish.says_how):
            return self._look(FIND_HELP, state, search.wishing(wish))
        return None

    def pick(self, state: DialogueState, choice: str) -> Move:
        """Do what a button of the search asks for."""
        act, _, value = choice.removeprefix(HELP_PREFIX).partition("/")
        position = state.session.current
        search = load_search(position.search) if position is not None else Search()
        if act == "area" and (chosen := search.chosen(value)) is not None:
            return self._look(FIND_HELP, state, chosen)
        if act == "elsewhere":
            again = _with_search(state, replace(search.anew(), around=None, among=()))
            return move(FIND_HELP, again, *self._what_next(again))
        if act == "place":
            return self._detail(state, search, value)
        if act == "closed":
            return self._note_closed(state, value)
        if act == "send":
            return self._ask_number(state, search, value)
        if act == "number" and state.question is Question.NUMBER:
            return self._number_given(state, search, value)
        if choice == UNSENT.id:
            return self.unsent(state)
        return move("choice_gone", state, say("choice_gone"), *self._what_next(state))

    def hear_instead(
        self, state: DialogueState, yes: Answer | None, intent: str | None
    ) -> Move | None:
        """Take what is no number where one was asked for; None when it tells of something else."""
        if yes == Picked("non"):
            return self.unsent(state)
        if yes is None and intent not in {None, FIND_HELP}:
            return None
        return move("ask_number", state, ask_number_again(Unsent.UNREADABLE))

    def unsent(self, state: DialogueState) -> Move:
        """Go on without sending anything."""
        calm = replace(state, question=None)
        return move("unsent", calm, say("places.unsent"), *self._what_next(calm))

    def completed(self, decided: Move) -> Move:
        """Return a decision with the places that it announces, and the places among its choices."""
        found = [each for each in decided.instructions if _awaits_places(each)]
        if found:
            decided = self._fill(decided)
        position = decided.state.session.current
        if position is None or decided.state.question is not None or position.stuck:
            return decided
        step = engine.waiting_step(self.library, decided.state.session)
        search = load_search(position.search)
        if step is None or search.around is None or not self._follows_places(position, step):
            return decided
        none_left = frozenset() if search.has_more else self._searches_on(position, step)
        choices = tuple(_choices(search, sends=self.sends))
        return _offering(decided, position, choices, none_left)

    def is_open(self, state: DialogueState) -> bool:
        """Tell whether what is offered is not just what the waiting step itself offers."""
        position = state.session.current
        return position is not None and bool(position.search)

    # -- what follows -----------------------------------------------------------------------

    def _look(self, action: str, state: DialogueState, search: Search) -> Move:
        """Search from the question that asks where; ask which when a name means several."""
        session = self._at_the_place(state.session)
        if session is None:
            return move(action, state, *self._what_next(state))
        there = _with_search(replace(state, session=session, question=None), search)
        if search.around is None:
            areas = (
                Choice(f"{HELP_PREFIX}area/{each.code}", f"{PROPER_NAME}{each.label}")
                for each in search.among
            )
            return move(action, there, ask("places.ask_which", *areas, _ELSEWHERE, HUMAN))
        sprint = engine.answer(self.library, there.session, Given(search.around.code))
        return self.steering.after(action, there, sprint)

    def _at_the_place(self, session: Session) -> Session | None:
        """Return the session at the question of its flow that asks where."""
        at: Session | None = session
        while at is not None and len(at.positions) == len(session.positions):
            step = engine.waiting_step(self.library, at)
            if step is not None and step.expect is Expect.PLACE:
                return at
            back = engine.go_back(self.library, at)
            at = back.session if back is not None else None
        return None

    def _detail(self, state: DialogueState, search: Search, place_id: str) -> Move:
        place = self.find_help.details(place_id)
        if place is None:
            return move("place_gone", state, say("places.gone"), *self._what_next(state))
        looked = _with_search(state, replace(search, looked_at=place_id))
        params = dump_places(FoundPlaces(places=(place,)))
        told = Instruction(InstructionKind.PLACES, PLACE_DETAILS, params)
        return move("place", looked, told, *self._what_next(looked))

    def _report(self, state: DialogueState, search: Search) -> Move:
        """Note the place that is closed, or ask which one it is."""
        if search.looked_at:
            return self._note_closed(state, search.looked_at)
        if len(search.shown) == 1:
            return self._note_closed(state, search.shown[0][0])
        which = (Choice(f"{HELP_PREFIX}closed/{id_}", _label(name)) for id_, name in search.shown)
        return move("which_closed", state, ask("places.ask_which_closed", *which, HUMAN))

    def _note_closed(self, state: DialogueState, place_id: str) -> Move:
        if (position := state.session.current) is not None:
            state = _with_search(state, replace(load_search(position.search), looked_at=""))
        noted = move("place_closed", state, say("places.reported"), *self._what_next(state))
        return replace(noted, effect=Effect.REPORT_CLOSED, about=place_id)

    def _send(self, state: DialogueState, search: Search) -> Move:
        """Ask for the number, after which place when several were shown."""
        if search.looked_at:
            return self._ask_number(state, search, search.looked_at)
        if len(search.shown) == 1:
            return self._ask_number(state, search, search.shown[0][0])
        which = (Choice(f"{HELP_PREFIX}send/{id_}", _label(name)) for id_, name in search.shown)
        return move("which_sent", state, ask("places.ask_which_sent", *which, HUMAN))

    def _ask_number(self, state: DialogueState, search: Search, place_id: str) -> Move:
        asking = replace(state, question=Question.NUMBER)
        chosen = _with_search(asking, replace(search, looked_at=place_id))
        return move("ask_number", chosen, ask_number())

    def _number_given(self, state: DialogueState, search: Search, value: str) -> Move:
        if value in {Unsent.UNREADABLE, Unsent.NOT_MOBILE}:
            return move("ask_number", state, ask_number_again(Unsent(value)))
        calm = replace(state, question=None)
        sent = move("send_place", calm, *self._what_next(calm))
        return replace(sent, effect=Effect.SEND_PLACE, about=search.looked_at, to=value)

    def _what_next(self, state: DialogueState) -> tuple[Instruction, ...]:
        return waiting(self.library, state) or (what_else(state)[1],)

    def _fill(self, decided: Move) -> Move:
        """Search, and put what was found into the instruction that announces it."""
        position = decided.state.session.current
        search = load_search(position.search) if position is not None else Search()
        if search.shown:
            search = replace(search, seen=search.seen + len(search.shown))
        proposed = self.find_help.propose(search)
        params = dump_places(proposed.found)
        told = tuple(
            replace(each, params=params) if _awaits_places(each) else each
            for each in decided.instructions
        )
        state = decided.state
        if position is not None:
            state = _with_search(state, proposed.search)
        return replace(decided, state=state, instructions=told)

    def _searches_on(self, position: Position, step: AskStep) -> frozenset[str]:
        """Return the choices of a question that show more places."""
        document = self.library.flow(position.flow, position.revision).document
        return frozenset(
            keys.choice_id(position.flow, step.id, option.id)
            for option in step.options
            if isinstance(document.step(option.next or ""), FindHelpStep)
        )

    def _follows_places(self, position: Position, step: AskStep) -> bool:
        document = self.library.flow(position.flow, position.revision).document
        return any(
            isinstance(each, FindHelpStep) and each.next == step.id for each in document.steps
        )


def _with_search(state: DialogueState, search: Search) -> DialogueState:
    position = state.session.current
    if position is None:
        return state
    kept = replace(position, search=dump_search(search))
    return state.with_session(Session((*state.session.positions[:-1], kept)))


def _awaits_places(instruction: Instruction) -> bool:
    return instruction.kind is InstructionKind.PLACES and not instruction.params


def _choices(search: Search, *, sends: bool) -> Iterator[Choice]:
    for id_, name in search.shown:
        if id_ != search.looked_at:
            yield Choice(f"{HELP_PREFIX}place/{id_}", _label(name))
    if search.looked_at:
        if sends:
            yield Choice(f"{HELP_PREFIX}send/{search.looked_at}", "interface/places.choice_send")
        yield Choice(f"{HELP_PREFIX}closed/{search.looked_at}", "interface/places.choice_closed")


def _label(name: str) -> str:
    short = name if len(name) <= _LONGEST_LABEL else name[: _LONGEST_LABEL - 1].rstrip() + "…"
    return f"{PROPER_NAME}{short}"


def _offering(
    decided: Move, position: Position, choices: tuple[Choice, ...], useless: frozenset[str]
) -> Move:
    """Put the places before the choices of the question that waits, without the useless ones."""
    last = decided.instructions[-1] if decided.instructions else None
    if last is None or last.step is None or last.step.id != position.step or not last.choices:
        return decided
    own = tuple(
        each
        for each in last.choices
        if not each.id.startswith(HELP_PREFIX) and each.id not in useless
    )
    asked = replace(last, choices=(*choices, *own))
    return replace(
        decided,
        state=replace(decided.state, offered=asked.choices),
        instructions=(*decided.instructions[:-1], asked),
    )


def _plain(text: str) -> str:
    return " ".join(re.sub(r"\W+", " ", fold(text)).split())
