"""What makes a flow impossible to run: its steps do not hold together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from assistant.flows.choices import unknown_decisions
from assistant.flows.findings import Finding, Rule, Severity, suggest
from assistant.flows.flow import (
    CLOSED_EXPECTS,
    DONE_OPTION,
    YES_NO_OPTIONS,
    AskStep,
    EndStep,
    Expect,
    FlowDocument,
    HandOverStep,
    Step,
    exits,
)

MIN_CHOICES: Final = 2

Found = tuple[str | None, Rule, str]


def flow_file(slug: str) -> str:
    """Return the name of a flow's file inside the content folder."""
    return f"flows/{slug}.yml"


def flow_errors(flow: FlowDocument, source: str | None = None) -> tuple[Finding, ...]:
    """Return what keeps a flow from being run; its paths are judged once its steps are sound."""
    file = source or flow_file(flow.id)
    found = tuple(_duplicates(flow)) + tuple(_loose_ends(flow)) + tuple(_questions(flow))
    found += tuple(unknown_decisions(flow))
    found = found or tuple(_paths(flow))
    return tuple(
        Finding(Severity.ERROR, file, step, rule, f"étape « {step} » : {text}" if step else text)
        for step, rule, text in found
    )


def _repeated(ids: Iterable[str]) -> Iterator[str]:
    return (name for name, times in Counter(ids).items() if times > 1)


def _duplicates(flow: FlowDocument) -> Iterator[Found]:
    for name in _repeated(step.id for step in flow.steps):
        text = "ce nom est porté par deux étapes. Renommez l'une des deux."
        yield name, Rule.STEP_DUPLICATE, text
    for name in _repeated(stage.id for stage in flow.stages):
        text = f"la partie « {name} » est écrite deux fois dans « stages ». Gardez-en une."
        yield None, Rule.STAGE_DUPLICATE, text
    for step in flow.steps:
        if not isinstance(step, AskStep):
            continue
        ways = step.blocked.options if step.blocked else ()
        for ids in ([option.id for option in step.options], [way.id for way in ways]):
            for name in _repeated(ids):
                text = f"l'option « {name} » est écrite deux fois. Renommez l'une des deux."
                yield step.id, Rule.OPTION_DUPLICATE, text


def _loose_ends(flow: FlowDocument) -> Iterator[Found]:
    steps = [step.id for step in flow.steps]
    stages = [stage.id for stage in flow.stages]
    for step in flow.steps:
        if step.stage is not None and step.stage not in stages:
            text = f"la partie « {step.stage} » n'est pas dans « stages »."
            yield step.id, Rule.STAGE_UNKNOWN, text + suggest(step.stage, stages)
        for path, target in exits(step):
            if target not in steps:
                text = f"« {path} » mène à « {target} », qui n'existe pas."
                yield step.id, Rule.NEXT_UNKNOWN, text + suggest(target, steps)


def _questions(flow: FlowDocument) -> Iterator[Found]:
    for step in flow.steps:
        if not isinstance(step, AskStep):
            continue
        rules = _OPTION_RULES.get(step.expect, _no_options)
        yield from ((step.id, rule, text) for rule, text in rules(step))
        if step.expect in CLOSED_EXPECTS and step.next is not None:
            text = "ici ce sont les options qui disent la suite. Retirez « next » de l'étape."
            yield step.id, Rule.NEXT_UNEXPECTED, text
        if step.expect not in CLOSED_EXPECTS and step.next is None:
            text = "« next » manque : dites quelle étape vient après la réponse."
            yield step.id, Rule.NEXT_MISSING, text


def _choice_options(step: AskStep) -> Iterator[tuple[Rule, str]]:
    if len(step.options) < MIN_CHOICES:
        text = f"{len(step.options)} option. Un choix en demande au moins {MIN_CHOICES}."
        yield Rule.OPTION_COUNT, text
    for option in step.options:
        for field in ("label", "next"):
            if getattr(option, field) is None:
                text = f"option « {option.id} » : « {field} » manque."
                yield Rule.OPTION_INCOMPLETE, text


def _yes_no_options(step: AskStep) -> Iterator[tuple[Rule, str]]:
    if tuple(sorted(option.id for option in step.options)) != tuple(sorted(YES_NO_OPTIONS)):
        text = "avec « yes_no » il faut exactement les options « oui » et « non »."
        yield Rule.OPTION_YES_NO, text
    for option in step.options:
        if option.next is None:
            yield Rule.OPTION_INCOMPLETE, f"option « {option.id} » : « next » manque."


def _done_options(step: AskStep) -> Iterator[tuple[Rule, str]]:
    if [option.id for option in step.options] not in ([], [DONE_OPTION]):
        text = f"avec « done » la seule option possible est « {DONE_OPTION} ». Ou aucune."
        yield Rule.OPTION_DONE, text
    elif any(option.next is not None for option in step.options):
        text = "avec « done » la suite se met dans « next » de l'étape. Retirez-la de l'option."
        yield Rule.OPTION_DONE, text


def _no_options(step: AskStep) -> Iterator[tuple[Rule, str]]:
    if step.options:
        text = f"avec « {step.expect} » la personne écrit sa réponse. Retirez les options."
        yield Rule.OPTION_UNEXPECTED, text


_OPTION_RULES: Final[Mapping[Expect, Callable[[AskStep], Iterator[tuple[Rule, str]]]]] = {
    Expect.CHOICE: _choice_options,
    Expect.YES_NO: _yes_no_options,
    Expect.DONE: _done_options,
}


def _paths(flow: FlowDocument) -> Iterator[Found]:
    """Walk the flow as a graph: every step reached, no way round without a question, a way out."""
    graph = {step.id: tuple(target for _, target in exits(step)) for step in flow.steps}
    reached = _closure(graph, [flow.steps[0].id])
    for step in flow.steps:
        if step.id not in reached:
            text = "aucune étape n'y mène. Reliez-la par un « next », ou retirez-la."
            yield step.id, Rule.STEP_UNREACHABLE, text
    silent = {step.id: graph[step.id] for step in flow.steps if not isinstance(step, AskStep)}
    loop = _find_loop(silent)
    if loop:
        way = " → ".join(f"« {name} »" for name in (*loop, loop[0]))
        text = f"ces étapes tournent en rond sans poser de question : {way}."
        yield loop[0], Rule.LOOP_WITHOUT_QUESTION, text
        return
    backwards: dict[str, list[str]] = {step.id: [] for step in flow.steps}
    for origin, targets in graph.items():
        for target in targets:
            backwards[target].append(origin)
    finishing = _closure(backwards, [step.id for step in flow.steps if _ends(step)])
    trapped = [step.id for step in flow.steps if step.id in reached and step.id not in finishing]
    if trapped:
        text = "à partir d'ici, aucun chemin n'arrive à une fin. Ajoutez une étape « end »."
        yield trapped[0], Rule.NO_END, text


def _ends(step: Step) -> bool:
    return isinstance(step, EndStep) or (isinstance(step, HandOverStep) and step.next is None)


def _closure(graph: Mapping[str, Iterable[str]], start: Iterable[str]) -> frozenset[str]:
    """Return everything that can be reached from the start, itself included."""
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(graph[name])
    return frozenset(reached)


def _find_loop(graph: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the first loop of a graph in which every step has at most one way on, or nothing."""
    for start in graph:
        path: list[str] = []
        here: str | None = start
        while here is not None and here in graph:
            if here in path:
                return tuple(path[path.index(here) :])
            path.append(here)
            here = next(iter(graph[here]), None)
    return ()
