"""Hears that somebody writes for another person, or for themselves after all.

French, read after ``fold``: accents, capitals and small typing errors are forgiven. In doubt it
hears nothing: to be spoken of in the third person is stranger than to be asked again. A child is
the need ``enfant``, and giving a relative access is ``proche_aidant``: neither turns the talk.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA

from assistant.domain.whom import Whom
from assistant.safety.normalise import fold

ADULT_AGE: Final = 18


@dataclass(frozen=True)
class Heard:
    """For whom somebody says that they write; ``alone`` tells that they say nothing else."""

    whom: Whom
    alone: bool


def recognise_whom(text: str) -> Heard | None:
    """Return for whom a message says that it is written, None when it does not say."""
    said = _normalised(text)
    for_self = _FOR_SELF.search(said)
    if for_self is not None and not _BOTH.search(said):
        return Heard(Whom.SELF, _nothing_left(_FOR_SELF.sub(" ", _NOT_FOR_OTHER.sub(" ", said))))
    if _IN_DOUBT.search(said) or _speaks_of_a_child(said):
        return None
    plain = said if _has_adult_age(said) else _CHILDREN.sub(" enfant ", said)
    if _SAID_PLAINLY.search(plain):
        return Heard(Whom.OTHER, _nothing_left(_SAID_PLAINLY.sub(" ", plain)))
    if _MINE.search(_KIN_OF_MINE.sub(" ", plain)):
        return None
    return Heard(Whom.OTHER, alone=False) if _SAID_BY_THE_WAY.search(plain) else None


# -- spelling -------------------------------------------------------------------------------------

_SPELLINGS: Final = {
    "c": "c est",
    "cest": "c est",
    "pr": "pour",
    "pou": "pour",
    "jaide": "j aide",
    "jaccompagne": "j accompagne",
    "jacompagne": "j accompagne",
    "acompagne": "accompagne",
    "jassiste": "j assiste",
    "jsuis": "je suis",
    "jsui": "je suis",
    "chui": "je suis",
    "chuis": "je suis",
    "suit": "suis",
    "sui": "suis",
    "jveux": "je veux",
    "jai": "j ai",
    "g": "j ai",
    "pa": "pas",
    "mamn": "maman",
    "mamam": "maman",
    "mamman": "maman",
    "soeure": "soeur",
    "seur": "soeur",
    "mami": "mamie",
    "mamy": "mamie",
    "papy": "papi",
    "grandmere": "grand mere",
    "grandpere": "grand pere",
    "gd": "grand",
    "grd": "grand",
    "bel": "belle",
    "numerik": "numerique",
    "qqn": "quelqu un",
    "qqun": "quelqu un",
    "qq1": "quelqu un",
    "qlqn": "quelqu un",
    "quelqun": "quelqu un",
    "kelkun": "quelqu un",
    "kelqun": "quelqu un",
    "ds": "dans",
}
_AFTER_MY: Final = re.compile(r"\b(ma mer|ma meme|mon per|mon pepe)\b")
_MENDED: Final = {
    "ma mer": "ma mere",
    "ma meme": "ma mamie",
    "mon per": "mon pere",
    "mon pepe": "mon papi",
}

# Words long enough for one wrong letter to leave no other word in their place.
_FORGIVEN: Final = tuple(
    "accompagne accompagnons accompagner assistante auxiliaire beneficiaire compagne conjoint"
    " conjointe conseiller conseillere familiale familial mediateur mediatrice numerique patient"
    " patiente personne quelqu services social sociale travailleur travailleuse usager usagere"
    " voisin voisine".split()
)
_SHORTEST_FORGIVEN: Final = 6
# Real words that one wrong letter separates from a word above.
_REAL: Final = frozenset(
    "personnes accompagnee accompagnes sociaux services service voisins voisines numeriques"
    " compagnie conseillers patients patience compagnes campagne".split()
)


def _normalised(text: str) -> str:
    words = " ".join(_SPELLINGS.get(word, word) for word in fold(text).split())
    words = words.replace("c est est ", "c est ")
    mended = _AFTER_MY.sub(lambda found: _MENDED[found[0]], words)
    return f" {' '.join(map(_forgiven, mended.split()))} "


@lru_cache(maxsize=4096)
def _forgiven(word: str) -> str:
    if len(word) < _SHORTEST_FORGIVEN or word in _REAL or word in _FORGIVEN:
        return word
    near = process.extractOne(word, _FORGIVEN, scorer=OSA.distance, score_cutoff=1)
    return near[0] if near is not None else word


# -- who is spoken of -----------------------------------------------------------------------------

_ADULTS: Final = (
    "(?:arriere )?grands? meres?|(?:arriere )?grands? peres?|grands parents|beaux parents|"
    "belles? meres?|beaux? peres?|belle soeur|beau frere|belle fille|mere|maman|pere|papa|parents?|"
    "mamie|papi|tata|tante|tonton|oncle|mari|femme|epoux|epouse|conjointe?|compagnon|compagne|"
    "(?:petite amie|petit ami)|(?:grand )?frere|(?:grande )?soeur|neveu|niece|cousine?|proches?|"
    "voisine?s?|amie?s?|copine?|copain|collegue"
)
_GROWN_CHILDREN: Final = "fils|fille|petit fils|petite fille"
_CHILDREN: Final = re.compile(rf"\b(?:{_GROWN_CHILDREN})\b")
_KIN: Final = rf"(?:{_ADULTS}|{_GROWN_CHILDREN})"
_LOOSE_KIN: Final = "(?:amie?s?|voisine?s?|proches?|parents?|collegue|copine?|copain)"
_SERVED: Final = (
    "(?:vieille |vieux |jeune )?(?:dame|monsieur|personne(?! de confiance)|personnes|usagere?s?|"
    "patiente?s?|beneficiaires?|habitante?|administree?|residente?s?|seniors?|retraitee?s?|"
    "allocataire|assuree?|gens)"
)
_SOMEBODY: Final = (
    rf"(?:(?:ma|mon|mes|notre|nos) {_KIN}|(?:une?|des|cette|cet|ce|l|la|le) {_LOOSE_KIN}|"
    rf"(?:une?|des|cette|ce|cet|la|le|l|ma|mon|mes|notre|nos) (?:autre )?{_SERVED}|"
    "quelqu un(?: d autre)?|autrui|une autre personne|madame|monsieur|"
    "(?<!ma )(?<!mon )(?:maman|papa|mamie|papi))"
)
_DESCRIBED: Final = (
    "(?:(?: qui (?:a|est))?(?: tres)?"
    " (?:agee?s?|malade|handicapee?|seule?|aveugle|sourde?|isolee?|dependante?|"
    "(?:de )?(?:\\d+|(?:[a-z]+ ){0,3}[a-z]+) ans|en situation de handicap|d un certain age)(?= ))*"
)
_WHO: Final = f"{_SOMEBODY}(?= ){_DESCRIBED}"
_THEY: Final = (
    rf"(?:(?:ma|mon|mes|notre|nos) (?:vieille |vieux )?{_KIN}|(?:maman|papa|mamie|papi)|"
    rf"(?:une?|cette|cet|ce|la|le|l) {_SERVED}(?! de | du ))"
)
_KIN_OF_MINE: Final = re.compile(rf"\b(?:ma|mon|mes|notre|nos) (?:vieille |vieux )?{_KIN}\b")
_MINE: Final = re.compile(r"\b(?:mon|ma|mes|mien|miens|mienne|miennes|moi|notre|nos)\b")

# -- how it is said -------------------------------------------------------------------------------

_WE_HELP: Final = (
    "(?:aide|aidons|accompagne|accompagnons|assiste|assistons|depanne|conseille|m occupe d[eu]?|"
    "nous occupons de|occupe de|gere pour|ecris pour|tape pour|demande pour|appelle pour|"
    "fais (?:ca|sa|les papiers|les demarches|tout) (?:pour|de)|(?:suis|viens) (?:la )?pour|"
    "(?:suis|est) (?:a cote|aupres|au cote) d[e]?|"
    "suis (?:\\w+ ){0,6}avec(?= (?:une?|cette|ce|la|le|quelqu)))"
)
_TRADES: Final = (
    "(?:proches? )?aidante?s?(?: familiale?)?|mediat(?:eur|rice)(?: numerique)?|"
    "(?:conseillere?|agente?|animat(?:eur|rice)|intervenante?)"
    " (?:numerique|(?:de |a |chez )?france services?|d accueil|social[e]?|du ccas)|"
    "assistante?s? (?:sociale?|de vie)|auxiliaire de vie|aide (?:a domicile|menagere)|"
    "travailleu(?:r|se) sociale?|secretaire de mairie|benevole|accompagnante?"
)
_SAID_PLAINLY: Final = re.compile(
    r"(?<=\s)(?:"
    rf"(?:c est|ce|ces|se|ce serait|ce sera|c etait)(?: plutot| juste| en fait)? pour {_WHO}|"
    rf"(?:c est|ce n est|ce) pas pour moi (?:mais )?(?:c est )?pour {_WHO}|"
    rf"(?:j|je|on|nous) (?:y )?{_WE_HELP} {_WHO}|"
    rf"(?:je (?:veux|voudrais|dois|vais|souhaite|viens) )?"
    rf"(?:aider|accompagner|assister|depanner) {_WHO}|"
    rf"(?:a la place|au nom|de la part) d[e]? {_WHO}|"
    rf"(?:je|on|nous) (?:suis|est|sommes)(?: une?| l| la| le)? (?:{_TRADES})"
    rf"(?:(?: d[e]?| pour) {_WHO})?|"
    r"je travaille (?:a|chez|pour|dans une?|au|en) (?:espace )?(?:france services?|ccas)|"
    rf"je travaille comme (?:{_TRADES})"
    r")(?=\s)|"
    rf"(?<=\s)j ai (?:une?|la|le|l) {_SERVED}"
    r" (?:devant moi|avec moi|a cote de moi|en face de moi|a l accueil|au guichet)(?=\s)|"
    rf"(?<=\s)pas moi (?:mais )?c est {_WHO}(?=\s)|"
    rf"^ (?:bonjour |bonsoir |non |oui |alors |et )*pour {_WHO}(?=\s)"
)
_THEIR_ACT: Final = "(?:activer|ouvrir|creer|fermer|cloturer|debloquer|reouvrir|rouvrir)"
_THEIR_THING: Final = (
    "(?:espace(?: sante)?|mon espace sante|compte|code(?: provisoire)?|carte(?: vitale)?|"
    "lettre|courrier)"
)
_SAID_BY_THE_WAY: Final = re.compile(
    r"(?<=\s)(?:"
    rf"(?<!merci )(?<!pas )(?<!plus )(?<!acces )pour (?!quelqu){_WHO}|"
    rf"{_THEY}{_DESCRIBED} (?:qui |elle |il |ils |elles )?(?!me? |nous )"
    r"(?:(?:\w+ ){0,4}(?:son|sa|ses|leur|leurs) |"
    r"(?:\w+ ){0,3}(?:pas|plus|jamais|rien|aucun) (?:\w+ ){0,4}"
    r"(?:recu|internet|ordi|ordinateur|telephone|smartphone|portable|mail|mails|email|code|carte|"
    r"espace|compte|lettre|courrier|connecter|activer|ouvrir|entrer) |"
    r"(?:a|ont|vient de) (?:bien )?(?:recu|recevoir|perdu|eu) (?:un|une|le|la|l|des) "
    r"(?:code|carte|lettre|courrier|sms|mail|papier) )|"
    rf"{_THEIR_ACT} (?:l |le |la |un |une )?{_THEIR_THING} (?:de |a |pour ){_WHO}|"
    rf"(?:j ai recu|c est pour) (?:l |la |le |une |un )?{_THEIR_THING} de {_WHO}|"
    rf"c est {_WHO} qui (?:n )?(?:a|ont|veut|voudrait|doit|cherche|demande) "
    r")"
)
_FOR_SELF: Final = re.compile(
    r"(?<=\s)(?:(?:c est|ce sera|ce serait|ce|ces|c etait)"
    r"(?: bien| juste| plutot| finalement| maintenant| en fait)* pour (?:moi(?: meme)?|mon propre"
    r" compte)|je (?:le |l )?(?:fais|fait|demande)(?: ca| sa)? pour moi(?: meme)?|"
    r"je parle de moi(?: meme)?|(?:je n|j) (?:aide|accompagne) personne)(?=\s)|"
    r"^ (?:non |oui |bonjour |maintenant |en fait |finalement |alors )*"
    r"(?:c est (?:pour )?moi(?: meme)?|pour moi(?: meme)?|moi meme)"
    r"(?: maintenant| merci| cette fois)* $"
)
_NOT_FOR_OTHER: Final = re.compile(rf"(?<=\s)(?:c est|ce n est|ce|c|n est)? ?pas pour {_WHO}(?=\s)")
_BOTH: Final = re.compile(
    r"\b(?:et|ou) (?:pour |aussi pour )?moi\b|\bmoi (?:et|ou|aussi|qui)\b|\bpas (?:que )?pour moi\b"
)
_IN_DOUBT: Final = re.compile(
    # asked, not told; both of them; nobody is helped
    r"\best ce que (?:c est|ce) pour\b|\b(?:et|ou) (?:pour )?moi\b|\bmoi (?:et|ou|aussi)\b|"
    r"\b(?:aide|accompagne) (?:personne\b(?! )|pas\b)|\bsuis pas\b|\bpas pour (?!moi)|"
    # the one who died is in no conversation
    r"\b(?:decede|decedee|deces|mort|morte|defunte?|obseques|heritage)\b|"
    # access given to somebody, or taken back
    r"\b(?:donner|donne|retirer|enlever|partager|autoriser|creer|faire) "
    r"(?:un |l |son |mon |une |d )?(?:acces|procuration|droit|droits|autorisation)\b"
)

# -- what else is said ----------------------------------------------------------------------------

_NOTHING_MORE: Final = frozenset(
    "bonjour bonsoir salut merci beaucoup svp stp s il vous te plait ok oui non alors euh en fait"
    " du coup donc voila mais et moi je precise c est juste la ici enfin bon ben bah elle il a qui"
    " ans an de pas aujourd hui maintenant ne n finalement plutot cette fois".split()
)


def _nothing_left(rest: str) -> bool:
    return all(word in _NOTHING_MORE or word.isdecimal() for word in rest.split())


# -- ages -----------------------------------------------------------------------------------------

_SMALL_NUMBERS: Final = frozenset(
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
    " dix".split()
)
_GREAT_NUMBERS: Final = frozenset("vingt vingts trente quarante cinquante soixante cent".split())
_A_CHILD: Final = re.compile(
    r"\b(?:bebe|enfants?|gamine?|gosse|ado|adolescente?|mineure?|petit frere|petite soeur|"
    r"petit cousin|petite cousine|petit neveu|petite niece|mois)\b"
)


def _speaks_of_a_child(said: str) -> bool:
    """Tell whether a child or an age under eighteen is named."""
    return bool(_A_CHILD.search(said)) or any(age < ADULT_AGE for age in _ages(said))


def _has_adult_age(said: str) -> bool:
    return any(age >= ADULT_AGE for age in _ages(said))


def _ages(said: str) -> list[int]:
    """List the ages told, in figures or in words; in words only on which side of eighteen."""
    ages: list[int] = []
    for found in re.finditer(r"((?:\w+ ){1,4})ans?\b", said):
        before = found[1].split()[::-1]
        if before[0].isdecimal():
            ages.append(int(before[0]))
            continue
        told = set(takewhile(lambda word: word in _SMALL_NUMBERS | _GREAT_NUMBERS | {"et"}, before))
        if told:
            ages.append(ADULT_AGE if told & _GREAT_NUMBERS else ADULT_AGE - 1)
    return ages
