"""The commands: each parses its words, calls one use case, and prints."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated

import typer

from assistant import bootstrap, terminal
from assistant.adapters.content_files import CONTENT, load_content
from assistant.adapters.locales import LOCALES
from assistant.adapters.messages_template import template, write_template
from assistant.adapters.rasa import RasaInterpreter, RasaServer, RasaState
from assistant.config import ROOT, Settings
from assistant.domain.errors import PasAPasError
from assistant.domain.messages import Channel
from assistant.flows.document import Rule
from assistant.run import CannotStart, Port, RunSettings, run_all, train
from assistant.run.private_rasa import private_rasa
from assistant.safety.masking import mask
from assistant.services.understand import Understand

# A fact past its review is a warning on a working day, and stops a release.
_FOR_A_RELEASE = frozenset({Rule.FACT_PAST_REVIEW})

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Pas à Pas : prend les gens par la main, pas à pas.",
)


def main() -> None:
    """Run the command line; a known error is one plain line, never a traceback."""
    try:
        app()
    except (PasAPasError, CannotStart) as error:
        _fail(str(error))


@app.command("run")
def run_command() -> None:
    """Lance tout : la page, les actions et Rasa. Ctrl-C arrête tout."""
    settings = Settings()
    run_all(
        run_settings(settings),
        prepare_database=lambda: _tell_conflicts(settings),
        say=typer.echo,
    )


@app.command("train")
def train_command() -> None:
    """Apprend les phrases de nlu/data, si elles ont changé."""
    if not train(run_settings(Settings()), say=typer.echo):
        raise typer.Exit(130)


@app.command()
def check_content(
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse aussi les faits à relire (publication).")
    ] = False,
) -> None:
    """Vérifie les parcours, les réponses, les faits et le glossaire."""
    findings = bootstrap.check(load_content(), datetime.now(UTC).date())
    refused = [each for each in findings if strict or each.rule not in _FOR_A_RELEASE]
    for finding in findings:
        typer.echo(f"{'ERREUR' if finding in refused else 'à voir'} · {finding}")
    if refused:
        _fail(f"{len(refused)} point(s) à corriger.")
    typer.echo(f"Contenu vérifié : {len(findings)} point(s) à voir, aucune erreur.")


@app.command()
def talk(
    flow: Annotated[
        str | None, typer.Argument(help="Le parcours à ouvrir ; sinon l'accueil.")
    ] = None,
) -> None:
    """Parle avec l'assistant dans le terminal, sans Rasa."""
    terminal.talk(flow, sys.stdin, typer.echo)


@app.command()
def preview(
    flow: Annotated[str, typer.Argument(help="Le parcours à lire.")],
    channel: Annotated[Channel, typer.Option(help="web ou sms")] = Channel.WEB,
) -> None:
    """Montre tous les textes d'un parcours, comme la personne les lit."""
    terminal.preview(flow, channel, typer.echo)


@app.command("understand")
def understand_command() -> None:
    """Comprend des phrases : une ligne JSON {"text": …} donne une ligne JSON."""
    settings = Settings()
    with _interpreter(settings) as interpreter:
        for answer in terminal.understand_lines(sys.stdin.buffer, Understand(interpreter)):
            typer.echo(json.dumps(answer, ensure_ascii=False))


@app.command("mask")
def mask_command() -> None:
    """Masque les numéros qui identifient quelqu'un : entrée standard vers sortie standard."""
    text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    sys.stdout.write(mask(text).text)


@app.command()
def messages(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Vérifie sans écrire que le modèle est à jour.")
    ] = False,
) -> None:
    """Écrit locales/messages.pot, le modèle de toutes les phrases à traduire."""
    path = LOCALES / "messages.pot"
    current = template(load_content(CONTENT))
    if not check:
        write_template(path, current)
        typer.echo(f"{path.relative_to(ROOT)} : {len(current)} phrases")
    elif not path.is_file() or path.read_bytes() != current.bytes:
        _fail("locales/messages.pot n'est pas à jour : lancez « assistant messages ».")


def run_settings(settings: Settings) -> RunSettings:
    """Return what the three processes start from."""
    token = bootstrap.rasa_token(settings)
    return RunSettings(
        root=ROOT,
        data=settings.data_dir,
        host=settings.host,
        gateway=Port(settings.port, "PASAPAS_PORT"),
        actions=Port(settings.actions_port, "PASAPAS_ACTIONS_PORT"),
        rasa=Port(settings.rasa_port, "PASAPAS_RASA_PORT"),
        rasa_token=token,
        environment=dict(os.environ),
    )


@contextmanager
def _interpreter(settings: Settings) -> Iterator[RasaInterpreter]:
    """Use the Rasa that runs, or one of our own for the time of the command."""
    server = RasaServer(
        settings.rasa_address, bootstrap.rasa_token(settings), settings.rasa_seconds
    )
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


def _tell_conflicts(settings: Settings) -> None:
    report = bootstrap.prepare_database(settings)
    for conflict in report.conflicts:
        typer.echo(
            f"{conflict.slug} : la version publiée par un éditeur reste en place ; "
            "celle du fichier attend comme brouillon."
        )


def _fail(message: str) -> None:
    typer.echo(message, err=True)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
