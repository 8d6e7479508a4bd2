"""What was left of a delicate subject: out of sight in the JSON API too, then erased for good."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.bootstrap import Assistant
from assistant.config import Settings
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.talker import Talker

DANGER = "mon mari me frappe et je me cache dans la buanderie"
WORDS = b"buanderie"


def leave(assistant: Assistant, talker: Talker) -> None:
    """Leave quickly, as the page does."""
    assistant.discretion.leave(talker.id)


def texts(talker: Talker) -> str:
    """Return all that the API still tells."""
    return "\n".join(each["text"] for each in talker.history())


def bytes_of(settings: Settings) -> bytes:
    """Return the files of the database as they are on the disk."""
    file: Path = settings.data_dir / "pas-a-pas.sqlite3"
    return b"".join(each.read_bytes() for each in sorted(file.parent.glob(f"{file.name}*")))


def test_the_api_leaves_out_what_the_page_hides(talker: Talker, assistant: Assistant) -> None:
    first = talker.says("bonjour").last[-1]["id"]
    talker.says(DANGER)
    assert DANGER in texts(talker)
    last = talker.history()[-1]["id"]
    leave(assistant, talker)
    assert DANGER not in texts(talker)
    assert "bonjour" in texts(talker)
    path = f"/api/conversations/{talker.id}/messages?after="
    for known in (first, last):
        after = talker.http.request("GET", f"{path}{known}", headers=talker.headers).json()
        assert len(after["messages"]) == 1, "the question of the exit"
        assert after["messages"][0]["choices"]


def test_somebody_who_walked_away_finds_the_question_of_the_exit(
    talker: Talker, clock: FakeClock
) -> None:
    talker.says(DANGER)
    clock.pass_time(minutes=16)
    history = talker.history()
    assert DANGER not in texts(talker)
    assert history[-1]["choices"]


def test_a_quarter_of_an_hour_later_it_is_erased_for_good(
    talker: Talker, assistant: Assistant, clock: FakeClock, settings: Settings
) -> None:
    talker.says("bonjour").says(DANGER).picks("word/safe")
    leave(assistant, talker)
    assert WORDS in bytes_of(settings)
    clock.pass_time(minutes=14)
    talker.says("merci")
    assistant.forget_idle()
    assert WORDS in bytes_of(settings), "the other tab may still show it"
    clock.pass_time(minutes=2)
    assistant.forget_idle()
    assert WORDS not in bytes_of(settings)
    assert assistant.discretion.erase_left() == 0
    shown = texts(talker)
    assert "bonjour" in shown
    assert "merci" in shown
    with assistant.open_unit_of_work() as work:
        keys = [
            each.instruction.key
            for each in work.messages.after(talker.id)
            if each.instruction is not None
        ]
    assert not [key for key in keys if "violences" in key]


def test_somebody_who_may_still_answer_keeps_the_place_for_six_hours(
    talker: Talker, assistant: Assistant, clock: FakeClock, settings: Settings
) -> None:
    talker.says(DANGER)
    clock.pass_time(hours=5)
    assistant.forget_idle()
    assert WORDS in bytes_of(settings)
    clock.pass_time(hours=2)
    assistant.forget_idle()
    assert WORDS not in bytes_of(settings)
    assert talker.history()[-1]["choices"], "the question of the exit is there to be answered"


def test_a_replay_of_an_erased_message_does_nothing(
    talker: Talker, assistant: Assistant, clock: FakeClock
) -> None:
    key = "6a1c1c02-6d35-4b8f-8a53-3a0e0b0f2c11"
    talker.post({"text": DANGER}, key)
    leave(assistant, talker)
    clock.pass_time(minutes=16)
    assistant.forget_idle()
    before = talker.history()
    again = talker.post({"text": DANGER}, key)
    assert (again.status_code, again.json()) == (200, {"messages": []})
    assert talker.history() == before


def test_rasa_begins_anew_without_a_memory_of_it(
    talker: Talker, assistant: Assistant, clock: FakeClock, rasa: FakeRasa
) -> None:
    told = "il regarde tout ce que je fais dans mon espace"
    rasa.intents = {**rasa.intents, told: "violences"}
    talker.says(told)
    before = assistant.conversations.current(talker.id).rasa_session
    assert before
    leave(assistant, talker)
    clock.pass_time(minutes=16)
    assistant.forget_idle()
    talker.says("bonjour")
    assert assistant.conversations.current(talker.id).rasa_session not in {"", before}


@pytest.mark.parametrize("minutes", [1, 1000])
def test_what_is_not_delicate_is_never_touched(
    talker: Talker, assistant: Assistant, clock: FakeClock, minutes: int
) -> None:
    talker.says("bonjour").picks("need/activer_espace")
    before = talker.history()
    clock.pass_time(minutes=minutes)
    assistant.forget_idle()
    assert talker.history() == before
