"""Keeps processes up until somebody asks to stop, then leaves none behind."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.run.child import Child
from assistant.run.errors import CannotStart
from assistant.run.interruption import Interruption
from assistant.run.logs import WarningReader, last_lines, set_aside_when_large
from assistant.run.services import Service


@dataclass(frozen=True)
class Pace:
    """How fast the supervisor looks, insists and gives up, in seconds."""

    look: float = 0.2
    first_delay: float = 0.5
    longest_delay: float = 30.0
    healthy_after: float = 60.0
    grace: float = 5.0
    vital_attempts: int = 3

    def delay(self, failures: int) -> float:
        """Return how long to wait before the next attempt, after so many failures in a row."""
        # 2 ** 16 half seconds is already far above the longest delay.
        return min(self.longest_delay, self.first_delay * 2.0 ** min(failures - 1, 16))


@dataclass
class _Watched:
    """A service with its present process and its past failures."""

    service: Service
    log: Path
    warnings: WarningReader
    child: Child | None = None
    since: float = 0.0
    not_before: float = 0.0
    failures: int = 0
    was_ready: bool = False
    is_ready: bool = False


class Supervisor:
    """Starts services, shows their warnings, starts again the ones that die, stops them all."""

    def __init__(
        self,
        services: Sequence[Service],
        *,
        logs: Path,
        say: Callable[[str], None],
        pace: Pace | None = None,
    ) -> None:
        """Prepare to run the services, each with a log of its name in that folder."""
        logs.mkdir(parents=True, exist_ok=True)
        self._say = say
        self._pace = pace or Pace()
        self._watched = [self._watch(service, logs / f"{service.name}.log") for service in services]

    def run(self, interruption: Interruption) -> None:
        """Keep the services up until the interruption. Raises CannotStart; leaves no process."""
        try:
            while not interruption.requested:
                for watched in self._watched:
                    self._look_after(watched)
                time.sleep(self._pace.look)
            self._say("Arrêt en cours…")
        finally:
            self._stop(interruption)

    def _watch(self, service: Service, log: Path) -> _Watched:
        set_aside_when_large(log)
        return _Watched(service, log, WarningReader(log))

    def _look_after(self, watched: _Watched) -> None:
        self._show_warnings(watched)
        now = time.monotonic()
        if watched.child is None:
            if now >= watched.not_before and self._may_start(watched.service):
                self._start(watched, now)
            return
        code = watched.child.exit_code()
        if code is not None:
            self._note_death(watched, code, now)
        elif not watched.is_ready and watched.service.ready is not None and watched.service.ready():
            self._note_ready(watched)

    def _may_start(self, service: Service) -> bool:
        """Let the vital services have the whole machine until they answer for the first time."""
        return service.vital or all(
            other.was_ready for other in self._watched if other.service.vital
        )

    def _start(self, watched: _Watched, now: float) -> None:
        watched.child = Child(
            watched.service.command,
            folder=watched.service.folder,
            environment=watched.service.environment,
            log=watched.log,
            grace=self._pace.grace,
        )
        watched.since = now

    def _note_ready(self, watched: _Watched) -> None:
        watched.is_ready = True
        if watched.was_ready:
            self._say(f"{watched.service.name} répond de nouveau.")
        elif watched.service.announcement is not None:
            self._say(watched.service.announcement)
        watched.was_ready = True

    def _note_death(self, watched: _Watched, code: int, now: float) -> None:
        name, healthy = watched.service.name, now - watched.since >= self._pace.healthy_after
        watched.child, watched.is_ready = None, False
        watched.failures = 1 if healthy else watched.failures + 1
        if (
            watched.service.vital
            and not watched.was_ready
            and watched.failures >= self._pace.vital_attempts
        ):
            lines = "\n".join(f"  {line}" for line in last_lines(watched.log, 12))
            message = f"{name} ne démarre pas (code {code}). Fin de {watched.log.name} :\n{lines}"
            raise CannotStart(message)
        delay = self._pace.delay(watched.failures)
        watched.not_before = now + delay
        self._say(
            f"{name} s'est arrêté (code {code}) ; nouvel essai dans {delay:g} s. "
            f"Détails dans {watched.log.name}."
        )

    def _show_warnings(self, watched: _Watched) -> None:
        for line in watched.warnings.read():
            self._say(f"[{watched.service.name}] {line}")

    def _stop(self, interruption: Interruption) -> None:
        children = [watched.child for watched in self._watched if watched.child is not None]
        for child in children:
            child.let_go()
        # The guards use up the grace period; a little more for them to report.
        deadline = time.monotonic() + self._pace.grace + 1.0
        while any(child.exit_code() is None for child in children):
            if interruption.urgent or time.monotonic() >= deadline:
                break
            time.sleep(self._pace.look / 4)
        for child in children:
            child.kill()
