"""Hearing « c'est quoi … ? »."""

from __future__ import annotations

import pytest

from assistant.safety.normalise import fold
from assistant.services.dialogue.glossary import Glossary

GLOSSARY = Glossary(
    {
        fold(name): term
        for name, term in {
            "code provisoire": "code",
            "numéro de série": "serie",
            "n° de série": "serie",
            "carte Vitale": "vitale",
            "DMP": "dmp",
            "FranceConnect+": "fc",
        }.items()
    }
)


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("c'est quoi le numéro de série ?", "serie"),
        ("c koi un code provisoire", "code"),
        ("cest quoi la carte vital", "vitale"),
        ("ça veut dire quoi DMP ?", "dmp"),
        ("que veut dire dmp", "dmp"),
        ("qu'est-ce que la carte Vitale", "vitale"),
        ("Qu'est-ce que c'est FranceConnect+ ?", "fc"),
        ("le n° de série c'est quoi", "serie"),
        ("je ne sais pas ce que c'est le code provisoire", "code"),
        ("oui mais c'est quoi le numéro de série", "serie"),
        ("c'est quoi le temps demain", None),
        ("je n'ai pas de carte Vitale", None),
        ("carte vitale", None),
        ("c'est quoi", None),
        ("", None),
    ],
)
def test_asking_for_a_term(text: str, term: str | None) -> None:
    assert GLOSSARY.asked_for(text) == term
