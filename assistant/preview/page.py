"""What stands on the page of all texts: sections, cards and lines, without any markup."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.domain.whom import Whom
from assistant.flows import keys
from assistant.flows.document import (
    AskStep,
    DetourStep,
    EndStep,
    FlowDocument,
    NeedKind,
    Option,
    Step,
    WayOut,
    WordedStep,
)
from assistant.flows.facts import Fact
from assistant.preview.order import Branch, branches
from assistant.preview.words import Line, PreviewWords
from assistant.services.dialogue.steering import FIRST_NEEDS, MENU_NEEDS

WELCOME: Final = ("welcome.program", "welcome.question")
MENU: Final = ("menu.question", "help.question")

_UNLABELLED: Final = {"oui": "choice.yes", "non": "choice.no"}
_OUTCOMES: Final = {
    "done": "fin : c'est réussi",
    "given_up": "fin : la personne s'arrête là",
    "elsewhere": "fin : la suite est ailleurs",
}
_KINDS: Final = {
    "say": "dit",
    "ask": "demande",
    "letter": "prépare une lettre",
    "remind": "propose un rappel",
    "hand_over": "confie à une personne",
}
_STATUSES: Final = {
    "verified": "vérifié",
    "conflict": "sources différentes, valeur prudente",
    "press": "lu dans la presse, à vérifier",
    "unverified": "non vérifié",
}


@dataclass(frozen=True)
class Way:
    """An answer that can be picked, and where it leads; ``key`` when the label stands here only."""

    label: str
    key: str | None
    anchor: str
    leads_to: str


@dataclass(frozen=True)
class Card:
    """One thing that is said, in all its variants, with the answers it offers."""

    anchor: str
    title: str
    note: str
    lines: tuple[Line, ...]
    ways: tuple[Way, ...] = ()
    stuck: Card | None = None


@dataclass(frozen=True)
class Part:
    """Cards that are read one after the other."""

    title: str | None
    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Section:
    """A chapter of the page."""

    anchor: str
    title: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Page:
    """The whole, as a citizen meets it on one channel."""

    channel: Channel
    whom: Whom
    sections: tuple[Section, ...]


def whole_page(words: PreviewWords) -> Page:
    """Return every text of the product, in the order in which a citizen meets them."""
    sections = (
        _welcome(words),
        _menu(words),
        *(_guide(words, flow) for flow in _guides(words)),
        _answers(words, "reponses", "Les réponses courtes", safety=False),
        _glossary(words),
        _answers(words, "danger", "En cas de danger", safety=True),
        _interface(words),
        _facts(words),
    )
    return Page(words.channel, words.whom, sections)


def guide_page(words: PreviewWords, slug: str) -> Page:
    """Return the texts of one guide. Raises NotFound."""
    found = tuple(_guide(words, flow) for flow in _guides(words) if flow.id == slug)
    if not found:
        raise NotFound(f"no flow {slug}")
    return Page(words.channel, words.whom, found)


def anchor(*names: str) -> str:
    """Return the anchor of a thing on the page."""
    return re.sub(r"[^a-z0-9_-]", "-", "-".join(names))


def _guides(words: PreviewWords) -> Sequence[FlowDocument]:
    """Return the guides in the order of the catalogue of needs."""
    order = list(words.content.needs.needs)
    flows = words.content.flows.values()
    return sorted(flows, key=lambda flow: (order.index(flow.need), flow.id))


def _welcome(words: PreviewWords) -> Section:
    cards = tuple(_own(words, name, FIRST_NEEDS) for name in WELCOME)
    return Section("accueil", "L'accueil", (Part(None, cards),))


def _menu(words: PreviewWords) -> Section:
    asked = tuple(_own(words, name, MENU_NEEDS) for name in MENU)
    needs = tuple(
        Card(
            anchor("need", need),
            need,
            "",
            (
                words.line(f"need/{need}/label", "entrée de menu"),
                words.line(f"need/{need}/short", "bouton"),
            ),
        )
        for need in words.content.needs.needs
    )
    title = "Ce pour quoi l'on vient : les entrées de menu"
    return Section("menu", "Le menu", (Part(None, asked), Part(title, needs)))


def _own(words: PreviewWords, name: str, needs: Sequence[str]) -> Card:
    """Return one of the assistant's own sentences; a question comes with what it offers."""
    ways = tuple(
        Way(words.text(f"need/{need}/label"), None, anchor("need", need), need)
        for need in needs
        if name.endswith(".question")
    )
    return Card(anchor("interface", name), name, "", (words.line(f"interface/{name}", ""),), ways)


def _guide(words: PreviewWords, flow: FlowDocument) -> Section:
    head = Card(
        anchor("flow", flow.id, "head"),
        "En-tête",
        f"besoin : {flow.need}",
        (
            words.line(keys.flow_key(flow.id, "title"), "titre"),
            words.line(keys.flow_key(flow.id, "summary"), "résumé"),
            *(
                words.line(keys.stage_key(flow.id, stage.id), f"partie {number}")
                for number, stage in enumerate(flow.stages, start=1)
            ),
            *(words.line(key, "à apporter") for key in words.keys_below(f"flow/{flow.id}/bring/")),
        ),
    )
    parts = [Part(None, (head,))]
    for branch in branches(flow):
        cards = tuple(_step(words, flow, step) for step in branch.steps)
        parts.append(Part(_origin(words, flow, branch), cards))
    return Section(
        anchor("flow", flow.id), words.text(keys.flow_key(flow.id, "title")), tuple(parts)
    )


