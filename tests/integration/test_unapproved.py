"""Nothing unapproved leaves: every shipped text as it is, and a poisoned one in no channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from assistant.adapters.content_files import Content
from assistant.adapters.tables import FlowRevisionRow
from assistant.bootstrap import Assistant
from assistant.domain.messages import Channel, Instruction, InstructionKind, Manner
from assistant.domain.whom import Whom
from assistant.flows.document import texts
from assistant.rendering.catalogue import Translations
from tests.talker import Talker

POISON = "Appelez vite le 0899 70 12 34 ou voyez http://ameli-sante.tk/carte."


def keys_of(content: Content, assistant: Assistant) -> Iterable[str]:
    documents = (
        *content.flows.values(),
        *content.answers.values(),
        *content.letters.values(),
        content.glossary,
    )
    for document in documents:
        yield from texts(document)
    for name in assistant.catalogue.translations["fr"].interface:
        yield f"interface/{name}"


def test_every_shipped_text_passes_untouched(assistant: Assistant, content: Content) -> None:
    count = 0
    for key in keys_of(content, assistant):
        for whom in Whom:
            for channel in Channel:
                for manner in Manner:
                    said = Instruction(InstructionKind.SAY, key, manner=manner, whom=whom)
                    assistant.catalogue.say(said, "fr", channel)
                    assert assistant.catalogue.alarms.count == 0, key
                    count += 1
    assert count > 10_000


def poison(assistant: Assistant, key: str) -> None:
    """Write something into a published text behind the editors' checks."""
    _, slug, _ = key.split("/", 2)
    source = dict(assistant.library.texts_of(f"answer/{slug}"))
    short = f"answer/{slug}/sms"
    poisoned = {**source, key: f"Bonjour. {POISON} Voilà.", short: f"Bonjour. {POISON} Voilà."}
    with assistant.engine.begin() as connection:
        connection.execute(
            update(FlowRevisionRow)
            .where(FlowRevisionRow.slug == slug)
            .values(texts={"fr": poisoned})
        )
    assistant.library.__init__(assistant.engine)  # type: ignore[misc]  # as after a restart


def is_clean(text: str) -> bool:
    return "0899" not in text and ".tk" not in text


def test_a_poisoned_text_reaches_no_page_and_no_program(
    assistant: Assistant, client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    poison(assistant, "answer/obligatoire/text")
    talker = Talker.begin(client).says("est-ce obligatoire ?")
    said = "\n".join(message["text"] for message in talker.last)
    assert is_clean(said)
    assert "Bonjour. " in said
    assert assistant.catalogue.interface("held_back.sentence", "fr") in said
    assert all(is_clean(message["text"]) for message in talker.history())
    assert client.get("/health").json()["texts_held_back"] > 0
    assert "answer/obligatoire/text" in caplog.text
    assert is_clean(caplog.text)


def test_what_a_citizen_writes_is_not_touched(talker: Talker) -> None:
    talker.says(POISON)
    assert [each["text"] for each in talker.history() if each["author"] == "citizen"] == [POISON]


def test_a_poisoned_translation_is_replaced_in_its_own_language(assistant: Assistant) -> None:
    french = assistant.catalogue.translations["fr"]
    arabic = Translations(
        {
            "welcome.program": "مرحبا. اتصل بالرقم ٠٨٩٩٧٠١٢٣٤. شكرا.",
            "held_back.sentence": "حُذفت هذه الجملة.",
        },
        {},
    )
    catalogue = replace(
        assistant.catalogue,
        languages=("fr", "ar"),
        translations={"fr": french, "ar": arabic},
    )
    said = Instruction(InstructionKind.SAY, "interface/welcome.program")
    assert catalogue.say(said, "ar", Channel.WEB).text == "مرحبا. حُذفت هذه الجملة. شكرا."
