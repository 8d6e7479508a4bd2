"""The commands of the directory: each parses its words and calls ``directory_commands``."""

from __future__ import annotations

import importlib
from enum import StrEnum
from types import ModuleType
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="L'annuaire des lieux où quelqu'un aide.")


class SourceFormat(StrEnum):
    """The formats that can be named; the same as the importer's, without importing it."""

    AUTO = "auto"
    MEDIATION_V1 = "mediation-v1"
    MEDIATION_V0 = "mediation-v0"
    DATA_INCLUSION_V1 = "data-inclusion-v1"
    DATA_INCLUSION_V0 = "data-inclusion-v0"
    FRANCE_SERVICES = "france-services"


@app.command("import")
def import_places(
    sources: Annotated[
        list[str], typer.Argument(help="Fichiers, dossiers, archives ou adresses http.")
    ],
    *,
    source_format: Annotated[
        SourceFormat, typer.Option("--format", help="Le format ; « auto » le reconnaît.")
    ] = SourceFormat.AUTO,
    dataset: Annotated[
        str | None,
        typer.Option(help="Le nom de la liste, dont ceci est une nouvelle version."),
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="Accepte une liste qui a perdu la moitié des lieux.")
    ] = False,
    report: Annotated[
        str | None, typer.Option(help="Écrit dans ce fichier CSV chaque refus et correction.")
    ] = None,
) -> None:
    """Apporte une liste de lieux ; dit ce qui est refusé et ce qui est corrigé."""
    _commands().import_places(
        sources,
        source_format=None if source_format is SourceFormat.AUTO else source_format.value,
        dataset=dataset,
        confirm=confirm,
        report=report,
    )


@app.command()
def communes(
    source: Annotated[str, typer.Argument(help="Fichier JSON ou adresse http.")],
) -> None:
    """Met à jour les communes depuis la liste nationale (geo.api.gouv.fr)."""
    _commands().renew_communes(source)


@app.command()
def explain(
    place_id: Annotated[str, typer.Argument(help="L'identifiant d'un lieu.")],
) -> None:
    """Dit d'où vient chaque information d'un lieu, et pourquoi des fiches ont été réunies."""
    _commands().explain(place_id)


@app.command()
def stats() -> None:
    """Compte les lieux, et dit l'âge de chaque liste."""
    _commands().stats()


@app.command()
def search(
    near: Annotated[str, typer.Argument(help="Une commune, un code postal ou « 44.56,6.08 ».")],
    *,
    need: Annotated[
        str | None,
        typer.Option(help="mon_espace_sante, procedures, computer_access ou learning."),
    ] = None,
    open_now: Annotated[bool, typer.Option("--open-now", help="Ouvert en ce moment.")] = False,
    day: Annotated[str | None, typer.Option(help="Ouvert ce jour-là (AAAA-MM-JJ).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=50)] = 5,
    radius: Annotated[float, typer.Option(min=0.1, max=200, help="En kilomètres.")] = 20.0,
) -> None:
    """Cherche les lieux autour d'une commune ou d'un point."""
    _commands().search(
        near,
        need=need,
        open_now=open_now,
        day=day,
        limit=limit,
        radius=radius,
    )


@app.command()
def reports() -> None:
    """Dit quels lieux ont été signalés fermés, les plus signalés d'abord."""
    _commands().reports()


@app.command()
def settle(
    place_id: Annotated[str, typer.Argument(help="L'identifiant d'un lieu signalé.")],
) -> None:
    """Clôt les signalements d'un lieu vérifié : il n'est plus dit fermé."""
    _commands().settle(place_id)


@app.command()
def export(
    *,
    as_geojson: Annotated[
        bool, typer.Option("--geojson", help="En GeoJSON, et non au schéma national (CSV).")
    ] = False,
) -> None:
    """Écrit tout l'annuaire sur la sortie standard."""
    _commands().export(as_geojson=as_geojson)


def _commands() -> ModuleType:
    return importlib.import_module("assistant.directory_commands")
