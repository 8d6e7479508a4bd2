"""The order in which somebody meets the steps of a flow: its main path first, then what branches.

Editors write steps in the order that suits them; a reader wants to follow one person.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.flows.document import EndStep, FlowDocument, FlowOutcome, Step
from assistant.flows.flow import exits


@dataclass(frozen=True)
class Branch:
    """Steps that follow each other, and the exit of an earlier step that leads to the first.

    The main path comes from nowhere.
    """

    steps: tuple[Step, ...]
    from_step: str | None = None
    by_exit: str | None = None


def branches(flow: FlowDocument) -> tuple[Branch, ...]:
    """Return the main path of a flow, then its side branches, each step once."""
    steps = {step.id: step for step in flow.steps}
    towards_done = _towards_done(flow)
    seen: set[str] = set()
    found: list[Branch] = []
    ahead: deque[tuple[str, str | None, str | None]] = deque([(flow.steps[0].id, None, None)])
    while ahead:
        first, origin, by_exit = ahead.popleft()
        path = tuple(_path(steps, first, seen, towards_done))
        if not path:
            continue
        found.append(Branch(path, origin, by_exit))
        for step in path:
            ahead.extend((target, step.id, name) for name, target in exits(step))
    return tuple(found)


def _path(
    steps: dict[str, Step], first: str, seen: set[str], towards_done: frozenset[str]
) -> Iterator[Step]:
    """Walk on by the first exit that leads to success, else by the first, up to known ground."""
    current: str | None = first
    while current is not None and current not in seen:
        seen.add(current)
        step = steps[current]
        yield step
        ahead = [target for _, target in exits(step) if target not in seen]
        current = next((each for each in ahead if each in towards_done), next(iter(ahead), None))


def _towards_done(flow: FlowDocument) -> frozenset[str]:
    """Return the steps from which the flow can still end well."""
    reached = {
        step.id
        for step in flow.steps
        if isinstance(step, EndStep) and step.outcome is FlowOutcome.DONE
    }
    while more := {
        step.id
        for step in flow.steps
        if step.id not in reached and any(target in reached for _, target in exits(step))
    }:
        reached |= more
    return frozenset(reached)
