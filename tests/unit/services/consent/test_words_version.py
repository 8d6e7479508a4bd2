"""What people are shown when they agree changes only under a new version."""

from __future__ import annotations

import hashlib
import re

from assistant.adapters.locales import load_translations
from assistant.domain.consent import Purpose
from assistant.services.consent.asking import WORDS_VERSION

DIGESTS = {
    "2026-11": "d67e8c8055f01ca3891d41a710c68515c5e8ba5b6d4fdb2692ed48de39d608b9",
    "2026-11-24": "4d96dc8a6bd8a8f4a2f217b3294ae44c74c829bc2fa7ea4425aa5bba152dab9b",
}
"""The SHA-256 of the words of each version; one that was ever shown is never taken out."""

_SHOWN = re.compile(r"consent\.(?P<purpose>[a-z_]+)\.(question|why)(\..+)?")


def shown() -> dict[str, str]:
    """Return the French questions of all purposes and what explains them, by key."""
    spoken = load_translations("fr").interface
    return {key: said for key, said in spoken.items() if _SHOWN.fullmatch(key)}


def digest(words: dict[str, str]) -> str:
    """Return one digest for all words."""
    lines = "\x1e".join(f"{key}\x1f{words[key]}" for key in sorted(words))
    return hashlib.sha256(lines.encode()).hexdigest()


def test_each_purpose_that_is_asked_about_here_has_its_words() -> None:
    asked = {found["purpose"] for key in shown() if (found := _SHOWN.fullmatch(key))}
    # The place is asked about where it is found, with its own words.
    assert asked == set(Purpose) - {Purpose.SEND_PLACE}


def test_the_words_of_a_consent_change_with_their_version() -> None:
    found = digest(shown())
    assert DIGESTS.get(WORDS_VERSION) == found, (
        f"The words of a consent changed. Raise WORDS_VERSION (now {WORDS_VERSION}) in "
        f"assistant/services/consent/asking.py and add its digest here: {found}"
    )


def test_a_changed_word_or_a_moved_one_changes_the_digest() -> None:
    words = shown()
    for key, said in words.items():
        assert digest({**words, key: f"{said} "}) != digest(words)
        assert digest({each: words[each] for each in words if each != key}) != digest(words)
