"""Keeps the communes up to date: a renewed copy in the data folder, read again every week.

Whatever goes wrong, the last good copy goes on serving, or else the shipped one.
"""

from __future__ import annotations

import gzip
import logging
import os
import tempfile
import threading
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import httpx

from assistant.adapters.places.sources import open_source
from assistant.directory.communes import Renewal, renew
from assistant.directory.embedded import COMMUNES, embedded_gazetteer, gazetteer_of, read_text
from assistant.directory.gazetteer import Gazetteer
from assistant.directory.gazetteer.places import MalformedPlacesError
from assistant.directory.readers.json_rows import json_rows
from assistant.directory.readers.rows import SourceBroken

log = logging.getLogger(__name__)

REFRESH: Final = "refresh"
FILE: Final = "communes.tsv.gz"
# Communes change on the first of January, their postcodes a few times a year.
_EVERY: Final = timedelta(days=7)
_AGAIN: Final = timedelta(hours=6)


class KeptCommunes:
    """The renewed copy in the data folder, and the gazetteer made of it."""

    def __init__(self, folder: Path) -> None:
        """Keep the copy in that folder, which need not exist yet."""
        self._path = folder / FILE
        self._reading = threading.Lock()
        self._seen: tuple[int, int] | None = None
        self._gazetteer: Gazetteer | None = None

    def gazetteer(self) -> Gazetteer:
        """Return the gazetteer of the newest copy (0.1 s when it is a new one)."""
        seen = self._stamp()
        with self._reading:
            if seen != self._seen:
                self._gazetteer = None if seen is None else self._load() or self._gazetteer
                self._seen = seen
            return self._gazetteer or embedded_gazetteer()

    def age(self, now: datetime) -> timedelta | None:
        """Tell how old the copy is; None when there is none that can serve."""
        with_copy = self._stamp()
        if with_copy is None or not self._is_of_this_product():
            return None
        return timedelta(seconds=now.timestamp() - with_copy[0] / 1e9)

    def renew(self, address: str, transport: httpx.BaseTransport | None = None) -> Renewal:
        """Read a list and put its copy in place, whole. Raises SourceBroken; nothing then moves."""
        with open_source([address], transport) as source:
            if len(source.parts) != 1:
                raise SourceBroken("La liste des communes tient en un seul fichier JSON.")
            rows = (row.cells for row in json_rows(source.parts[0].stream))
            done = renew(read_text(COMMUNES), rows)
        self._publish(f"{_mark()}\n{done.text}")
        return done

    def _publish(self, text: str) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f"{FILE}.", dir=self._path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(gzip.compress(text.encode(), mtime=0))
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        finally:
            Path(name).unlink(missing_ok=True)

    def _stamp(self) -> tuple[int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return found.st_mtime_ns, found.st_ino

    def _is_of_this_product(self) -> bool:
        """Tell whether the copy was laid over the communes that this version is shipped with."""
        try:
            with gzip.open(self._path, "rt", encoding="utf-8") as file:
                return file.readline(200).strip() == _mark()
        except (OSError, EOFError, zlib.error, UnicodeDecodeError):
            return False

    def _load(self) -> Gazetteer | None:
        if not self._is_of_this_product():
            log.warning("communes: the copy is of another version or damaged, left aside")
            return None
        try:
            return gazetteer_of(read_text(self._path))
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, MalformedPlacesError):
            log.warning("communes: the copy is damaged, left aside")
            return None


def _mark() -> str:
    return f"# over {zlib.crc32(COMMUNES.read_bytes()):08x}"


class CommuneUpkeep:
    """The work that the communes wait for: ``due`` tells when, ``perform`` does it."""

    def __init__(
        self,
        kept: KeptCommunes,
        address: str,
        now: Callable[[], datetime],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Refresh from an address, which may be empty: then never."""
        self._kept = kept
        self._address = address
        self._now = now
        self._transport = transport
        self._next: datetime | None = None
        self._looking = threading.Lock()

    def due(self, at_most: int) -> Sequence[str]:
        """Return the work when it is time for it."""
        now = self._now()
        with self._looking:
            if at_most < 1 or not self._address or (self._next is not None and now < self._next):
                return ()
            age = self._kept.age(now)
            if age is not None and age < _EVERY:
                self._next = now + _AGAIN
                return ()
            # Tried once until then, whatever comes of it.
            self._next = now + _AGAIN
            return (REFRESH,)

    def perform(self, _work: str) -> None:
        """Renew the communes; a list that fails leaves a word for the operator, and no alarm."""
        try:
            done = self._kept.renew(self._address, self._transport)
        except (SourceBroken, OSError) as error:
            log.warning("communes: not renewed (%s)", error)
        else:
            log.info("communes: %d read, %d added, %d changed", done.read, done.added, done.changed)
