"""« Plus lentement » lasts: long answers come a few lines at a time, SUITE brings the next."""

from __future__ import annotations

from tests.talker import Talker

NEXT = "word/next"


def read_on(talker: Talker) -> list[str]:
    """Ask for the next page until the last; return the texts."""
    read = [message["text"] for message in talker.last]
    for _ in range(20):
        if NEXT not in talker.offered:
            return read
        talker.picks(NEXT)
        read += [message["text"] for message in talker.last]
    raise AssertionError(read)


def test_a_step_comes_in_pages_that_say_all_of_it(talker: Talker) -> None:
    talker.picks("need/activer_espace")
    whole = [line for message in talker.last for line in message["text"].splitlines() if line]
    choices = set(talker.offered)

    talker.says("plus lentement")
    assert NEXT in talker.offered
    assert len(talker.last[-1]["text"].splitlines()) <= 3

    pages = read_on(talker)
    assert [line for page in pages for line in page.splitlines() if line][-len(whole) :] == whole
    assert choices <= set(talker.offered)


def test_it_lasts(talker: Talker) -> None:
    talker.says("plus lentement").says("menu")
    talker.picks("need/activer_espace")

    assert NEXT in talker.offered


def test_an_answer_may_come_before_the_last_page(talker: Talker) -> None:
    talker.picks("need/activer_espace").says("plus lentement")
    before = talker.step
    talker.says("1")

    assert talker.step != before


def test_what_was_not_read_is_forgotten_when_something_else_is_said(talker: Talker) -> None:
    talker.picks("need/activer_espace").says("plus lentement").says("humain")
    shown = {message["text"] for message in talker.last}
    talker.says("suite")

    assert {message["text"] for message in talker.last} != shown
    assert len(talker.history()) == len({message["id"] for message in talker.history()})


def test_suite_without_a_page_asks_again(talker: Talker) -> None:
    talker.picks("need/activer_espace")
    waiting = talker.step
    talker.says("suite")

    assert talker.step == waiting


def test_a_danger_is_told_at_once_and_whole(talker: Talker) -> None:
    talker.says("plus lentement").says("j'ai envie de mourir")

    assert talker.kinds[0] == "danger"
    assert NEXT not in [choice["id"] for choice in talker.last[0]["choices"]]


def test_a_page_can_be_turned_outside_a_guide_too(talker: Talker) -> None:
    talker.says("plus lentement").says("est-ce obligatoire ?")
    assert NEXT in talker.offered
    before = talker.last[-1]["text"]

    talker.says("suite")
    assert "need/activer_espace" in talker.offered or NEXT in talker.offered
    assert talker.last[-1]["text"] != before
