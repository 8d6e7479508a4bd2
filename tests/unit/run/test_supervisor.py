"""The supervisor keeps services up, gives up when it must, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.run.errors import CannotStart
from assistant.run.interruption import Interruption, interruption_by_signals
from assistant.run.services import Service
from assistant.run.supervisor import Pace, Supervisor
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

QUICK = Pace(look=0.02, first_delay=0.05, longest_delay=0.2, grace=5.0)


class Console:
    """Keeps what the person was told."""

    def __init__(self) -> None:
        """Begin with nothing said."""
        self.lines: list[str] = []

    def say(self, line: str) -> None:
        """Note a line."""
        self.lines.append(line)

    def told(self, word: str) -> Callable[[], bool]:
        """Return the condition that a line holds a word."""
        return lambda: any(word in line for line in self.lines)


class Run:
    """A supervisor at work in another thread, for a test to look at meanwhile."""

    def __init__(self, folder: Path, *services: Service, pace: Pace = QUICK) -> None:
        """Start the services."""
        self.console = Console()
        self.interruption = Interruption()
        self.error: CannotStart | None = None
        self._supervisor = Supervisor(
            services, logs=folder / "log", say=self.console.say, pace=pace
        )
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._supervisor.run(self.interruption)
        except CannotStart as error:
            self.error = error

    def stop(self, requests: int = 1) -> None:
        """Ask to stop and wait for the end."""
        for _ in range(requests):
            self.interruption.request()
        self.wait()

    def wait(self) -> None:
        """Wait for the end."""
        self._thread.join(timeout=10)
        assert not self._thread.is_alive()


def service(
    name: str,
    command: tuple[str, ...],
    folder: Path,
    *,
    ready: Callable[[], bool] | None = None,
    vital: bool = False,
) -> Service:
    """Return a service run in a folder of the test."""
    return Service(
        name=name,
        command=command,
        folder=folder,
        environment=ENVIRONMENT,
        ready=ready,
        announcement=f"<{name} answers>",
        vital=vital,
    )


def test_all_services_run_and_all_are_stopped(tmp_path: Path) -> None:
    locks = [tmp_path / name for name in ("one", "two", "three")]
    run = Run(
        tmp_path, *(service(lock.name, holding(lock, SAY_GOODBYE), tmp_path) for lock in locks)
    )
    for lock in locks:
        pid_of(lock)
    run.stop()
    assert not any(is_held(lock) for lock in locks)
    assert all(lock.with_suffix(".bye").exists() for lock in locks)


def test_a_service_that_dies_is_started_again(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    run = Run(tmp_path, service("rasa", holding(lock), tmp_path))
    first = pid_of(lock)
    lock.with_suffix(".pid").unlink()
    os.kill(first, signal.SIGKILL)
    assert pid_of(lock) != first
    run.stop()
    assert run.console.told("rasa")()
    assert not is_held(lock)


def test_one_death_leaves_the_others_alone(tmp_path: Path) -> None:
    mortal, steady = tmp_path / "mortal", tmp_path / "steady"
    run = Run(
        tmp_path,
        service("mortal", holding(mortal), tmp_path),
        service("steady", holding(steady), tmp_path),
    )
    before = pid_of(steady)
    os.kill(pid_of(mortal), signal.SIGKILL)
    wait_until(run.console.told("mortal"))
    assert is_held(steady)
    assert pid_of(steady) == before
    run.stop()


def test_readiness_is_announced_once_and_again_after_a_death(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    run = Run(tmp_path, service("gateway", holding(lock), tmp_path, ready=lambda: is_held(lock)))
    wait_until(run.console.told("<gateway answers>"))
    os.kill(pid_of(lock), signal.SIGKILL)
    wait_until(run.console.told("de nouveau"))
    run.stop()
    assert sum("<gateway answers>" in line for line in run.console.lines) == 1


def test_a_vital_service_that_never_answers_ends_the_run(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    run = Run(
        tmp_path,
        service("gateway", running("raise SystemExit('no secret key')"), tmp_path, vital=True),
        service("other", holding(lock), tmp_path, ready=lambda: False, vital=True),
    )
    run.wait()
    assert run.error is not None
    assert "no secret key" in str(run.error)
    assert not is_held(lock)


def test_the_others_wait_until_the_vital_one_answers(tmp_path: Path) -> None:
    answering = threading.Event()
    gateway, rasa = tmp_path / "gateway", tmp_path / "rasa"
    run = Run(
        tmp_path,
        service("rasa", holding(rasa), tmp_path),
        service("gateway", holding(gateway), tmp_path, ready=answering.is_set, vital=True),
    )
    pid_of(gateway)
    time.sleep(QUICK.look * 5)
    assert not rasa.exists()
    answering.set()
    pid_of(rasa)
    run.stop()


def test_another_service_may_fail_for_ever(tmp_path: Path) -> None:
    run = Run(tmp_path, service("rasa", running("raise SystemExit(1)"), tmp_path))
    wait_until(lambda: len(run.console.lines) > QUICK.vital_attempts + 1)
    run.stop()
    assert run.error is None


def test_asking_twice_does_not_wait_for_the_deaf(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    run = Run(tmp_path, service("deaf", holding(lock, TURN_A_DEAF_EAR), tmp_path))
    pid_of(lock)
    begun = time.monotonic()
    run.stop(requests=2)
    assert time.monotonic() - begun < QUICK.grace
    wait_until(lambda: not is_held(lock))


def test_nothing_is_left_when_the_supervisor_itself_fails(tmp_path: Path) -> None:
    lock = tmp_path / "lock"

    def fail() -> bool:
        pid_of(lock)
        raise ZeroDivisionError

    supervisor = Supervisor(
        [service("gateway", holding(lock), tmp_path, ready=fail)],
        logs=tmp_path / "log",
        say=Console().say,
        pace=QUICK,
    )
    with pytest.raises(ZeroDivisionError):
        supervisor.run(Interruption())
    assert not is_held(lock)


def test_warnings_reach_the_person_with_the_name_of_the_service(tmp_path: Path) -> None:
    code = "import time; print('all is well'); print('WARNING disk', flush=True); time.sleep(60)"
    run = Run(tmp_path, service("actions", running(code), tmp_path))
    wait_until(run.console.told("WARNING disk"))
    run.stop()
    assert "[actions] WARNING disk" in run.console.lines
    assert not run.console.told("all is well")()
    assert "all is well" in (tmp_path / "log" / "actions.log").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_ask_to_stop_for_the_time_of_the_block(number: signal.Signals) -> None:
    before = signal.getsignal(number)
    with interruption_by_signals() as interruption:
        os.kill(os.getpid(), number)
        wait_until(lambda: interruption.requested)
        assert not interruption.urgent
    assert signal.getsignal(number) is before


@given(failures=st.integers(min_value=1, max_value=10_000))
def test_the_delay_grows_up_to_its_limit(failures: int) -> None:
    pace = Pace()
    assert pace.first_delay <= pace.delay(failures) <= pace.delay(failures + 1)
    assert pace.delay(failures) <= pace.longest_delay
