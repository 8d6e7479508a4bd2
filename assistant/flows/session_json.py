"""The state of a dialogue and its instructions as plain JSON values, and back without loss.

What has its default is left out: a row stays short, and a field added later reads its default from
the rows written before it existed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, TypeVar

from assistant.domain.choices import ChoiceAct, Decision, ToldChoice
from assistant.domain.consent import Purpose
from assistant.domain.conversation import (
    AskedConsent,
    DialogueState,
    Finished,
    Position,
    Question,
    Session,
)
from assistant.domain.errors import PasAPasError
from assistant.domain.messages import (
    NO_PARAMS,
    Choice,
    Instruction,
    InstructionKind,
    Manner,
    StepRef,
)
from assistant.domain.whom import Whom

Json = Mapping[str, object]
T = TypeVar("T")

_NOTHING: Final[Json] = MappingProxyType({})


class UnreadableState(PasAPasError):
    """A saved state that this version of the product did not write."""


def dump_state(state: DialogueState) -> dict[str, object]:
    """Return a dialogue state as JSON values."""
    return _without_defaults(
        positions=[_dump_position(position) for position in state.session.positions],
        offered=[_dump_choice(choice) for choice in state.offered],
        question=state.question.value if state.question else None,
        misunderstood=state.misunderstood,
        simpler=state.simpler,
        slower=state.slower,
        whom=_dump_whom(state.whom),
        later=list(state.later),
        consent=_dump_consent(state.consent) if state.consent is not None else None,
        declined=[purpose.value for purpose in state.declined],
        to_note=[_dump_told(told) for told in state.to_note],
        finished=_dump_finished(state.finished) if state.finished is not None else None,
    )


def load_state(data: Json) -> DialogueState:
    """Return the dialogue state that was dumped. Raises UnreadableState."""
    return _reading(_load_state, data)


def dump_instructions(instructions: Iterable[Instruction]) -> list[dict[str, object]]:
    """Return instructions as JSON values."""
    return [_dump_instruction(instruction) for instruction in instructions]


def load_instructions(data: Sequence[Json]) -> tuple[Instruction, ...]:
    """Return the instructions that were dumped. Raises UnreadableState."""
    return tuple(_reading(_load_instruction, item) for item in data)


def _reading(load: Callable[[Json], T], data: Json) -> T:
    try:
        return load(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        # The error's own text could quote what a person answered.
        raise UnreadableState(f"{load.__name__}: {type(error).__name__}") from None


def _without_defaults(**fields: object) -> dict[str, object]:
    return {name: value for name, value in fields.items() if value not in (None, False, 0, [], {})}


def _dump_position(position: Position) -> dict[str, object]:
    return _without_defaults(
        flow=position.flow,
        revision=position.revision,
        step=position.step,
        answers=[list(pair) for pair in position.answers],
        trail=list(position.trail),
        stuck=position.stuck,
        unclear=position.unclear,
        search=position.search or None,
    )


def _dump_consent(asked: AskedConsent) -> dict[str, object]:
    return _without_defaults(
        purpose=asked.purpose.value,
        question=_dump_instruction(asked.question),
        unclear=asked.unclear,
        then=asked.then.value if asked.then is not None else None,
    )


def _load_consent(data: object) -> AskedConsent | None:
    if data is None:
        return None
    asked = _checked_mapping(data)
    then = asked.get("then")
    return AskedConsent(
        purpose=Purpose(_text(asked["purpose"])),
        question=_load_instruction(_checked_mapping(asked["question"])),
        unclear=_number(asked.get("unclear", 0)),
        then=Question(_text(then)) if then is not None else None,
    )


def _dump_choice(choice: Choice) -> dict[str, object]:
    return _without_defaults(id=choice.id, key=choice.key, revision=choice.revision)


def _dump_instruction(instruction: Instruction) -> dict[str, object]:
    step = instruction.step
    return _without_defaults(
        kind=instruction.kind.value,
        key=instruction.key,
        params=dict(instruction.params),
        revision=instruction.revision,
        choices=[_dump_choice(choice) for choice in instruction.choices],
        step=[step.flow, step.id, step.index, step.count] if step else None,
        manner=instruction.manner.value if instruction.manner is not Manner.PLAIN else None,
        whom=_dump_whom(instruction.whom),
    )


def _dump_told(told: ToldChoice) -> dict[str, object]:
    return _without_defaults(
        act=told.act.value, decision=told.decision.value, key=told.key, revision=told.revision
    )


def _load_told(data: Json) -> ToldChoice:
    return ToldChoice(
        ChoiceAct(_text(data["act"])),
        Decision(_text(data["decision"])),
        _text(data["key"]),
        _text(data["revision"]),
    )


def _dump_finished(finished: Finished) -> list[object]:
    return [finished.flow, finished.step, finished.days]


def _load_finished(data: object) -> Finished | None:
    if data is None:
        return None
    flow, step, days = _list(data)
    return Finished(_text(flow), _text(step), _number(days))


def _dump_whom(whom: Whom) -> str | None:
    return whom.value if whom is not Whom.SELF else None


def _load_whom(data: Json) -> Whom:
    return Whom(_text(data.get("whom", Whom.SELF)))


def _load_state(data: Json) -> DialogueState:
    question = data.get("question")
    return DialogueState(
        session=Session(tuple(_load_position(item) for item in _items(data, "positions"))),
        offered=tuple(_load_choice(item) for item in _items(data, "offered")),
        question=Question(_text(question)) if question is not None else None,
        misunderstood=_number(data.get("misunderstood", 0)),
        simpler=data.get("simpler", False) is True,
        slower=data.get("slower", False) is True,
        whom=_load_whom(data),
        later=tuple(_text(need) for need in _list(data.get("later", []))),
        consent=_load_consent(data.get("consent")),
        declined=tuple(Purpose(_text(each)) for each in _list(data.get("declined", []))),
        to_note=tuple(_load_told(item) for item in _items(data, "to_note")),
        finished=_load_finished(data.get("finished")),
    )


def _load_position(data: Json) -> Position:
    answers: list[tuple[str, str]] = []
    for pair in _list(data.get("answers", [])):
        step, given = _list(pair)
        answers.append((_text(step), _text(given)))
    return Position(
        flow=_text(data["flow"]),
        revision=_text(data["revision"]),
        step=_text(data["step"]),
        answers=tuple(answers),
        trail=tuple(_text(step) for step in _list(data.get("trail", []))),
        stuck=data.get("stuck", False) is True,
        unclear=_number(data.get("unclear", 0)),
        search=_text(data.get("search", "")),
    )


def _load_choice(data: Json) -> Choice:
    return Choice(_text(data["id"]), _text(data["key"]), _maybe_text(data.get("revision")))


def _load_instruction(data: Json) -> Instruction:
    params = {_text(name): _text(value) for name, value in _mapping(data, "params").items()}
    return Instruction(
        kind=InstructionKind(_text(data["kind"])),
        key=_text(data["key"]),
        params=MappingProxyType(params) if params else NO_PARAMS,
        revision=_maybe_text(data.get("revision")),
        choices=tuple(_load_choice(item) for item in _items(data, "choices")),
        step=_load_step(data.get("step")),
        manner=Manner(_text(data.get("manner", Manner.PLAIN))),
        whom=_load_whom(data),
    )


def _load_step(data: object) -> StepRef | None:
    if data is None:
        return None
    flow, step, index, count = _list(data)
    return StepRef(_text(flow), _text(step), _number(index), _number(count))


def _items(data: Json, name: str) -> list[Json]:
    return [_checked_mapping(item) for item in _list(data.get(name, []))]


def _mapping(data: Json, name: str) -> Json:
    return _checked_mapping(data.get(name, _NOTHING))


def _checked_mapping(value: object) -> Json:
    if not isinstance(value, Mapping):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _maybe_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError
    return value
