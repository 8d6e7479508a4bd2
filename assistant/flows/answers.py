"""Reads what a person wrote as an answer to the waiting step, or says that it is none.

Tolerant to numbers, labels, synonyms, spelling and small typos; strict about the rest: a sentence
that merely contains « oui » or a number is a remark or a question, and must be heard as one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from assistant.domain.whom import told_both_ways
from assistant.flows import keys
from assistant.flows.flow import DONE_OPTION, YES_NO_OPTIONS, AskStep, Expect
from assistant.flows.replies import Answer, Given, Picked
from assistant.flows.reply_values import read_date, read_phone, read_postcode
from assistant.flows.reply_words import Phrase, ReplyWords, reply_words
from assistant.safety.masking import MARKER
from assistant.safety.normalise import fold

__all__ = ["Answer", "Given", "Picked", "offered_labels", "read"]

Labels = Mapping[str, tuple[str, ...]]

# The longest label (80 characters) has about sixteen words.
MAX_ANSWER_WORDS: Final = 16
MAX_INTENT_WORDS: Final = 5
MAX_FREE_TEXT_CHARS: Final = 500
# One letter of eight may differ (« C'zst fait » is 87.5 like), and the runner-up must be clearly
# further away.
LIKE_LABEL: Final = 87
CLEAR_MARGIN: Final = 8
MIN_FUZZY_WORD: Final = 4
MIN_TELLING_WORD: Final = 3
# From eight letters on, two of them may be wrong.
LONG_WORD: Final = 8
MIN_FUZZY_LABEL: Final = 5
# At least half of a label's own words, so that one common word does not choose.
MIN_COVER: Final = 0.5
_NOT_A_CHOICE: Final = re.compile(r"[€$£%]|\d\s*[.,:/]\s*\d")


def read(
    question: AskStep,
    labels: Labels,
    text: str,
    intent: str | None,
    *,
    stuck: bool = False,
    language: str = "fr",
) -> Answer | None:
    """Return the answer that a text gives to the waiting step, or None when it gives none.

    ``labels`` are, in the order shown, the label and the synonyms of each choice by the id that
    ``keys.picked_option`` gives for it: ``<option>``, ``blocked/<way out>``, ``word/<word>``. While
    the person is stuck the numbers choose among the ways out, and the options of the question
    itself, when given, are still understood by their names. ``intent`` is the need that the
    language model saw, if any.
    """
    words = reply_words(language)
    tokens = trim(fold(text.replace(MARKER, " ")).split(), words)
    if MARKER in text:
        # What stands beside a secret names the secret and no choice (« mon numéro c'est … »),
        # but for the yes or the no that it begins with.
        text, tokens = "", [word for word in tokens[:1] if word in words.yes_words | words.no_words]
    if not tokens:
        return None
    shown = {name: forms for name, forms in labels.items() if not stuck or "/" in name}
    asked = "?" in text
    if len(tokens) <= MAX_ANSWER_WORDS:
        picked = _read_number(text, tokens, shown, words)
        picked = picked or _exactly(tokens, shown, labels, words, asked=asked)
        if picked is None and not asked:
            picked = _read_words(question, shown, tokens, words, stuck=stuck)
        if picked is None and not asked and stuck:
            hidden = {name: forms for name, forms in labels.items() if name not in shown}
            picked = _by_name(tokens, hidden, words)
        if picked is not None:
            return Picked(picked)
    value = None if asked else _read_value(question.expect, text, words, stuck=stuck)
    if value is not None:
        return Given(value)
    if not asked and not stuck and intent in YES_NO_OPTIONS:
        return _by_intent(question, labels, tokens, intent, words)
    return None


def offered_labels(question: AskStep, words: Labels, *, stuck: bool = False) -> Labels:
    """Return the labels of a question from its own document, in the order shown.

    ``words`` gives the labels that are not in the document: ``oui``, ``non``, ``fait``,
    ``word/stuck``, ``word/retry``, ``word/human``.
    """
    own: dict[str, tuple[str, ...]] = {}
    for option in question.options:
        label = told_both_ways(option.label) if option.label is not None else words[option.id]
        own[option.id] = (*label, *option.also)
    if question.expect is Expect.DONE:
        own.setdefault(DONE_OPTION, words[DONE_OPTION])
    human = {keys.HUMAN_CHOICE: words[keys.HUMAN_CHOICE]}
    if not stuck:
        return {**own, keys.STUCK_CHOICE: words[keys.STUCK_CHOICE], **human}
    ways = question.blocked.options if question.blocked else ()
    out = {keys.way_out_id(way.id): (*told_both_ways(way.label), *way.also) for way in ways}
    return {**out, keys.RETRY_CHOICE: words[keys.RETRY_CHOICE], **human, **own}


def _exactly(
    tokens: Sequence[str], shown: Labels, labels: Labels, words: ReplyWords, *, asked: bool
) -> str | None:
    """Return the one choice whose label or synonym the text is, those on the screen first.

    A question is only taken for a label that is a question itself.
    """
    said = " ".join(tokens)
    for offered in (shown, labels):
        found = [
            name
            for name, forms in offered.items()
            if said in (_said(form, words) for form in forms if not asked or "?" in form)
        ]
        if found:
            return found[0] if len(found) == 1 else None
    return None


def _read_words(
    question: AskStep, labels: Labels, tokens: Sequence[str], words: ReplyWords, *, stuck: bool
) -> str | None:
    """Read « c'est fait », yes or no, or the name of a choice."""
    if question.expect is Expect.DONE and _is_done(tokens, words, stuck=stuck):
        return DONE_OPTION
    stance = None if stuck else _stance(tokens, words)
    if stance is not None and (option := option_for(stance, labels, words)) is not None:
        return option
    return None if question.expect is Expect.TEXT else _by_name(tokens, labels, words)


