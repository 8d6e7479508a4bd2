"""Runs one command and ends it, with all it started, when whoever asked for it goes away.

Standard input is a lifeline: it closes when the parent closes it, and also when the parent is
killed outright. The guard then sends TERM to its process group and KILL after the grace period.
It is started by path with ``python -I -S`` and uses the standard library alone, to stay small.

    python -I -S guard.py GRACE_SECONDS COMMAND [ARGUMENT…]

It leaves with the command's exit code, 128 + the signal number, or 127 when it could not start it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable

LIFELINE = 0
PR_SET_PDEATHSIG = 1  # linux/prctl.h
NOT_STARTED = 127  # what a shell answers for a command that it cannot run


def main() -> int:
    """Guard the command given on the command line."""
    grace, command = float(sys.argv[1]), sys.argv[2:]
    news = listen_to_signals()
    try:
        child = subprocess.Popen(  # noqa: S603 - the supervisor's own command
            command,
            stdin=subprocess.DEVNULL,
            preexec_fn=die_with_the_guard(),  # noqa: PLW1509 - one thread only
        )
    except OSError as error:
        sys.stderr.write(f"ERROR cannot start {command[0]}: {error.strerror}\n")
        return NOT_STARTED

    deadline: float | None = None
    while child.poll() is None:
        patience = None if deadline is None else max(0.0, deadline - time.monotonic())
        watched = [news] if deadline is not None else [news, LIFELINE]
        ready, _, _ = select.select(watched, [], [], patience)
        if deadline is None and must_let_go(ready, news):
            deadline = time.monotonic() + grace
            os.killpg(0, signal.SIGTERM)
        elif deadline is not None:
            drain(news)
            if time.monotonic() >= deadline:
                os.killpg(0, signal.SIGKILL)

    if deadline is not None:
        # The parent may be gone: nobody else would end what the command left in its group.
        os.killpg(0, signal.SIGKILL)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def listen_to_signals() -> int:
    """Return a descriptor that receives the number of each signal as one byte."""
    news, write_end = os.pipe()
    os.set_blocking(news, False)
    os.set_blocking(write_end, False)
    signal.set_wakeup_fd(write_end, warn_on_full_buffer=False)
    for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: None)
    return news


def drain(news: int) -> bytes:
    """Return the numbers of the signals received since the last call."""
    try:
        return os.read(news, 4096)
    except BlockingIOError:
        return b""


def must_let_go(ready: list[int], news: int) -> bool:
    """Tell whether the lifeline closed or somebody asked the guard itself to stop."""
    asked = set(drain(news)) - {signal.SIGCHLD}
    return bool(asked) or (LIFELINE in ready and not os.read(LIFELINE, 64))


def die_with_the_guard() -> Callable[[], None] | None:
    """Return what makes the command die even when the guard is killed outright (Linux only)."""
    if sys.platform != "linux":
        return None
    libc, guard = ctypes.CDLL(None), os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != guard:  # it died before the tie was made
            os._exit(NOT_STARTED)

    return tie


if __name__ == "__main__":
    sys.exit(main())
