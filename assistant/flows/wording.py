"""What each text is held to: facts by name, short sentences, plain words, short text messages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Final

from assistant.domain.placeholders import PLACEHOLDER, fill, placeholders
from assistant.domain.whom import Whom, misplaced_bracket, told_both_ways, told_to
from assistant.flows.facts import Fact, FactsDocument
from assistant.flows.findings import Finding, Rule, Severity, suggest
from assistant.flows.owners import wrongly_owned
from assistant.flows.passages import Passage, Telling, Variant
from assistant.safety.approved import Approved
from assistant.safety.normalise import fold

# GOV.UK's limit (« Sentence length: why 25 words is our limit », Inside GOV.UK, 2014-08-04).
MAX_SENTENCE_WORDS: Final = 25
# Two parts of a GSM-7 message hold 2 × 153 septets; one alone holds 160 (3GPP TS 23.038, 23.040).
MAX_SMS_SEPTETS: Final = 306
ONE_SMS_SEPTETS: Final = 160
# One sentence of twelve words cannot be said more simply.
SIMPLE_ENOUGH_WORDS: Final = 12

_EXTENSION: Final = frozenset("^{}[]~|\\€")
_LONGER_IN_GSM: Final[Mapping[str, int]] = MappingProxyType({"œ": 2, "Œ": 2, "…": 3})

_URL: Final = re.compile(
    r"(?:https?://|www\.)\S+|(?<![@\w.])[\w-]+(?:\.[\w-]+)*\.(?:fr|com|org|net|eu|info)\b(?:/\S*)?",
    re.IGNORECASE,
)
_FIGURE: Final = re.compile(
    r"\b\d{1,2}\s?h(?:\s?\d{2})?\b"
    r"|\d+(?:[.,]\d+)?\s?(?:€|%|euros?\b|centimes?\b)"
    r"|\b\d+\s(?:minutes?|heures?|jours?|semaines?|mois|ans?)\b",
    re.IGNORECASE,
)
_MARKUP: Final = re.compile(
    r"</?[a-zA-Z][^>]*>|\*\*|__|`|^#+\s|^\s*[*+]\s|\[[^\]]+\]\([^)]*\)", re.MULTILINE
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+|\n+")
_QUOTED: Final = re.compile(r"«[^»]*»")

JARGON: Final[Mapping[str, str]] = MappingProxyType(
    {
        "authentification": "preuve que c'est bien vous",
        "authentifier": "prouver que c'est vous",
        "dématérialisé": "sur internet",
        "dématérialisée": "sur internet",
        "dématérialisation": "passage sur internet",
        "usager": "vous, la personne",
        "usagers": "les personnes",
        "ayant droit": "la personne couverte",
        "ayants droit": "les personnes couvertes",
        "téléservice": "site",
        "téléprocédure": "démarche sur internet",
        "url": "adresse du site",
        "login": "identifiant",
        "interface": "écran",
        "fonctionnalité": "ce que l'on peut faire",
        "fonctionnalités": "ce que l'on peut faire",
        "paramétrer": "régler",
        "finaliser": "finir",
        "procéder à": "faire",
        "effectuer": "faire",
        "effectuez": "faites",
        "renseigner": "écrire",
        "renseignez": "écrivez",
        "le cas échéant": "si c'est votre cas",
        "nonobstant": "malgré",
        "afin de": "pour",
        "veuillez": "l'ordre direct (« ouvrez »)",
        "il suffit de": "l'ordre direct (« ouvrez »)",
        "il vous suffit de": "l'ordre direct (« ouvrez »)",
        "simplement": "rien : ce n'est pas simple pour tout le monde",
        "bénéficier de": "avoir",
        "susmentionné": "le nom de la chose",
        "formulaire cerfa": "papier à remplir",
        "hébergeur": "entreprise qui garde les données",
        "notification": "message qui vous prévient",
        "notifications": "messages qui vous préviennent",
    }
)
"""Words of the administration and of the screen, with what to write instead.

