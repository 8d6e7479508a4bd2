"""Compiles the pinned requirements, and tells whether they are those of the declared ones.

    python .ci/pins.py lock [--upgrade]
    python .ci/pins.py check

A pinned file holds names, versions, markers and hashes, and no address: it works behind any
mirror. Its head keeps a digest of what it was compiled from, so that a forgotten ``make lock`` is
seen without a network.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = ROOT / ".ci" / "uv"
OPTIONS = (
    *("--universal", "--generate-hashes", "--python-version", "3.11"),
    *("--no-header", "--no-annotate", "--quiet"),
)
DIGEST_LINE = "# Inputs sha256: "
PIN = re.compile(r"^[A-Za-z0-9][^\\\n]*", re.MULTILINE)


class PinsError(Exception):
    """The pins cannot be made, or are not what they should be."""


@dataclass(frozen=True)
class Pins:
    """A pinned file and what it is compiled from."""

    output: Path
    project: Path
    extra: str | None = None
    group: str | None = None
    overrides: Path | None = None
    constraints: Path | None = None

    @property
    def name(self) -> str:
        """The path a person knows it by."""
        return self.output.relative_to(ROOT).as_posix()

    def source_arguments(self) -> list[str]:
        """Return the arguments that tell uv what to compile."""
        arguments = [str(self.project)] if self.group is None else []
        if self.extra is not None:
            arguments += ["--extra", self.extra]
        if self.group is not None:
            arguments += ["--group", f"{self.project}:{self.group}"]
        if self.overrides is not None:
            arguments += ["--override", str(self.overrides)]
        if self.constraints is not None:
            arguments += ["--constraint", str(self.constraints)]
        return arguments

    def digest(self) -> str:
        """Return the digest of the declared requirements, whatever else their files hold."""
        document = tomllib.loads(self.project.read_text(encoding="utf-8"))
        project = document["project"]
        declared = {
            "python": project["requires-python"],
            "dependencies": [] if self.group else project["dependencies"],
            "extra": project["optional-dependencies"][self.extra] if self.extra else [],
            "group": document["dependency-groups"][self.group] if self.group else [],
            "overrides": versions(self.overrides) if self.overrides else [],
            "constraints": versions(self.constraints) if self.constraints else [],
            "options": OPTIONS,
        }
        return hashlib.sha256(json.dumps(declared, sort_keys=True).encode()).hexdigest()

    def compile(self, output: Path, *options: str) -> None:
        """Compile into a file, whose present versions are kept where they can. Raises PinsError."""
        command = [str(UV), "pip", "compile", *OPTIONS, *options, *self.source_arguments()]
        outcome = subprocess.run(  # noqa: S603 - our own command
            [*command, "--output-file", str(output)],
            cwd=ROOT,
            env={"UV_HTTP_TIMEOUT": "30", **os.environ},
            capture_output=True,
            text=True,
            check=False,
        )
        if outcome.returncode != 0:
            raise PinsError(outcome.stderr.strip())


MAIN = ROOT / "pyproject.toml"
RUN = Pins(output=ROOT / "requirements.txt", project=MAIN)
ALL_PINS = (
    Pins(output=ROOT / "requirements-tools.txt", project=MAIN, group="tools"),
    RUN,
    # The same versions as at run time: what is tested is what runs.
    Pins(output=ROOT / "requirements-dev.txt", project=MAIN, extra="dev", constraints=RUN.output),
    Pins(
        output=ROOT / "nlu" / "requirements.txt",
        project=ROOT / "nlu" / "pyproject.toml",
        overrides=ROOT / "nlu" / "overrides.txt",
    ),
)


def versions(path: Path) -> list[str]:
    """Return the requirement lines of a file, without hashes and comments."""
    return sorted(line.strip() for line in PIN.findall(path.read_text(encoding="utf-8")))


def lock(*, upgrade: bool) -> None:
    """Compile every pinned file anew. Raises PinsError."""
    for pins in ALL_PINS:
        pins.compile(pins.output, *(["--upgrade"] if upgrade else []))
        body = pins.output.read_text(encoding="utf-8")
        if "://" in body:
            raise PinsError(f"{pins.name} holds an address; a pinned file must not")
        source = pins.project.relative_to(ROOT).as_posix()
        head = f'# Compiled from {source} by "make lock"; not edited by hand.\n'
        pins.output.write_text(f"{head}{DIGEST_LINE}{pins.digest()}\n{body}", encoding="utf-8")
        print(f"{pins.name}: {len(versions(pins.output))} packages")


def check() -> None:
    """Refuse pins that are not those of the declared requirements. Raises PinsError."""
    for pins in ALL_PINS:
        lines = pins.output.read_text(encoding="utf-8").splitlines()
        kept = [line.removeprefix(DIGEST_LINE) for line in lines if line.startswith(DIGEST_LINE)]
        if kept != [pins.digest()]:
            raise PinsError(f"{pins.name} is not compiled from what is declared now: make lock")
        difference = recompiled_difference(pins)
        if difference is None:
            print(f"{pins.name}: same inputs (the package index cannot be reached to compile anew)")
        elif difference:
            changes = "\n".join(f"  {line}" for line in difference)
            raise PinsError(f"{pins.name} would be compiled differently: make lock\n{changes}")
        else:
            print(f"{pins.name}: current")


def recompiled_difference(pins: Pins) -> list[str] | None:
    """Return the lines that a new compilation would change, or None without an index.

    Hashes are left out: a file added later to a release changes them and changes nothing here.
    """
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "requirements.txt"
        shutil.copyfile(pins.output, output)
        try:
            pins.compile(output)
        except PinsError as error:
            if "No solution found" in str(error):
                raise
            return None
        return sorted(set(versions(pins.output)) ^ set(versions(output)))


def main(arguments: list[str]) -> int:
    """Run the command asked for; return the exit code."""
    try:
        match arguments:
            case ["lock"]:
                lock(upgrade=False)
            case ["lock", "--upgrade"]:
                lock(upgrade=True)
            case ["check"]:
                check()
            case _:
                print(__doc__, file=sys.stderr)
                return 2
    except PinsError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
