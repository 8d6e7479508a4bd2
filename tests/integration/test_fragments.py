"""A number that identifies somebody, sent in pieces on the page: none of it stays."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as with_settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from assistant.adapters.database import checkpoint
from assistant.adapters.tables import ConversationRow, InboundRow, MessageRow, TurnRow
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.conversation import Position, Session
from assistant.safety.evidence import MARKER
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.in_process import DATABASE
from tests.talker import Talker
from tests.unit.safety.masking_values import PRINTED, cut, make_nir


def stored_bytes(settings: Settings) -> bytes:
    """Return the database and the log beside it, free pages included."""
    files = sorted(settings.data_dir.glob(f"{DATABASE}*"))
    return b"".join(file.read_bytes() for file in files)


def citizen_texts(talker: Talker) -> list[str]:
    return [each["text"] for each in talker.history() if each["author"] == "citizen"]


def masked_note(talker: Talker, assistant: Assistant) -> bool:
    note = assistant.catalogue.interface("masked", "fr")
    return any(each["text"] == note for each in talker.last)


@pytest.mark.parametrize(
    "parts",
    [
        ("le début 1 85 05 78", "la fin 006 084 91"),
        ("1 85 05", "78 006", "084 91"),
        ("1850578", "00608491"),
    ],
)
def test_no_part_stays(
    talker: Talker, assistant: Assistant, settings: Settings, parts: tuple[str, ...]
) -> None:
    *first, last = parts
    for part in first:
        talker.says(part)
        assert not masked_note(talker, assistant)
    talker.says(last)
    assert masked_note(talker, assistant)
    assert all(MARKER in text for text in citizen_texts(talker))
    checkpoint(assistant.engine)
    kept = stored_bytes(settings)
    numbers = [part.removeprefix("le début ").removeprefix("la fin ") for part in parts]
    assert [part for part in numbers if part.encode() in kept] == []
    with assistant.engine.connect() as connection:
        masked = connection.execute(select(InboundRow.masked)).scalars().all()
    assert all(len(kinds) == 1 for kinds in masked)


def test_rasa_begins_again(talker: Talker, rasa: FakeRasa) -> None:
    talker.says("voici 1 85 05 78").says("puis 006 084 91").says("c'est quoi la suite")
    first, second, third = rasa.senders
    assert second == third
    assert first != second
    assert "006" not in "".join(rasa.messages)


def test_a_telephone_number_then_an_amount_are_left_alone(
    talker: Talker, assistant: Assistant, rasa: FakeRasa
) -> None:
    said = ["06 12 34 56 78", "j'ai payé 84,91 €", "né le 12/03/1956", "75012"]
    for text in said:
        talker.says(text)
        assert not masked_note(talker, assistant)
    assert citizen_texts(talker) == said
    assert len(set(rasa.senders)) == 1


def test_what_was_said_long_ago_is_no_part(
    talker: Talker, assistant: Assistant, clock: FakeClock
) -> None:
    talker.says("voici 1 85 05 78")
    clock.pass_time(minutes=6)
    talker.says("puis 006 084 91")
    assert not masked_note(talker, assistant)


def test_what_quotes_a_part_is_masked_too(
    talker: Talker, assistant: Assistant, settings: Settings
) -> None:
    talker.says("1 85 05 78")
    quoted = "vous avez dit 1850578"
    with assistant.open_unit_of_work() as work:
        conversation = work.conversations.get(talker.id)
        position = Position("activer_espace", "r", "s", answers=(("nom", "1 85 05 78"),))
        state = conversation.state.with_session(Session((position,)))
        work.conversations.save_state(talker.id, state, conversation.version)
        work.commit()
    with assistant.engine.begin() as connection:
        connection.execute(update(TurnRow).values(instructions=[{"x": quoted}]))
        connection.execute(
            update(MessageRow).where(MessageRow.author == "assistant").values(text=quoted)
        )
    with assistant.open_unit_of_work() as work:
        before = work.conversations.get(talker.id)
    talker.post({"text": "006 084 91"})
    with assistant.engine.connect() as connection:
        states = connection.execute(select(ConversationRow.version)).scalar_one()
    assert states > before.version
    checkpoint(assistant.engine)
    kept = stored_bytes(settings)
    assert b"1 85 05 78" not in kept
    assert b"1850578" not in kept


@with_settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10_000), place=st.integers(2, 5))
def test_wherever_a_card_is_cut(talker: Talker, clock: FakeClock, seed: int, place: int) -> None:
    clock.pass_time(minutes=10)
    parts = cut(make_nir(Random(seed), "usual"), PRINTED)  # noqa: S311 (an invented number)
    halves = [" ".join(parts[start:end]) for start, end in pairwise([0, place, 7])]
    talker.post({"text": halves[0]})
    talker.post({"text": halves[1]})
    assert citizen_texts(talker)[-2:] == [MARKER, MARKER]
