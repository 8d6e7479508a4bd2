"""Reads what somebody answers when they are asked for a consent.

Stricter than the answers to a guide: only a plain yes counts as one. A yes under a condition, a
hesitation, a yes beside a no are unclear, and asked about again; in doubt between no and unclear
it is no. French, read after ``fold``.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final

from assistant.flows.answers import read
from assistant.flows.document import AskStep, Expect
from assistant.flows.replies import Picked
from assistant.safety.normalise import fold


class Reply(StrEnum):
    """What an answer to « Êtes-vous d'accord ? » says."""

    YES = "yes"
    NO = "no"
    UNCLEAR = "unclear"
    LATER = "later"
    WHY = "why"
    """They ask what it is, how long, who reads it."""
    MINOR = "minor"
    """They tell an age at which nobody agrees alone."""


def read_reply(text: str, language: str = "fr") -> Reply | None:
    """Return what a text says about the consent that was asked, None when it says nothing of it."""
    said = fold(text)
    if _MINOR.search(said) or any(int(age) < AGE_OF_CONSENT for age in _AGE.findall(said)):
        return Reply.MINOR
    if not said:
        return _read_signs(text)
    if _asks(text, said):
        return Reply.WHY
    read_parts = [
        reply for part in _parts(text) if (reply := _read_part(part, language)) is not None
    ]
    reply = _together(read_parts, corrected=_CORRECTS.search(said) is not None)
    signs = _read_signs(text)
    if reply in _PLAIN and signs in _PLAIN and reply is not signs:
        return Reply.UNCLEAR
    return Reply.UNCLEAR if reply in _PLAIN and "?" in text else reply


def _asks(text: str, said: str) -> bool:
    if _ASKS.fullmatch(said):
        return True
    short = len(said.split()) <= LONGEST_QUESTION and _OF_SOMETHING_ELSE.search(said) is None
    return "?" in text and short and _ASKS_SOMEWHERE.search(said) is not None


# Below it a parent agrees too: law no. 78-17, article 45, read with article 8 of the GDPR.
AGE_OF_CONSENT: Final = 15

# Longer questions are about something else.
LONGEST_QUESTION: Final = 8

_PLAIN: Final = frozenset({Reply.YES, Reply.NO})
_AGREEING: Final = frozenset("👍👌✅☑🆗")
_REFUSING: Final = frozenset("👎🙅❌🚫⛔")

_YOUNG: Final = "deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze".split()
_MINOR: Final = re.compile(
    rf"\b(?:(?:j|je|g) ?ai (?:{'|'.join(_YOUNG)}) ans"
    r"|(?:je|chui|j) ?suis (?:encore )?(?:une? )?mineure?"
    r"|(?:je suis )?(?:au college|collegienn?e?))\b"
)
_AGE: Final = re.compile(r"\b(?:(?:j|je) ?ai|g) (?:que |seulement )?(\d{1,2}) ans\b(?! de)")

_ASKS: Final = re.compile(
    r"(?:euh |ben |oui )?(?:"
    r"pourquoi|pour ?quoi(?: faire)?|pk|pkoi|pq|prk|quoi|koi|comment(?: ca| sa)?(?: marche)?|"
    r"(?:c est|c|ce|ces|cest) (?:quoi|koi)(?: ca)?|[cs]a veut dire (?:quoi|koi)|"
    r"(?:a |c est pour )?(?:quoi|koi)(?: ca| sa)? sert|[cs]a sert a (?:quoi|koi)|"
    r"combien de temps|pendant combien de temps|qui (?:va |peut )?(?:lire|voir|lit|voit)(?: ca)?|"
    r"[cs]a coute combien|combien [cs]a coute|"
    r"(?:vous pouvez |tu peux )?expliqu\w*(?: moi)?|[cs]a engage a quoi|"
    r"vous en faites quoi|et si je change d avis)"
)
_ASKS_SOMEWHERE: Final = re.compile(
    r"\b(?:pourquoi|quoi|koi|combien|qui|comment|obligatoire|payant|gratuit|expliqu\w*|change\w*)\b"
)
# « c'est quoi mon espace santé », « qui peut voir mon dossier » are about something else.
_OF_SOMETHING_ELSE: Final = re.compile(
    r"\b(?:espace|sante|dossier|code|carte|medecin|compte|site|ordonnance|vitale)\b"
)