def _by_name(tokens: Sequence[str], labels: Labels, words: ReplyWords) -> str | None:
    """Return the choice that a text names, unless the person hesitates or a denial is unclear."""
    unsure = words.doubts | words.asking
    if holds(tokens, unsure):
        # « Je ne sais pas encore » may itself be offered: writing it is no hesitation.
        alike_unsure = {
            name: tuple(form for form in forms if holds(tokens_of(form), unsure))
            for name, forms in labels.items()
        }
        return _by_likeness(tokens, alike_unsure, words)
    if words.half_denials & set(tokens) and not words.negations & set(tokens):
        return None
    return _by_likeness(tokens, labels, words) or _by_content(tokens, labels, words)


def _read_value(expect: Expect, text: str, words: ReplyWords, *, stuck: bool) -> str | None:
    match expect:
        case Expect.DATE:
            return read_date(text, words)
        case Expect.POSTCODE:
            return read_postcode(text)
        case Expect.PHONE:
            return read_phone(text)
        case Expect.TEXT if not stuck and len(text) <= MAX_FREE_TEXT_CHARS:
            return text.strip()
        case _:
            return None


def _by_intent(
    question: AskStep, labels: Labels, tokens: Sequence[str], intent: str, words: ReplyWords
) -> Answer | None:
    """Trust the model's yes or no on a short text, unless the text itself speaks against it."""
    against = words.negations if intent == "oui" else words.yes_words
    doubtful = (
        len(tokens) > MAX_INTENT_WORDS
        or any(token in words.contrary or token in against for token in tokens)
        or any(char.isdigit() for token in tokens for char in token)
        or holds(tokens, words.doubts)
    )
    if doubtful:
        return None
    if question.expect is Expect.DONE:
        return Picked(DONE_OPTION) if intent == "oui" else None
    option = option_for(intent, labels, words)
    return Picked(option) if option else None


