"""Workers take every row once, in the order of its line, and outlive what goes wrong."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest

from assistant.adapters.durable import DurableWork, Task

PATIENCE = 5.0


@dataclass
class Rows:
    """Rows in lines: the first of each line is due, unless somebody has it."""

    lines: dict[str, list[str]]
    perform: Callable[[str], object] = str
    done: list[str] = field(default_factory=list)
    held: set[str] = field(default_factory=set)
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def due(self, at_most: int) -> Sequence[str]:
        with self.lock:
            firsts = [line[0] for line in self.lines.values() if line]
            return [row for row in firsts if row not in self.held][:at_most]

    def take(self, row: str) -> None:
        with self.lock:
            line = self.lines[row.partition("/")[0]]
            if row in self.held or not line or line[0] != row:
                return
            self.held.add(row)
            self.most_at_once = max(self.most_at_once, len(self.held))
        try:
            self.perform(row)
        except Exception:
            with self.lock:
                self.held.discard(row)
            raise
        with self.lock:
            self.held.discard(row)
            line.pop(0)
            self.done.append(row)

    @property
    def are_done(self) -> bool:
        return not any(self.lines.values())

    def task(self, workers: int = 3) -> Task:
        return Task("rows", self.due, self.take, workers)


@contextmanager
def working(*tasks: Task, sweep_seconds: float = 60.0) -> Iterator[threading.Event]:
    bell = threading.Event()
    work = DurableWork(tasks, bell, sweep_seconds)
    work.start()
    try:
        yield bell
    finally:
        work.stop()


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.002)


def lines(count: int, length: int) -> dict[str, list[str]]:
    return {f"l{line}": [f"l{line}/{row}" for row in range(length)] for line in range(count)}


def test_all_is_done_once_in_the_order_of_each_line() -> None:
    rows = Rows(lines(7, 9))
    with working(rows.task()):
        wait_until(lambda: rows.are_done)
    assert len(rows.done) == len(set(rows.done)) == 63
    for name, expected in lines(7, 9).items():
        assert [row for row in rows.done if row.startswith(f"{name}/")] == expected
    assert rows.most_at_once <= 3


def test_the_bell_is_faster_than_the_sweep() -> None:
    rows = Rows({"l": []})
    with working(rows.task()) as bell:
        time.sleep(0.05)
        with rows.lock:
            rows.lines["l"].append("l/1")
        begun = time.monotonic()
        bell.set()
        wait_until(lambda: rows.are_done)
        assert time.monotonic() - begun < 1.0


def test_the_sweep_finds_what_nobody_rang_for() -> None:
    rows = Rows({"l": []})
    with working(rows.task(), sweep_seconds=0.05):
        time.sleep(0.1)
        with rows.lock:
            rows.lines["l"].append("l/1")
        wait_until(lambda: rows.are_done)


def test_a_failure_is_tried_again_and_holds_up_nobody(caplog: pytest.LogCaptureFixture) -> None:
    failures = iter(["l0/0"])

    def fail_once(row: str) -> None:
        if row == "l0/0" and next(failures, None) is not None:
            raise ValueError("it broke")

    rows = Rows(lines(3, 2), fail_once)
    with working(rows.task(), sweep_seconds=0.05):
        wait_until(lambda: rows.are_done)
    assert rows.done.index("l1/1") < rows.done.index("l0/0") < rows.done.index("l0/1")
    assert "rows l0/0 failed" in caplog.text


def test_a_list_that_cannot_be_had_is_asked_for_again(caplog: pytest.LogCaptureFixture) -> None:
    rows = Rows(lines(1, 1))
    away = iter([1, 2])

    def due(at_most: int) -> Sequence[str]:
        if next(away, None) is not None:
            raise OSError("the database is away")
        return rows.due(at_most)

    with working(Task("rows", due, rows.take, 1), sweep_seconds=0.02):
        wait_until(lambda: rows.are_done)
    assert "nothing could be listed" in caplog.text


def test_a_slow_task_holds_up_no_other() -> None:
    release = threading.Event()
    slow = Rows(lines(9, 1), lambda _: release.wait(PATIENCE))
    quick = Rows(lines(9, 3))
    with working(slow.task(2), quick.task(2), sweep_seconds=0.02):
        wait_until(lambda: quick.are_done)
        assert not slow.done
        release.set()
        wait_until(lambda: slow.are_done)


def test_stopping_waits_for_what_is_in_hand_and_takes_nothing_more() -> None:
    begun = threading.Event()

    def slowly(row: str) -> None:
        del row
        begun.set()
        time.sleep(0.2)

    rows = Rows(lines(1, 5), slowly)
    with working(rows.task()):
        assert begun.wait(PATIENCE)
    assert rows.done == ["l0/0"]


def test_two_processes_share_the_rows() -> None:
    rows = Rows(lines(20, 5))
    with working(rows.task()), working(rows.task()):
        wait_until(lambda: rows.are_done)
    assert len(rows.done) == len(set(rows.done)) == 100
