"""Whatever people say of a consent, in any order and however often, the ledger tells the truth."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.bootstrap import Assistant
from assistant.domain.consent import RENEWED_WITHIN, Purpose, Standing, verify
from assistant.services.consent.recording import standing_of
from tests.fakes.clock import FakeClock
from tests.talker import Talker

KEEP = Purpose.KEEP_CONVERSATION
YES = f"consent/{KEEP}/yes"
PEOPLE = 3

people = st.integers(0, PEOPLE - 1)
acts = st.lists(
    st.one_of(
        st.tuples(st.just("give"), people),
        st.tuples(st.just("refuse"), people),
        st.tuples(st.just("mumble"), people),
        st.tuples(st.just("withdraw"), people),
        st.tuples(st.just("forget"), people),
        st.tuples(st.just("replay"), people),
        st.tuples(st.just("wait"), st.sampled_from([1, 29, 31, 335, 364, 366])),
    ),
    min_size=1,
    max_size=14,
)


@dataclass
class Member:
    """Somebody, what they last posted, and until when we believe that they agree."""

    talker: Talker
    posted: tuple[dict[str, str], str] | None = None
    until: datetime | None = None

    def says(self, text: str) -> Talker:
        """Write something, and remember it for a replay."""
        self.posted = ({"text": text}, str(uuid.uuid4()))
        answer = self.talker.post(*self.posted)
        assert answer.status_code == 200, answer.text
        self.talker.last = answer.json()["messages"]
        return self.talker

    def standing(self, now: datetime) -> Standing:
        """Tell where the model says that the consent stands."""
        if self.until is None or now >= self.until:
            return Standing.ABSENT
        return Standing.ENDING if self.until - now <= RENEWED_WITHIN else Standing.IN_FORCE


@dataclass
class History:
    """Three people on one ledger, and a model of what each of them agreed to."""

    assistant: Assistant
    client: TestClient
    clock: FakeClock
    members: list[Member] = field(default_factory=list)
    heads: list[str] = field(default_factory=list)

    def begin(self) -> History:
        """Open a conversation for each."""
        self.members = [Member(Talker.begin(self.client)) for _ in range(PEOPLE)]
        return self

    def do(self, act: str, whom: int) -> None:
        """Do one act, in the product and in the model."""
        if act == "wait":
            self.clock.pass_time(days=whom)
            return
        member = self.members[whom]
        match act:
            case "give":
                self.ask(member, "oui")
            case "refuse":
                self.ask(member, "non merci")
            case "mumble":
                self.ask(member, "bof", "bof")
            case "withdraw":
                member.says("ne gardez plus la conversation")
                member.until = None
            case "forget":
                self.assistant.conversations.forget(member.talker.id)
                self.members[whom] = Member(Talker.begin(self.client))
            case "replay" if member.posted is not None:
                answer = member.talker.post(*member.posted)
                assert answer.json()["messages"] == member.talker.last

    def ask(self, member: Member, *answers: str) -> None:
        """Have the consent asked for, unless it is in force, and answer."""
        now = self.clock.now()
        asked = YES in member.says("gardez notre conversation").offered
        assert asked == (member.standing(now) is not Standing.IN_FORCE)
        for answer in answers if asked else ():
            member.says(answer)
        if asked and answers == ("oui",):
            member.until = now + timedelta(days=self.assistant.settings.consent_days)
        elif asked and answers == ("non merci",):
            member.until = None

    def check(self) -> None:
        """Hold the product against the model, and the ledger against every head ever noted."""
        now = self.clock.now()
        with self.assistant.open_unit_of_work() as work:
            entries, payloads = work.consents.entries(), work.consents.payloads()
            for member in self.members:
                assert standing_of(work, member.talker.id, KEEP, now) is member.standing(now)
        for head in self.heads:
            assert verify(entries, payloads, head) == ()
        assert verify(entries, payloads) == ()
        if entries:
            self.heads.append(entries[-1].hash)
            assert verify(entries[:-1], payloads, entries[-1].hash), "a cut end goes unnoticed"


# The ledger is the same for all examples: it only grows, as it does in life.
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None
)
@given(acts=acts)
def test_any_order_of_acts_leaves_what_people_last_said(
    assistant: Assistant, client: TestClient, clock: FakeClock, acts: list[tuple[str, int]]
) -> None:
    history = History(assistant, client, clock).begin()
    for act, whom in acts:
        history.do(act, whom)
        history.check()


@pytest.mark.parametrize("said", ["oui", "non merci", "ne gardez plus la conversation"])
def test_a_replayed_word_is_written_down_once(
    assistant: Assistant, client: TestClient, clock: FakeClock, said: str
) -> None:
    history = History(assistant, client, clock).begin()
    history.do("give", 0)
    clock.pass_time(days=assistant.settings.consent_days - 1)
    member = history.members[0]
    member.says("gardez notre conversation")
    member.says(said)
    with assistant.open_unit_of_work() as work:
        before = work.consents.entries()
    for _ in range(3):
        history.do("replay", 0)
    with assistant.open_unit_of_work() as work:
        assert work.consents.entries() == before
    assert len(before) == 2