What stands between « and » is quoted from the official screens and is not judged.
"""

_FOLDED_JARGON: Final = tuple(
    (f" {fold(word)} ", word, plain)
    for word, plain in sorted(JARGON.items(), key=lambda item: -len(item[0]))
)

Septets = Callable[[str], int]
Found = tuple[Severity, Rule, str]
TextRule = Callable[[str], Iterator[Found]]


def count_septets(text: str) -> int:
    """Count the GSM-7 septets of a French text once its accents are brought into the alphabet.

    Careful rather than exact: the renderer, which knows the table, may hand in its own count.
    """
    return sum(2 if char in _EXTENSION else _LONGER_IN_GSM.get(char, 1) for char in text)


@dataclass(frozen=True)
class WordingRules:
    """The rules on texts, with the facts that they may call for."""

    facts: FactsDocument
    septets: Septets = count_septets

    @cached_property
    def _values(self) -> tuple[tuple[re.Pattern[str], Fact], ...]:
        """The values of facts that must not stand in clear, the longest first."""
        written = {
            value: fact
            for fact in self.facts.facts
            for value in (fact.value, fact.sms)
            if value is not None and _is_figure(value)
        }
        return tuple((_whole(value), written[value]) for value in sorted(written, key=_by_length))

    @cached_property
    def _approved(self) -> Approved:
        return Approved.by(self.facts.facts)

    def judge(self, passage: Passage) -> Iterator[Finding]:
        """List what is wrong with one text, as written and as told to each reader."""
        found = dict.fromkeys(self._written(passage.text), passage.place)
        for whom in Whom:
            place = passage.place if whom is Whom.SELF else f"{passage.place}, dit à qui aide"
            for what in self._told_to(whom, passage):
                found.setdefault(what, place)
        for (severity, rule, text), place in found.items():
            yield Finding(severity, passage.file, passage.step, rule, f"{place} : {text}")

    def _written(self, text: str) -> Iterator[Found]:
        for rule in (self._placeholders, self._brackets, self._markup):
            yield from rule(text)

    def _told_to(self, whom: Whom, passage: Passage) -> Iterator[Found]:
        rules: list[TextRule] = [self._figures, self._contacts, self._sentences, self._jargon]
        if passage.variant is Variant.SMS:
            rules.append(self._sms_length)
        if whom is Whom.OTHER:
            rules.append(self._owners)
        told = told_to(whom, passage.text)
        for rule in rules:
            yield from rule(told)

    def missing(self, telling: Telling) -> Iterator[Finding]:
        """List the tellings that a text still needs."""
        place = f"{telling.place} : " if telling.place else ""
        tellings = [self._told(form) for form in told_both_ways(telling.text)]
        longest = max(map(self.septets, tellings))
        if telling.sms is None and longest > ONE_SMS_SEPTETS:
            message = f"{place}il manque la forme courte « sms ». Écrivez-la pour les téléphones."
            yield Finding(Severity.ISSUE, telling.file, telling.step, Rule.SMS_MISSING, message)
        simple = all(map(_is_simple, tellings))
        if telling.wants_simpler and telling.simpler is None and not simple:
            message = f"{place}il manque « simpler », pour qui répond « je n'ai pas compris »."
            yield Finding(Severity.ISSUE, telling.file, telling.step, Rule.SIMPLER_MISSING, message)

    def _told(self, text: str, *, sms: bool = False) -> str:
        """Return the text as it will be read, facts in place."""

        def value(fact_id: str) -> str:
            fact = self.facts.get(fact_id)
            if fact is None:
                return fact_id
            return fact.sms if sms and fact.sms is not None else fact.value

        return fill(text, value)

    def _placeholders(self, text: str) -> Iterator[Found]:
        known = [fact.id for fact in self.facts.facts]
        for fact_id in dict.fromkeys(placeholders(text)):
            if fact_id not in known:
                message = f"le fait « {fact_id} » n'est pas dans facts.yml."
                yield Severity.ERROR, Rule.FACT_UNKNOWN, message + suggest(fact_id, known)
        if re.search(r"[{}]", PLACEHOLDER.sub("", text)):
            message = "une accolade est mal placée. Un fait s'écrit {fact:son_nom}."
            yield Severity.ERROR, Rule.PLACEHOLDER_BROKEN, message

    def _brackets(self, text: str) -> Iterator[Found]:
        excerpt = misplaced_bracket(text)
        if excerpt is not None and not _MARKUP.search(text):
            message = (
                f"crochet mal placé à « {excerpt} ». "
                "Écrivez [pour la personne|pour qui l'aide], sans crochet dedans."
            )
            yield Severity.ERROR, Rule.BRACKET_BROKEN, message

    def _markup(self, text: str) -> Iterator[Found]:
        if found := _MARKUP.search(text):
            message = f"« {found[0].strip()} » est de la mise en forme. Écrivez du texte simple."
            yield Severity.ISSUE, Rule.MARKUP, message

    def _figures(self, text: str) -> Iterator[Found]:
        """Find what should be a fact: a value that is one, an approved link, an hour, a price.

        Any other number stays free (« carte de 1998 ») until the facts have it.
        """
        rest = PLACEHOLDER.sub(" ", text)
        for pattern, fact in self._values:
            if found := pattern.search(rest):
                rest = rest[: found.start()] + " " + rest[found.end() :]
                yield self._in_clear(found[0], fact)
        for link in _URL.finditer(rest):
            if not self._unapproved(link[0]):
                yield self._in_clear(link[0], self._fact_of_url(link[0]))
        for figure in _FIGURE.finditer(_URL.sub(" ", rest)):
            yield self._in_clear(figure[0], None)

    def _in_clear(self, value: str, fact: Fact | None) -> Found:
        mend = (
            f"Écrivez {{fact:{fact.id}}}."
            if fact
            else "Ajoutez-le dans facts.yml avec sa source, puis écrivez {fact:son_nom}."
        )
        return Severity.ISSUE, Rule.FIGURE_IN_CLEAR, f"« {value} » est écrit en clair. {mend}"

    def _fact_of_url(self, address: str) -> Fact | None:
        bare = _bare(address)
        return next(
            (fact for fact in self.facts.facts if fact.url and bare.startswith(_bare(fact.url))),
            None,
        )

    def _contacts(self, text: str) -> Iterator[Found]:
        for value in self._unapproved(PLACEHOLDER.sub(" ", text)):
            message = (
                f"« {value} » n'est pas dans facts.yml. "
                "On ne donne ni numéro ni lien sans sa source."
            )
            yield Severity.ISSUE, Rule.UNAPPROVED_CONTACT, message

    def _unapproved(self, text: str) -> tuple[str, ...]:
        found = self._approved.find(text)
        return tuple(dict.fromkeys(item.value for item in found))

    def _sentences(self, text: str) -> Iterator[Found]:
        for sentence in _sentences(self._told(text)):
            words = _words(sentence)
            if len(words) > MAX_SENTENCE_WORDS:
                message = (
                    f"la phrase « {' '.join(words[:5])}… » a {len(words)} mots, "
                    f"la limite est {MAX_SENTENCE_WORDS}. Coupez-la en deux."
                )
                yield Severity.ISSUE, Rule.SENTENCE_TOO_LONG, message

    def _jargon(self, text: str) -> Iterator[Found]:
        said = f" {fold(_QUOTED.sub(' ', PLACEHOLDER.sub(' ', text)))} "
        for folded, word, plain in _FOLDED_JARGON:
            if folded in said:
                said = said.replace(folded, " ")
                message = f"« {word} » n'est pas un mot de tous les jours. Plutôt : {plain}."
                yield Severity.ISSUE, Rule.JARGON, message

    def _owners(self, text: str) -> Iterator[Found]:
        for owned in dict.fromkeys(wrongly_owned(_QUOTED.sub(" ", text))):
            owner = "ses" if fold(owned).startswith("vos") else "sa"
            message = f"« {owned} » parle à la personne elle-même. Écrivez [{owned}|{owner} …]."
            yield Severity.ISSUE, Rule.WRONG_OWNER, message

    def _sms_length(self, text: str) -> Iterator[Found]:
        size = self.septets(self._told(text, sms=True))
        if size > MAX_SMS_SEPTETS:
            message = f"{size} signes, la limite est {MAX_SMS_SEPTETS} (deux SMS). Raccourcissez."
            yield Severity.ISSUE, Rule.SMS_TOO_LONG, message


def _sentences(text: str) -> list[str]:
    return [sentence for sentence in _SENTENCE_END.split(text) if sentence.strip()]


def _is_simple(text: str) -> bool:
    return len(_sentences(text)) == 1 and len(_words(text)) <= SIMPLE_ENOUGH_WORDS


def _words(text: str) -> list[str]:
    return [word for word in text.split() if any(char.isalnum() for char in word)]


def _is_figure(value: str) -> bool:
    """Tell whether a fact's value is worth finding in clear: a number, an address, a delay."""
    return len(value) > 1 and (any(char.isdigit() for char in value) or bool(_URL.search(value)))


def _bare(address: str) -> str:
    return re.sub(r"^https?://(?:www\.)?|^www\.|[/.]+$", "", address)


def _by_length(value: str) -> tuple[int, str]:
    return -len(value), value


def _whole(value: str) -> re.Pattern[str]:
    """Match a value that is not part of a longer word or number."""
    return re.compile(rf"(?<![\w.,/@]){re.escape(value)}(?![\w/@])(?![.,]\d)", re.IGNORECASE)
