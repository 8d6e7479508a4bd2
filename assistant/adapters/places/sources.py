"""Opens what an import reads: a file, a folder, an archive or an address, all of them with limits.

What comes from outside is not trusted: a small archive may hold a thousand times its size, an
address may never end, or answer with a page.
"""

from __future__ import annotations

import gzip
import io
import re
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

import httpx

from assistant.directory.readers.rows import SourceBroken

# The whole of data·inclusion is 0.5 GB of JSON; ten times that is a mistake or an attack.
MOST_BYTES = 5 * 1024**3
MOST_DOWNLOADED = 1024**3
MOST_FILES = 50
# Real lists shrink by five to thirty; a bomb, by a thousand.
MOST_INFLATED = 150
_INFLATED_ALLOWED = 64 * 1024**2
_BLOCK = 256 * 1024
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 30.0
_DOWNLOAD_SECONDS = 900.0
_GZIP = b"\x1f\x8b"
_ZIP = b"PK\x03\x04"
_DATA = frozenset({".csv", ".json", ".jsonl", ".ndjson", ".geojson", ".txt", ".tsv", ".gz", ""})
_DATE = re.compile(r"(20\d\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True, slots=True)
class Part:
    """One stream of data of a source, and the name that it had there."""

    name: str
    stream: BinaryIO


@dataclass(slots=True)
class Source:
    """What is read: its parts in order, and how far it has been read.

    ``position`` and ``size`` count the bytes as they lie on the disk, for a progress bar.
    """

    address: str
    name: str
    parts: Sequence[Part]
    size: int
    _watched: Sequence[BinaryIO]

    @property
    def position(self) -> int:
        """Return how many of the bytes have been read."""
        return sum(0 if each.closed else each.tell() for each in self._watched)


@contextmanager
def open_source(
    addresses: Sequence[str], transport: httpx.BaseTransport | None = None
) -> Iterator[Source]:
    """Open files, folders, archives (zip, gzip) or http addresses as one source.

    Raises SourceBroken, with a sentence for the operator, when one of them cannot be read.
    """
    with ExitStack() as stack:
        parts: list[Part] = []
        watched: list[BinaryIO] = []
        size = 0
        for address in addresses:
            for path, name in _on_disk(address, transport, stack):
                handle = stack.enter_context(path.open("rb"))
                watched.append(handle)
                size += path.stat().st_size
                parts.extend(_parts(handle, name, path.stat().st_size, stack))
        if not parts:
            raise SourceBroken(f"Rien à lire dans {', '.join(addresses)}.")
        if len(parts) > MOST_FILES:
            raise SourceBroken(f"Trop de fichiers à la fois ({len(parts)}).")
        yield Source(" ".join(addresses), _name(addresses[0]), parts, size, watched)


def dataset_name(address: str) -> str:
    """Return the name of the list that an address gives, without dates, numbers or endings.

    "france_services_2022-12-01.csv.gz" and next month's file are the same list.
    """
    name = _DATE.sub("", _name(address))
    while (suffix := PurePosixPath(name).suffix) and suffix.lower() in _DATA | {".zip"}:
        name = name.removesuffix(suffix)
    words = [word for word in re.split(r"[^a-z0-9]+", name.lower()) if word]
    kept = [word for word in words if not re.fullmatch(r"\d+", word)] or words
    return "-".join(kept)[:64] or "lieux"


def dated(address: str) -> date | None:
    """Return the day that the name of a file says, as 2022-12-01 or 20221201."""
    found = _DATE.search(_name(address))
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _name(address: str) -> str:
    if _is_web(address):
        parts = urlsplit(address)
        last = PurePosixPath(parts.path).name
        # The stable addresses of data.gouv.fr end in a random id: the host says more.
        return last if "." in last else f"{parts.hostname} {parts.path}"
    return Path(address).name


def _is_web(address: str) -> bool:
    return address.lower().startswith(("http://", "https://"))


def _on_disk(
    address: str, transport: httpx.BaseTransport | None, stack: ExitStack
) -> Iterator[tuple[Path, str]]:
    if _is_web(address):
        yield _download(address, transport, stack), _name(address)
        return
    path = Path(address)
    if path.is_dir():
        found = sorted(
            each for each in path.iterdir() if each.is_file() and each.suffix.lower() in _DATA
        )
        # Structures before what they offer, whatever they are called.
        found.sort(key=lambda each: "service" in each.name.lower())
        yield from ((each, each.name) for each in found)
    elif path.is_file():
        yield path, path.name
    else:
        raise SourceBroken(f"Aucun fichier ici : {address}")


def _download(address: str, transport: httpx.BaseTransport | None, stack: ExitStack) -> Path:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="pas-a-pas-")))
    path = folder / "download"
    deadline = time.monotonic() + _DOWNLOAD_SECONDS
    timeout = httpx.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    try:
        with (
            httpx.Client(timeout=timeout, follow_redirects=True, transport=transport) as client,
            client.stream("GET", address) as answer,
            path.open("wb") as file,
        ):
            answer.raise_for_status()
            if "text/html" in answer.headers.get("content-type", ""):
                raise SourceBroken("Cette adresse a rendu une page web, et non des données.")
            received = 0
            for block in answer.iter_bytes(_BLOCK):
                received += len(block)
                if received > MOST_DOWNLOADED:
                    raise SourceBroken("Ce fichier dépasse 1 Go : le téléchargement est arrêté.")
                if time.monotonic() > deadline:
                    raise SourceBroken("Le téléchargement n'a pas fini en un quart d'heure.")
                file.write(block)
    except httpx.TimeoutException as error:
        raise SourceBroken("Cette adresse ne répond pas dans le temps donné.") from error
    except httpx.HTTPStatusError as error:
        raise SourceBroken(f"Cette adresse répond {error.response.status_code}.") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise SourceBroken("Cette adresse ne peut pas être jointe.") from error
    return path


