"""« Que savez-vous de moi ? » and « efface tout », however spelled, and what only sounds alike."""

from __future__ import annotations

import pytest

from assistant.services.rights.words import RightAsked, recognise_right

KNOW = [
    "que savez-vous de moi ?",
    "que savez vous sur moi",
    "kes vous savez sur moi",
    "tu sais quoi sur moi",
    "qu'est-ce que vous gardez sur moi",
    "kesk vous garder sur moi ?",
    "mes données chez vous",
    "mes donnees chez vs svp",
    "je veux voir les infos que vous avez sur moi",
    "vous avez quoi comme info sur moi",
    "quelles informations avez-vous sur moi",
    "que sait ce robot à mon sujet",
    "vous avez quoi d'enregistré me concernant",
    "droit d'accès aux données de l'assistant",
    "Que savez-vous de moi",
]
ERASE = [
    "efface tout",
    "effacez tout",
    "EFFACE TOUT !!",
    "oublie-moi",
    "OUBLIE MOI",
    "oubliez tout",
    "supprimez mes messages",
    "efface notre conversation",
    "éfacé tout svp",
    "effacez tout ce que vous savez sur moi",
    "jve ke tu efface tt se ke jé ecri",
    "supprime tout ce que j'ai écrit",
]
NEITHER = [
    "qui voit mes données de santé",
    "qui peut voir mes données",
    "qu'est-ce que mon médecin sait de moi",
    "effacer toutes mes données de santé",
    "je veux effacer mon espace santé",
    "supprimer mon compte",
    "effacer un document",
    "mes données sont-elles en sécurité",
    "télécharger mes documents",
    "est-ce que mon employeur sait quelque chose de moi",
    "je ne sais pas",
    "oui efface pas",
    "mon mari efface mes messages",
    "j'ai tout effacé dans mon téléphone et je ne retrouve plus le code qui était dans la lettre",
    "bonjour",
]


@pytest.mark.parametrize("text", KNOW)
def test_somebody_wants_to_know(text: str) -> None:
    assert recognise_right(text) is RightAsked.KNOW


@pytest.mark.parametrize("text", ERASE)
def test_somebody_wants_all_erased(text: str) -> None:
    assert recognise_right(text) is RightAsked.ERASE


@pytest.mark.parametrize("text", NEITHER)
def test_something_else_is_meant(text: str) -> None:
    assert recognise_right(text) is None
