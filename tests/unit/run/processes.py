"""Small real processes to watch over, and how to tell whether they still run."""

from __future__ import annotations

import fcntl
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

PATIENCE_SECONDS = 10.0

# A lock is given back when its holder dies, however it dies, and cannot be mistaken like a pid.
_HOLD = """
import fcntl, os, pathlib, signal, subprocess, sys, time
path, lines = pathlib.Path(sys.argv[1]), sys.argv[2]
file = path.open("a")
fcntl.flock(file, fcntl.LOCK_EX)
exec(lines)
path.with_suffix(".pid").write_text(str(os.getpid()))
while True:
    time.sleep(60)
"""

SAY_GOODBYE = """
def bye(*_):
    path.with_suffix(".bye").touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, bye)
"""
TURN_A_DEAF_EAR = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"

ENVIRONMENT = {"PATH": os.defpath}


def holding(lock: Path, lines: str = "") -> tuple[str, ...]:
    """Return a command that runs the lines, then holds the lock until it is ended."""
    return (sys.executable, "-c", _HOLD, str(lock), lines)


def running(code: str, *arguments: str) -> tuple[str, ...]:
    """Return a command that runs some Python."""
    return (sys.executable, "-c", code, *arguments)


def is_held(lock: Path) -> bool:
    """Tell whether a process holds the lock."""
    if not lock.exists():
        return False
    with lock.open() as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def pid_of(lock: Path) -> int:
    """Return the process that holds the lock, once it is set up."""
    announced = lock.with_suffix(".pid")
    wait_until(announced.exists)
    wait_until(lambda: announced.read_text(encoding="utf-8") != "")
    return int(announced.read_text(encoding="utf-8"))


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for a condition. Raises AssertionError when it does not come."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)
