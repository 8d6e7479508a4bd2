"""Whoever comes at the same moment gets the same truth, on both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from assistant.domain.conversation import DialogueState
from assistant.domain.errors import Conflict, NotFound, StaleState
from assistant.domain.messages import Channel
from assistant.domain.turn import Decider
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import LEASE, NOW, begun, inbound, later, message

RIVALS = 4
ROUNDS = 8

T = TypeVar("T")


def at_once(act: Callable[[int], T], rivals: int = RIVALS) -> list[T]:
    """Let several threads act at the same moment and return what each one got."""
    gate = threading.Barrier(rivals)

    def rival(number: int) -> T:
        gate.wait(timeout=10)
        return act(number)

    with ThreadPoolExecutor(rivals) as pool:
        return list(pool.map(rival, range(rivals)))


def test_one_of_the_rivals_gets_the_lease(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()
    for each in range(ROUNDS):
        with open_work() as work:
            turn = work.turns.open("c1", inbound(f"m{each}"))
            work.commit()

        def take(number: int, turn_id: str = turn.id) -> bool:
            with open_work() as work:
                taken = work.turns.lease(turn_id, f"worker {number}", NOW, NOW + LEASE)
                work.commit()
                return taken

        taken = at_once(take)
        assert sum(taken) == 1
        with open_work() as work:
            assert work.turns.get(turn.id).lease_owner == f"worker {taken.index(True)}"
            work.turns.close(turn.id, Decider.RASA, "answer", ())
            work.turns.mark_rendered(turn.id)
            work.commit()


def test_a_lease_that_ran_out_is_taken_over_by_one(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())
        work.turns.lease(turn.id, "gone", NOW, NOW + LEASE)
        work.commit()

    def take_over(number: int) -> bool:
        with open_work() as work:
            taken = work.turns.lease(turn.id, f"worker {number}", NOW + LEASE, later(minutes=1))
            work.commit()
            return taken

    assert sum(at_once(take_over)) == 1


def test_one_of_the_rivals_decides_and_its_state_is_kept(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()
    for each in range(ROUNDS):
        with open_work() as work:
            turn = work.turns.open("c1", inbound(f"m{each}"))
            version = work.conversations.get("c1").version
            work.commit()

        def decide(number: int, turn_id: str = turn.id, version: int = version) -> bool:
            with open_work() as work:
                closed = work.turns.close(turn_id, Decider.RASA, f"answer {number}", ())
                if closed:
                    state = DialogueState(misunderstood=number)
                    work.conversations.save_state("c1", state, version)
                    work.commit()
                return closed

        closed = at_once(decide)
        assert sum(closed) == 1
        with open_work() as work:
            winner = closed.index(True)
            assert work.turns.get(turn.id).action == f"answer {winner}"
            assert work.conversations.get("c1").state.misunderstood == winner


def test_one_of_the_rivals_moves_the_conversation(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()

    def move(number: int) -> bool:
        with open_work() as work:
            try:
                work.conversations.save_state("c1", DialogueState(misunderstood=number), 3)
            except StaleState:
                return False
            work.commit()
            return True

    moved = at_once(move)
    assert sum(moved) == 1
    with open_work() as work:
        kept = work.conversations.get("c1")
        assert (kept.version, kept.state.misunderstood) == (4, moved.index(True))


def test_one_of_the_rivals_renders(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        turn = work.turns.open("c1", inbound())
        work.turns.close(turn.id, Decider.RASA, "answer", ())
        work.commit()

    def render(_: int) -> bool:
        with open_work() as work:
            first = work.turns.mark_rendered(turn.id)
            if first:
                work.messages.add("c1", message("un", turn.id))
                work.messages.add("c1", message("deux", turn.id))
                work.commit()
            return first

    assert sum(at_once(render)) == 1
    with open_work() as work:
        assert [line.words.text for line in work.messages.after("c1")] == ["un", "deux"]


def test_messages_that_come_together_are_all_kept_in_one_order(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()

    def say(number: int) -> None:
        for each in range(ROUNDS):
            with open_work() as work:
                work.turns.open("c1", inbound(f"{number}.{each}"))
                work.messages.add("c1", message(f"{number}.{each}"))
                work.commit()

    at_once(say)
    expected = list(range(1, RIVALS * ROUNDS + 1))
    with open_work() as work:
        assert sorted(turn.order for turn in work.turns.unfinished(NOW)) == expected
        lines = work.messages.after("c1")
        assert [line.sequence for line in lines] == expected
        for number in range(RIVALS):
            own = [line.words.text for line in lines if line.words.text.startswith(f"{number}.")]
            assert own == [f"{number}.{each}" for each in range(ROUNDS)]


def test_a_replay_at_the_same_moment_is_stored_once(open_work: Open) -> None:
    with open_work() as work:
        begun(work, "c1")
        work.commit()

    def receive(_: int) -> bool:
        with open_work() as work:
            if work.turns.find("c1", Channel.SMS, "SM1") is not None:
                return False
            try:
                work.turns.open("c1", inbound("SM1", Channel.SMS))
            except Conflict:
                return False
            work.commit()
            return True

    assert sum(at_once(receive)) == 1
    with open_work() as work:
        assert len(work.turns.unfinished(NOW)) == 1


@pytest.mark.parametrize("decided", [False, True])
def test_an_erasure_and_a_turn_never_wait_for_each_other(open_work: Open, *, decided: bool) -> None:
    for each in range(ROUNDS):
        name = f"c{each}"
        with open_work() as work:
            begun(work, name)
            turn = work.turns.open(name, inbound())
            if decided:
                work.turns.close(turn.id, Decider.RASA, "answer", ())
            work.commit()

        def meddle(number: int, name: str = name, turn_id: str = turn.id) -> None:
            with open_work() as work:
                if number == 0:
                    work.conversations.erase(name, NOW)
                    work.commit()
                    return
                try:
                    if not decided:
                        work.turns.close(turn_id, Decider.RASA, "answer", ())
                    work.turns.mark_rendered(turn_id)
                    work.messages.add(name, message("un", turn_id))
                    work.conversations.touch(name, NOW)
                except NotFound:
                    return
                work.commit()

        at_once(meddle)
        with open_work() as work:
            assert work.turns.find(name, Channel.WEB, "m1") is None
            assert list(work.messages.after(name)) == []
            assert work.turns.was_erased(Channel.WEB, "m1")