def _origin(words: PreviewWords, flow: FlowDocument, branch: Branch) -> str:
    if branch.from_step is None or branch.by_exit is None:
        return "Le chemin principal"
    kind, _, exit_id = branch.by_exit.rpartition("/")
    if not kind:
        return f"Après « {branch.from_step} »"
    option = keys.way_out_id(exit_id) if kind.startswith("blocked") else exit_id
    key = keys.option_key(flow.id, branch.from_step, option)
    label = words.text(key) if words.has(key) else exit_id
    stuck = ", bloqué" if kind.startswith("blocked") else ""
    return f"Depuis « {branch.from_step} »{stuck} : {label}"


def _step(words: PreviewWords, flow: FlowDocument, step: Step) -> Card:
    number = flow.stage_number(step.id)
    where = f"étape {number} sur {len(flow.stages) or 1}"
    if isinstance(step, DetourStep):
        note = f"passe par le parcours « {step.flow} », puis va à « {step.next} »"
        way = Way(step.flow, None, anchor("flow", step.flow), step.flow)
        after = Way("ensuite", None, anchor("flow", flow.id, step.next), step.next)
        return Card(anchor("flow", flow.id, step.id), step.id, note, (), (way, after))
    said = _OUTCOMES[step.outcome] if isinstance(step, EndStep) else _KINDS.get(step.kind, "")
    return Card(
        anchor("flow", flow.id, step.id),
        step.id,
        f"{where} · {said}",
        tuple(_step_lines(words, flow, step)),
        tuple(_ways(words, flow, step)),
        _stuck(words, flow, step),
    )


def _step_lines(words: PreviewWords, flow: FlowDocument, step: WordedStep) -> Iterator[Line]:
    yield from words.variants(keys.step_key(flow.id, step.id))
    retry = keys.step_key(flow.id, step.id, "retry")
    if words.has(retry):
        yield words.line(retry, "réponse non comprise")


def _ways(words: PreviewWords, flow: FlowDocument, step: WordedStep) -> Iterator[Way]:
    options = step.options if isinstance(step, AskStep) else ()
    for option in options:
        if option.next is not None:
            yield _way(words, flow, step.id, option, option.next)
    following = getattr(step, "next", None)
    if isinstance(following, str):
        done = words.text("interface/choice.done") if isinstance(step, AskStep) else "ensuite"
        if not any(option.id == "fait" and option.label for option in options):
            yield Way(done, None, anchor("flow", flow.id, following), following)
        else:
            option = next(option for option in options if option.id == "fait")
            yield _way(words, flow, step.id, option, following)


def _way(
    words: PreviewWords, flow: FlowDocument, step: str, option: Option | WayOut, target: str
) -> Way:
    stuck = isinstance(option, WayOut)
    key = keys.option_key(flow.id, step, keys.way_out_id(option.id) if stuck else option.id)
    own = words.has(key)
    label = words.text(key if own else f"interface/{_UNLABELLED[option.id]}")
    return Way(label, key if own else None, anchor("flow", flow.id, target), target)


def _stuck(words: PreviewWords, flow: FlowDocument, step: WordedStep) -> Card | None:
    if not isinstance(step, AskStep) or step.blocked is None:
        return None
    return Card(
        anchor("flow", flow.id, step.id, "blocked"),
        "« Je suis bloqué »",
        "",
        tuple(words.variants(keys.blocked_key(flow.id, step.id))),
        tuple(_way(words, flow, step.id, way, way.next) for way in step.blocked.options),
    )


def _answers(words: PreviewWords, name: str, title: str, *, safety: bool) -> Section:
    needs = words.content.needs.needs
    answers = {answer.id: answer for answer in words.content.answers.values()}
    cards = tuple(
        Card(
            anchor("answer", need),
            words.text(f"need/{need}/label"),
            need,
            tuple(words.variants(f"answer/{need}/text")),
            tuple(
                Way(words.text(f"need/{each}/label"), None, anchor("need", each), each)
                for each in answers[need].related
            ),
        )
        for need in needs
        if need in answers and (needs[need].kind is NeedKind.SAFETY) is safety
    )
    return Section(name, title, (Part(None, cards),))


def _glossary(words: PreviewWords) -> Section:
    cards = tuple(
        Card(
            anchor("glossary", term.id),
            words.text(f"glossary/{term.id}/label"),
            "",
            (
                words.line(f"glossary/{term.id}/label", "mot"),
                *words.variants(f"glossary/{term.id}/text"),
            ),
        )
        for term in words.content.glossary.terms
    )
    return Section("mots", "Les mots expliqués", (Part(None, cards),))


def _interface(words: PreviewWords) -> Section:
    told = (*WELCOME, *MENU)
    cards = tuple(_own(words, name, ()) for name in words.own_sentences if name not in told)
    return Section("phrases", "Les phrases de l'assistant et de la page", (Part(None, cards),))


def _facts(words: PreviewWords) -> Section:
    cards = tuple(_fact(words, fact) for fact in words.content.facts.facts)
    return Section("faits", "Les faits, leur source et leur relecture", (Part(None, cards),))


def _fact(words: PreviewWords, fact: Fact) -> Card:
    names = {"value": "valeur", "sms": "par SMS", "link_label": "mots du lien"}
    lines = (
        words.line(f"fact/{fact.id}/{field}", name)
        for field, name in names.items()
        if words.has(f"fact/{fact.id}/{field}")
    )
    read = f"lu le {fact.checked_on:%d/%m/%Y}, à relire avant le {fact.review_by:%d/%m/%Y}"
    note = f"{_STATUSES[fact.status]} · {read} · source : {fact.source}"
    return Card(anchor("fact", fact.id), fact.id, note, tuple(lines))
