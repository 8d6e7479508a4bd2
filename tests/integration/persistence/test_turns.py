"""Messages are taken once, in their order, by one worker, and decided once."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, select

from assistant.adapters.tables import TurnRow
from assistant.domain.conversation import DialogueState
from assistant.domain.errors import Conflict, NotFound
from assistant.domain.messages import Channel
from assistant.domain.turn import Decider, Turn
from assistant.flows.session_json import load_state
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import (
    INSTRUCTION,
    LEASE,
    NOW,
    STATE,
    begun,
    inbound,
    later,
    message,
)


def test_messages_are_numbered_in_each_conversation(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        orders = [
            work.turns.open(conversation_id, inbound(external_id)).order
            for conversation_id, external_id in (("c1", "a"), ("c2", "a"), ("c1", "b"))
        ]
        assert orders == [1, 1, 2]


def test_an_open_turn_is_read_as_it_was_opened(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        opened = work.turns.open("c1", inbound("a"))
        work.commit()

    with open_work() as work:
        assert work.turns.get(opened.id) == opened
        assert work.turns.find("c1", Channel.WEB, "a") == opened
        assert opened == Turn(opened.id, "c1", 1, inbound("a"))


def test_unknown_turns_and_conversations_are_told(open_work: Open) -> None:
    with open_work() as work:
        with pytest.raises(NotFound):
            work.turns.open("?", inbound())
        with pytest.raises(NotFound):
            work.turns.get("?")
        with pytest.raises(NotFound):
            work.turns.close("?", Decider.RASA, "answer", ())
        with pytest.raises(NotFound):
            work.turns.mark_rendered("?")
        assert not work.turns.lease("?", "me", NOW, later(seconds=20))
        assert work.turns.find("?", Channel.WEB, "a") is None


def test_web_clients_may_choose_the_same_id(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        first = work.turns.open("c1", inbound("a"))
        second = work.turns.open("c2", inbound("a"))

        assert work.turns.find("c1", Channel.WEB, "a") == first
        assert work.turns.find("c2", Channel.WEB, "a") == second
        assert work.turns.find("c1", Channel.SMS, "a") is None


def test_a_text_message_is_the_same_wherever_its_number_has_moved(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        first = work.turns.open("c1", inbound("SM1", Channel.SMS))

        assert work.turns.find("c2", Channel.SMS, "SM1") == first
        with pytest.raises(Conflict):
            work.turns.open("c2", inbound("SM1", Channel.SMS))


def test_a_message_is_opened_once(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.turns.open("c1", inbound("a"))
        work.commit()

    with open_work() as work, pytest.raises(Conflict) as refused:
        work.turns.open("c1", inbound("a", text="mot secret"))
    assert "secret" not in repr(refused.value)
    assert refused.value.__cause__ is None


def test_a_lease_keeps_others_away_until_it_runs_out(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())

        assert work.turns.lease(turn.id, "me", NOW, NOW + LEASE)
        leased = work.turns.get(turn.id)
        assert (leased.lease_owner, leased.lease_until) == ("me", NOW + LEASE)

        assert not work.turns.lease(turn.id, "you", later(seconds=19), later(seconds=40))
        assert work.turns.get(turn.id) == leased
        assert work.turns.lease(turn.id, "me", later(seconds=19), later(seconds=30))
        assert not work.turns.lease(turn.id, "you", later(seconds=20), later(seconds=40))
        assert work.turns.lease(turn.id, "you", later(seconds=30), later(seconds=50))
        assert work.turns.get(turn.id).lease_owner == "you"


def test_messages_are_worked_on_in_their_order(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1", "c2")
        first, second, third = (work.turns.open("c1", inbound(each)) for each in "abc")
        elsewhere = work.turns.open("c2", inbound("a"))

        def can_be_leased(turn: Turn) -> bool:
            return work.turns.lease(turn.id, f"of {turn.order}", NOW, NOW + LEASE)

        assert not can_be_leased(second)
        assert can_be_leased(elsewhere)
        assert can_be_leased(first)
        assert not can_be_leased(second)

        work.turns.close(first.id, Decider.RASA, "answer", ())
        # Decided, but its answer is still being put into words: a later one must not come before.
        assert not can_be_leased(second)
        work.turns.mark_rendered(first.id)

        assert can_be_leased(second)
        assert not can_be_leased(third)


def test_an_answer_nobody_renders_any_more_does_not_hold_up_the_next(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        first, second = (work.turns.open("c1", inbound(each)) for each in "ab")
        work.turns.lease(first.id, "gone", NOW, NOW + LEASE)
        work.turns.close(first.id, Decider.RASA, "answer", ())

        assert not work.turns.lease(second.id, "me", later(seconds=19), later(seconds=40))
        assert work.turns.lease(second.id, "me", later(seconds=20), later(seconds=40))
        assert work.turns.lease(first.id, "me", later(seconds=20), later(seconds=40))


def test_the_first_to_close_decides(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())
        assert work.turns.close(turn.id, Decider.KEYWORDS, "answer", (INSTRUCTION,))
        assert not work.turns.close(turn.id, Decider.RASA, "another", ())
        work.commit()

    with open_work() as work:
        assert not work.turns.close(turn.id, Decider.RASA, "another", ())
        closed = work.turns.get(turn.id)
        assert closed.is_closed
        assert closed.closed_by is Decider.KEYWORDS
        assert closed.action == "answer"
        assert closed.instructions == (INSTRUCTION,)
        assert work.turns.find("c1", Channel.WEB, "m1") == closed


def test_a_closed_turn_keeps_the_state_that_its_decision_found(
    open_work: Open, engine: Engine
) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())
        work.turns.close(turn.id, Decider.RASA, "answer", ())
        work.conversations.save_state("c1", DialogueState(), expected_version=3)
        work.commit()

    with engine.connect() as connection:
        state = connection.execute(select(TurnRow.state)).scalar_one()
    assert load_state(state) == STATE


def test_a_turn_is_rendered_once_and_then_over(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())
        work.turns.lease(turn.id, "me", NOW, NOW + LEASE)
        work.turns.close(turn.id, Decider.RASA, "answer", ())

        assert work.turns.mark_rendered(turn.id)
        assert not work.turns.mark_rendered(turn.id)
        over = work.turns.get(turn.id)
        assert over.rendered
        assert over.lease_owner is None
        assert not work.turns.lease(turn.id, "me", NOW, NOW + LEASE)


def test_turns_left_behind_are_found_in_their_order(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        names = ("rendered", "lease ran out", "closed", "held", "never taken")
        turns = {name: work.turns.open("c1", inbound(name)) for name in names}
        for name in ("rendered", "closed"):
            work.turns.close(turns[name].id, Decider.RASA, "answer", ())
        work.turns.mark_rendered(turns["rendered"].id)
        work.turns.lease(turns["lease ran out"].id, "gone", NOW, NOW + LEASE)
        work.commit()

    with open_work() as work:
        found = work.turns.unfinished(later(seconds=19))
        assert [turn.inbound.external_id for turn in found] == ["closed", "held", "never taken"]
        found = work.turns.unfinished(later(seconds=20))
        assert [turn.inbound.external_id for turn in found] == list(names[1:])


def test_answers_are_found_by_their_turn(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound("a"))
        other = work.turns.open("c1", inbound("b"))
        stored = [
            work.messages.add("c1", message(text, turn_id))
            for text, turn_id in (("un", turn.id), ("deux", other.id), ("trois", turn.id))
        ]
        work.commit()

    with open_work() as work:
        assert list(work.messages.answers_to(turn.id)) == [stored[0], stored[2]]
        assert list(work.messages.answers_to("?")) == []
