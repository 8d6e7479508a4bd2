"""Checks the content as a whole; *errors* stop loading, *issues* stop publishing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from assistant.flows.answer import AnswerDocument, GlossaryDocument
from assistant.flows.choices import loose_choices
from assistant.flows.facts import FactsDocument, FactStatus
from assistant.flows.findings import Finding, Rule, Severity, suggest
from assistant.flows.flow import AskStep, DetourStep, EndStep, FlowDocument, FlowOutcome, LetterStep
from assistant.flows.letter import LetterDocument
from assistant.flows.needs import NeedsCatalogue
from assistant.flows.passages import (
    FACTS_FILE,
    GLOSSARY_FILE,
    answer_file,
    passages,
    tellings,
)
from assistant.flows.structure import flow_errors, flow_file
from assistant.flows.values import Document
from assistant.flows.wording import Septets, WordingRules, count_septets

__all__ = ["Finding", "Rule", "Severity", "check_content", "count_septets"]


def check_content(
    flows: Iterable[FlowDocument],
    answers: Iterable[AnswerDocument],
    glossary: GlossaryDocument,
    facts: FactsDocument,
    needs: NeedsCatalogue,
    today: date,
    *,
    letters: Iterable[LetterDocument] = (),
    septets: Septets = count_septets,
) -> tuple[Finding, ...]:
    """Return all that is wrong with the content, errors first, then by file."""
    flows, answers, letters = tuple(flows), tuple(answers), tuple(letters)
    found: list[Finding] = []
    found += _duplicates(flows, answers, glossary, facts)
    for flow in flows:
        found += flow_errors(flow)
        found += _needs_of_flow(flow, needs)
        found += _letters_of_flow(flow, [letter.id for letter in letters])
        found += _stuck_texts(flow)
        found += _last_question(flow)
        found += _follow_ups(flow)
        found += _choices(flow)
    found += _detours(flows)
    found += _answers(answers, needs)
    found += _facts(facts, today)
    rules = WordingRules(facts, septets)
    documents: tuple[Document, ...] = (
        *flows,
        *answers,
        *letters,
        glossary,
        needs,
        facts,
    )
    for document in documents:
        for telling in tellings(document):
            found += rules.missing(telling)
        for passage in passages(document):
            found += rules.judge(passage)
    order = {Severity.ERROR: 0, Severity.ISSUE: 1}
    return tuple(sorted(dict.fromkeys(found), key=lambda f: (order[f.severity], f.file)))


def _duplicates(
    flows: Sequence[FlowDocument],
    answers: Sequence[AnswerDocument],
    glossary: GlossaryDocument,
    facts: FactsDocument,
) -> Iterator[Finding]:
    kinds: tuple[tuple[Rule, str, list[str], str], ...] = (
        (Rule.FLOW_DUPLICATE, "parcours", [flow.id for flow in flows], "flows/"),
        (Rule.ANSWER_DUPLICATE, "réponses", [item.id for item in answers], "answers/"),
        (Rule.TERM_DUPLICATE, "mots", [term.id for term in glossary.terms], GLOSSARY_FILE),
        (Rule.FACT_DUPLICATE, "faits", [fact.id for fact in facts.facts], FACTS_FILE),
    )
    for rule, noun, ids, file in kinds:
        for name in (name for name, times in Counter(ids).items() if times > 1):
            where = f"{file}{name}.yml" if file.endswith("/") else file
            message = f"« {name} » est le nom de deux {noun}. Renommez ou retirez l'un des deux."
            yield Finding(Severity.ERROR, where, None, rule, message)


def _needs_of_flow(flow: FlowDocument, needs: NeedsCatalogue) -> Iterator[Finding]:
    if flow.need not in needs.needs:
        message = f"le besoin « {flow.need} » n'est pas dans needs.yml."
        message += suggest(flow.need, needs.needs)
        yield Finding(Severity.ERROR, flow_file(flow.id), None, Rule.NEED_UNKNOWN, message)


def _letters_of_flow(flow: FlowDocument, letters: Sequence[str]) -> Iterator[Finding]:
    for step in flow.steps:
        if isinstance(step, LetterStep) and step.template not in letters:
            message = f"étape « {step.id} » : la lettre « {step.template} » n'existe pas."
            message += suggest(step.template, letters)
            file = flow_file(flow.id)
            yield Finding(Severity.ERROR, file, step.id, Rule.LETTER_UNKNOWN, message)


def _stuck_texts(flow: FlowDocument) -> Iterator[Finding]:
    for step in flow.steps:
        if isinstance(step, AskStep) and step.blocked is None:
            message = f"étape « {step.id} » : il manque « blocked », pour qui est bloqué ici."
            file = flow_file(flow.id)
            yield Finding(Severity.ISSUE, file, step.id, Rule.BLOCKED_MISSING, message)


def _last_question(flow: FlowDocument) -> Iterator[Finding]:
    """Ask of a flow that can succeed that it asks the person whether it did."""
    succeeds = any(
        isinstance(step, EndStep) and step.outcome is FlowOutcome.DONE for step in flow.steps
    )
    asks = any(isinstance(step, AskStep) and step.did_it_work for step in flow.steps)
    if succeeds and not asks:
        message = (
            "aucune question ne demande si ça a marché. "
            "Écrivez « did_it_work: true » à la dernière question du parcours."
        )
        yield Finding(Severity.ISSUE, flow_file(flow.id), None, Rule.DID_IT_WORK_MISSING, message)


def _follow_ups(flow: FlowDocument) -> Iterator[Finding]:
    """Let nobody be asked later about a delicate subject, or about what did not work."""
    for step in flow.steps:
        if not isinstance(step, EndStep) or step.follow_up_days is None:
            continue
        if flow.sensitive or step.outcome is not FlowOutcome.DONE:
            message = (
                f"étape « {step.id} » : on ne redemande plus tard que si ça marche toujours, "
                "après une réussite, hors des parcours délicats. Retirez « follow_up_days »."
            )
            file = flow_file(flow.id)
            yield Finding(Severity.ISSUE, file, step.id, Rule.FOLLOW_UP_OUT_OF_PLACE, message)


def _choices(flow: FlowDocument) -> Iterator[Finding]:
    for step, rule, text in loose_choices(flow):
        message = f"étape « {step} » : {text}"
        yield Finding(Severity.ISSUE, flow_file(flow.id), step, rule, message)


def _detours(flows: Sequence[FlowDocument]) -> Iterator[Finding]:
    graph: dict[str, list[str]] = {}
    for flow in flows:
        steps = [step for step in flow.steps if isinstance(step, DetourStep)]
        graph[flow.id] = [step.flow for step in steps]
    for flow in flows:
        for step in flow.steps:
            if isinstance(step, DetourStep) and step.flow not in graph:
                message = f"étape « {step.id} » : le parcours « {step.flow} » n'existe pas."
                message += suggest(step.flow, graph)
                file = flow_file(flow.id)
                yield Finding(Severity.ERROR, file, step.id, Rule.DETOUR_UNKNOWN, message)
    if cycle := _find_cycle(graph):
        way = " → ".join(f"« {name} »" for name in (*cycle, cycle[0]))
        message = f"ces parcours se renvoient l'un à l'autre sans fin : {way}. Retirez un détour."
        yield Finding(Severity.ERROR, flow_file(cycle[0]), None, Rule.DETOUR_CYCLE, message)


def _find_cycle(graph: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the first circle of flows, empty when there is none."""
    clear: set[str] = set()

    def walk(name: str, path: tuple[str, ...]) -> tuple[str, ...]:
        if name in path:
            return path[path.index(name) :]
        for target in graph.get(name, ()) if name not in clear else ():
            if cycle := walk(target, (*path, name)):
                return cycle
        clear.add(name)
        return ()

    return next((cycle for name in graph if (cycle := walk(name, ()))), ())


