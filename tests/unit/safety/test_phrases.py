"""The notation of phrases, and the spellings in which they are still recognised."""

from __future__ import annotations

import pytest

from assistant.safety.phrases import PhraseBook


def _finds(phrase: str, text: str) -> bool:
    return bool(PhraseBook({"it": [phrase]}).find(text))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("veux mourir", "jveu mourir"),
        ("veux mourir", "je veux mourrir"),
        ("arrive pas a respirer", "jarrive pa a respiré"),
        ("me frappe", "il m'frape"),
        ("me a frappe", "il m'a frappée"),
        ("frappe|tape ma fille", "il tape ma fille"),
        ("appelez une? ambulance", "appelez une ambulance"),
        ("appelez une? ambulance", "appelez ambulance"),
        ("suicid-", "suicidaires"),
        ("arrive * respirer", "j'arrive vraiment plus bien respirer"),
        ("^avc$", "AVC !"),
        ("^au secours", "au secours vite"),
        ("pris # cachets", "j'ai pris 30 cachets"),
        ("suis inconscient", "je suis inconsciant"),
    ],
)
def test_phrases_are_found(phrase: str, text: str) -> None:
    assert _finds(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("veux mourir", "je veux nourrir"),
        ("veux mourir", "je veux pas mourir"),
        ("^avc$", "mon avc"),
        ("^au secours", "allo au secours"),
        ("arrive * respirer", "j'arrive un deux trois quatre respirer"),
        ("pris # cachets", "j'ai pris 2 cachets"),
        ("frappe|tape ma fille", "ma fille tape"),
    ],
)
def test_other_words_are_not(phrase: str, text: str) -> None:
    assert not _finds(phrase, text)


@pytest.mark.parametrize("phrase", ["", "* mourir", "une? ambulance"])
def test_a_phrase_must_begin_with_a_word(phrase: str) -> None:
    with pytest.raises(ValueError, match="begins with a word"):
        PhraseBook({"it": [phrase]})


def test_a_phrase_tells_where_it_lies() -> None:
    book = PhraseBook({"it": ["veux mourir"]})
    assert book.find("stop je veux mourir merci") == [("it", 2, 4)]
