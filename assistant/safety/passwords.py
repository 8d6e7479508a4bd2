"""Finder of passwords that somebody tells in clear; speaking of a password is left alone."""

from __future__ import annotations

import re

from assistant.safety.evidence import MARKER, Evidence, SecretKind

# Passwords are told in a few words of each language; folded spelling.
_LABEL = re.compile(
    r"(?<![^\W_])(?:mots? (?:de |2 )?passe?s?|motdepasse|mdps?|pass ?words?|passwd|pwd"
    r"|(?:pass|psw|pw)(?= ?[:=])"
    r"|contrasena|senha|palavra passe|كلمه السر|كلمه المرور|пароль|sifrem|sifre)(?![^\W_])"
)
_LINK = re.compile(
    r"(?:(?:ameli|mon espace sante|de mon compte|du site|du compte|provisoire|actuel|temporaire"
    r"|que j'?ai (?:mis|choisi|cree)|que je mets|que je tape|suivant|change|modifie|en|par|a|"
    r"(?:pour|sur|de|d')(?: le| la)? ?(?:ameli|franceconnect|site|mail|compte|espace sante))"
    r"(?![^\W_])[ \n]{0,4}){0,3}"
)
# "le mot de passe de ma boîte mail (est)": whose, in a few words.
_OWNER = re.compile(
    r" (?:de|du|des|d'|pour|sur|que)(?: |(?<='))[^\W\d_]{1,20}(?:[ '][^\W\d_]{1,20}){0,4}?"
    r"(?=[ \n]{0,4}(?::|=|->|→|(?:c'?est|c est|est|cest|ces|c|is)[ \n]))"
)
_STILL = re.compile(r"(?:toujours|encore|normalement|actuellement|bien|donc|simplement)[ \n]{1,4}")
_ASSERTION = re.compile(
    r"(?P<sign>[ \n]{0,4}(?::|=|->|=>|→)[ \n]{0,4})"
    r"|[ \n]{0,4}(?:c'?est|c est|est|serait|etait|sera|ces|ce|c|is|es|e|هي|هو)[ \n]{1,4}"
    r"(?:le suivant[ \n]{0,4}:?[ \n]{0,4})?(?=\S)"
)
_QUOTED = re.compile(r"[\"«“']{1,2} ?([^\"»”'\n]{1,40}?) ?[\"»”']{1,2}")
_TOKEN = re.compile(r"[^\s]{1,200}")
_TRAILING_DIGITS = re.compile(r"[ ]\d{2,8}(?![^\W_])")
_HOUR = re.compile(r"\d{1,2}h\d{0,2}")
_CHOSEN = re.compile(r"(?:mis|choisi|pris|tape|utilise|garde) $")
_AS_PASSWORD = re.compile(
    r"(?P<token>[^\s]{4,64}) (?:comme|en|pour|as) (?:mon |my |mi )?(?:nouveau )?"
    r"(?:mot de passe|mdp|password|contrasena)(?![^\W_])"
)

# What follows "mon mot de passe est" or "mot de passe :" when no password is told.
_ORDINARY = frozenset(
    # French
    "a afin alors apres assez au aussi autre avec beaucoup bien bizarre bloque bloquee bon bonne"
    " ca car ce celle celui cense cent change chez chiant clair compliquee complique comment"
    " correct court d dans de deja demande demandee depuis des dessus difficile dit donc du dur"
    " elle en encore enregistre errone erronne et eux exact expire facile fait fausse"
    " faut faux fini foutu"
    " good hors il illisible impossible inconnu incorrect incorrecte inutile invalid invalide ils"
    " j jamais je juste l la le lequel les leur lie long longue lui ma mais mal marche mauvais meme"
    " mes mieux mon n ne nickel non note nul nulle obligatoire ok on ou oublie oubliee oublier ok"
    " par parce pareil parti pas penible perdu perdue plus pour pourquoi pris probleme qu quand que"
    " quel quelle qui quoi koi refuse refusee reinitialise rejete requis reste rien sa sans se sert"
    " seul si soi son suffisant super sur tel te temporaire toi toujours top tout tres trop un une"
    " valable valide vide vieux vite votre vraiment y ya c est ki kel"
    # English
    " not wrong too the a an i it my your forgotten lost expired blocked refused rejected required"
    " incorrect weak correct same in on for with what where unknown does doesn isn"
    # Spanish, Portuguese
    " no nao muy muito incorrecta incorrecto incorreta errada erronea perdida olvidada esquecida"
    " mi minha la o a que cual qual para"
    # Arabic, Ukrainian, Turkish
    " لا ليست خاطئه غير не невірний забув забула загубив يعمل yanlis calismiyor hatali".split()
)
_PARTICIPLE = re.compile(r"(?:ee?s?|ment|ables?|ibles?|iques?|eux|euses?)")
_DECORATION = "\"'«»“”`()[]<>"


