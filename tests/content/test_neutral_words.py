"""The sentences that we start a conversation with could be read by anybody."""

from __future__ import annotations

from assistant.adapters.locales import load_translations
from assistant.safety.neutral_words import telling_words

STARTED_BY_US = ("sms.reminder", "sms.follow_up", "sms.code", "sms.move")
"""The keys of the sentences that leave without an answer being waited for."""


def test_messages_that_we_start_say_nothing_private() -> None:
    sentences = {
        key: text
        for key, text in load_translations("fr").interface.items()
        if key.startswith(STARTED_BY_US)
    }
    assert "sms.reminder" in sentences
    assert {key: found for key, text in sentences.items() if (found := telling_words(text))} == {}
