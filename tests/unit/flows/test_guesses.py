"""What is guessed of a sentence that is no plain answer, and above all what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.flows.answers import Picked
from assistant.flows.document import AskStep, Expect
from assistant.flows.guesses import guess
from assistant.safety.masking import MARKER

LETTER = {
    "oui": ("Oui, j'ai ce code", "je l'ai", "j'ai reçu une lettre avec un code"),
    "non": ("Non, je n'ai pas de code", "jamais reçu", "perdu"),
    "ne_sait_pas": ("Je ne sais pas", "aucune idée"),
}
SUPPORT = {
    "courrier": ("Par courrier", "lettre", "papier", "la poste"),
    "email": ("Par e-mail", "mail", "courriel"),
    "sms": ("Par SMS", "texto"),
}
AGE = {
    "recent": ("Oui, il est récent",),
    "ancien": ("Non, il est trop vieux",),
    "ne_sait_pas": ("Je ne sais pas",),
}
CAUSE = {
    "code": ("Le code n'arrive pas", "pas de code"),
    "change": ("J'ai changé de téléphone ou d'e-mail", "changé de téléphone"),
    "ne_sait_pas": ("Je ne sais pas",),
}
OTHERS = {
    "word/stuck": ("Je suis bloqué",),
    "word/human": ("Parler à quelqu'un",),
    "need/arnaque": ("Un message bizarre",),
}
CHOICE = AskStep(id="s", kind="ask", text="…", expect=Expect.CHOICE)


@pytest.mark.parametrize(
    ("labels", "text", "meant"),
    [
        (LETTER, "oui j ai la lettre", "oui"),
        (LETTER, "Bon. Oui, j'ai le code.", "oui"),
        (LETTER, "non il est pas la", "non"),
        (LETTER, "je ne sais pas où il est", "ne_sait_pas"),
        (SUPPORT, "papier la poste", "courrier"),
        (SUPPORT, "c'est un texto sur mon portable", None),
        (SUPPORT, "un texto je crois", "sms"),
        (AGE, "il est trop vieux je crois", "ancien"),
        (AGE, "oui je l'ai eu hier", "recent"),
        (CAUSE, "et bien j'ai changé de téléphone", "change"),
        (CAUSE, "ah pardon. le code n'arrive pas.", "code"),
        (LETTER, "si en fait je l'ai le code", "oui"),
        (LETTER, "si je retrouve le code", None),
    ],
)
def test_one_choice_stands_out(
    labels: dict[str, tuple[str, ...]], text: str, meant: str | None
) -> None:
    assert guess(CHOICE, {**labels, **OTHERS}, text) == (Picked(meant) if meant else None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "oui",
        "oui ?",
        "oui j'ai une question",
        "oui mais je comprends pas",
        "non mais attendez",
        "non ça marche pas",
        "oui et non",
        "oui je n'ai rien",
        "j'attends le code",
        "c'est quoi le code",
        "comment je le reçois par courrier",
        f"oui mon code c'est {MARKER}",
        "mon mari a reçu hier un courrier de la banque qui parle de son compte et de la poste",
        "bonjour madame",
        "je suis bloqué ici",
        "un message bizarre est arrivé",
    ],
)
@pytest.mark.parametrize("labels", [LETTER, SUPPORT, AGE, CAUSE])
def test_nothing_is_guessed(labels: dict[str, tuple[str, ...]], text: str) -> None:
    assert guess(CHOICE, {**labels, **OTHERS}, text) is None


@given(st.text(max_size=200))
def test_whatever_is_written_only_a_choice_of_the_question_is_guessed(text: str) -> None:
    guessed = guess(CHOICE, {**LETTER, **OTHERS}, text)
    assert guessed is None or guessed.option in {*LETTER, *OTHERS}


@pytest.mark.parametrize(
    ("labels", "text", "meant"),
    [
        (LETTER, "oui le code est là", "oui"),
        (LETTER, "si en fait je l'ai le code", "oui"),
        (AGE, "oui le mien est récent", "recent"),
        (LETTER, "non je veux supprimer mon compte", None),
        (LETTER, "oui et qui peut voir mes documents", None),
        (LETTER, "si je retrouve le code", None),
    ],
)
def test_a_need_that_the_model_heard_yields_to_an_answer_that_names_its_choice(
    labels: dict[str, tuple[str, ...]], text: str, meant: str | None
) -> None:
    said = guess(CHOICE, labels, text, named=True)
    assert said == (Picked(meant) if meant else None)
