"""The ledger of consents against a model of it, whatever people do and in whatever order."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from assistant.adapters.crypto import Keys
from assistant.adapters.database import open_database
from assistant.adapters.unit_of_work import open_unit_of_work
from assistant.domain.consent import (
    GENESIS,
    RENEWED_WITHIN,
    ConsentAct,
    ConsentEntry,
    Flaw,
    FlawKind,
    Purpose,
    SaltedPayload,
    Standing,
    verify,
)
from assistant.domain.messages import Channel
from assistant.services.consent.recording import standing_of, withdraw
from tests.fakes.clock import FakeClock
from tests.integration.persistence.consents import Consents
from tests.integration.persistence.examples import conversation

LASTS = timedelta(days=365)
PEOPLE = range(3)
Payloads = dict[int, SaltedPayload]
Word = tuple[int, ConsentAct, datetime | None]

someone = st.sampled_from(PEOPLE)
purposes = st.sampled_from(Purpose)


class History(RuleBasedStateMachine):
    """People give, let lapse, renew, withdraw, and erase; the model says who has what in force."""

    migrated: Path
    keys: Keys

    def __init__(self) -> None:
        """Begin with an empty ledger, and people who have said nothing."""
        super().__init__()
        self.folder = Path(mkdtemp())
        shutil.copy(self.migrated, self.folder / "pasapas.db")
        self.engine = open_database(f"sqlite:///{self.folder / 'pasapas.db'}")
        self.open_work = open_unit_of_work(self.engine, self.keys)
        self.clock = FakeClock()
        self.consents = Consents(self.open_work, self.clock)
        self.words: dict[tuple[int, Purpose], list[Word]] = {}
        self.written = 0
        self.heads: dict[str, int] = {GENESIS: 0}
        self.lives = dict.fromkeys(PEOPLE, 0)
        for number in PEOPLE:
            self._arrive(number)

    def _arrive(self, number: int) -> None:
        self.lives[number] += 1
        with self.open_work() as work:
            work.conversations.add(conversation(self._id(number)), f"hash {self._id(number)}")
            work.commit()

    def _id(self, number: int) -> str:
        return f"{number}.{self.lives[number]}"

    def _write(self, number: int, purpose: Purpose, act: ConsentAct, end: datetime | None) -> None:
        self.written += 1
        self.words.setdefault((number, purpose), []).append((self.written, act, end))

    def _expected(self, number: int, purpose: Purpose) -> Standing:
        said = self.words.get((number, purpose))
        if not said or said[-1][1] is ConsentAct.WITHDRAWN:
            return Standing.ABSENT
        end = said[-1][2]
        left = LASTS if end is None else end - self.clock.now()
        if left <= timedelta(0):
            return Standing.ABSENT
        return Standing.ENDING if left <= RENEWED_WITHIN else Standing.IN_FORCE

    @rule(number=someone, purpose=purposes, ends=st.booleans())
    def give_or_renew(self, number: int, purpose: Purpose, *, ends: bool) -> None:
        """Agree, for the first time or again."""
        with self.open_work() as work:
            person = work.people.recognise(self._id(number), self.clock.now())
            work.commit()
        end = self.clock.now() + LASTS if ends else None
        self.consents.give(person, purpose, words_hash="w", channel="web", expires_at=end)
        self._write(number, purpose, ConsentAct.GIVEN, end)

    @rule(number=someone, purpose=purposes, times=st.integers(1, 3))
    def withdraw_and_replay(self, number: int, purpose: Purpose, times: int) -> None:
        """Withdraw; the same once more writes nothing down."""
        for _ in range(times):
            in_force = self._expected(number, purpose) is not Standing.ABSENT
            with self.open_work() as work:
                wrote = withdraw(work, self._id(number), purpose, Channel.SMS, self.clock.now())
                work.commit()
            assert wrote == in_force
            if in_force:
                self._write(number, purpose, ConsentAct.WITHDRAWN, None)

    @rule(days=st.sampled_from([0, 1, 29, 30, 335, 365]))
    def wait(self, days: int) -> None:
        """Let time pass, also to the very moment at which a consent ends."""
        self.clock.pass_time(days=days)

    @rule(days=st.sampled_from([0, 1, 30]))
    def forget_what_is_over(self, days: int) -> None:
        """Do the retention work: what ended goes, with all that it took the place of."""
        before = self.clock.now() - timedelta(days=days)
        gone = 0
        for key, said in self.words.items():
            over = [i for i, word in enumerate(said) if word[2] is not None and word[2] < before]
            cut = over[-1] + 1 if over else 0
            gone += cut
            self.words[key] = said[cut:]
        with self.open_work() as work:
            assert work.consents.forget_over(before, self.clock.now()) == gone
            work.commit()

    @rule(number=someone)
    def erase(self, number: int) -> None:
        """Forget somebody, twice over; who comes back is somebody new."""
        for _ in range(2):
            with self.open_work() as work:
                work.conversations.erase(self._id(number), self.clock.now())
                work.commit()
        self.words = {key: said for key, said in self.words.items() if key[0] != number}
        self._arrive(number)

    @rule()
    def note_the_head(self) -> None:
        """Write the head down elsewhere."""
        self.heads[self.consents.head()] = self.written

    @rule(number=someone, purpose=purposes)
    def break_off(self, number: int, purpose: Purpose) -> None:
        """Fail before the commit: nothing of it stays."""
        with self.open_work() as work:
            withdraw(work, self._id(number), purpose, Channel.WEB, self.clock.now())

    @invariant()
    def it_verifies_and_tells_what_is_in_force(self) -> None:
        """Hold all that was written, and allow what people last said."""
        for head in self.heads:
            assert self.consents.flaws(head) == ()
        with self.open_work() as work:
            assert len(work.consents.entries()) == self.written
            kept = {word[0] for said in self.words.values() for word in said}
            assert work.consents.payloads().keys() == kept
            for number in PEOPLE:
                for purpose in Purpose:
                    found = standing_of(work, self._id(number), purpose, self.clock.now())
                    assert found is self._expected(number, purpose)

    def teardown(self) -> None:
        """Tamper with the history that came of it in every place."""
        with self.open_work() as work:
            chain = work.consents.entries()
            payloads = work.consents.payloads()
        self.engine.dispose()
        shutil.rmtree(self.folder)
        head = chain[-1].hash if chain else GENESIS
        for entries, left in tampered(chain, payloads):
            assert verify(entries, left, head), (entries, left)
        for noted, length in self.heads.items():
            for kept in range(length):
                within = {n: each for n, each in payloads.items() if n <= kept}
                assert verify(chain[:kept], within, noted) == (Flaw(FlawKind.CUT_OFF, kept),)


def tampered(
    chain: tuple[ConsentEntry, ...], payloads: Payloads
) -> Iterator[tuple[list[ConsentEntry], Payloads]]:
    """List what a ledger looks like with one entry or payload changed, moved or taken out."""
    for at, entry in enumerate(chain):
        before, after = list(chain[:at]), list(chain[at + 1 :])
        later = replace(entry, recorded_at=entry.recorded_at + timedelta(microseconds=1))
        other = replace(entry, commitment="f" * 64)
        for changed in (
            later,
            other,
            replace(later, hash=later.own_hash()),
            replace(other, hash=other.own_hash()),
            replace(entry, hash="f" * 64),
            replace(entry, previous_hash="f" * 64),
            replace(entry, sequence=len(chain) + 1),
        ):
            yield [*before, changed, *after], payloads
        yield [*before, *after], payloads
        if after:
            first, second = entry.sequence, after[0].sequence
            moved = [replace(after[0], sequence=first), replace(entry, sequence=second)]
            yield [*before, *moved, *after[1:]], payloads
    for at, salted in payloads.items():
        word = salted.payload
        act = ConsentAct.GIVEN if word.act is ConsentAct.WITHDRAWN else ConsentAct.WITHDRAWN
        for changed_word in (
            replace(word, act=act),
            replace(word, person_id=f"{word.person_id}x"),
            replace(word, purpose=next(each for each in Purpose if each is not word.purpose)),
            replace(word, words_hash="other"),
            replace(word, words_version="other"),
            replace(word, channel="voice"),
            replace(word, expires_at=(word.expires_at or chain[0].recorded_at) + LASTS),
        ):
            yield list(chain), {**payloads, at: replace(salted, payload=changed_word)}
        yield list(chain), {**payloads, at: replace(salted, salt="other")}
        yield list(chain), {n: each for n, each in payloads.items() if n != at}
        moved_to = next((n for n in payloads if n != at), None)
        if moved_to is not None:
            yield list(chain), {**payloads, at: payloads[moved_to]}
    for entry in chain:
        if entry.erased_at is not None:
            for salted in list(payloads.values())[:1]:
                yield list(chain), {**payloads, entry.sequence: salted}


def test_whatever_the_order_the_ledger_tells_what_is_in_force(
    migrated_file: Path, keys: Keys
) -> None:
    machine = type("AnyHistory", (History,), {"migrated": migrated_file, "keys": keys})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=20, deadline=None)
    )