_END: Final = re.compile(r"[.!;…\n]+")
_ON_SECOND_THOUGHT: Final = re.compile(
    r"\b(?:en fait|finalement|plutot|pardon|je voulais dire|attendez|enfin)\b"
)
_CORRECTS: Final = re.compile(rf"{_ON_SECOND_THOUGHT.pattern}|\bah (?:non|oui)\b")

_HEDGES: Final = re.compile(
    r"^(?:allez )?bon\b|\b(?:mais|si|bof|sauf|seulement|juste|peut etre|p ?t ?et(?:re)?|sans doute|"
    r"pourquoi pas|"
    r"comme (?:vous|tu) (?:voulez|veux|voudrez|preferez|le sentez)|[cs]a depend|j hesite|"
    r"(?:sais|sai|c|comprends?|compris|sur|sure) (?:pas|plus)|pas (?:sure?|compris)|chais pas|jsp|"
    r"je (?:crois|pense)|condition|egal|(?:m en|men) (?:fiche|fous|fou)|peu importe|"
    r"un peu|moitie|plus ou moins|ni|mouais|moui|mwe|m+h*|hm+|euh|faut|dois|oblige|"
    r"reflechir|reflechisse|hesite|decide|demander a|pas (?:le )?choix|ou)\b"
)
_LATER: Final = re.compile(
    r"(?:.* )?(?:plus tard|une autre fois|on verra(?: bien)?|je verrai|demain|tout a l heure|"
    r"pas tout de suite|je vous (?:dirai|redis)|pas le temps)(?: svp| merci| peut etre)*"
)
_REFUSES: Final = re.compile(
    r"\b(?:je (?:ne )?(?:veux|voudrais|souhaite|prefere) (?:ne )?pas|j ?(?:veux|prefere) pas|"
    r"refuse|surtout pas|pas d accord|hors de question|pas question|sans facon|"
    r"(?:pas|aucun) besoin|pas la peine|pas necessaire|inutile|prefere que non|aime mieux pas|"
    r"(?:gardez?|envoyez?|partagez?|montrez?) (?:rien|pas)|pas de (?:sms|rappel|message)s?|"
    r"m interesse pas|pas envie|n y tiens pas|[cs]a ira|[cs]a va aller|jamais)\b"
)
# After a yes, each of these words only says it again.
_YES_AGAIN: Final = frozenset(
    "oui ouais ok okay yes d accord dac bien sur evidemment volontiers merci beaucoup svp stp s il"
    " vous plait te madame monsieur bonjour bonsoir ben bah ah euh mais je j veux accepte accepter"
    " autorise suis tout a fait pouvez peux gardez garder garde envoyez envoyer ecrivez ecrire"
    " rappelez rappeler montrez montrer partagez partager la le les l ma mes notre un une des sms"
    " rappel rappels message messages conversation moi me m ca sa cela avec plaisir allez y faites"
    " pas de du probleme souci soucis aucun va marche convient pour c est bon parfait".split()
)
_AGREES: Final = re.compile(
    r"(?:vous pouvez|tu peux|gardez|j accepte|je (?:vous )?autorise|je (?:veux|voudrais) bien|"
    r"allez y|faites|pas de (?:probleme|soucis?)|aucun (?:probleme|souci)|c est (?:oui|d accord)|"
    r"je dis oui|ok pour|chui d accord|je suis d accord|[cs]a (?:me )?va|[cs]a me convient)\b"
)
_BEGINS_WITH_NO: Final = re.compile(
    r"(?:euh |ben |bah |mais |ah |c est |je dis )*(?:non|nan|nn)\b(?! peut etre)"
)
_NEGATES: Final = re.compile(r"\b(?:non|nan|ne|n|pas|rien|jamais|aucune?|sans)\b")
_HARMLESS_NEGATION: Final = re.compile(r"\b(?:pas de|aucun) (?:probleme|soucis?)\b")
# « mais oui », « bon, oui » are a yes all the same.
_EMPHASIS: Final = re.compile(r"^(?:(?:mais|euh|ben|bah|ah|eh|bonjour|bonsoir) )+(?=oui\b|ok\b)")
_NOT_AGREEING: Final = re.compile(
    r"\b(?:fait|fini|termine\w*|suivante?|suite|apres|ensuite|continu\w*|voila|vu|vois|compris|"
    r"note|recu|trouve|reussi|bien|bon|si|super|exact\w*|effectivement|voir|next|pret\w*|l ai)\b"
)