def _read_number(text: str, tokens: Sequence[str], shown: Labels, words: ReplyWords) -> str | None:
    """Read « 2 », « la 2 », « n°2 », « deux », « le deuxième », « 2 oui » as the second choice."""
    if _NOT_A_CHOICE.search(text):
        return None
    rest = list(tokens)
    while lead := _lead(rest, words.number_leads, words.longest):
        if len(lead) == len(rest):
            break
        rest = rest[len(lead) :]
    glued = re.fullmatch(r"(?:n|no|num|numero|choix|option|reponse)?(\d{1,2})", rest[0])
    number = int(glued[1]) if glued else words.numbers.get(rest[0])
    if number is None or not 1 <= number <= len(shown):
        return None
    name = list(shown)[number - 1]
    after = [token for token in rest[1:] if token not in words.number_nouns]
    if not after:
        return name
    # « 1 oui », « 2 par courrier »: both must say the same.
    forms = [_said(form, words) for form in shown[name]]
    agrees = " ".join(after) in forms or name in _matches(after, {name: shown[name]}, words)
    stance = _stance(after, words)
    agrees = agrees or (stance is not None and option_for(stance, shown, words) == name)
    return name if agrees and glued else None


def _is_done(tokens: Sequence[str], words: ReplyWords, *, stuck: bool) -> bool:
    """Tell whether a text says that the thing is done; while stuck, « ok » alone does not."""
    kinds = _cover(tokens, {"done": words.done, "yes": words.yes}, words) or frozenset()
    return "done" in kinds or ("yes" in kinds and not stuck)


def _stance(tokens: Sequence[str], words: ReplyWords) -> str | None:
    """Return « oui » or « non » when the whole text says just that."""
    tables = {"oui": words.yes | words.done, "non": words.no}
    kinds = _cover(tokens, tables, words) or frozenset()
    return next(iter(kinds)) if len(kinds) == 1 else None


def option_for(stance: str, labels: Labels, words: ReplyWords) -> str | None:
    """Return the one option that stands for yes, or for no."""
    options = {name: forms for name, forms in labels.items() if "/" not in name}
    if stance in options:
        return stance
    starts = words.yes_words if stance == "oui" else words.no_words
    found = [
        name
        for name, forms in options.items()
        if forms and tokens_of(forms[0])[:1] and tokens_of(forms[0])[0] in starts
    ]
    return found[0] if len(found) == 1 else None


def _by_content(tokens: Sequence[str], labels: Labels, words: ReplyWords) -> str | None:
    """Return the one choice whose words hold all the telling words of the text."""
    found = _matches(tokens, labels, words)
    if not found:
        return None
    best = max(found.values())
    names = [name for name, score in found.items() if score == best]
    return names[0] if len(names) == 1 else None


def _matches(
    tokens: Sequence[str], labels: Labels, words: ReplyWords
) -> dict[str, tuple[bool, bool, bool]]:
    """Return the choices that a text may name.

    For each: whether the text has all of its words, whether it denies with the same one, and
    whether its words are written so, to the letter (« courrier » is near « courriel »).
    """
    said, denials = telling(tokens, words)
    found: dict[str, tuple[bool, bool, bool]] = {}
    if not said or max(map(len, said)) < MIN_TELLING_WORD:
        return found
    for name, forms in labels.items():
        for form in forms:
            own, own_denials = telling(tokens_of(form), words)
            covered = sum(any(alike(word, token) for token in said) for word in own)
            named = all(any(alike(word, token) for word in own) for token in said)
            if named and bool(denials) == bool(own_denials) and covered >= MIN_COVER * len(own):
                score = (covered == len(own), denials == own_denials, said <= own)
                found[name] = max(score, found.get(name, (False, False, False)))
    return found


