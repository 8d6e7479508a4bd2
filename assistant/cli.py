"""The command line: each command parses its words and calls one function of ``commands``.

Only what every command needs is imported here: ``run`` stays alive beside the three processes that
it keeps up, and must not weigh as much as they do.
"""

from __future__ import annotations

import importlib
from datetime import datetime
from enum import StrEnum
from types import ModuleType
from typing import Annotated

import typer

from assistant import directory_cli
from assistant.config import Settings
from assistant.domain.errors import PasAPasError, StorageUnavailable
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


class PageFormat(StrEnum):
    """How the texts are laid out."""

    TEXT = "text"
    HTML = "html"


outbox = typer.Typer(no_args_is_help=True, help="Les SMS que personne n'a reçus.")
app.add_typer(outbox, name="outbox")
consents = typer.Typer(no_args_is_help=True, help="Le registre des accords.")
app.add_typer(consents, name="consents")
app.add_typer(directory_cli.app, name="directory")


def main() -> None:
    """Run the command line; a known error is one plain line, never a traceback."""
    try:
        app()
    except StorageUnavailable:
        typer.echo(
            "La base ne répond pas, ou n'est pas prête : lancez « assistant prepare ».", err=True
        )
        raise SystemExit(1) from None
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
    flow: Annotated[str | None, typer.Argument(help="Le parcours à lire.")] = None,
    channel: Annotated[ShownChannel, typer.Option(help="web ou sms")] = ShownChannel.WEB,
    *,
    everything: Annotated[
        bool, typer.Option("--all", help="Tous les textes, sur une page à lire ou à imprimer.")
    ] = False,
    for_other: Annotated[
        bool, typer.Option("--for-other", help="Comme les lit quelqu'un qui aide la personne.")
    ] = False,
    as_format: Annotated[
        PageFormat | None,
        typer.Option("--format", help="text ou html ; html pour --all, text pour un parcours."),
    ] = None,
) -> None:
    """Montre tous les textes d'un parcours, ou de tout, comme la personne les lit."""
    if everything == (flow is not None):
        raise typer.BadParameter("nommez un parcours, ou demandez --all.")
    if everything and as_format is PageFormat.TEXT:
        raise typer.BadParameter("--all donne une page : --format html.")
    if flow is None or as_format is PageFormat.HTML:
        _commands().preview_page(flow, channel.value, for_other=for_other)
    else:
        _commands().preview(flow, channel.value, for_other=for_other)


@app.command()
def understand() -> None:
    """Comprend des phrases : une ligne JSON {"text": …} donne une ligne JSON."""
    _commands().understand()


@app.command()
def mask() -> None:
    """Masque les numéros qui identifient quelqu'un : entrée standard vers sortie standard."""
    _commands().mask()


@app.command()
def sms(text: Annotated[str, typer.Argument(help="Le texte à mesurer.")]) -> None:
    """Mesure un SMS : alphabet, parties, lettres qui coûtent, texte proposé, prix."""
    _commands().sms(text)


@app.command()
def tallies(
    since: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Depuis ce jour ; sinon depuis 30 jours."),
    ] = None,
) -> None:
    """Compte ce que deviennent les parcours, étape par étape, sans rien dire de personne."""
    _commands().tallies(since.date() if since is not None else None)


@app.command()
def messages(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Vérifie sans écrire que le modèle est à jour.")
    ] = False,
) -> None:
    """Écrit locales/messages.pot, le modèle de toutes les phrases à traduire."""
    _commands().messages(check=check)


@app.command("reseal")
def reseal_command() -> None:
    """Chiffre de nouveau les numéros avec la première clé ; les autres peuvent ensuite partir."""
    _commands().reseal_all()


@consents.command("verify")
def verify_consents(
    head: Annotated[
        str, typer.Option(help="L'empreinte de fin, notée ailleurs par « consents head ».")
    ] = "",
) -> None:
    """Cherche ce qui a été changé, déplacé, ajouté ou coupé dans le registre."""
    _commands().verify_consents(head or None)


@consents.command("head")
def head_of_consents() -> None:
    """Montre l'empreinte de fin du registre : notez-la ailleurs que sur cette machine."""
    _commands().head_of_consents()


@outbox.command()
def dead() -> None:
    """Montre les SMS perdus et ce que Twilio doit encore effacer, sans numéro ni texte."""
    _commands().list_dead()


@outbox.command()
def replay(
    outgoing_id: Annotated[str, typer.Argument(metavar="ID", help="Donné par « outbox dead ».")],
) -> None:
    """Fait repartir un SMS perdu."""
    _commands().replay(outgoing_id)


def _commands() -> ModuleType:
    return importlib.import_module("assistant.commands")


if __name__ == "__main__":
    main()
