"""Conversations are kept as they stand, and move only when nobody moved them first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from assistant.domain.conversation import DialogueState
from assistant.domain.errors import NotFound, StaleState
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, begun, conversation, later


def test_a_conversation_is_read_as_it_was_kept(open_work: Open) -> None:
    with open_work() as work:
        work.conversations.add(conversation("c1"), "hash")
        work.commit()

    with open_work() as work:
        assert work.conversations.get("c1") == conversation("c1")
        assert work.conversations.token_hash("c1") == "hash"


def test_what_is_not_committed_never_was(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")

    with open_work() as work, pytest.raises(NotFound):
        work.conversations.get("c1")


def test_an_error_undoes_the_transaction(open_work: Open) -> None:
    def fail() -> None:
        with open_work() as work:
            begun(work, "c1")
            raise StaleState("c1")

    with pytest.raises(StaleState):
        fail()

    with open_work() as work, pytest.raises(NotFound):
        work.conversations.get("c1")


def test_an_id_is_given_once(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        with pytest.raises(IntegrityError):
            begun(work, "c1")


def test_nothing_is_known_of_an_unknown_conversation(open_work: Open) -> None:
    with open_work() as work:
        calls = (
            lambda: work.conversations.get("?"),
            lambda: work.conversations.token_hash("?"),
            lambda: work.conversations.save_state("?", DialogueState(), 0),
            lambda: work.conversations.touch("?", NOW),
            lambda: work.conversations.set_language("?", "en"),
            lambda: work.conversations.set_shared_device("?", shared=True),
            lambda: work.conversations.set_rasa_session("?", "r", 0),
            lambda: work.people.of_conversation("?"),
            lambda: work.people.join("?", "p"),
        )
        for call in calls:
            with pytest.raises(NotFound):
                call()


def test_the_state_moves_from_the_version_that_was_read(open_work: Open) -> None:
    moved = DialogueState(misunderstood=2)
    with open_work() as work:
        begun(work, "c1")
        work.conversations.save_state("c1", moved, expected_version=3)
        work.commit()

    with open_work() as work:
        assert work.conversations.get("c1") == replace(conversation("c1"), state=moved, version=4)
        with pytest.raises(StaleState):
            work.conversations.save_state("c1", DialogueState(), expected_version=3)
        assert work.conversations.get("c1").state == moved


def test_what_changes_by_the_way_leaves_the_version(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        work.conversations.touch("c1", later(minutes=5))
        work.conversations.set_language("c1", "en")
        work.conversations.set_shared_device("c1", shared=True)
        work.conversations.set_rasa_session("c1", "r2", 0)
        work.commit()

    with open_work() as work:
        assert work.conversations.get("c1") == replace(
            conversation("c1"),
            last_activity_at=later(minutes=5),
            language="en",
            shared_device=True,
            rasa_session="r2",
            rasa_turns=0,
        )
        assert work.conversations.get("c2") == conversation("c2")


def test_idle_conversations_are_listed_by_kind_of_device(open_work: Open) -> None:
    with open_work() as work:
        for conversation_id, minutes, shared in (
            ("newer", 10, True),
            ("older", 0, True),
            ("at the moment", 15, True),
            ("own device", 0, False),
        ):
            kept = conversation(conversation_id, shared_device=shared, at=later(minutes=minutes))
            work.conversations.add(kept, "hash")
        work.commit()

    with open_work() as work:
        idle = work.conversations.idle_since(later(minutes=15), shared_device=True)
        assert list(idle) == ["older", "newer"]
        idle = work.conversations.idle_since(later(minutes=15), shared_device=False)
        assert list(idle) == ["own device"]


def test_moments_are_the_same_in_every_time_zone(open_work: Open) -> None:
    in_paris = datetime(2026, 7, 14, 11, 0, tzinfo=timezone(timedelta(hours=2)))
    with open_work() as work:
        work.conversations.add(conversation("c1", at=in_paris), "hash")
        work.commit()

    with open_work() as work:
        kept = work.conversations.get("c1").created_at
        assert kept == in_paris
        assert kept.tzinfo is UTC
        nine = datetime(2026, 7, 14, 9, 0, 0, 1, tzinfo=UTC)
        assert list(work.conversations.idle_since(nine, shared_device=False)) == ["c1"]


def test_a_moment_without_time_zone_is_refused(open_work: Open) -> None:
    with open_work() as work, pytest.raises(StatementError, match="time zone"):
        work.conversations.add(conversation("c1", at=NOW.replace(tzinfo=None)), "hash")


def test_a_conversation_may_belong_to_a_person(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        assert work.people.of_conversation("c1") is None
        person = work.people.recognise("c1", NOW)
        work.people.join("c2", person)
        work.commit()

    with open_work() as work:
        assert work.people.recognise("c1", later(days=1)) == person
        assert work.people.of_conversation("c2") == person
