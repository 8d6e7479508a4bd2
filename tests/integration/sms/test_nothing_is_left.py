"""Somebody uses everything, then is forgotten: no byte of them is left in the data folder."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, LargeBinary, func, select

from assistant.adapters.database import open_database
from assistant.adapters.places.upkeep import SHIPPED, PlaceUpkeep
from assistant.adapters.tables import Base
from assistant.bootstrap import Assistant
from assistant.config import Settings
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post
from tests.integration.sms.phone import Phone
from tests.integration.visitor import Visitor, hidden

# What nobody else says: in each message, in the letter, in the name of who read the conversation.
MARK = "Zénobiette"
NIR = "1 85 05 78 006 084 91"
NEAR = "quelqu'un pour m'aider à Grenoble"
LETTER = "/lettre/opposition-recherche"

# What is left of somebody who was forgotten, and how it is told: docs/privacy.md, « Effacer ».
SURVIVES = {"consent", "suppression", "tombstone"}
# What never told of anybody: sums by day, and places that were said to be closed.
OF_NOBODY = {"tally", "place_report"}


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings under which no budget ends the journey, over the shipped places."""
    engine = open_database(settings.database)
    PlaceUpkeep(settings.database, engine, "", FakeClock().now).perform(SHIPPED)
    engine.dispose()
    return settings.model_copy(update={"sms_budget_parts_per_day": 10_000})


@pytest.fixture
def rasa(rasa: FakeRasa) -> FakeRasa:
    """A Rasa that hears a search for help."""
    rasa.intents = {**rasa.intents, NEAR: "trouver_aide"}
    return rasa


@pytest.fixture
def log_file(settings: Settings) -> Iterator[Path]:
    """A log of everything that anybody says, beside the database."""
    file = settings.data_dir / "log" / "gateway.log"
    file.parent.mkdir()
    handler = logging.FileHandler(file)
    # As in production, where other libraries tell their warnings only; ours tell all they can.
    ours = logging.getLogger("assistant")
    ours.setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    handler.addFilter(lambda record: record.name.startswith("assistant") or record.levelno >= 30)
    yield file
    ours.setLevel(logging.NOTSET)
    logging.getLogger().removeHandler(handler)
    handler.close()


@dataclass
class Somebody:
    """A person with a browser and a phone."""

    page: Visitor
    phone: Phone
    assistant: Assistant
    rasa: FakeRasa

    def use_everything(self, clock: FakeClock) -> None:
        """Leave a mark wherever one can be left."""
        page, phone = self.page, self.phone
        both = f"j'ai perdu mon code et qui voit mes données, dit {MARK}"
        violence = f"mon mari me frappe, dit {MARK}"
        page.says(f"bonjour je suis {MARK}").says(both)
        page.says(f"{MARK} : mon numéro est le {NIR}").says(f"1 85 05 78 {MARK}")
        page.says(NEAR).says("1").says("ce lieu est fermé")
        page.says(violence)
        page.http.get("/sortie")
        page.page("/fiche?tout=1")
        page.page(f"/lieux?ou={MARK}")
        csrf = hidden(page.page(LETTER), "csrf")
        letter = page.http.post(LETTER, data={"csrf": csrf, "sortie": "texte", "nom": MARK})
        assert MARK in letter.text
        page.http.post("/code", data={"csrf": csrf, "code": "000000"})
        assert MARK in page.http.get("/mes-donnees.json").text
        page.says("menu")

        code = re.findall(r"<span>(\d{3})</span>", page.post("/autre-appareil").text)
        phone.says(f"coucou {MARK}")
        phone.says(" ".join(code))
        assert phone.keys[-2] == "interface/sms.linked"
        phone.says("rappelez-moi dans 3 jours")
        phone.says("oui")
        assert phone.keys[-1] == "interface/reminder.noted"
        phone.says(f"je reprends dit {MARK} {NIR}")
        with self.assistant.open_unit_of_work() as work:
            now = self.assistant.now()
            work.access_log.record(f"Mme {MARK}", phone.post.conversation() or "", "read", now)
            work.commit()
        clock.pass_time(minutes=1)
        phone.says("continuer sur internet")
        phone.says("que savez-vous de moi ?")


