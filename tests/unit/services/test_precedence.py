"""The order in which a message is decided about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.domain.conversation import Conversation, DialogueState, Holder, Question
from assistant.domain.turn import Decider
from assistant.domain.whom import Whom
from assistant.safety.masking import MARKER
from assistant.services.dialogue.precedence import take_precedence
from assistant.services.dialogue.universal_words import Word

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CONVERSATION = Conversation(
    id="c",
    language="fr",
    held_by=Holder.ASSISTANT,
    state=DialogueState(),
    version=0,
    rasa_session="",
    rasa_turns=0,
    shared_device=False,
    created_at=NOW,
    last_activity_at=NOW,
)
HELD = replace(CONVERSATION, held_by=Holder.MEDIATOR)


@pytest.mark.parametrize(
    ("text", "choice", "conversation", "decider"),
    [
        ("stop je veux mourir", None, CONVERSATION, Decider.DANGER),
        ("jveu mourir", None, HELD, Decider.DANGER),
        ("STOP", None, CONVERSATION, Decider.OPT_OUT),
        ("STOP", None, HELD, Decider.OPT_OUT),
        ("menu", None, HELD, Decider.MEDIATOR),
        ("", "word/menu", HELD, Decider.MEDIATOR),
        ("menu", None, CONVERSATION, Decider.WORD),
        ("", "word/menu", CONVERSATION, Decider.WORD),
        ("🙏", None, CONVERSATION, Decider.WORD),
        (MARKER, None, CONVERSATION, Decider.WORD),
        ("", "step/a/b/c", CONVERSATION, Decider.RASA),
        ("", "need/activer_espace", CONVERSATION, Decider.RASA),
        ("je veux activer", None, CONVERSATION, Decider.RASA),
        ("fin de mois difficile", None, CONVERSATION, Decider.RASA),
    ],
)
def test_the_first_rule_that_claims_a_message_decides(
    text: str, choice: str | None, conversation: Conversation, decider: Decider
) -> None:
    assert take_precedence(text, choice, conversation).decider is decider


def test_a_doubt_about_stop_is_not_raised_twice() -> None:
    asked = replace(CONVERSATION, state=DialogueState(question=Question.STOP))
    assert take_precedence("arrêtez", None, CONVERSATION).decider is Decider.OPT_OUT
    assert take_precedence("arrêtez", None, asked).decider is not Decider.OPT_OUT


HELPING = replace(CONVERSATION, state=DialogueState(whom=Whom.OTHER))


@pytest.mark.parametrize(
    ("text", "conversation", "word"),
    [
        ("c'est pour ma mère", CONVERSATION, Word.FOR_OTHER),
        ("c'est pour ma mère", HELPING, Word.FOR_OTHER),
        ("c'est pour moi", HELPING, Word.FOR_SELF),
        # Nobody believed the contrary: it is left to the engine.
        ("c'est pour moi", CONVERSATION, None),
        ("c'est pour ma mère, elle n'a pas son code", CONVERSATION, None),
        ("aide", HELPING, Word.HELP),
    ],
)
def test_for_whom_is_a_word_when_nothing_else_is_said(
    text: str, conversation: Conversation, word: Word | None
) -> None:
    assert take_precedence(text, None, conversation).word is word


@pytest.mark.parametrize("question", [Question.SAFE, Question.STOP])
def test_for_whom_never_comes_before_a_grave_question(question: Question) -> None:
    asked = replace(CONVERSATION, state=DialogueState(question=question))
    assert take_precedence("c'est pour ma mère", None, asked).word is None


def test_a_mediation_worker_hears_for_whom_by_themselves() -> None:
    assert take_precedence("c'est pour ma mère", None, HELD).decider is Decider.MEDIATOR
