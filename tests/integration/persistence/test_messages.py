"""The lines of a conversation are kept as they were shown, and in order."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.errors import NotFound
from assistant.domain.messages import (
    Author,
    Channel,
    Choice,
    Instruction,
    InstructionKind,
    Link,
    Manner,
    Message,
    ShownChoice,
    StepRef,
    Words,
)
from assistant.services.ports.addresses import SuppressionReason
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, begun, later, message

# PostgreSQL has no place for the NUL character, and the border refuses control characters.
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)
choices = st.builds(Choice, id=words, key=words, revision=st.none() | words)
instructions = st.builds(
    Instruction,
    kind=st.sampled_from(InstructionKind),
    key=words,
    params=st.dictionaries(words, words, max_size=3),
    revision=st.none() | words,
    choices=st.lists(choices, max_size=3).map(tuple),
    step=st.none() | st.builds(StepRef, words, words, st.integers(1, 9), st.integers(1, 9)),
    manner=st.sampled_from(Manner),
)
messages = st.builds(
    Message,
    id=st.uuids().map(str),
    sequence=st.just(0),
    author=st.sampled_from(Author),
    kind=st.sampled_from(["text", "ask"]),
    instruction=st.none() | instructions,
    words=st.builds(
        Words,
        text=words,
        choices=st.lists(st.builds(ShownChoice, words, words), max_size=3).map(tuple),
        links=st.lists(st.builds(Link, words, words), max_size=2).map(tuple),
    ),
    language=st.sampled_from(["fr", "ar"]),
    created_at=st.just(NOW),
)


def test_messages_are_numbered_and_listed_in_order(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        stored = [work.messages.add("c1", message(text)) for text in ("un", "deux", "trois")]
        elsewhere = work.messages.add("c2", message("ailleurs"))
        work.commit()

    assert [each.sequence for each in (*stored, elsewhere)] == [1, 2, 3, 1]
    with open_work() as work:
        assert list(work.messages.after("c1")) == stored
        assert list(work.messages.after("c1", stored[0].id)) == stored[1:]
        assert list(work.messages.after("c1", stored[2].id)) == []
        for unknown in ("?", elsewhere.id):
            with pytest.raises(NotFound):
                work.messages.after("c1", unknown)
        with pytest.raises(NotFound):
            work.messages.add("?", message())


# The database is the same for all examples: each one begins a conversation of its own.
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(lines=st.lists(messages, min_size=1, max_size=3, unique_by=lambda line: line.id))
def test_any_message_is_read_as_it_was_shown(open_work: Open, lines: list[Message]) -> None:
    with open_work() as work:
        conversation_id = lines[0].id
        begun(work, conversation_id)
        stored = [work.messages.add(conversation_id, line) for line in lines]
        assert list(work.messages.after(conversation_id)) == stored


def test_an_address_is_left_alone_until_its_holder_wants_otherwise(open_work: Open) -> None:
    phone = "+33612345678"
    with open_work() as work:
        assert work.suppressions.reason(Channel.SMS, phone) is None
        work.suppressions.add(Channel.SMS, phone, SuppressionReason.STOP, NOW)
        work.suppressions.add(Channel.SMS, phone, SuppressionReason.ERASED, later(days=1))
        work.commit()

    with open_work() as work:
        assert work.suppressions.reason(Channel.SMS, phone) is SuppressionReason.ERASED
        assert work.suppressions.reason(Channel.SMS, "+33612345679") is None
        assert work.suppressions.reason(Channel.WEB, phone) is None
        work.suppressions.lift(Channel.SMS, phone)
        work.suppressions.lift(Channel.SMS, "+33612345679")
        assert work.suppressions.reason(Channel.SMS, phone) is None