def telling(tokens: Sequence[str], words: ReplyWords) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that carry the meaning, and those that deny it."""
    denials = frozenset(tokens) & words.negations
    return frozenset(tokens) - words.light - words.negations, denials


def alike(word: str, other: str) -> bool:
    word, other = word.replace("ph", "f"), other.replace("ph", "f")  # « foto » is how it sounds
    if word == other or word.rstrip("sx") == other.rstrip("sx"):
        return True
    shortest = min(len(word), len(other))
    if shortest < MIN_FUZZY_WORD or any(char.isdigit() for char in word + other):
        return False
    slips = 1 if shortest < LONG_WORD else 2
    return OSA.distance(word, other, score_cutoff=slips) <= slips


def _by_likeness(tokens: Sequence[str], labels: Labels, words: ReplyWords) -> str | None:
    """Return the choice written almost like the text, spaces apart, when no other is near.

    The likest label must also deny what the text denies: « carte ans photo » is most like « carte
    sans photo », yet nobody may be sure of it.
    """
    said = "".join(tokens)
    if len(said) < MIN_FUZZY_LABEL or not labels:
        return None
    denies = bool(words.negations & set(tokens))
    scores = sorted(
        (max((_likeness(said, form, words) for form in forms), default=(0.0, False)), name)
        for name, forms in labels.items()
    )
    (best, denied), name = scores[-1]
    second = scores[-2][0][0] if len(scores) > 1 else 0.0
    clear = best >= LIKE_LABEL and best - second >= CLEAR_MARGIN and denied is denies
    return name if clear else None


def _likeness(said: str, form: str, words: ReplyWords) -> tuple[float, bool]:
    """Return how like a label is, of 100, and whether it denies something."""
    tokens = tokens_of(form)
    return fuzz.ratio(said, "".join(tokens)), bool(words.negations & set(tokens))


@lru_cache(maxsize=4096)
def tokens_of(form: str) -> tuple[str, ...]:
    """Return the folded words of a label; the same labels come back at every turn."""
    return tuple(fold(form).split())


def _said(form: str, words: ReplyWords) -> str:
    """Return a label as a text that says it would be folded and trimmed."""
    return " ".join(trim(tokens_of(form), words))


def trim(tokens: Sequence[str], words: ReplyWords) -> list[str]:
    """Take the courtesies off both ends."""
    rest = list(tokens)
    while lead := _lead(rest, words.courtesies, words.longest):
        rest = rest[len(lead) :]
    rest.reverse()
    while lead := _lead(rest, words.endings, words.longest):
        rest = rest[len(lead) :]
    return rest[::-1]


def _lead(tokens: Sequence[str], phrases: Collection[Phrase], longest: int) -> Phrase:
    """Return the longest phrase that a text begins with, empty when there is none."""
    for length in range(min(longest, len(tokens)), 0, -1):
        if (start := tuple(tokens[:length])) in phrases:
            return start
    return ()


def holds(tokens: Sequence[str], phrases: Collection[Phrase]) -> bool:
    """Tell whether a text contains one of the phrases."""
    return any(_lead(tokens[start:], phrases, len(tokens)) for start in range(len(tokens)))


def _cover(
    tokens: Sequence[str], tables: Mapping[str, Collection[Phrase]], words: ReplyWords
) -> frozenset[str] | None:
    """Return the tables whose phrases, one after the other, make up the whole text.

    None when something is left over. A phrase that is also a filler only counts when nothing
    stronger is said (« bon ben non » is a no).
    """
    known = {phrase for table in tables.values() for phrase in table}
    known |= words.fillers | words.courtesies
    strong: set[str] = set()
    weak: set[str] = set()
    rest = list(tokens)
    while rest:
        phrase = _lead(rest, known, words.longest)
        near = [phrase] if phrase else _misspelt(rest[0], known)
        kinds = {kind for kind, table in tables.items() for likely in near if likely in table}
        if not near:
            return None
        (weak if phrase in words.fillers else strong).update(kinds)
        rest = rest[len(phrase) or 1 :]
    return frozenset(strong or weak)


def _misspelt(token: str, known: Collection[Phrase]) -> list[Phrase]:
    """Return the one-word phrases that a word may misspell by one letter."""
    if len(token) < MIN_FUZZY_WORD:
        return []
    return [
        phrase
        for phrase in known
        if len(phrase) == 1
        and len(phrase[0]) >= MIN_FUZZY_WORD
        and OSA.distance(token, phrase[0], score_cutoff=1) <= 1
    ]
