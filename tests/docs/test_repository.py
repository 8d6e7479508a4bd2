"""No file speaks of the machine that it was written on, nor of where packages come from."""

from __future__ import annotations

import configparser
import os
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.docs.pages import ROOT

# Written so that this file does not match itself.
MACHINE = re.compile(r"/wor[k]/|/roo[t]/|/hom[e]/[a-z]|/User[s]/[a-z]|[C]:\\\\Users")
REGISTRIES = re.compile(
    r"pypi\.org|pythonhosted\.org|npmjs\.org|npmjs\.com|crates\.io|proxy\.golang\.org"
    r"|deb\.debian\.org|huggingface\.co"
)
_INDEX_VARIABLES = (
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "NPM_CONFIG_REGISTRY",
    "GOPROXY",
)
_PIP_SETTINGS = ("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf")


@cache
def _texts() -> dict[str, str]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a clone: what belongs to the repository is not known")
    listed = subprocess.run(
        [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        path = ROOT / name
        content = path.read_bytes() if path.is_file() else b"\0"
        if b"\0" not in content[:8_000]:
            found[name] = content.decode("utf-8", "replace")
    return found


def _lines_that_match(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number}"
        for name, text in _texts().items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_the_texts_are_found() -> None:
    assert {"README.md", "LICENSE", "assistant/config.py"} <= _texts().keys()


def test_no_file_names_a_place_of_this_machine() -> None:
    assert not _lines_that_match(MACHINE)


def test_no_file_names_a_registry() -> None:
    assert not _lines_that_match(REGISTRIES)


def test_no_file_names_the_registries_that_this_machine_uses() -> None:
    hosts = _configured_hosts() - {"localhost"}
    if hosts:
        pattern = re.compile("|".join(re.escape(host) for host in sorted(hosts)))
        assert not _lines_that_match(pattern)


def _configured_hosts() -> set[str]:
    addresses = " ".join(os.environ.get(name, "") for name in _INDEX_VARIABLES)
    for name in _PIP_SETTINGS:
        path = Path(name).expanduser()
        parser = configparser.ConfigParser(strict=False, interpolation=None)
        if path.is_file():
            parser.read(path)
            for part in parser.values():
                addresses += " " + " ".join(part.values())
    found = {urlsplit(word).hostname for word in re.split(r"[\s,|]+", addresses)}
    return {host for host in found if host}
