"""One process under guard: it cannot outlive whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

GUARD = Path(__file__).with_name("guard.py")


class Child:
    """A running command, in a session of its own so that the terminal's Ctrl-C spares it."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        folder: Path,
        environment: Mapping[str, str],
        log: Path,
        grace: float,
    ) -> None:
        """Start the command under a guard; what it writes is appended to the log.

        ``grace`` is how long, in seconds, it may take to stop when asked to.
        """
        with log.open("ab") as output:
            self._guard = subprocess.Popen(  # noqa: S603 - commands of this package only
                [sys.executable, "-I", "-S", str(GUARD), str(grace), *command],
                stdin=subprocess.PIPE,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=dict(environment),
                start_new_session=True,
            )

    @property
    def group(self) -> int:
        """The process group of the guard, the command and all that it started."""
        return self._guard.pid

    def exit_code(self) -> int | None:
        """Return how it ended, or None while it runs; nothing of its group survives its end."""
        if self._guard.returncode is None and self._guard.poll() is not None:
            self.let_go()
            self._kill_group()
        return self._guard.returncode

    def let_go(self) -> None:
        """Ask it to stop; its guard ends it by force after the grace period."""
        if self._guard.stdin is not None:
            self._guard.stdin.close()

    def kill(self) -> None:
        """End it at once, with all that it started."""
        self.let_go()
        if self._guard.returncode is None:  # a number once given back may be another process's
            self._kill_group()
            self._guard.wait()

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.group, signal.SIGKILL)
