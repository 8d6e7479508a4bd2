"""The command line: each command parses its words and calls one function of ``commands``.

Only what every command needs is imported here: ``run`` stays alive beside the three processes that
it keeps up, and must not weigh as much as they do.
"""

from __future__ import annotations

import importlib
from enum import StrEnum
from types import ModuleType
from typing import Annotated

import typer

from assistant.config import Settings
from assistant.domain.errors import PasAPasError
from assistant.launch import run_settings
from assistant.run import CannotStart, run_all, train

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Pas à Pas : prend les gens par la main, pas à pas.",
)


class ShownChannel(StrEnum):
    """The channels whose texts can be previewed."""

    WEB = "web"
    SMS = "sms"


def main() -> None:
    """Run the command line; a known error is one plain line, never a traceback."""
    try:
        app()
    except (PasAPasError, CannotStart) as error:
        typer.echo(str(error), err=True)
        raise SystemExit(1) from None


@app.command("run")
def run_command() -> None:
    """Lance tout : la page, les actions et Rasa. Ctrl-C arrête tout."""
    run_all(run_settings(Settings()), say=typer.echo)


@app.command("train")
def train_command() -> None:
    """Apprend les phrases de nlu/data, si elles ont changé."""
    if not train(run_settings(Settings()), say=typer.echo):
        raise typer.Exit(130)


@app.command()
def prepare() -> None:
    """Crée ou met à jour la base de données, et y apporte le contenu des fichiers."""
    _commands().prepare()


@app.command()
def check_content(
    *,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse aussi les faits à relire (publication).")
    ] = False,
) -> None:
    """Vérifie les parcours, les réponses, les faits et le glossaire."""
    _commands().check_content(strict=strict)


@app.command()
def talk(
    flow: Annotated[
        str | None, typer.Argument(help="Le parcours à ouvrir ; sinon l'accueil.")
    ] = None,
) -> None:
    """Parle avec l'assistant dans le terminal, sans Rasa."""
    _commands().talk(flow)


@app.command()
def preview(
    flow: Annotated[str, typer.Argument(help="Le parcours à lire.")],
    channel: Annotated[ShownChannel, typer.Option(help="web ou sms")] = ShownChannel.WEB,
) -> None:
    """Montre tous les textes d'un parcours, comme la personne les lit."""
    _commands().preview(flow, channel.value)


@app.command()
def understand() -> None:
    """Comprend des phrases : une ligne JSON {"text": …} donne une ligne JSON."""
    _commands().understand()


@app.command()
def mask() -> None:
    """Masque les numéros qui identifient quelqu'un : entrée standard vers sortie standard."""
    _commands().mask()


@app.command()
def messages(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Vérifie sans écrire que le modèle est à jour.")
    ] = False,
) -> None:
    """Écrit locales/messages.pot, le modèle de toutes les phrases à traduire."""
    _commands().messages(check=check)


def _commands() -> ModuleType:
    return importlib.import_module("assistant.commands")


if __name__ == "__main__":
    main()
