"""An SMS comes in: signed, masked, stored once, answered later."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import func, select

from assistant.adapters.tables import InboundRow
from assistant.adapters.twilio import SIGNATURE_HEADER, Signature
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.messages import Author, Channel
from assistant.domain.turn import Decider
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from assistant.services.dialogue.moves import say
from assistant.services.ports.addresses import SuppressionReason
from assistant.services.sms import receive_sms
from assistant.services.sms.phone_line import LOOP
from assistant.services.sms.receive_sms import FLOOD
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import FORM, PHONE, Post

FIELDS = {"MessageSid": "SM1", "From": PHONE, "To": "+33639980000", "Body": "bonjour"}


def test_an_sms_is_stored_and_answered_by_empty_twiml(post: Post) -> None:
    answer = post.sms("je veux activer mon espace santé")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert answer.text.endswith("<Response></Response>")
    assert [line.words.text for line in post.lines() if line.author is Author.CITIZEN] == [
        "je veux activer mon espace santé"
    ]
    # The answer is durable work; it says first that it is a program.
    assert post.keys() == []
    assert post.work() == 3, "the turn, who we are, the answer"
    assert len(post.keys()) > 1
    assert post.keys()[0] == "interface/welcome.program"
    assert post.keys()[1].startswith("flow/activer_espace/")


def test_the_same_number_goes_on_where_it_was(post: Post) -> None:
    post.sms("je veux activer mon espace santé")
    post.work()
    first = post.conversation()
    before = len(post.keys())
    post.sms("1")
    post.work()
    assert post.conversation() == first
    assert len(post.keys()) > before
    assert post.keys().count("interface/welcome.program") == 1


def test_others_speak_in_conversations_of_their_own(post: Post) -> None:
    post.sms("bonjour")
    post.sms("bonjour", sender="+262692123456")
    assert post.conversation() != post.conversation("+262692123456")


def test_what_identifies_somebody_is_masked_before_it_is_stored(
    post: Post, rasa: FakeRasa, settings: Settings
) -> None:
    post.sms("mon numero est 2 85 05 78 006 084 91")
    post.work()
    (said,) = [line for line in post.lines() if line.author is Author.CITIZEN]
    assert "006 084" not in said.words.text
    assert not any("006 084" in message for message in rasa.messages)
    file = settings.data_dir / "pas-a-pas.sqlite3"
    for each in file.parent.glob(f"{file.name}*"):
        assert b"78 006 084" not in each.read_bytes()
        assert PHONE[3:].encode() not in each.read_bytes()


def test_a_replay_changes_nothing_now_or_in_a_month(post: Post, clock: FakeClock) -> None:
    post.sms("bonjour", sid="SM1")
    post.work()
    before = post.lines()
    for days in (0, 30):
        clock.pass_time(days=days)
        assert post.sms("bonjour", sid="SM1").status_code == 200
        assert post.work() == 0
        assert post.lines() == before


def test_a_replay_after_an_erasure_opens_nothing(post: Post, assistant: Assistant) -> None:
    post.sms("bonjour", sid="SM1")
    post.work()
    conversation = post.conversation()
    assert conversation is not None
    assistant.conversations.erase(conversation)
    assert post.sms("bonjour", sid="SM1").status_code == 200
    assert post.conversation() is None


def test_messages_at_once_are_one_conversation_in_their_order(post: Post) -> None:
    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(post.sms, f"message {n}", PHONE, f"SM{n % 8}") for n in range(24)]
        assert {each.result().status_code for each in sent} == {200}
    said = [line.words.text for line in post.lines() if line.author is Author.CITIZEN]
    assert sorted(said) == sorted(set(said))
    assert len(said) == 8
    post.work()
    answered = [line.in_reply_to for line in post.lines() if line.author is Author.ASSISTANT]
    turns = list(dict.fromkeys(each for each in answered if each))
    assert len(turns) == 8


def test_no_signature_no_entry(client: TestClient, post: Post, telephony: object) -> None:
    del telephony
    signature = post.signature
    fields = list(FIELDS.items())
    good = signature.of("/sms/inbound", "", fields)
    elsewhere = Signature(signature.auth_token, "https://example.org").of(
        "/sms/inbound", "", fields
    )
    for headers in (
        {},
        {SIGNATURE_HEADER: ""},
        {SIGNATURE_HEADER: "x"},
        {SIGNATURE_HEADER: elsewhere, "Host": "example.org", "X-Forwarded-Host": "example.org"},
        {SIGNATURE_HEADER: signature.of("/sms/status", "", fields)},
    ):
        answer = client.post(
            "/sms/inbound", content=urlencode(FIELDS), headers={"Content-Type": FORM, **headers}
        )
        assert answer.status_code == 403
        assert answer.headers["content-type"] == "application/problem+json"
    changed = urlencode({**FIELDS, "Body": "autre"})
    answer = client.post(
        "/sms/inbound", content=changed, headers={"Content-Type": FORM, SIGNATURE_HEADER: good}
    )
    assert answer.status_code == 403
    assert post.conversation() is None


@pytest.mark.parametrize(
    ("body", "content_type", "status"),
    [
        (b'{"From": "x"}', "application/json", 415),
        (b"x", "multipart/form-data; boundary=x", 415),
        (b"x", "", 415),
        (b"", FORM, 403),
        (b"%zz=%ff", FORM, 422),
        ("é=1".encode(), FORM, 422),
        (b"&".join([b"a=1"] * 500), FORM, 422),
        (b"Body=" + b"a" * 70_000, FORM, 413),
    ],
)
def test_what_is_no_form_is_refused(
    client: TestClient, body: bytes, content_type: str, status: int
) -> None:
    headers = {"Content-Type": content_type, SIGNATURE_HEADER: "x"}
    assert client.post("/sms/inbound", content=body, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"From": ""}, 422),
        ({"MessageSid": ""}, 422),
        ({"Body": "a" * 2_001}, 413),
    ],
)
def test_a_signed_form_that_cannot_be_a_message(
    post: Post, fields: Mapping[str, str], status: int
) -> None:
    assert post.form("/sms/inbound", {**FIELDS, **fields}).status_code == status
    assert post.conversation() is None


@pytest.mark.parametrize(
    "sender", ["+33123456789", "+33899123456", "+447900123456", "36117", "AMELI"]
)
def test_those_who_cannot_be_answered_are_counted_and_left_alone(
    post: Post, sender: str, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", "assistant"):
        assert post.sms("bonjour", sender=sender).status_code == 200
    assert post.conversation(sender) is None
    assert post.work() == 0
    assert "left alone" in caplog.text
    assert sender not in caplog.text


def test_a_picture_is_answered(post: Post) -> None:
    post.sms("", NumMedia="1")
    post.work()
    assert post.keys() == ["interface/welcome.program", "interface/sms.no_pictures"]


def test_the_words_beside_a_picture_are_answered_too(post: Post) -> None:
    post.sms("je veux activer mon espace santé", NumMedia="1")
    post.work()
    assert post.keys()[:2] == ["interface/sms.no_pictures", "interface/welcome.program"]
    assert post.keys()[2].startswith("flow/activer_espace/")


@pytest.mark.parametrize("text", ["", "   ", "\u200b\u0000"])
def test_an_empty_message_is_answered(post: Post, text: str) -> None:
    post.sms(text)
    post.work()
    assert post.keys() == ["interface/welcome.program", "interface/sms.empty"]


def test_what_the_carrier_answered_itself_is_not_answered_again(
    post: Post, assistant: Assistant
) -> None:
    post.sms("bonjour")
    post.work()
    before = post.keys()
    post.sms("STOP", sid="SMstop", OptOutType="STOP")
    post.work()
    assert post.keys() == before
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is SuppressionReason.STOP
        turn = work.turns.find("", Channel.SMS, "SMstop")
        assert turn is not None
        assert (turn.closed_by, turn.rendered) == (Decider.OPT_OUT, True)
    post.sms("START", OptOutType="START")
    # The STOP of before comes again: it was heeded once.
    post.sms("STOP", sid="SMstop", OptOutType="STOP")
    post.sms("HELP", OptOutType="HELP")
    post.work()
    assert post.keys() == before
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is None


def test_a_stop_out_of_the_blue_gets_no_welcome(post: Post) -> None:
    post.sms("STOP", OptOutType="STOP")
    post.work()
    assert post.keys() == []


def test_somebody_whom_we_forgot_may_come_back(post: Post, assistant: Assistant) -> None:
    with assistant.open_unit_of_work() as work:
        work.suppressions.add(Channel.SMS, PHONE, SuppressionReason.ERASED, assistant.now())
        work.suppressions.add(
            Channel.SMS, "+33687654321", SuppressionReason.WRONG_NUMBER, assistant.now()
        )
        work.commit()
    post.sms("bonjour")
    post.sms("bonjour", sender="+33687654321")
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is None
        assert (
            work.suppressions.reason(Channel.SMS, "+33687654321") is SuppressionReason.WRONG_NUMBER
        )


def test_the_workers_are_woken(post: Post, assistant: Assistant) -> None:
    assert not assistant.bell.is_set()
    post.sms("bonjour", sid="SM1")
    assert assistant.bell.is_set()
    assistant.bell.clear()
    post.sms("bonjour", sid="SM1")
    assert not assistant.bell.is_set()


def test_hundreds_of_messages_of_one_hold_up_no_other(post: Post, assistant: Assistant) -> None:
    for number in range(200):
        post.sms(f"message {number}")
    post.sms("bonjour", sender="+33687654321")
    turns = assistant.durable_tasks()[0]
    assert len(turns.due(10)) == 2


def test_a_flood_is_kept_and_answered_by_one_word_of_silence(
    post: Post, assistant: Assistant, carrier: FakeCarrier
) -> None:
    for number in range(FLOOD + 40):
        assert post.sms(f"message {number}").status_code == 200
    # What came too fast is closed where it came in: it gives the workers nothing to do.
    with assistant.engine.connect() as connection:
        open_ = select(func.count()).where(InboundRow.rendered.is_(False))
        assert connection.execute(open_).scalar_one() == FLOOD
        assert connection.execute(select(func.count(InboundRow.id))).scalar_one() == FLOOD + 40
    post.work()
    assert post.keys().count("interface/sms.loop") == 1
    assert len(carrier.sent) <= LOOP.answers + 2
    before = len(carrier.sent)
    post.sms("encore")
    post.work()
    assert len(carrier.sent) == before


def test_danger_and_stop_are_heard_in_a_flood(post: Post, assistant: Assistant) -> None:
    for number in range(FLOOD + 5):
        post.sms(f"message {number}")
    post.sms("je veux mourir")
    post.sms("STOP")
    post.work()
    assert post.keys().count("answer/detresse/text") == 1
    with assistant.open_unit_of_work() as work:
        assert work.suppressions.reason(Channel.SMS, PHONE) is SuppressionReason.STOP


def test_a_flood_ends_with_a_pause(post: Post, clock: FakeClock) -> None:
    for number in range(FLOOD + 5):
        post.sms(f"message {number}")
    post.work()
    clock.pass_time(minutes=10)
    before = len(post.keys())
    post.sms("menu")
    post.work()
    assert len(post.keys()) > before


def test_a_number_fills_the_database_for_one_day_only(
    post: Post, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receive_sms, "MOST", 8)
    statuses = [post.sms(f"message {number}").status_code for number in range(10)]
    assert statuses == [200] * 8 + [429, 429]
    assert post.assistant.health().sms_missed == 2
    assert post.sms("bonjour", sender="+33687654321").status_code == 200
    clock.pass_time(days=1)
    assert post.sms("message 11").status_code == 200


def test_an_answer_of_another_version_without_words_here_holds_nobody_up(
    post: Post, assistant: Assistant
) -> None:
    post.sms("bonjour")
    turns = assistant.durable_tasks()[0]
    (turn,) = turns.due(10)
    with assistant.open_unit_of_work() as work:
        # A gateway of tomorrow decided it, and died before it was put into words.
        work.turns.lease(turn, "dead", assistant.now(), assistant.now())
        work.turns.close(turn, Decider.KEYWORDS, "action_of_tomorrow", (say("of_tomorrow"),))
        work.commit()
    post.sms("menu")
    post.work()
    assert post.keys()[0] == "interface/trouble"
    assert len(post.keys()) > 1


def test_without_sms_nobody_is_at_home(assistant: Assistant, announcer: LiveAnnouncer) -> None:
    without = TestClient(make_app(replace(assistant, telephony=None), announcer))
    for path in ("/sms/inbound", "/sms/status?outgoing=1"):
        assert without.post(path, content="x", headers={"Content-Type": FORM}).status_code == 404