def _answers(answers: Sequence[AnswerDocument], needs: NeedsCatalogue) -> Iterator[Finding]:
    known = needs.needs
    for answer in answers:
        file = answer_file(answer.id)
        if answer.id not in known:
            message = f"le besoin « {answer.id} » n'est pas dans needs.yml."
            message += suggest(answer.id, known)
            yield Finding(Severity.ERROR, file, None, Rule.NEED_UNKNOWN, message)
        for related in answer.related:
            if related not in known:
                message = f"« related » : le besoin « {related} » n'est pas dans needs.yml."
                message += suggest(related, known)
                yield Finding(Severity.ISSUE, file, None, Rule.RELATED_UNKNOWN, message)
    written = {answer.id for answer in answers}
    for need in known:
        if need not in written:
            message = f"le besoin « {need} » n'a pas de réponse. Écrivez ce fichier."
            yield Finding(Severity.ISSUE, answer_file(need), None, Rule.ANSWER_MISSING, message)


def _facts(facts: FactsDocument, today: date) -> Iterator[Finding]:
    for fact in facts.facts:
        if fact.status is FactStatus.UNVERIFIED:
            message = (
                f"fait « {fact.id} » : il n'est pas vérifié. Lisez sa source avant de publier."
            )
            yield Finding(Severity.ISSUE, FACTS_FILE, None, Rule.FACT_UNVERIFIED, message)
        if fact.review_by < today:
            message = (
                f"fait « {fact.id} » : il devait être relu avant le {fact.review_by:%d/%m/%Y}. "
                "Relisez sa source, puis changez « checked_on » et « review_by »."
            )
            yield Finding(Severity.ISSUE, FACTS_FILE, None, Rule.FACT_PAST_REVIEW, message)
