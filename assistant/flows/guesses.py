"""Guesses which answer a sentence means, once nobody found in it a need or a plain answer.

The alternative is « je n'ai pas compris »: a guess may be wrong where reading may not, and RETOUR
corrects it. In doubt between two choices nothing is guessed, and neither is it of a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from assistant.flows.answers import (
    Labels,
    Picked,
    alike,
    holds,
    option_for,
    read,
    telling,
    tokens_of,
    trim,
)
from assistant.flows.flow import AskStep
from assistant.flows.reply_words import ReplyWords, reply_words
from assistant.safety.masking import MARKER
from assistant.safety.normalise import fold

# Beyond that people tell a story, and the words of a choice come up in it by chance.
LONGEST: Final = 14
# « non il n'est pas passé » answers, « oui donc moi en fait quand je clique … » begins a tale.
LONGEST_AFTER_STANCE: Final = 7
LONGEST_AFTER_LABEL: Final = 4
SHORTEST_LABEL: Final = 3
# Two words of three must be the choice's own: « j'attends le code » is no « j'ai le code ».
MIN_SHARE: Final = 2 / 3
# « c'est mon numéro qui a changé »
_RELATIVE: Final = frozenset({"qui"})
_SENTENCE: Final = re.compile(r"[.!;…\n]+")


def guess(
    question: AskStep,
    labels: Labels,
    text: str,
    *,
    stuck: bool = False,
    named: bool = False,
    language: str = "fr",
) -> Picked | None:
    """Return the choice that a sentence most likely means, if one stands out.

    With ``named`` it must say what the choice says: a yes or a no at its beginning counts only
    with a word of that choice after it (« oui le mien est activé »).
    """
    words = reply_words(language)
    tokens = trim(fold(text).split(), words)
    if "?" in text or MARKER in text or not 1 < len(tokens) <= LONGEST:
        return None
    if holds(tokens, words.asking):
        return None
    own = {name: forms for name, forms in labels.items() if not name.startswith(("word/", "need/"))}
    part = None if named else _part(question, labels, text, stuck=stuck, language=language)
    if part is not None:
        return part
    likely = _beginning(own, tokens)
    if likely is None and not holds(tokens, words.doubts):
        stance = None if stuck else _stance(own, tokens, words, named=named)
        likely = stance or _content(own, tokens, words)
    return Picked(likely) if likely is not None else None


def _part(
    question: AskStep, labels: Labels, text: str, *, stuck: bool, language: str
) -> Picked | None:
    """Read the last sentence, else the first, of several: « Ah, pardon. C'est fait. »."""
    parts = [part for part in _SENTENCE.split(text) if part.strip()]
    for part in (parts[-1], parts[0]) if len(parts) > 1 else ():
        said = read(question, labels, part, None, stuck=stuck, language=language)
        if isinstance(said, Picked):
            return said
    return None


def _beginning(labels: Labels, tokens: Sequence[str]) -> str | None:
    """Return the choice whose whole label a sentence begins with: « je ne sais pas s'il … »."""
    found = {
        name
        for name, forms in labels.items()
        for form in map(tokens_of, forms)
        if len(form) >= SHORTEST_LABEL
        and tuple(tokens[: len(form)]) == form
        and len(tokens) - len(form) <= LONGEST_AFTER_LABEL
    }
    return found.pop() if len(found) == 1 else None


def _stance(labels: Labels, tokens: Sequence[str], words: ReplyWords, *, named: bool) -> str | None:
    """Return the yes or the no that a short sentence begins with and goes on to confirm."""
    first, *rest = tokens
    stance = "oui" if first in words.yes_words else "non" if first in words.no_words else None
    if stance is None or len(rest) > LONGEST_AFTER_STANCE:
        return None
    # « si en fait je l'ai » contradicts, « si je l'ai » supposes.
    if first in words.contrary and not _lead(rest, words.insisting):
        return None
    against = words.negations if stance == "oui" else words.yes_words
    if any(token in against | words.contrary | words.waiting for token in rest):
        return None
    option = option_for(stance, labels, words)
    if option is None or not named:
        return option
    said, _ = telling(rest, words)
    forms = _forms(labels[option], words)
    return (
        option
        if any(alike(word, token) for own, _ in forms for word in own for token in said)
        else None
    )


def _lead(tokens: Sequence[str], phrases: frozenset[tuple[str, ...]]) -> bool:
    return any(tuple(tokens[: len(phrase)]) == phrase for phrase in phrases)


def _content(labels: Labels, tokens: Sequence[str], words: ReplyWords) -> str | None:
    """Return the one choice of which a form is wholly said, with little else beside it."""
    said, denials = telling(tokens, words)
    against = (words.contrary | words.waiting) - _RELATIVE
    if not said or any(token in against for token in tokens):
        return None
    found = [
        name
        for name, forms in labels.items()
        if _is_said(list(_forms(forms, words)), said, denies=bool(denials))
        and _share(said, list(_forms(forms, words))) >= MIN_SHARE
    ]
    return found[0] if len(found) == 1 else None


Form = tuple[frozenset[str], bool]


def _forms(forms: Sequence[str], words: ReplyWords) -> Iterator[Form]:
    """Return the telling words of each form, and whether it denies, but for its yes or no."""
    for form in forms:
        tokens = tokens_of(form)
        stance = tokens[:1] and tokens[0] in words.yes_words | words.no_words
        own, denials = telling(tokens[1:] if stance else tokens, words)
        if own:
            yield own, bool(denials)


def _is_said(forms: Sequence[Form], said: frozenset[str], *, denies: bool) -> bool:
    return any(
        denied is denies and all(any(alike(word, token) for token in said) for word in own)
        for own, denied in forms
    )


def _share(said: frozenset[str], forms: Sequence[Form]) -> float:
    own = frozenset().union(*(words for words, _ in forms))
    return sum(any(alike(word, token) for word in own) for token in said) / len(said)
