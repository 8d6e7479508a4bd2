"""What the commands of the directory do, in words on the terminal."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import typer
from sqlalchemy import Engine

from assistant.adapters.clock import SystemClock
from assistant.adapters.database import open_database
from assistant.adapters.migrations import upgrade
from assistant.adapters.places.communes import KeptCommunes
from assistant.adapters.places.explaining import explain as explain_place
from assistant.adapters.places.explaining import status
from assistant.adapters.places.importer import PlaceImporter, open_for_import
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.places.report import ImportReport, ImportStatus
from assistant.adapters.repositories.place_reports import SqlPlaceReports
from assistant.config import Settings
from assistant.directory.embedded import embedded_gazetteer
from assistant.directory.hours import OpenState
from assistant.directory.locating import CommuneLocator
from assistant.directory.place import Point
from assistant.directory.readers.formats import Format
from assistant.directory.readers.rows import SourceBroken
from assistant.directory.remarks import Outcome, Remark
from assistant.directory.search import Hit, KnownPlace, Query
from assistant.directory.traits import Need
from assistant.directory.writers import geojson_text, schema_csv
from assistant.domain.errors import InvalidInput

_OUTCOMES = {
    Outcome.REFUSED: "refusé",
    Outcome.DROPPED: "laissé de côté",
    Outcome.MENDED: "corrigé",
}
_STATES = {OpenState.OPEN: "ouvert", OpenState.CLOSED: "fermé", OpenState.UNKNOWN: "appelez avant"}
_SHOWN_REMARKS = 20
_COORDINATES = re.compile(r"(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)")


def import_places(
    sources: Sequence[str],
    *,
    source_format: str | None,
    dataset: str | None,
    confirm: bool,
    report: str | None,
) -> None:
    """Import a list, and tell what came of it; exits with 1 when nothing could be taken."""
    engine = open_for_import(Settings().database)
    try:
        upgrade(engine)
        with _progress() as progress, _remarks_into(report) as listen:
            done = PlaceImporter(
                engine, SystemClock().now, CommuneLocator(embedded_gazetteer())
            ).run(
                sources,
                expected=None if source_format is None else Format(source_format),
                dataset=dataset,
                is_confirmed=confirm,
                progress=progress,
                listen=listen,
            )
    finally:
        engine.dispose()
    _tell(done)
    if done.status in {ImportStatus.BROKEN, ImportStatus.HELD}:
        raise SystemExit(1)


def renew_communes(source: str) -> None:
    """Renew the communes, and tell what changed; exits with 1 when the list is refused."""
    try:
        done = KeptCommunes(Settings().data_dir).renew(source)
    except SourceBroken as error:
        typer.echo(f"{error} Les communes restent comme elles étaient.", err=True)
        raise SystemExit(1) from error
    typer.echo(
        f"{done.read} lignes lues : {done.added} communes ajoutées, {done.changed} changées ; "
        f"{done.refused} lignes refusées."
    )
    if done.kept:
        typer.echo(f"  {done.kept} communes absentes de la liste restent comme livrées.")
    if done.misplaced:
        typer.echo(f"  {done.misplaced} positions invraisemblables laissées de côté.")


def explain(place_id: str) -> None:
    """Tell where each field of a place comes from, and why its descriptions were taken for one."""
    with _opened() as engine:
        found = explain_place(engine, place_id)
    place = found.merged.place
    typer.echo(f"{found.id} · {place.name} · {place.address}, {place.postcode} {place.commune}")
    typer.echo(f"\nFiches ({len(found.descriptions)}) :")
    for rank, each in enumerate(found.descriptions, 1):
        typer.echo(
            f"  {rank}. {each.dataset} · {each.place.source}/{each.place.external_id} · "
            f"{each.place.name} · {each.place.updated or 'sans date'}"
        )
    if found.evidence:
        typer.echo("\nRéunies parce que :")
        for one, other, why in found.evidence:
            typer.echo(f"  {one + 1} et {other + 1} : {why.value}")
    typer.echo("\nChaque information et sa source :")
    for name, givers in sorted(found.merged.provenance.items()):
        value = getattr(place, name)
        shown = " | ".join(map(str, value)) if isinstance(value, tuple) else str(value)
        typer.echo(f"  {name} = {shown[:80]}  ← {', '.join(givers)}")
    typer.echo(f"\nQualité : {sum(found.quality.values())} sur 100")
    for name, points in found.quality.items():
        typer.echo(f"  {name} : {points}")
    if found.reports:
        typer.echo(f"\nSignalé par {found.reports} personne(s), à vérifier.")


def stats() -> None:
    """Tell how many places there are, and how old each list is."""
    with _opened() as engine:
        found = status(engine)
    typer.echo(
        f"{found.places} lieux, de {found.records} fiches ({found.merged} réunies) ; "
        f"{found.with_point} sur la carte, {found.with_hours} aux horaires connus, "
        f"{found.trained} formés à Mon espace santé, {found.reported} signalements ouverts."
    )
    for each in found.datasets:
        typer.echo(
            f"  {each.id} · {each.format} · {each.places} lieux · importée le "
            f"{each.imported_at:%Y-%m-%d} · {each.last_status}"
            + (f" · liste du {each.dated}" if each.dated else "")
        )


def search(
    near: str,
    *,
    need: str | None,
    open_now: bool,
    day: str | None,
    limit: int,
    radius: float,
) -> None:
    """Tell which places are around a commune or a point."""
    try:
        query = Query(
            near=_point(near),
            need=None if need is None else Need(need),
            open_now=open_now,
            open_on=None if day is None else date.fromisoformat(day),
            limit=limit,
            radius_km=radius,
        )
    except ValueError as error:
        raise InvalidInput(str(error)) from error
    now = SystemClock().now()
    with _opened() as engine:
        found = SqlPlaces(engine).find(query, now)
    for hit in (*found.hits, *found.remote):
        typer.echo(_line(hit, now.date()))
    if found.was_widened:
        typer.echo(f"(cherché jusqu'à {found.radius_km:.0f} km)")
    if found.ring_support:
        typer.echo("Aucun lieu proche : appelez le 3422.")


def reports() -> None:
    """Tell which places are said to be closed, and how to reach them to ask."""
    with _opened() as engine, engine.connect() as connection:
        waiting = SqlPlaceReports(connection).waiting()
        places = SqlPlaces(engine)
        for each in waiting:
            known = places.get(each.place_id)
            # A place that left every list since is told all the same: its report is to be closed.
            where = "n'est plus dans l'annuaire" if known is None else _address(known)
            typer.echo(
                f"{each.place_id} · {each.times} fois, du {each.first_at:%Y-%m-%d} au "
                f"{each.last_at:%Y-%m-%d} · {where}"
            )
    if not waiting:
        typer.echo("Aucun signalement n'attend.")


def settle(place_id: str) -> None:
    """Close the reports of a place; exits with 1 when it had none."""
    with _opened() as engine, engine.begin() as connection:
        settled = SqlPlaceReports(connection).settle(place_id, SystemClock().now())
    if not settled:
        typer.echo(f"Aucun signalement n'attend pour {place_id}.", err=True)
        raise SystemExit(1)
    typer.echo(f"{settled} signalement(s) clos pour {place_id}.")


def export(*, as_geojson: bool) -> None:
    """Write the whole directory to the standard output."""
    with _opened() as engine:
        places = SqlPlaces(engine).every()
        if as_geojson:
            sys.stdout.write(geojson_text(places))
        else:
            sys.stdout.writelines(schema_csv(places))


def _point(near: str) -> Point:
    """Return the point that somebody means; raises InvalidInput when it could be several."""
    written = _COORDINATES.fullmatch(near.strip())
    if written is not None:
        return Point(*map(float, written.groups()))
    found = KeptCommunes(Settings().data_dir).gazetteer().resolve(near).choices
    if len(found) != 1:
        meant = " ; ".join(area.label for area in found)
        raise InvalidInput(f"« {near} » : " + (f"lequel ? {meant}" if meant else "inconnu."))
    return Point(found[0].latitude, found[0].longitude)


@contextmanager
def _opened() -> Iterator[Engine]:
    engine = open_database(Settings().database)
    try:
        upgrade(engine)
        yield engine
    finally:
        engine.dispose()


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """Show how far the reading has come, where somebody looks on."""
    if not sys.stderr.isatty():
        yield lambda _position, _size: None
        return
    with typer.progressbar(length=100, label="Lecture", file=sys.stderr) as bar:

        def advance(position: int, size: int) -> None:
            percent = 100 if not size else min(100, position * 100 // size)
            bar.update(percent - bar.pos)

        yield advance


def _tell(done: ImportReport) -> None:
    match done.status:
        case ImportStatus.BROKEN:
            typer.echo(f"{done.problem} L'annuaire reste comme il était.", err=True)
        case ImportStatus.HELD:
            typer.echo(f"À confirmer. {done.problem}", err=True)
        case _:
            typer.echo(
                f"« {done.dataset} » ({done.format}) : {done.read} lignes lues, {done.taken} "
                f"lieux ; {done.added} ajoutés, {done.changed} changés, {done.removed} retirés."
            )
    for outcome, reason, count in done.reasons():
        typer.echo(f"  {_OUTCOMES[outcome]}, {count} fois : {reason.value}")
    refused = [each for each in done.remarks if each.outcome is Outcome.REFUSED]
    for each in refused[:_SHOWN_REMARKS]:
        column = f", colonne {each.column}" if each.column else ""
        value = f" « {each.value} »" if each.value else ""
        typer.echo(f"  ligne {each.line}{column} :{value} {each.reason.value}")
    if len(refused) > _SHOWN_REMARKS:
        typer.echo("  … (--report FICHIER pour tout lire)")


@contextmanager
def _remarks_into(path: str | None) -> Iterator[Callable[[Remark], None] | None]:
    """Write each remark into a CSV as it comes, however many they are."""
    if path is None:
        yield None
        return
    with Path(path).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ligne", "colonne", "valeur", "raison", "suite"])

        def write(remark: Remark) -> None:
            # What a source wrote may be a formula: a quote keeps a spreadsheet from running it.
            quote = "'" if remark.value[:1] in {"=", "+", "-", "@"} else ""
            writer.writerow(
                [
                    remark.line,
                    remark.column,
                    quote + remark.value,
                    remark.reason.value,
                    _OUTCOMES[remark.outcome],
                ]
            )

        yield write


def _address(known: KnownPlace) -> str:
    place = known.place
    town = f"{place.postcode} {place.commune}"
    return f"{place.name} · {place.address}, {town} · {place.phone or 'sans téléphone'}"


def _line(hit: Hit, today: date) -> str:
    place = hit.known.place
    opening = hit.opening
    when = _STATES[opening.state]
    if opening.closes_at is not None:
        when += f" jusqu'à {opening.closes_at:%H:%M}"
    elif opening.opens_at is not None:
        when += f", ouvre le {opening.opens_at:%d/%m à %H:%M}"
    stale = " · téléphonez avant d'y aller" if hit.is_stale(today) else ""
    return (
        f"{hit.known.id} · {hit.distance_km:.1f} km · {_address(hit.known)} · {when}{stale} · "
        f"{', '.join(hit.known.sources)}, {place.updated or 'sans date'}"
    )
