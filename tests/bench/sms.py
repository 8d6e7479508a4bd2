"""Measures the SMS edge on one gateway: `python -m tests.bench.sms`.

What the carrier waits for, how long a turn waits for a worker, what idle workers cost. The nearest
examples answer: Rasa is measured by `make bench`.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urlencode

import httpx
from sqlalchemy import Engine, func, select

from assistant.adapters.tables import InboundRow, MessageRow
from assistant.adapters.twilio import INBOUND_PATH, SIGNATURE_HEADER
from tests.e2e.carrier import Carrier
from tests.e2e.product import wait_until
from tests.e2e.sms_gateways import Gateways, gateways

MESSAGES = 600
PHONES = [f"+33639981{number:03}" for number in range(60)]
IDLE_SECONDS = 10.0
SENTENCES = ("bonjour", "je veux activer mon espace santé", "c'est quoi le code ?", "2", "merci")
TICK = os.sysconf("SC_CLK_TCK")
MIB = 1024


def main() -> None:
    """Run everything once and print it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        gateways(Path(folder), 1) as (running, carrier, engine),
    ):
        (port,) = running.ports
        wait_until(lambda: _answers(port), 60, "the gateway")
        alone = post_all(carrier, port, PHONES, MESSAGES, pause=0.05)
        wait_until(lambda: _left(engine) == 0, 120, "the answers")
        tell("webhook, a message every 50 ms", alone)
        tell("from the webhook to the stored answer", answered_after(engine))
        burst = post_all(carrier, port, PHONES[:1], MESSAGES, pause=0.0)
        tell(f"webhook, {MESSAGES} messages of one number without a pause", burst)
        others = post_all(carrier, port, PHONES[1:], 100, pause=0.05)
        tell("webhook of the others meanwhile", others)
        wait_until(lambda: _left(engine) == 0, 600, "the answers")
        before = _cpu_seconds(running, port)
        time.sleep(IDLE_SECONDS)
        idle = (_cpu_seconds(running, port) - before) / IDLE_SECONDS
        print(f"idle gateway: {idle:.1%} of a core, {_memory(running, port)} MiB")  # noqa: T201


def post_all(
    carrier: Carrier, port: int, phones: Sequence[str], count: int, pause: float
) -> list[float]:
    """Post messages one after the other and return what each took, in milliseconds."""
    times = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
        for number in range(count):
            fields = {
                "MessageSid": f"SM{time.time_ns():032x}",
                "From": phones[number % len(phones)],
                "To": "+33639980000",
                "Body": SENTENCES[number % len(SENTENCES)],
            }
            signature = carrier.signature.of(INBOUND_PATH, "", list(fields.items()))
            begun = time.perf_counter()
            answer = http.post(
                INBOUND_PATH,
                content=urlencode(fields),
                headers={
                    "Content-Type": "application/x-www-form-urlencoded",
                    SIGNATURE_HEADER: signature,
                },
            )
            times.append((time.perf_counter() - begun) * 1e3)
            if answer.status_code != HTTPStatus.TOO_MANY_REQUESTS:
                answer.raise_for_status()
            time.sleep(pause)
    return times


def answered_after(engine: Engine) -> list[float]:
    """Return what passed between receiving each message and storing its answer, in ms."""
    with engine.connect() as connection:
        rows = connection.execute(
            select(InboundRow.received_at, func.max(MessageRow.created_at).label("answered"))
            .join(MessageRow, MessageRow.turn_id == InboundRow.id)
            .group_by(InboundRow.id)
        ).all()
    return [(row.answered - row.received_at).total_seconds() * 1e3 for row in rows]


def tell(what: str, times: Sequence[float]) -> None:
    """Print a line of figures."""
    percentiles = statistics.quantiles(times, n=100)
    print(  # noqa: T201 (a command)
        f"{what}: median {statistics.median(times):.1f} ms, p95 {percentiles[94]:.1f} ms, "
        f"p99 {percentiles[98]:.1f} ms, n = {len(times)}"
    )
    sys.stdout.flush()


def _left(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(
            select(func.count()).select_from(InboundRow).where(InboundRow.rendered.is_(False))
        ).scalar_one()


def _answers(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).is_success
    except httpx.HTTPError:
        return False


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
