"""Measures the product beside the bare bot and writes the table of docs/figures.md."""

from __future__ import annotations

import gzip
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx

from tests.bench.bare_bot import BareBot, bare_bot
from tests.bench.report import write
from tests.e2e.product import ROOT, Product, process_tree, running, wait_until
from tests.talker import Talker

ROUNDS = 60
LONG_CONVERSATION = 300


@dataclass(frozen=True)
class Timing:
    """The times of one kind of turn, in milliseconds."""

    times: Sequence[float]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        """The one that nineteen in twenty stay below."""
        return statistics.quantiles(self.times, n=20)[-1]


def main() -> None:
    """Run everything once and write the report."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        data.mkdir()
        print("bare bot: init, train, start …", file=sys.stderr)  # noqa: T201 (a command)
        with bare_bot(Path(folder) / "bare") as bare, running(data) as product:
            rows = measure(product, bare)
    write(
        "figures",
        f"by `make bench`, {ROUNDS} turns of each kind in turn",
        ("what", "Pas à Pas", "bare `rasa init`", "ratio (target)"),
        rows,
    )


def measure(product: Product, bare: BareBot) -> list[tuple[str, str, str, str]]:
    """Return the rows of the report: what, ours, the bare bot's, the ratio and its target."""
    with product.client() as ours, httpx.Client(timeout=30, trust_env=False) as theirs:
        turns = _turns(ours, theirs, bare)
        early, late = _long_conversation(ours)
        page = _page_bytes(ours)
        rasa_start = _restart_seconds(product)
    text, question, click, hello = (
        turns["text"],
        turns["question"],
        turns["click"],
        turns["bare"],
    )
    rows = [
        _turn_row("text that answers the waiting step", text, hello, "at most 1.2×, aim 0.8×"),
        _turn_row("question in the middle of the flow", question, hello, "three action calls"),
        _turn_row("click", click, hello, "at most 0.8×, aim 0.5×"),
        (
            f"turn {LONG_CONVERSATION} of a conversation beside turn 3 (medians, in turn)",
            f"{late:.1f} ms",
            f"{early:.1f} ms",
            f"{late / early:.2f}× (at most 1.2×)",
        ),
        (
            "first answer of the gateway after its start",
            f"{product.seconds_to_first_answer:.1f} s",
            "",
            "(at most 3 s)",
        ),
        (
            "start of Rasa until it answers",
            f"{rasa_start:.1f} s",
            f"{bare.seconds_to_start:.1f} s",
            f"{rasa_start / bare.seconds_to_start:.2f}×",
        ),
    ]
    rows += _memory_rows(product, bare)
    rows.append(("page: HTML, CSS, script and icon, compressed", f"{page} bytes", "", "(30,000)"))
    return rows


def _turns(ours: httpx.Client, theirs: httpx.Client, bare: BareBot) -> dict[str, Timing]:
    """Time the kinds of turn one after the other, again and again, so that drift hits all alike."""
    times: dict[str, list[float]] = {"text": [], "question": [], "click": [], "bare": []}
    for number in range(ROUNDS + 5):
        talker = Talker.begin(ours).says("je veux activer mon espace santé")
        measured = {
            "question": _timed(partial(talker.says, "est-ce que c'est obligatoire ?")),
            "text": _timed(partial(talker.says, "oui j'ai ce code")),
            "bare": _timed(partial(bare.turn, theirs, f"s{number}", "hello there")),
        }
        talker.says("retour")
        measured["click"] = _timed(partial(talker.picks, "/oui"))
        if number >= 5:  # the first rounds warm both up
            for kind, value in measured.items():
                times[kind].append(value)
    return {kind: Timing(values) for kind, values in times.items()}


def _long_conversation(http: httpx.Client) -> tuple[float, float]:
    """Return the medians of a third turn and of one after three hundred, measured in turn."""
    question = "est-ce que c'est obligatoire ?"
    long = Talker.begin(http).says("je veux activer mon espace santé")
    for _ in range(LONG_CONVERSATION - 2):
        long.says(question)
    early, late = [], []
    for _ in range(ROUNDS // 3):
        short = Talker.begin(http).says("je veux activer mon espace santé").says(question)
        early.append(_timed(partial(short.says, question)))
        late.append(_timed(partial(long.says, question)))
    return statistics.median(early), statistics.median(late)


def _page_bytes(http: httpx.Client) -> int:
    html = http.get("/").text
    Talker.begin(http)
    static = ROOT / "assistant" / "gateway" / "static"
    # The telephone, the sheet and the places have pages of their own.
    elsewhere = {"phone.css", "phone.js", "sheet.css", "places.css", "moved.js"}
    asked_for = (path for path in static.iterdir() if path.name not in elsewhere)
    files = [html.encode(), *(path.read_bytes() for path in asked_for)]
    return sum(len(gzip.compress(each)) for each in files)


def _restart_seconds(product: Product) -> float:
    product.kill("rasa")
    wait_until(lambda: product.health()["rasa"] != "ready", 30, "rasa away")
    wait_until(lambda: bool(product.processes("rasa")), 60, "rasa again")
    begun = time.monotonic()
    product.wait_for(rasa="ready")
    return time.monotonic() - begun


def _memory_rows(product: Product, bare: BareBot) -> list[tuple[str, str, str, str]]:
    yardstick = sum(_megabytes(pid) for pid in process_tree(bare.process.pid))
    rows = []
    for service in ("gateway", "actions", "rasa"):
        used = sum(_megabytes(pid) for pid in product.processes(service))
        theirs = f"{yardstick:.0f} MB" if service == "rasa" else ""
        ratio = f"{used / yardstick:.2f}×" if service == "rasa" else ""
        rows.append((f"memory of {service} (resident)", f"{used:.0f} MB", theirs, ratio))
    return rows


def _megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text("utf-8").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def _turn_row(what: str, ours: Timing, theirs: Timing, target: str) -> tuple[str, str, str, str]:
    return (
        what,
        f"{ours.median:.1f} ms, p95 {ours.p95:.1f}",
        f"{theirs.median:.1f} ms, p95 {theirs.p95:.1f}",
        f"{ours.median / theirs.median:.2f}×, p95 {ours.p95 / theirs.p95:.2f}× ({target})",
    )


if __name__ == "__main__":
    main()
