"""The ledger under several processes: one chain, and nobody's word is lost."""

from __future__ import annotations

import multiprocessing
from multiprocessing.synchronize import Barrier

from sqlalchemy import Engine

from assistant.adapters.crypto import KeyRing, Keys
from assistant.adapters.database import open_database
from assistant.adapters.unit_of_work import open_unit_of_work
from assistant.domain.consent import Purpose
from tests.fakes.clock import FakeClock
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.consents import Consents
from tests.integration.persistence.test_consent_ledger import consents_of, people

WRITERS = 2
EACH = 25
PATIENCE = 60.0
"""Seconds that a process may take, its start included."""


def agree(url: str, person: str, together: Barrier) -> None:
    """Agree to everything many times over, from the moment that the others do."""
    engine = open_database(url)
    keys = Keys.of(b"k" * 32, [KeyRing.new_key()])
    consents = Consents(open_unit_of_work(engine, keys), FakeClock())
    together.wait(PATIENCE)
    for number in range(EACH):
        for purpose in Purpose:
            consents.give(person, purpose, words_hash=f"w{number}", channel="web")
    engine.dispose()


def test_processes_that_write_at_once_make_one_chain(open_work: Open, engine: Engine) -> None:
    ids = people(engine, WRITERS)
    url = engine.url.render_as_string(hide_password=False)
    # A child that is forked would share our open connections.
    context = multiprocessing.get_context("spawn")
    together = context.Barrier(WRITERS)
    writers = [context.Process(target=agree, args=(url, each, together)) for each in ids]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(PATIENCE)

    assert [writer.exitcode for writer in writers] == [0] * WRITERS
    consents = consents_of(open_work)
    assert consents.flaws() == ()
    said = {each: consents.of_person(each) for each in ids}
    expected = [(f"w{number}", purpose) for number in range(EACH) for purpose in Purpose]
    for words in said.values():
        assert [(each.payload.words_hash, each.payload.purpose) for each in words] == expected
    with open_work() as work:
        sequences = [entry.sequence for entry in work.consents.entries()]
    assert sequences == list(range(1, WRITERS * len(expected) + 1))
