"""No sentence claims that an act was done for the person with the authorities or in their space.

The assistant explains, prepares and reminds: only the person acts (docs/adr/0006 and the product's
own promise). What it does with its own memory and its own messages it may say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.adapters.content_files import load_content
from assistant.adapters.locales import load_translations
from assistant.domain.placeholders import PLACEHOLDER
from assistant.domain.whom import told_both_ways
from assistant.flows.document import texts
from assistant.safety.normalise import fold

_ACTS = (
    "active|reactive|desactive|ouvert|rouvert|ferme|cloture|supprime|efface|masque|cache|bloque|"
    "debloque|autorise|refuse|oppose|inscrit|enregistre|envoye|renvoye|transmis|adresse|depose|"
    "poste|publie|partage|signale|declare|prevenu|averti|contacte|appele|joint|rempli|valide|"
    "confirme|modifie|change|corrige|ajoute|retire|cree|connecte|demande|commande|obtenu|pris|"
    "fait|regle|paye|reserve|telecharge|imprime|signe|verifie|lu|consulte"
)
_BETWEEN = r"(?:\w+ ){0,3}?"
_THEIRS = (
    "espace|compte|profil|demande|dossier|document|opposition|refus|choix|lettre|"
    "courrier|code|carte|rendez vous|autorisation|acces|reclamation|plainte|signalement"
)
_WE_HAVE = "j ai|je l ai|je vous ai|je lui ai|nous avons|nous vous avons|on vous a"
_THEY = "caisse|cpam|assurance maladie|medecin|police|banque|samu"
_TOLD = "prevenu|averti|informe|contacte|saisi"
CLAIMS = tuple(
    re.compile(pattern)
    for pattern in (
        # « j'ai envoyé votre demande », « nous venons de transmettre … »
        rf"\b(?:{_WE_HAVE}) {_BETWEEN}(?:{_ACTS})e?s?\b",
        r"\b(?:je viens|nous venons|on vient) (?:juste )?(?:de|d) \w+(?:er|ir|re)\b",
        rf"\bje me suis {_BETWEEN}(?:{_ACTS})e?\b",
        # « c'est enregistré auprès de la caisse »
        rf"\bc est {_BETWEEN}(?:{_ACTS})e?s? (?:aupres|dans votre espace)\b",
        # « votre espace est activé par mes soins », « votre demande a bien été envoyée »
        rf"\bvotre (?:\w+ )?(?:{_THEIRS}) (?:a|ont) {_BETWEEN}ete {_BETWEEN}(?:{_ACTS})e?s?\b",
        r"\bpar (?:mes|nos) soins\b",
        # « je m'occupe de votre dossier », « votre caisse est prévenue »
        r"\bje m en (?:occupe|charge)\b|\b(?:je m occupe|nous nous occupons) de (?:votre|vos)\b",
        rf"\b(?:{_THEY}) (?:est|a ete|sont) {_BETWEEN}(?:{_TOLD})e?s?\b",
    )
)

# Acts on our own memory: the only ones that are ours, and done before the sentence leaves.
OURS = {
    "interface/forget.done.sms": "our record of the conversation is deleted in that transaction",
    "interface/masked": "the number is masked before the message is stored",
    "interface/sms.not_you": "our record of the telephone number is deleted in that transaction",
}


def claims(text: str) -> list[str]:
    """Return what a text claims to have been done."""
    said = []
    for form in told_both_ways(text):
        folded = " ".join(re.findall(r"\w+", fold(PLACEHOLDER.sub(" ", form))))
        said += [match.group() for claim in CLAIMS for match in claim.finditer(folded)]
    return list(dict.fromkeys(said))


def sentences() -> Iterator[tuple[str, str]]:
    """Give every text that can be shown or sent, by key."""
    content = load_content()
    for document in (
        *content.flows.values(),
        *content.answers.values(),
        *content.letters.values(),
        content.glossary,
        content.needs,
        content.facts,
    ):
        yield from texts(document).items()
    for name, text in load_translations("fr").interface.items():
        yield f"interface/{name}", text


def is_the_persons(key: str) -> bool:
    """Tell whether a text is in the mouth of the person: an answer, a letter, their notebook."""
    return "/option/" in key or key.startswith(("letter/", "interface/choices.line."))


def test_no_sentence_claims_an_act() -> None:
    told = [(key, text) for key, text in sentences() if not is_the_persons(key)]
    assert len(told) > 2_000
    claimed = {key: said for key, text in told if (said := claims(text))}
    assert {key: said for key, said in claimed.items() if key not in OURS} == {}
    assert set(OURS) <= set(claimed), "an exception that nothing needs any more"


@pytest.mark.parametrize(
    "text",
    [
        "J'ai envoyé votre demande.",
        "Votre espace a été activé.",
        "Votre espace est activé par mes soins.",
        "Nous avons transmis votre refus.",
        "C'est enregistré auprès de votre caisse.",
        "Je viens de fermer votre compte.",
        "C'est fait : je l'ai bien envoyée à la CPAM.",
        "On vous a inscrit.",
        "Nous venons d'envoyer [votre|sa] lettre.",
        "Votre demande a bien été envoyée.",
        "Votre caisse est prévenue.",
        "Je m'en occupe.",
        "[Bonjour.|J'ai bloqué ce médecin.]",
    ],
)
def test_a_planted_claim_is_found(text: str) -> None:
    assert claims(text)


@pytest.mark.parametrize(
    "text",
    [
        "Vous avez envoyé votre demande ?",
        "Quand votre espace est activé, ouvrez le site.",
        "Votre caisse vous répondra.",
        "Je note ce que vous avez fait.",
        "Je n'agis jamais à votre place.",
    ],
)
def test_what_the_person_does_is_no_claim(text: str) -> None:
    assert claims(text) == []
