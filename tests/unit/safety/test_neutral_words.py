"""A message that we start says nothing that others may not read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.safety.neutral_words import telling_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Reprenons votre espace santé", ["sante"]),
        ("MON ESPACE SANTÉ : rappel", ["sante"]),
        ("Votre carte Vitale est-elle là ?", ["vitale"]),
        ("Votre médecin, vos médicaments", ["medecin", "medicaments"]),
        ("Appelez la CPAM ou ameli", ["cpam", "ameli"]),
        ("la sécurité sociale", ["securite"]),
        ("vos résultats d'analyses", ["resultats", "analyses"]),
        ("violences, 3919", ["violences"]),
        ("test VIH", ["vih"]),
    ],
)
def test_private_words_are_found(text: str, words: list[str]) -> None:
    assert list(telling_words(text)) == words


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Bonjour, ici Pas à Pas. Vous m'aviez demandé un rappel.",
        "Répondez REPRENDRE pour continuer, STOP pour arrêter.",
        "Votre code est 482 913. Il marche quinze minutes.",
        "Bonne vie, mes amis, la rue, guère",
    ],
)
def test_neutral_words_are_left_alone(text: str) -> None:
    assert telling_words(text) == ()


@given(st.text(), st.sampled_from(["santé", "Médecin", "CPAM"]), st.text())
def test_a_private_word_is_found_wherever_it_stands(before: str, word: str, after: str) -> None:
    assert telling_words(f"{before} {word} {after}")
