"""What the commands do, in words on the terminal."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import typer

from assistant import preparation, terminal
from assistant.adapters.content_files import load_content
from assistant.adapters.locales import LOCALES
from assistant.adapters.messages_template import template, write_template
from assistant.adapters.rasa import RasaInterpreter, RasaServer, RasaState
from assistant.config import ROOT, Settings
from assistant.domain.messages import Channel
from assistant.flows.document import Rule
from assistant.launch import run_settings
from assistant.run.private_rasa import private_rasa
from assistant.safety import masking
from assistant.services.understand import Understand

# A fact past its review is a warning on a working day, and stops a release.
_FOR_A_RELEASE = frozenset({Rule.FACT_PAST_REVIEW})


def prepare() -> None:
    """Create or upgrade the database and bring in the content."""
    report = preparation.prepare_database(Settings(), load_content())
    typer.echo(f"Base prête ; {len(report.published)} document(s) publié(s).")


def check_content(*, strict: bool) -> None:
    """Tell what is wrong with the content; ``strict`` refuses facts past their review too."""
    findings = preparation.check(load_content(), datetime.now(UTC).date())
    refused = [each for each in findings if strict or each.rule not in _FOR_A_RELEASE]
    for finding in findings:
        typer.echo(f"{'ERREUR' if finding in refused else 'à voir'} · {finding}")
    if refused:
        _fail(f"{len(refused)} point(s) à corriger.")
    typer.echo(f"Contenu vérifié : {len(findings)} point(s) à voir, aucune erreur.")


def talk(flow: str | None) -> None:
    """Hold a conversation on the terminal."""
    terminal.talk(flow, sys.stdin, typer.echo)


def preview(flow: str, channel: str) -> None:
    """Print the texts of a flow."""
    terminal.preview(flow, Channel(channel), typer.echo)


def understand() -> None:
    """Answer each JSON line of the input by one."""
    with _interpreter(Settings()) as interpreter:
        for answer in terminal.understand_lines(sys.stdin.buffer, Understand(interpreter)):
            typer.echo(json.dumps(answer, ensure_ascii=False))


def mask() -> None:
    """Copy the input to the output, without the numbers that identify somebody."""
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    sys.stdout.buffer.write(masking.mask(text).text.encode())


def messages(*, check: bool) -> None:
    """Write the template for translators, or tell that it is out of date."""
    path = LOCALES / "messages.pot"
    current = template(load_content())
    if not check:
        write_template(path, current)
        typer.echo(f"{path.relative_to(ROOT)} : {len(current)} phrases")
    elif not path.is_file() or path.read_bytes() != current.bytes:
        _fail("locales/messages.pot n'est pas à jour : lancez « assistant messages ».")


@contextmanager
def _interpreter(settings: Settings) -> Iterator[RasaInterpreter]:
    """Use the Rasa that runs, or one of our own for the time of the command."""
    server = RasaServer(settings.rasa_address, settings.rasa_api_token, settings.rasa_seconds)
    try:
        if server.probe() is RasaState.READY:
            yield RasaInterpreter(server)
            return
    finally:
        server.close()
    with private_rasa(run_settings(settings), say=lambda line: typer.echo(line, err=True)) as rasa:
        own = RasaServer(rasa.address, rasa.token, settings.rasa_seconds)
        try:
            yield RasaInterpreter(own)
        finally:
            own.close()


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise SystemExit(1)
