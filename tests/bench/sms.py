"""Measures SMS and writes their table of docs/figures.md: `python -m tests.bench.sms`.

What the carrier waits for, when the answer leaves, what a flood does to the others, how long an SMS
is in danger of leaving twice, and what a conversation costs. The nearest examples answer: what Rasa
takes is measured beside.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import httpx
from pydantic import SecretStr
from sqlalchemy import Engine, func, select

from assistant import bootstrap, preparation
from assistant.adapters.content_files import load_content
from assistant.adapters.tables import InboundRow, MessageRow
from assistant.adapters.twilio import INBOUND_PATH, SIGNATURE_HEADER
from assistant.bootstrap import Assistant
from assistant.config import Settings, SmsMode
from assistant.domain.delivery import Accepted, DeliveryStatus, PhoneText
from assistant.domain.messages import Channel
from assistant.domain.sms import SmsReceived
from tests.bench.report import Row, write
from tests.e2e.carrier import Carrier
from tests.e2e.product import wait_until
from tests.e2e.sms_gateways import Gateways, gateways

MESSAGES = 600
PHONES = [f"+33639981{number:03}" for number in range(60)]
FLOODER = "+33639982000"
FLOOD = 10_000
FLOOD_SECONDS = 60.0
# Twilio posts beside one another; so many wait for us at once.
FLOOD_CLIENTS = 8
IDLE_SECONDS = 10.0
SENTENCES = ("bonjour", "je veux activer mon espace santé", "c'est quoi le code ?", "2", "merci")
TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024


def main() -> None:
    """Measure everything once and write the table."""
    rows = measure()
    write("sms", "the bench and its carrier share the machine", ("what", "measured", ""), rows)


def measure() -> list[Row]:
    """Return the rows of the table: what, measured, and what to hold it against."""
    with (
        tempfile.TemporaryDirectory() as folder,
        gateways(Path(folder), 1) as (running, carrier, engine),
    ):
        (port,) = running.ports
        wait_until(lambda: _answers(port), 60, "the gateway")
        sender = Sender(carrier, port)
        sender.post_all(PHONES, 50, pause=0.05)  # warms up
        quiet = sender.post_all(PHONES, MESSAGES, pause=0.05)
        wait_until(lambda: _left(engine) == 0, 120, "the answers")
        answered = _answered_after(engine)
        rows = [
            _row("webhook, until the carrier is answered", quiet, "p99 at most 50 ms"),
            _row("from the webhook to the stored answer", answered, "nearest examples"),
            *_flood(running, carrier, engine, sender),
        ]
        before = _cpu_seconds(running, port)
        time.sleep(IDLE_SECONDS)
        idle = (_cpu_seconds(running, port) - before) / IDLE_SECONDS
        rows.append(("an idle gateway", f"{idle:.1%} of a core", ""))
    return [*rows, *_in_process()]


@dataclass
class Sender:
    """Posts messages to one gateway as the carrier does."""

    carrier: Carrier
    port: int
    statuses: list[int] = field(default_factory=list)

    def post_all(self, phones: Sequence[str], count: int, pause: float) -> list[float]:
        """Post messages at that pace and return what each took, in milliseconds."""
        times = []
        with self._client() as http:
            for number in range(count):
                times.append(self.post(http, phones[number % len(phones)]))
                time.sleep(pause)
        return times

    def flood(self, phone: str, count: int, seconds: float) -> None:
        """Post so many messages of one number in that time, several at once."""
        begun = time.monotonic()
        numbers = iter(range(count))
        lock = threading.Lock()

        def client() -> None:
            with self._client() as http:
                while True:
                    with lock:
                        number = next(numbers, None)
                    if number is None:
                        return
                    time.sleep(max(0.0, begun + number * seconds / count - time.monotonic()))
                    self.post(http, phone)

        with ThreadPoolExecutor(FLOOD_CLIENTS) as pool:
            for each in [pool.submit(client) for _ in range(FLOOD_CLIENTS)]:
                each.result()

    def post(self, http: httpx.Client, phone: str) -> float:
        """Post a message and return what it took, in milliseconds."""
        fields = {
            "MessageSid": f"SM{os.urandom(16).hex()}",
            "From": phone,
            "To": "+33639980000",
            "Body": SENTENCES[len(self.statuses) % len(SENTENCES)],
        }
        signature = self.carrier.signature.of(INBOUND_PATH, "", list(fields.items()))
        begun = time.perf_counter()
        answer = http.post(
            INBOUND_PATH,
            content=urlencode(fields),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                SIGNATURE_HEADER: signature,
            },
        )
        self.statuses.append(answer.status_code)
        return (time.perf_counter() - begun) * 1e3

    def _client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", trust_env=False, timeout=30)


def _flood(running: Gateways, carrier: Carrier, engine: Engine, sender: Sender) -> list[Row]:
    """Let one number write ten thousand messages in a minute, beside others who write as before."""
    (port,) = running.ports
    database = running.settings.data_dir / "pas-a-pas.sqlite3"
    before, memory, size = len(sender.statuses), _memory(running, port), _bytes(database)
    quiet = sender.post_all(PHONES, 400, pause=0.1)
    begun = time.monotonic()
    flooding = threading.Thread(target=sender.flood, args=(FLOODER, FLOOD, FLOOD_SECONDS))
    flooding.start()
    others = sender.post_all(PHONES, 400, pause=0.1)
    flooding.join()
    took = time.monotonic() - begun
    wait_until(lambda: _left(engine) == 0, 600, "the answers")
    refused = sum(each != HTTPStatus.OK for each in sender.statuses[before:])
    told = [text for to, text in carrier.taken if to == FLOODER]
    stored = _stored(engine)
    assert stored == sender.statuses.count(HTTPStatus.OK), "a message was lost"
    grown = (_bytes(database) - size) / (FLOOD + len(quiet) + len(others))
    slower = _percentile(others, 99) / _percentile(quiet, 99)
    return [
        (
            f"{FLOOD} messages of one number within {took:.0f} s",
            f"{refused} refused, {len(told)} answers to it",
            f"memory {memory} → {_memory(running, port)} MB, {grown / 1e3:.1f} kB a message",
        ),
        _row("webhook of the others before it", quiet, ""),
        _row("webhook of the others meanwhile", others, f"p99 {slower:.1f}×"),
    ]


@dataclass
class Clocked:
    """A carrier that notes when it answered."""

    answered_at: float = 0.0
    texts: list[str] = field(default_factory=list)

    def send(self, outgoing_id: str, number: str, text: str) -> Accepted:
        """Take an SMS."""
        del outgoing_id, number
        self.texts.append(text)
        self.answered_at = time.perf_counter()
        return Accepted(f"SM{len(self.texts):032x}", DeliveryStatus.SENDING, "queued")

    def delete(self, external_id: str) -> bool:
        """Delete nothing."""
        return bool(external_id)


def _in_process() -> list[Row]:
    """Measure what no HTTP client sees: the window of a second sending, the parts of a guide."""
    with _built() as (assistant, carrier):
        windows = _windows(assistant, carrier)
        said, parts = _activation(assistant)
    price = assistant.settings.sms_price_per_part_euros
    cost = f"{parts * price:.2f} €" if price is not None else "× PASAPAS_SMS_PRICE_PER_PART_EUROS"
    return [
        _row(
            "between the carrier's answer and our commit",
            windows,
            "a kill in it may send twice",
        ),
        ("the activation, always with « 1 »", f"{said} SMS in, {parts} parts out", cost),
    ]


@contextmanager
def _built() -> Iterator[tuple[Assistant, Clocked]]:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            data_dir=Path(folder),
            secret_keys=SecretStr("a key for the figures " * 3),
            sms=SmsMode.PHONE,
            rasa_url="http://127.0.0.1:9",
        )
        content = load_content()
        preparation.prepare_database(settings, content)
        carrier = Clocked()
        assistant = bootstrap.build(settings, content=content, carrier=carrier)
        try:
            yield assistant, carrier
        finally:
            assistant.close()


def _windows(assistant: Assistant, carrier: Clocked) -> list[float]:
    with assistant.open_unit_of_work() as work:
        now = datetime.now(UTC)
        for phone in PHONES:
            address = work.addresses.remember(Channel.SMS, phone, now)
            texts = [PhoneText("bonjour", 1)] * 10
            work.outbox.put(address, None, texts, now, although_stopped=True)
        work.commit()
    (outbox,) = (each for each in assistant.durable_tasks() if each.name == "outbox")
    times = []
    while due := outbox.due(50):
        for row in due:
            outbox.perform(row)
            times.append((time.perf_counter() - carrier.answered_at) * 1e3)
    return times


def _activation(assistant: Assistant) -> tuple[int, int]:
    """Walk the activation by its first answers, and return the SMS in and the parts out."""
    assert assistant.telephony is not None
    said, parts, is_open = 0, 0, True
    while is_open:
        text = "1" if said else "je veux activer mon espace santé"
        received = SmsReceived(f"SM{said:032x}", FLOODER, text)
        assistant.telephony.receive(received)
        said += 1
        _work(assistant)
        with assistant.open_unit_of_work() as work:
            known = work.addresses.conversation_at(Channel.SMS, FLOODER)
            assert known is not None
            is_open = work.conversations.get(known).state.session.current is not None
            address = work.addresses.last_in(Channel.SMS, known)
            assert address is not None
            parts = work.outbox.spent(address, datetime.fromtimestamp(0, UTC)).parts
    return said, parts


def _work(assistant: Assistant) -> None:
    tasks = [each for each in assistant.durable_tasks() if each.name in {"turns", "outbox"}]
    while any(due := [(task, row) for task in tasks for row in task.due(50)]):
        for task, row in due:
            task.perform(row)


def _answered_after(engine: Engine) -> list[float]:
    """Return what passed between receiving each message and storing its answer, in ms."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(InboundRow.received_at, func.max(MessageRow.created_at).label("answered"))
            .join(MessageRow, MessageRow.turn_id == InboundRow.id)
            .group_by(InboundRow.id)
        ).all()
    return [(row.answered - row.received_at).total_seconds() * 1e3 for row in rows]


def _row(what: str, times: Sequence[float], target: str) -> Row:
    median, p99 = statistics.median(times), _percentile(times, 99)
    return what, f"{median:.1f} ms, p99 {p99:.1f}", target


def _percentile(times: Sequence[float], percent: int) -> float:
    return statistics.quantiles(times, n=100)[percent - 1]


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(
            select(func.count()).select_from(InboundRow).where(InboundRow.rendered.is_(False))
        ).scalar_one()


def _stored(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count(InboundRow.id))).scalar_one()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _bytes(database: Path) -> int:
    return sum(each.stat().st_size for each in database.parent.glob(f"{database.name}*"))


def _cpu_seconds(running: Gateways, port: int) -> float:
    stat = Path(f"/proc/{running.processes[port].pid}/stat").read_text("utf-8")
    user, system = stat.rsplit(")", 1)[1].split()[11:13]
    return (int(user) + int(system)) / TICK


def _memory(running: Gateways, port: int) -> int:
    status = Path(f"/proc/{running.processes[port].pid}/status").read_text("utf-8")
    line = next(each for each in status.splitlines() if each.startswith("VmRSS"))
    return int(line.split()[1]) // MIB


if __name__ == "__main__":
    main()