def find_passwords(evidence: Evidence) -> None:
    """Find the passwords told in clear: after "mot de passe :", "est", "c'est", or right after it.

    Right after the label, only what mixes letters with digits or signs counts as a password.
    """
    text = evidence.text
    for label in _LABEL.finditer(text):
        link = _LINK.match(text, _skip_spaces(text, label.end()))
        start = link.end() if link and link.group() else label.end()
        assertion = _ASSERTION.match(text, start)
        if not assertion and (owner := _OWNER.match(text, label.end())):
            assertion = _ASSERTION.match(text, owner.end())
        if assertion:
            still = _STILL.match(text, assertion.end())
            position = still.end() if still else assertion.end()
            _mask_token(evidence, position, sure=assertion["sign"] is not None)
        else:
            position = _skip_spaces(text, start)
            if position > start or start > label.end():
                _mask_token(evidence, position, sure=False, bare=True)
    for match in _AS_PASSWORD.finditer(text):
        chosen = _CHOSEN.search(text, max(0, match.start() - 12), match.start())
        if _mixes_signs(match["token"]) or (chosen and match["token"] not in _ORDINARY):
            _mask(evidence, *match.span("token"))


def _skip_spaces(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \n":
        position += 1
    return position


def _mask_token(evidence: Evidence, position: int, *, sure: bool, bare: bool = False) -> None:
    text = evidence.text
    quoted = _QUOTED.match(text, position)
    if quoted and MARKER not in quoted.group():
        if quoted.group(1).strip(" ") not in _ORDINARY:
            _mask(evidence, *quoted.span(1))
        return
    token = _TOKEN.match(text, position)
    if token is None:
        return
    start, end = token.span()
    while start < end and text[start] in _DECORATION:
        start += 1
    while end > start and text[end - 1] in _DECORATION + ".,;?":
        end -= 1
    value = text[start:end]
    if not value or not _is_told(evidence, value, start, sure=sure, bare=bare):
        return
    trailing = _TRAILING_DIGITS.match(text, end)
    if trailing and value.isalpha() and evidence.is_free(trailing.start(), trailing.end()):
        end = trailing.end()
    _mask(evidence, start, end)


def _is_told(evidence: Evidence, value: str, start: int, *, sure: bool, bare: bool) -> bool:
    first_word = re.split(r"[^\w]|_", value, maxsplit=1)[0]
    if MARKER[0] in value or not any(character.isalnum() for character in value):
        return False
    if first_word in _ORDINARY and not any(character.isdecimal() for character in value):
        return False
    if bare:
        return _mixes_signs(value) and not _HOUR.fullmatch(value)
    if sure or not value.isalpha():
        return True
    return not _reads_as_participle(evidence, value, start)


def _reads_as_participle(evidence: Evidence, value: str, start: int) -> bool:
    """Tell whether a word says something about the password ("refusé", "modifiable")."""
    first, last = evidence.aligned.original_span(start, start + len(value))
    ends_in_accent = evidence.aligned.original[first:last].lower().rstrip("es").endswith("é")
    suffix = _PARTICIPLE.search(value, max(0, len(value) - 5))
    return ends_in_accent or (
        suffix is not None and suffix.end() == len(value) and len(suffix.group()) > 2
    )


def _mixes_signs(value: str) -> bool:
    has_letter = any(character.isalpha() for character in value)
    has_digit = any(character.isdecimal() for character in value)
    has_sign = re.search(r"[^\W_][@#$%&*!_+][^\W_]", value) is not None
    return has_letter and (has_digit or has_sign) and len(value) >= 4


def _mask(evidence: Evidence, start: int, end: int) -> None:
    if start < end and evidence.is_free(start, end):
        evidence.mask(SecretKind.PASSWORD, [(start, end)])
