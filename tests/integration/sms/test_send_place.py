"""A place is sent once by SMS, to the number given: agreed to, bounded, and forgotten."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from assistant.bootstrap import Assistant
from assistant.domain.consent import Purpose
from assistant.domain.messages import Author, Channel
from assistant.rendering import sms
from assistant.services.ports.addresses import SuppressionReason
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post
from tests.integration.stocked import settings, stocked  # noqa: F401
from tests.talker import Talker

DAUGHTER = "+33698765432"
WRITTEN = "06 98 76 54 32"
SEARCH = "quelqu'un pour m'aider à Grenoble"


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa that hears the search."""
    return FakeRasa(intents={SEARCH: "trouver_aide"})


def looking(talker: Talker) -> Talker:
    """Somebody on the page who reads about one place."""
    return talker.says(SEARCH).says("1")


def told(talker: Talker, assistant: Assistant) -> list[str]:
    """The keys of what was answered last."""
    with assistant.open_unit_of_work() as work:
        lines = work.messages.after(talker.id)
    last = max(n for n, line in enumerate(lines) if line.author is Author.CITIZEN)
    return [
        line.instruction.key.removeprefix("interface/places.")
        for line in lines[last + 1 :]
        if line.instruction is not None
    ]


def everything_kept(assistant: Assistant) -> str:
    """All that the tables hold, as text."""
    with assistant.engine.connect() as connection:
        names = connection.execute(
            text("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'place%'")
        ).scalars()
        return "\n".join(
            str(row)
            for name in list(names)
            for row in connection.execute(text(f'SELECT * FROM "{name}"'))  # noqa: S608
        )


def test_on_the_page_a_place_goes_to_the_number_given(
    talker: Talker, post: Post, carrier: FakeCarrier, assistant: Assistant
) -> None:
    looking(talker)
    (send,) = (each for each in talker.offered if each.startswith("help/send/"))
    talker.picks(send)
    assert told(talker, assistant)[-1] == "ask_number"
    talker.says(f"{WRITTEN} c'est ma fille")
    assert told(talker, assistant)[0] == "sent_now"
    assert talker.step == "trouver_aide/suite"

    post.work()
    ((_, number, sent),) = carrier.sent
    assert number == DAUGHTER
    assert sms.count(sent).parts <= 2
    assert "STOP" in sent
    assert "sant" not in sent.lower()
    kept = everything_kept(assistant)
    assert "98765432" not in kept
    assert WRITTEN not in kept


def test_by_sms_a_place_goes_to_the_daughter(post: Post, carrier: FakeCarrier) -> None:
    for said in (SEARCH, "1", "envoyez-le à ma fille"):
        post.sms(said)
        post.work()
    assert post.keys()[-1] == "interface/places.ask_number"
    post.sms(WRITTEN)
    post.work()

    keys = post.keys()
    assert "interface/places.sent_now" in keys
    assert [number for _, number, _ in carrier.sent].count(DAUGHTER) == 1
    assert [number for _, number, _ in carrier.sent].count(PHONE) == len(carrier.sent) - 1
    assert not any(WRITTEN in line.words.text for line in post.lines())


def test_which_of_three_goes_is_asked(talker: Talker) -> None:
    talker.says(SEARCH).says("envoyer par sms")
    assert len([each for each in talker.offered if each.startswith("help/send/")]) == 3


def test_the_consent_is_written_down_with_the_words_that_were_read(
    talker: Talker, assistant: Assistant
) -> None:
    looking(talker).says("envoyer par sms").says(WRITTEN)
    with assistant.open_unit_of_work() as work:
        person = work.people.of_conversation(talker.id)
        assert person is not None
        (consent,) = work.consents.of_person(person)
    assert consent.payload.purpose is Purpose.SEND_PLACE
    assert consent.payload.channel == Channel.WEB


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("01 42 34 56 78", "not_mobile"),
        ("08 99 12 34 56", "unreadable"),
        ("+1 202 555 0123", "not_mobile"),
        ("06 98 76 54 3", "unreadable"),
        ("06 98 76 54 32 99", "unreadable"),
    ],
)
def test_what_cannot_be_written_to_is_refused_clearly(
    talker: Talker, assistant: Assistant, written: str, why: str
) -> None:
    looking(talker).says("envoyer par sms").says(written)
    assert told(talker, assistant)[-1] == f"unsent.{why}"
    assert written not in everything_kept(assistant)
    talker.says(WRITTEN)
    assert told(talker, assistant)[0] == "sent_now"


