"""What is heard as a wish about the notebook, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.services.choices.words import (
    NotebookVerb,
    NotebookWish,
    recognise_notebook_wish,
)

HEARD = {
    "mes choix": (NotebookVerb.SHOW, 0),
    "Mes Choix !": (NotebookVerb.SHOW, 0),
    "voir mes choix svp": (NotebookVerb.SHOW, 0),
    "quels sont mes choix ?": (NotebookVerb.SHOW, 0),
    "je voudrais voir mon carnet": (NotebookVerb.SHOW, 0),
    "mes chois": (NotebookVerb.SHOW, 0),
    "retirer 2": (NotebookVerb.WITHDRAW, 2),
    "retirer la ligne 2": (NotebookVerb.WITHDRAW, 2),
    "enlève le deux": (NotebookVerb.WITHDRAW, 2),
    "suprimer 3": (NotebookVerb.WITHDRAW, 3),
    "corriger n° 1": (NotebookVerb.CORRECT, 1),
    "coriger 1 stp": (NotebookVerb.CORRECT, 1),
    "modifier le premier": (NotebookVerb.CORRECT, 1),
    "tout retirer": (NotebookVerb.CLEAR, 0),
    "effacer mon carnet": (NotebookVerb.CLEAR, 0),
    "supprimer tous mes choix": (NotebookVerb.CLEAR, 0),
}
OTHERS = """
les choix
ses choix
mes choux
mes voix
j'ai deux choix
changer mon mot de passe
changer de médecin
retirer un accès
enlever ma carte
effacer mes données
efface tout
corriger
retirer
2
oui
retirer 2 ?
supprimer un document
changer 2 choses
voir mes documents
""".strip().splitlines()


@pytest.mark.parametrize("text", HEARD)
def test_heard(text: str) -> None:
    assert recognise_notebook_wish(text) == NotebookWish(*HEARD[text])


@pytest.mark.parametrize("text", OTHERS)
def test_not_heard(text: str) -> None:
    assert recognise_notebook_wish(text) is None


@given(st.text(max_size=60))
def test_any_text_is_read(text: str) -> None:
    wish = recognise_notebook_wish(text)
    assert wish is None or 0 <= wish.number <= 99
