"""What the commands do, in words on the terminal."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import typer
from sqlalchemy import Engine

from assistant import preparation, terminal
from assistant.adapters.clock import SystemClock
from assistant.adapters.content_files import load_content
from assistant.adapters.crypto import Keys
from assistant.adapters.database import open_database
from assistant.adapters.locales import LOCALES
from assistant.adapters.messages_template import template, write_template
from assistant.adapters.rasa import RasaInterpreter, RasaServer, RasaState
from assistant.adapters.repositories.resealing import reseal
from assistant.adapters.twilio_codes import meaning
from assistant.adapters.unit_of_work import open_reading, open_unit_of_work
from assistant.bootstrap import build
from assistant.config import ROOT, Settings
from assistant.domain.consent import FlawKind
from assistant.domain.errors import NotFound
from assistant.domain.messages import Channel
from assistant.domain.whom import Whom
from assistant.flows.document import Rule
from assistant.launch import run_settings
from assistant.preview.rendering import preview_page as preview_page_of
from assistant.rendering.sms.report import report
from assistant.run.private_rasa import private_rasa
from assistant.safety import masking
from assistant.services.consent import ledger
from assistant.services.understand import Understand
from assistant.telephony import lost_messages

# A fact past its review is a warning on a working day, and stops a release.
_MOST_LISTED = 200
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


def preview(flow: str, channel: str, *, for_other: bool) -> None:
    """Print the texts of a flow, as told to the person or to somebody who helps."""
    whom = Whom.OTHER if for_other else Whom.SELF
    terminal.preview(flow, Channel(channel), whom, typer.echo)


def preview_page(flow: str | None, channel: str, *, for_other: bool) -> None:
    """Print every text, or those of one flow, as an HTML page."""
    whom = Whom.OTHER if for_other else Whom.SELF
    typer.echo(preview_page_of(load_content(), Channel(channel), whom, flow), nl=False)


def understand() -> None:
    """Answer each JSON line of the input by one."""
    with _interpreter(Settings()) as interpreter:
        for answer in terminal.understand_lines(sys.stdin.buffer, Understand(interpreter)):
            typer.echo(json.dumps(answer, ensure_ascii=False))


def sms(text: str) -> None:
    """Print what a text costs as a text message, and how it is sent."""
    for line in report(text, Settings().sms_price_per_part_euros):
        typer.echo(line)


def tallies(since: date | None) -> None:
    """Print what became of the flows since a day, or in the last thirty, as CSV."""
    today = datetime.now(UTC).date()
    assistant = build(Settings())
    try:
        with assistant.open_unit_of_work() as work:
            sums = work.tallies.since(since or today - timedelta(days=30))
    finally:
        assistant.close()
    rows = csv.writer(sys.stdout)
    rows.writerow(("parcours", "etape", "evenement", "nombre"))
    rows.writerows((each.flow, each.step, each.event, count) for each, count in sums)


_FLAWS = {
    FlawKind.BROKEN_LINK: "ne suit pas la ligne d'avant",
    FlawKind.ALTERED_ENTRY: "a été changée",
    FlawKind.ALTERED_PAYLOAD: "son contenu a été changé",
    FlawKind.MISSING_PAYLOAD: "son contenu manque, sans effacement noté",
    FlawKind.KEPT_AFTER_ERASURE: "son contenu est encore là après un effacement",
    FlawKind.STRAY_PAYLOAD: "un contenu n'a pas de ligne",
    FlawKind.CUT_OFF: "le registre a été coupé ou réécrit après l'empreinte donnée",
}


def verify_consents(head: str | None) -> None:
    """Tell what is wrong with the ledger of consents, line by line; fail when something is."""
    with _stored() as (engine, keys):
        flaws = ledger.flaws(open_unit_of_work(engine, keys), head)
    for flaw in flaws:
        typer.echo(f"Ligne {flaw.sequence} : {_FLAWS[flaw.kind]}.")
    if flaws:
        _fail(f"{len(flaws)} anomalie(s) dans le registre des accords.")
    typer.echo("Registre des accords vérifié : rien n'a été changé.")


def head_of_consents() -> None:
    """Print the hash of the last line of the ledger, to be noted elsewhere."""
    with _stored() as (engine, keys):
        typer.echo(ledger.head_of(open_unit_of_work(engine, keys)))


def list_dead() -> None:
    """List the SMS that nobody got and the copies that the carrier still has."""
    with _stored() as (engine, keys):
        reading = open_reading(engine, keys)
        lost = lost_messages(open_unit_of_work(engine, keys), reading, SystemClock()).list(
            _MOST_LISTED
        )
        with reading() as work:
            copies, since = work.carrier_copies.waiting()
    for each in lost:
        why = meaning(each.error_code)
        typer.echo(f"{each.id} · {each.status} · {each.created_at:%Y-%m-%d %H:%M} UTC · {why}")
    typer.echo(f"{len(lost)} SMS perdu(s).")
    if since is not None:
        typer.echo(
            f"{copies} SMS effacé(s) ici, pas encore chez Twilio, depuis le {since:%Y-%m-%d}."
        )


def reseal_all() -> None:
    """Put everything that is sealed under the newest key."""
    with _stored() as (engine, keys):
        count = reseal(engine, keys.sealing)
    typer.echo(f"{count} valeur(s) sous la première clé ; les autres clés ne servent plus.")


def replay(outgoing_id: str) -> None:
    """Let a lost SMS leave again."""
    with _stored() as (engine, keys):
        opening, reading = open_unit_of_work(engine, keys), open_reading(engine, keys)
        try:
            lost_messages(opening, reading, SystemClock()).replay(outgoing_id)
        except NotFound:
            _fail("Ce n'est pas un SMS perdu : « assistant outbox dead » donne la liste.")
    typer.echo("Il repart.")


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
def _stored() -> Iterator[tuple[Engine, Keys]]:
    """Use the database of the settings, for the time of the command."""
    settings = Settings()
    engine = open_database(settings.database)
    try:
        yield engine, Keys.of(settings.hash_secret("hashing"), settings.sealing_keys)
    finally:
        engine.dispose()


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