def held(engine: Engine) -> dict[str, int]:
    """Count the rows of each table."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in Base.metadata.sorted_tables
        }


def ids(engine: Engine) -> Mapping[str, set[str]]:
    """Return every id, hash and number of a carrier that leads to the person, by column."""
    columns = {
        "conversation": ("id", "token_hash", "rasa_session"),
        "person": ("id",),
        "address": ("id", "address_hash"),
        "inbound": ("id", "external_id", "fingerprint"),
        "message": ("id",),
        "outbox": ("id", "external_id"),
        "consent_payload": ("salt",),
        "resume_code": ("code_hash",),
        "access_log": ("id",),
    }
    found: dict[str, set[str]] = {}
    with engine.connect() as connection:
        for table, names in columns.items():
            for name in names:
                column = Base.metadata.tables[table].columns[name]
                values = connection.execute(select(column)).scalars()
                found[f"{table}.{name}"] = {value for value in values if value}
    return found


def contents(folder: Path) -> bytes:
    """Return every byte of every file below a folder but the key, logs and journals included."""
    files = [each for each in sorted(folder.rglob("*")) if each.is_file()]
    assert {each.suffix for each in files} >= {".sqlite3", ".sqlite3-wal", ".sqlite3-shm", ".log"}
    return b"\n".join(each.read_bytes() for each in files)


def test_no_byte_of_somebody_is_left(
    visitor: Somebody,
    assistant: Assistant,
    settings: Settings,
    clock: FakeClock,
    carrier: FakeCarrier,
    rasa: FakeRasa,
    log_file: Path,
) -> None:
    before = held(assistant.engine)
    visitor.use_everything(clock)
    full = held(assistant.engine)
    known = ids(assistant.engine)
    assert all(known.values()), [name for name, values in known.items() if not values]
    assert MARK.encode() in contents(settings.data_dir)
    sessions = set(rasa.senders)

    visitor.phone.says("OUBLIE-MOI")
    clock.pass_time(hours=2)
    assistant.forget_idle()
    clock.pass_time(minutes=5)
    visitor.phone.post.work()
    assistant.forget_idle()

    left = contents(settings.data_dir)
    marks = [MARK, "Zenobiette", "zenobiette", PHONE, PHONE[1:], "0612345678", NIR, "18505780060"]
    assert [mark for mark in marks if mark.encode() in left] == []
    assert MARK.encode("utf-16-le") not in left
    assert {
        name: sorted(value for value in values if value.encode() in left)
        for name, values in known.items()
        if name != "address.address_hash"
    } == {name: [] for name in known if name != "address.address_hash"}
    assert sealed(assistant.engine) == []

    after = held(assistant.engine)
    changed = {name for name, count in after.items() if count != before[name]}
    assert changed == SURVIVES | OF_NOBODY
    assert after["suppression"] == 1
    assert after["tombstone"] == full["inbound"] + 1
    assert set(carrier.deleted) >= known["outbox.external_id"]
    assert sessions == set(rasa.emptied)
    assert log_file.exists()


def test_whoever_writes_again_is_somebody_new(
    visitor: Somebody, assistant: Assistant, clock: FakeClock, rasa: FakeRasa
) -> None:
    visitor.phone.says("c'est nul ce truc")
    before = ids(assistant.engine)
    sessions = set(rasa.senders)
    visitor.phone.says("OUBLIE-MOI")
    clock.pass_time(minutes=1)
    visitor.phone.says("c'est nul ce truc")
    after = ids(assistant.engine)
    for name in ("conversation.id", "conversation.rasa_session", "address.id", "message.id"):
        assert before[name].isdisjoint(after[name]), name
    assert set(rasa.senders) > sessions
    assert rasa.senders[-1] not in sessions


def test_asked_on_the_page_the_linked_phone_is_forgotten_and_gets_no_text(
    visitor: Somebody, assistant: Assistant, carrier: FakeCarrier, settings: Settings
) -> None:
    visitor.page.says(f"bonjour {MARK}")
    code = re.findall(r"<span>(\d{3})</span>", visitor.page.post("/autre-appareil").text)
    visitor.phone.says(f"avant tout, {MARK}")
    visitor.phone.says(" ".join(code))
    sent = len(carrier.sent)
    page = visitor.page.says("efface tout").page()
    form = {"csrf": hidden(page, "csrf"), "key": hidden(page, "key"), "choice": "sms/forget_me"}
    assert visitor.page.http.post("/messages", data=form).headers["location"] == "/efface"
    visitor.phone.post.work()
    assert len(carrier.sent) == sent
    assert held(assistant.engine)["address"] == 0
    left = b"".join(each.read_bytes() for each in settings.data_dir.glob("pas-a-pas.sqlite3*"))
    assert MARK.encode() not in left


def sealed(engine: Engine) -> list[str]:
    """List the tables that still hold something sealed."""
    with engine.connect() as connection:
        return [
            table.name
            for table in Base.metadata.sorted_tables
            for column in table.columns
            if isinstance(column.type, LargeBinary)
            and connection.execute(select(func.count()).select_from(table)).scalar_one()
        ]


@pytest.fixture
def visitor(post: Post, carrier: FakeCarrier, assistant: Assistant, rasa: FakeRasa) -> Somebody:
    """Somebody with a browser and a phone."""
    return Somebody(Visitor(post.http), Phone(post, carrier), assistant, rasa)
