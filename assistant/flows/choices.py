"""Decisions in a flow: which one was told when it ends, and whether its marks hold together."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.domain.choices import DECISIONS, ToldChoice
from assistant.domain.conversation import Position
from assistant.flows import keys
from assistant.flows.findings import Rule, suggest
from assistant.flows.flow import AskStep, EndStep, FlowDocument, Option, Step, WayOut, exits

Found = tuple[str, Rule, str]


def told_choice(document: FlowDocument, position: Position, end: Step) -> ToldChoice | None:
    """Return the last decision taken on the way to an end that has it noted, if there is one.

    None when it was taken for somebody else.
    """
    if not isinstance(end, EndStep) or not end.notes_choice:
        return None
    picked = [(step, _picked(document, step, answered)) for step, answered in position.answers]
    if any(option is not None and option.for_other for _, option in picked):
        return None
    for step_id, option in reversed(picked):
        if isinstance(option, Option) and option.choice is not None:
            made, key = option.choice, keys.step_key(document.id, step_id)
            return ToldChoice(made.act, made.decision, key, position.revision)
    return None


def _picked(document: FlowDocument, step_id: str, answered: str) -> Option | WayOut | None:
    step = document.step(step_id)
    if not isinstance(step, AskStep):
        return None
    return step.option(answered) or step.way_out(answered.removeprefix(keys.way_out_id("")))


def unknown_decisions(flow: FlowDocument) -> Iterator[Found]:
    """Yield the decisions that their act does not know."""
    for step, option in _deciding(flow):
        if option.choice is None or option.choice.decision in DECISIONS[option.choice.act]:
            continue
        act, decision = option.choice.act, option.choice.decision
        text = f"option « {option.id} » : « {act} » ne connaît pas la décision « {decision} »."
        yield step.id, Rule.CHOICE_UNKNOWN, text + suggest("", DECISIONS[act])


def loose_choices(flow: FlowDocument) -> Iterator[Found]:
    """Yield the decisions that nothing notes, and the ends that have nothing to note."""
    deciding = tuple(_deciding(flow))
    noting = [step for step in flow.steps if isinstance(step, EndStep) and step.notes_choice]
    if flow.sensitive:
        for step_id in {step.id: None for step in (*(step for step, _ in deciding), *noting)}:
            text = "un parcours délicat ne laisse rien dans « Mes choix ». Retirez ceci."
            yield step_id, Rule.CHOICE_SENSITIVE, text
        return
    after = {
        (step.id, option.id): _reached(flow, option.next or step.next or "")
        for step, option in deciding
    }
    for step, option in deciding:
        if not any(end.id in after[step.id, option.id] for end in noting):
            text = (
                f"option « {option.id} » : aucune fin ne note cette décision. "
                "Écrivez « notes_choice: true » à la fin du parcours, ou retirez « choice »."
            )
            yield step.id, Rule.CHOICE_NOT_NOTED, text
    for end in noting:
        if not any(end.id in reached for reached in after.values()):
            text = (
                "aucune décision ne mène ici. "
                "Écrivez « choice » à l'option qui décide, ou retirez « notes_choice »."
            )
            yield end.id, Rule.CHOICE_MISSING, text


def _deciding(flow: FlowDocument) -> Iterator[tuple[AskStep, Option]]:
    for step in flow.steps:
        if isinstance(step, AskStep):
            yield from ((step, each) for each in step.options if each.choice is not None)


def _reached(flow: FlowDocument, start: str) -> frozenset[str]:
    graph = {step.id: [target for _, target in exits(step)] for step in flow.steps}
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name in graph and name not in reached:
            reached.add(name)
            waiting.extend(graph[name])
    return frozenset(reached)
