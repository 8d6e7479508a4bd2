"""A process under guard never outlives whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.run.child import Child
from tests.unit.run.processes import (
    ENVIRONMENT,
    SAY_GOODBYE,
    TURN_A_DEAF_EAR,
    holding,
    is_held,
    pid_of,
    running,
    wait_until,
)

Start = Callable[..., Child]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start children that are ended after the test, whatever happened."""
    children: list[Child] = []

    def start_one(command: tuple[str, ...], *, grace: float = 5.0) -> Child:
        child = Child(
            command,
            folder=tmp_path,
            environment=ENVIRONMENT,
            log=tmp_path / "child.log",
            grace=grace,
        )
        children.append(child)
        return child

    yield start_one
    for child in children:
        child.kill()


def ended(child: Child) -> Callable[[], bool]:
    """Return the condition that a child has ended."""
    return lambda: child.exit_code() is not None


@pytest.mark.parametrize("code", [0, 3])
def test_the_exit_code_is_the_commands(start: Start, code: int) -> None:
    child = start(running(f"raise SystemExit({code})"))
    wait_until(ended(child))
    assert child.exit_code() == code


def test_a_death_by_signal_is_told_as_a_shell_does(start: Start) -> None:
    child = start(running("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)"))
    wait_until(ended(child))
    assert child.exit_code() == 128 + signal.SIGSEGV


def test_a_command_that_cannot_start_says_so_in_its_log(start: Start, tmp_path: Path) -> None:
    child = start((str(tmp_path / "missing"),))
    wait_until(ended(child))
    assert child.exit_code() == 127
    assert "ERROR" in (tmp_path / "child.log").read_text(encoding="utf-8")


def test_both_outputs_go_to_the_log(start: Start, tmp_path: Path) -> None:
    child = start(running("import sys; print('one'); print('two', file=sys.stderr)"))
    wait_until(ended(child))
    assert set((tmp_path / "child.log").read_text(encoding="utf-8").split()) == {"one", "two"}


def test_letting_go_leaves_time_to_finish(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock, SAY_GOODBYE))
    pid_of(lock)
    child.let_go()
    wait_until(ended(child))
    assert lock.with_suffix(".bye").exists()
    assert not is_held(lock)


def test_a_command_deaf_to_term_is_ended_after_the_grace_period(
    start: Start, tmp_path: Path
) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock, TURN_A_DEAF_EAR), grace=0.3)
    pid_of(lock)
    begun = time.monotonic()
    child.let_go()
    wait_until(ended(child))
    assert time.monotonic() - begun >= 0.3
    wait_until(lambda: not is_held(lock))  # the system may still be clearing it away


def test_asking_the_guard_itself_to_stop_stops_the_command(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock, SAY_GOODBYE))
    pid_of(lock)
    os.kill(child.group, signal.SIGTERM)
    wait_until(ended(child))
    assert lock.with_suffix(".bye").exists()


def test_what_the_command_started_dies_with_it(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "grandchild"
    child = start(running("import subprocess, sys; subprocess.Popen(sys.argv[1:])", *holding(lock)))
    wait_until(ended(child))
    wait_until(lambda: not is_held(lock))


def test_what_the_command_started_dies_when_let_go(start: Start, tmp_path: Path) -> None:
    parent, grandchild = tmp_path / "parent", tmp_path / "grandchild"
    deaf = holding(grandchild, TURN_A_DEAF_EAR)
    child = start(holding(parent, f"{SAY_GOODBYE}\nsubprocess.Popen({deaf!r})"))
    pid_of(parent)
    pid_of(grandchild)
    child.let_go()
    wait_until(ended(child))
    wait_until(lambda: not is_held(grandchild))


def test_a_child_is_spared_by_the_terminals_interruption(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock))
    assert os.getsid(pid_of(lock)) == child.group != os.getsid(0)


def test_nothing_survives_a_parent_killed_outright(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    code = (
        "import pathlib, sys, time\n"
        "from assistant.run.child import Child\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        "child = Child(sys.argv[2:], folder=folder, environment={}, log=folder / 'log', grace=5)\n"
        "time.sleep(60)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path), *holding(lock, SAY_GOODBYE)]
    with subprocess.Popen(command) as parent:
        pid_of(lock)
        parent.kill()
    wait_until(lambda: not is_held(lock))
    assert lock.with_suffix(".bye").exists(), "it was let go, not cut"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's tie to a parent is Linux's")
def test_a_command_dies_with_its_guard(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock))
    pid_of(lock)
    os.kill(child.group, signal.SIGKILL)
    wait_until(lambda: not is_held(lock))


def test_killing_ends_even_the_deaf_at_once(start: Start, tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    child = start(holding(lock, TURN_A_DEAF_EAR), grace=60)
    pid_of(lock)
    child.kill()
    wait_until(lambda: not is_held(lock))