def test_a_number_that_said_stop_gets_nothing_and_nobody_learns_why(
    talker: Talker, post: Post, assistant: Assistant, carrier: FakeCarrier
) -> None:
    with assistant.open_unit_of_work() as work:
        work.suppressions.add(Channel.SMS, DAUGHTER, SuppressionReason.STOP, assistant.now())
        work.commit()
    looking(talker).says("envoyer par sms").says(WRITTEN)
    post.work()
    assert told(talker, assistant)[0] == "unsent.refused"
    assert carrier.sent == []


def test_three_a_day_for_one_person_and_to_one_number(
    talker: Talker, client: TestClient, assistant: Assistant, clock: FakeClock
) -> None:
    def sends(asker: Talker, number: str) -> str:
        asker.says("envoyer par sms").says(number)
        return told(asker, assistant)[0]

    looking(talker)
    for number in (WRITTEN, WRITTEN, "06 98 76 54 31"):
        assert sends(talker, number) == "sent_now"
    assert sends(talker, "06 11 22 33 44") == "unsent.too_many"

    another = looking(Talker.begin(client))
    assert sends(another, WRITTEN) == "sent_now"
    assert sends(another, WRITTEN) == "unsent.too_many"
    clock.pass_time(days=1)
    assert sends(looking(Talker.begin(client)), WRITTEN) == "sent_now"


def test_at_night_it_waits_for_the_morning(
    talker: Talker, post: Post, carrier: FakeCarrier, clock: FakeClock, assistant: Assistant
) -> None:
    clock.pass_time(hours=14)
    looking(talker).says("envoyer par sms").says(WRITTEN)
    post.work()
    assert told(talker, assistant)[0] == "sent_later"
    assert carrier.sent == []
    clock.pass_time(hours=8.5)
    post.work()
    assert [number for _, number, _ in carrier.sent] == [DAUGHTER]


def test_whoever_got_it_stops_all_by_stop(talker: Talker, post: Post, assistant: Assistant) -> None:
    looking(talker).says("envoyer par sms").says(WRITTEN)
    post.work()
    post.sms("STOP", sender=DAUGHTER)
    post.work()
    talker.says("envoyer par sms").says(WRITTEN)
    assert told(talker, assistant)[0] == "unsent.refused"


def test_it_can_be_declined_and_the_guide_goes_on(talker: Talker, assistant: Assistant) -> None:
    looking(talker).says("envoyer par sms").says("non")
    assert told(talker, assistant)[0] == "unsent"
    assert talker.step == "trouver_aide/suite"


def test_a_number_is_forgotten_a_day_after_it_was_written_to(
    talker: Talker, post: Post, assistant: Assistant, clock: FakeClock
) -> None:
    def addresses() -> int:
        with assistant.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM address").scalar_one())

    looking(talker).says("envoyer par sms").says(WRITTEN)
    looking(talker).says("envoyer par sms")
    post.work()
    assert addresses() == 1
    clock.pass_time(hours=25)
    assistant.lost_messages.forget_last_words()
    assert addresses() == 0


def test_a_danger_beside_the_number_comes_first(talker: Talker, assistant: Assistant) -> None:
    looking(talker).says("envoyer par sms").says(f"{WRITTEN} je veux mourir")
    assert talker.last[0]["kind"] == "danger"
    assert WRITTEN not in everything_kept(assistant)


def test_a_number_that_nobody_asked_for_is_sent_nothing(
    talker: Talker, post: Post, carrier: FakeCarrier
) -> None:
    looking(talker).says(WRITTEN)
    post.work()
    assert carrier.sent == []
