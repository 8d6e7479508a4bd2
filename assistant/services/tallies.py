"""What a decision adds to the counts that tell editors where their flows help and where not."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain.conversation import DialogueState, Position
from assistant.domain.messages import Instruction, InstructionKind
from assistant.domain.tally import Tally
from assistant.flows.document import AskStep, EndStep, HandOverStep
from assistant.flows.engine import Library
from assistant.services import follow_up
from assistant.services.dialogue.moves import Move


def tallies(library: Library, before: DialogueState, move: Move) -> tuple[Tally, ...]:
    """Return what happened at the steps between two states, each event once."""
    return tuple(
        dict.fromkeys((*_tallies(library, before, move), *follow_up.tallies(before, move)))
    )


def _tallies(library: Library, before: DialogueState, move: Move) -> Iterator[Tally]:
    then, now = before.session.current, move.state.session.current
    known = {position.flow for position in before.session.positions}
    for position in move.state.session.positions:
        if position.flow not in known:
            yield Tally(position.flow, position.step, "begun")
    if move.sprint is not None and move.sprint.answered is not None:
        flow, step_id, answer = move.sprint.answered
        step = _document_step(library, then, step_id)
        if isinstance(step, AskStep) and step.did_it_work:
            yield Tally(flow, step_id, f"answer:{answer}")
    for instruction in move.instructions:
        yield from _ending(library, instruction)
    if now is None:
        return
    same = then is not None and (then.flow, then.step) == (now.flow, now.step)
    if now.stuck and not (same and then is not None and then.stuck):
        yield Tally(now.flow, now.step, "stuck")
    if now.unclear > (then.unclear if same and then is not None else 0):
        yield Tally(now.flow, now.step, "unclear")
    if move.action == "parler_humain":
        yield Tally(now.flow, now.step, "person")


def _ending(library: Library, instruction: Instruction) -> Iterator[Tally]:
    ref = instruction.step
    if ref is None or instruction.kind not in (InstructionKind.END, InstructionKind.HAND_OVER):
        return
    step = library.flow(ref.flow, instruction.revision).document.step(ref.id)
    if isinstance(step, EndStep):
        yield Tally(ref.flow, ref.id, step.outcome)
    elif isinstance(step, HandOverStep) and step.next is None:
        yield Tally(ref.flow, ref.id, "handed_over")


def _document_step(library: Library, position: Position | None, step_id: str) -> object:
    if position is None:
        return None
    return library.flow(position.flow, position.revision).document.step(step_id)
