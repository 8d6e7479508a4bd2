"""The words that work everywhere, and the sentences that only look like them."""

from __future__ import annotations

import pytest

from assistant.services.dialogue.universal_words import NEED_OF_WORD, Word, recognise_word


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("MENU", Word.MENU),
        ("menu.", Word.MENU),
        ("le menu", Word.MENU),
        ("Aide !", Word.HELP),
        ("aidez-moi", Word.HELP),
        ("RETOUR", Word.BACK),
        ("rettour", Word.BACK),
        ("Retours", Word.BACK),
        ("retour merci", Word.BACK),
        ("retour arrière", Word.BACK),
        ("étape d'avant", Word.BACK),
        ("barrière", None),
        ("menu svp", Word.MENU),
        ("Menu, s'il vous plaît.", Word.MENU),
        ("voir le menu", Word.MENU),
        ("je veux le menu", Word.MENU),
        ("mneu", Word.MENU),
        ("aide stp", Word.HELP),
        ("j'ai besoin d'aide", Word.HELP),
        ("?", Word.HELP),
        (" ??? ", Word.HELP),
        ("contacter", Word.CONTACT),
        ("vos contacts", Word.CONTACT),
        ("contracter", None),
        ("répéter la question", Word.REPEAT),
        ("encore", Word.REPEAT),
        ("pardon ?", Word.REPEAT),
        ("et la suite ?", Word.NEXT),
        ("et après", Word.NEXT),
        ("suit", Word.NEXT),
        ("fuite", None),
        ("une vraie personne", Word.HUMAN),
        ("parler à un conseiller svp", Word.HUMAN),
        ("parler à qqn", Word.HUMAN),
        ("merci", None),
        ("non merci", None),
        ("revenir en arrière", Word.BACK),
        ("je me suis trompée", Word.BACK),
        ("Répète", Word.REPEAT),
        ("repeter", Word.REPEAT),
        ("RÉPÉTEZ S'IL VOUS PLAÎT", Word.REPEAT),
        ("plus simple", Word.SIMPLER),
        ("c'est trop compliqué", Word.SIMPLER),
        ("je suis bloqué", Word.STUCK),
        ("chui bloqué", Word.STUCK),
        ("J’y arrive pas…", Word.STUCK),
        ("ça marche pas", Word.STUCK),
        ("humain", Word.HUMAN),
        ("humian", Word.HUMAN),
        ("je veux parler à quelqu'un", Word.HUMAN),
        ("CONTACT", Word.CONTACT),
        ("continuer", Word.CONTINUE),
        ("laisse tomber", Word.PAUSE),
        ("recommencer", Word.RESTART),
        ("je n'ai pas de menu sur mon téléphone", None),
        ("l'aide médicale d'état", None),
        ("vide", None),
        ("tenu", None),
        ("contrat", None),
        ("détour", None),
        ("je veux continuer à travailler avec mon médecin", None),
        ("une personne de ma famille", None),
        ("", None),
        ("🙏", None),
    ],
)
def test_whole_messages_only_accents_and_one_typo_forgiven(text: str, word: Word | None) -> None:
    assert recognise_word(text, "fr") is word


def test_another_language_reads_the_french_words_until_it_has_its_own() -> None:
    assert recognise_word("menu", "xx") is Word.MENU


def test_each_word_stands_for_a_need() -> None:
    assert set(NEED_OF_WORD) == set(Word)
