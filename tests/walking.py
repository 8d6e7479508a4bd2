"""Everywhere a person can be waiting in a flow, found by walking it with the real engine."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from assistant.domain.conversation import DialogueState, Session
from assistant.flows import engine, keys
from assistant.flows.document import Expect
from assistant.flows.engine import Library
from assistant.flows.replies import Given
from assistant.services.dialogue.moves import move, waiting


def standings(library: Library, slug: str) -> Mapping[str, DialogueState]:
    """Return, for each question of a flow, a state that waits there, by step id.

    The state is one that a person reaches, with the answers given on the shortest way.
    """
    begun = engine.begin(library, Session(), slug).session
    found: dict[str, DialogueState] = {}
    seen = {_place(begun)}
    ahead = deque([begun])
    while ahead:
        session = ahead.popleft()
        current = session.current
        if current is None:
            continue
        if current.flow == slug and not current.stuck:
            state = DialogueState(session=session)
            asked = move("placed", state, *waiting(library, state))
            found.setdefault(current.step, asked.state)
        for after in _onwards(library, session):
            if _place(after) not in seen:
                seen.add(_place(after))
                ahead.append(after)
    return found


def _onwards(library: Library, session: Session) -> Iterator[Session]:
    step = engine.waiting_step(library, session)
    if step is not None and step.expect is Expect.PLACE:
        yield engine.answer(library, session, Given("05061")).session
    for choice in engine.choices(library, session):
        picked = engine.picked(session, choice.id)
        if picked is not None and choice.id != keys.HUMAN_CHOICE:
            yield engine.answer(library, session, picked).session


def _place(session: Session) -> tuple[tuple[str, str, bool], ...]:
    return tuple((each.flow, each.step, each.stuck) for each in session.positions)