_SPELLINGS: Final = {
    "biensur": "bien sur",
    "chui": "je suis",
    "chuis": "je suis",
    "jsuis": "je suis",
    "jaccepte": "j accepte",
    "noon": "non",
    "nonn": "non",
    "oiu": "oui",
    "volontier": "volontiers",
    "soucis": "souci",
}
_SPELLED: Final = re.compile(rf"\b(?:{'|'.join(_SPELLINGS)})\b")

_YES_NO: Final = AskStep(id="consent", kind="ask", text="?", expect=Expect.YES_NO)
_LABELS: Final = {"oui": (), "non": ()}


def _parts(text: str) -> list[str]:
    return [part for part in _END.split(text.replace("o.k.", "ok")) if part.strip()]


def _read_part(text: str, language: str) -> Reply | None:
    said = _SPELLED.sub(lambda found: _SPELLINGS[found[0]], fold(text))
    said = _EMPHASIS.sub("", " ".join(_ON_SECOND_THOUGHT.sub(" ", said).split()))
    if not said:
        return None
    if _LATER.fullmatch(said):
        return Reply.LATER
    picked = read(_YES_NO, _LABELS, said, None, language=language)
    no = picked == Picked("non") or _says_no(said)
    if no:
        return Reply.UNCLEAR if re.search(r"\b(?:oui|ouais|ok)\b", said) else Reply.NO
    if _HEDGES.search(_HARMLESS_NEGATION.sub("", said)):
        return Reply.UNCLEAR
    if _says_yes(said, picked=picked == Picked("oui")):
        return Reply.YES
    begins = re.match(r"(?:oui|ouais|ok|d accord|non|nan)\b", said) is not None
    return Reply.UNCLEAR if begins or picked is not None else None


def _says_no(said: str) -> bool:
    if _REFUSES.search(said):
        return True
    return _BEGINS_WITH_NO.match(said) is not None


def _says_yes(said: str, *, picked: bool) -> bool:
    if _NEGATES.search(_HARMLESS_NEGATION.sub("", said)):
        return False
    words = said.split()
    again = all(word in _YES_AGAIN for word in words)
    if picked:
        return again or _NOT_AGREEING.search(said) is None
    begins = words[0] in {"oui", "ouais", "ok"} or _AGREES.match(said) is not None
    return begins and again


def _together(replies: list[Reply], *, corrected: bool) -> Reply | None:
    """Return what several sentences say: the last clear word, and a yes only when it is sure."""
    if not replies:
        return None
    said = set(replies)
    if len(said) == 1:
        return replies[0]
    last = replies[-1]
    if last is Reply.NO or (last is Reply.YES and corrected):
        return last
    return Reply.UNCLEAR


def _read_signs(text: str) -> Reply | None:
    """Read what is drawn: a thumb, a cross, a face that says neither."""
    if re.fullmatch(r"[\s?؟!]*[?؟][\s?؟!]*", text):
        return Reply.WHY
    agrees = any(sign in _AGREEING for sign in text)
    refuses = any(sign in _REFUSING for sign in text)
    if agrees is not refuses:
        return Reply.YES if agrees else Reply.NO
    return Reply.UNCLEAR if text.strip() else None