def _parts(handle: BinaryIO, name: str, size: int, stack: ExitStack) -> Iterator[Part]:
    start = handle.read(4)
    handle.seek(0)
    if start.startswith(_GZIP):
        inflated = stack.enter_context(gzip.GzipFile(fileobj=handle))
        yield Part(name.removesuffix(".gz"), _limited(inflated, size))
    elif start == _ZIP:
        yield from _members(handle, size, stack)
    else:
        yield Part(name, _limited(handle, size))


def _members(handle: BinaryIO, size: int, stack: ExitStack) -> Iterator[Part]:
    try:
        archive = stack.enter_context(zipfile.ZipFile(handle))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise SourceBroken("Cette archive zip est abîmée.") from error
    members = [
        member
        for member in archive.infolist()
        if not member.is_dir() and PurePosixPath(member.filename).suffix.lower() in _DATA - {""}
    ]
    if any(member.filename.startswith("xl/") for member in archive.infolist()):
        raise SourceBroken("C'est un classeur Excel : enregistrez-le en CSV (UTF-8).")
    if len(members) > MOST_FILES or sum(member.file_size for member in members) > MOST_BYTES:
        raise SourceBroken("Cette archive est démesurée : elle n'est pas ouverte.")
    for member in sorted(members, key=lambda each: "service" in each.filename.lower()):
        if member.flag_bits & 1:
            raise SourceBroken("Cette archive demande un mot de passe.")
        opened = stack.enter_context(archive.open(member))
        stream = _limited(opened, size)
        if member.filename.lower().endswith(".gz"):
            stream = _limited(stack.enter_context(gzip.GzipFile(fileobj=stream)), size)
        yield Part(PurePosixPath(member.filename).name, stream)


class _Readable(Protocol):
    def read(self, size: int = ..., /) -> bytes: ...


class _Limited(io.RawIOBase):
    """A stream that stops where no honest list goes on; what breaks off says so."""

    def __init__(self, stream: _Readable, packed: int) -> None:
        """Read that stream, which takes so many bytes where it lies."""
        self._stream = stream
        self._allowed = min(MOST_BYTES, max(_INFLATED_ALLOWED, packed * MOST_INFLATED))
        self._given = 0

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: memoryview, /) -> int:  # type: ignore[override]
        """Fill a buffer; raises SourceBroken beyond the limit or where the stream is damaged."""
        try:
            block = self._stream.read(len(buffer))
        except (EOFError, zlib.error, gzip.BadGzipFile, zipfile.BadZipFile) as error:
            raise SourceBroken("Cette archive est abîmée, ou coupée avant sa fin.") from error
        self._given += len(block)
        if self._given > self._allowed:
            raise SourceBroken("Cette archive grossit sans mesure : la lecture est arrêtée.")
        buffer[: len(block)] = block
        return len(block)


def _limited(stream: _Readable, packed: int) -> io.BufferedReader:
    return io.BufferedReader(_Limited(stream, packed), _BLOCK)
