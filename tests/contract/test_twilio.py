"""Twilio as it is: its signatures (the vectors of its own tests), its forms, its API's answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.twilio import (
    LONGEST_WAIT,
    Signature,
    TwilioCarrier,
    read_inbound,
    read_report,
    twilio_client,
)
from assistant.adapters.twilio_codes import CODES, meaning, refusal_kind
from assistant.domain.delivery import Accepted, DeliveryStatus, RefusalKind, Refused
from assistant.domain.errors import InvalidInput
from assistant.domain.sms import CarrierOptOut
from tests.fakes.twilio import (
    ACCOUNT,
    NO_ANSWER,
    NO_NETWORK,
    NUMBER,
    TOKEN,
    FakeTwilio,
    error_body,
    message_body,
    outgoing_id_of,
)

# tests/unit/test_request_validator.py of twilio-python (MIT): token, address, fields, signatures.
PATH, QUERY = "/myapp.php", "foo=1&bar=2"
FIELDS = [
    ("CallSid", "CA1234567890ABCDE"),
    ("Digits", "1234"),
    ("From", "+14158675309"),
    ("To", "+18005551212"),
    ("Caller", "+14158675309"),
]
TWICE = [("Sid", "CA123"), ("SidAccount", "AC123"), ("Digits", "5678"), ("Digits", "1234")]
VECTORS = [
    ("https://mycompany.com", FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("https://mycompany.com:1234", FIELDS, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
    ("http://mycompany.com:1234", FIELDS, "Zmvh+3yNM1Phv2jhDCwEM3q5ebU="),
    ("https://mycompany.com", FIELDS, "kvajT1Ptam85bY51eRf/AJRuM3w="),
    ("http://mycompany.com", FIELDS, "0ZXoZLH/DfblKGATFgpif+LLRf4="),
    ("https://mycompany.com", TWICE, "IK+Dwps556ElfBT0I3Rgjkr1wJU="),
]
A_SIGNATURE = VECTORS[0][2]


@pytest.mark.parametrize(("public_url", "fields", "signature"), VECTORS)
def test_the_official_vectors(
    public_url: str, fields: list[tuple[str, str]], signature: str
) -> None:
    # The settings' address may end with a slash.
    for address in (public_url, f"{public_url}/"):
        assert Signature(TOKEN, address).is_valid(PATH, QUERY, fields, signature)


@pytest.mark.parametrize(
    ("token", "public_url", "path", "query", "fields", "signature"),
    [
        ("12346", "https://mycompany.com", PATH, QUERY, FIELDS, A_SIGNATURE),
        (TOKEN, "https://mycompany.org", PATH, QUERY, FIELDS, A_SIGNATURE),
        (TOKEN, "https://mycompany.com", "/other", QUERY, FIELDS, A_SIGNATURE),
        (TOKEN, "https://mycompany.com", PATH, "foo=1", FIELDS, A_SIGNATURE),
        (TOKEN, "https://mycompany.com", PATH, QUERY, FIELDS[1:], A_SIGNATURE),
        (TOKEN, "https://mycompany.com", PATH, QUERY, [*FIELDS, ("x", "")], A_SIGNATURE),
        (TOKEN, "https://mycompany.com", PATH, QUERY, FIELDS, None),
        (TOKEN, "https://mycompany.com", PATH, QUERY, FIELDS, ""),
        (TOKEN, "https://mycompany.com", PATH, QUERY, FIELDS, A_SIGNATURE[:-1]),
        (TOKEN, "https://mycompany.com", PATH, QUERY, FIELDS, "é" * len(A_SIGNATURE)),
    ],
)
def test_anything_else_is_no_signature(
    token: str,
    public_url: str,
    path: str,
    query: str,
    fields: list[tuple[str, str]],
    signature: str | None,
) -> None:
    assert not Signature(token, public_url).is_valid(path, query, fields, signature)


@given(st.lists(st.tuples(st.text(min_size=1, max_size=8), st.text(max_size=20)), max_size=6))
def test_what_we_sign_is_what_we_accept(fields: list[tuple[str, str]]) -> None:
    signature = Signature(TOKEN, "https://example.org")
    given = signature.of("/sms/inbound", "", fields)
    assert signature.is_valid("/sms/inbound", "", fields, given)
    assert not signature.is_valid("/sms/status", "", fields, given)


# https://www.twilio.com/docs/messaging/guides/webhook-request
INBOUND = [
    ("ToCountry", "FR"),
    ("ToState", ""),
    ("SmsMessageSid", f"SM{'1' * 32}"),
    ("NumMedia", "0"),
    ("ToCity", ""),
    ("FromZip", ""),
    ("SmsSid", f"SM{'1' * 32}"),
    ("SmsStatus", "received"),
    ("FromCity", ""),
    ("Body", " J'ai reçu un code "),
    ("FromCountry", "FR"),
    ("To", NUMBER),
    ("NumSegments", "1"),
    ("MessageSid", f"SM{'1' * 32}"),
    ("AccountSid", ACCOUNT),
    ("From", "+33612345678"),
    ("ApiVersion", "2010-04-01"),
]


def test_reads_a_message() -> None:
    received = read_inbound(INBOUND)
    assert received.external_id == f"SM{'1' * 32}"
    assert received.sender == "+33612345678"
    assert received.text == " J'ai reçu un code "
    assert (received.pictures, received.opt_out) == (0, None)


@pytest.mark.parametrize(
    ("name", "value", "pictures", "opt_out"),
    [
        ("NumMedia", "2", 2, None),
        ("NumMedia", "x", 0, None),
        ("NumMedia", "-1", 0, None),
        ("NumMedia", "9" * 5_000, 999_999_999, None),
        ("OptOutType", "STOP", 0, CarrierOptOut.STOP),
        ("OptOutType", "START", 0, CarrierOptOut.START),
        ("OptOutType", "HELP", 0, CarrierOptOut.HELP),
        ("OptOutType", "OTHER", 0, None),
    ],
)
def test_reads_what_comes_with_a_message(
    name: str, value: str, pictures: int, opt_out: CarrierOptOut | None
) -> None:
    received = read_inbound([*INBOUND, (name, value)])
    assert (received.pictures, received.opt_out) == (pictures, opt_out)


@pytest.mark.parametrize("name", ["MessageSid", "From"])
@pytest.mark.parametrize("value", [None, "", "  ", "x" * 65])
def test_refuses_a_message_without_its_ids(name: str, value: str | None) -> None:
    fields = [each for each in INBOUND if each[0] != name]
    if value is not None:
        fields.append((name, value))
    with pytest.raises(InvalidInput) as refused:
        read_inbound(fields)
    assert "33612345678" not in str(refused.value)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("accepted", DeliveryStatus.SENDING),
        ("queued", DeliveryStatus.SENDING),
        ("sending", DeliveryStatus.SENDING),
        ("sent", DeliveryStatus.SENT),
        ("delivered", DeliveryStatus.DELIVERED),
        ("undelivered", DeliveryStatus.UNDELIVERED),
        ("failed", DeliveryStatus.FAILED),
        ("partially_delivered", None),
        ("SENT", None),
    ],
)
def test_reads_a_report(raw: str, status: DeliveryStatus | None) -> None:
    form = [("MessageSid", "SM1"), ("MessageStatus", raw), ("ErrorCode", "30003")]
    report = read_report("o1", form)
    assert (report.outgoing_id, report.external_id, report.error_code) == ("o1", "SM1", 30003)
    assert (report.status, report.raw) == (status, raw)


def test_refuses_a_report_without_its_status() -> None:
    with pytest.raises(InvalidInput):
        read_report("o1", [("MessageSid", "SM1")])


@pytest.fixture
def twilio() -> FakeTwilio:
    """A Twilio in good health."""
    return FakeTwilio()


@pytest.fixture
def carrier(twilio: FakeTwilio) -> TwilioCarrier:
    """The official client before it."""
    client = twilio_client(ACCOUNT, "secret", transport=twilio)
    return TwilioCarrier(client, NUMBER, "https://example.org/sms/status")


def test_hands_over_an_sms(carrier: TwilioCarrier, twilio: FakeTwilio) -> None:
    answer = carrier.send("o 1&2", "+33612345678", "Où est votre code ?")
    (asked,) = twilio.requests
    assert asked["method"] == "POST"
    assert asked["url"].endswith(f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json")
    assert asked["auth"] == (ACCOUNT, "secret")
    assert asked["form"]["To"] == "+33612345678"
    assert asked["form"]["From"] == NUMBER
    assert asked["form"]["Body"] == "Où est votre code ?"
    assert outgoing_id_of(asked["form"]["StatusCallback"]) == "o 1&2"
    assert answer == Accepted(f"SM{1:032x}", DeliveryStatus.SENDING, "queued")


def test_another_address_for_a_telephone_on_the_desk(twilio: FakeTwilio) -> None:
    client = twilio_client(ACCOUNT, "secret", "http://127.0.0.1:8000/dev/twilio/", twilio)
    TwilioCarrier(client, NUMBER, "https://example.org/sms/status").send("o1", NUMBER, "a")
    assert twilio.requests[0]["url"] == (
        f"http://127.0.0.1:8000/dev/twilio/2010-04-01/Accounts/{ACCOUNT}/Messages.json"
    )


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 21211, RefusalKind.PERMANENT),
        (400, 21610, RefusalKind.OPTED_OUT),
        (400, 21614, RefusalKind.PERMANENT),
        (400, 21635, RefusalKind.PERMANENT),
        (400, 12345, RefusalKind.PERMANENT),  # a code of tomorrow: its status decides
        (401, 20003, RefusalKind.TRANSIENT),  # a wrong token is no fault of the message
        (403, 99999, RefusalKind.TRANSIENT),
        (404, 20404, RefusalKind.PERMANENT),
        (429, 20429, RefusalKind.TRANSIENT),
        (429, 99999, RefusalKind.TRANSIENT),
        (500, 20500, RefusalKind.TRANSIENT),
        (503, 99999, RefusalKind.TRANSIENT),
    ],
)
def test_tells_what_may_be_tried_again(
    carrier: TwilioCarrier, twilio: FakeTwilio, status: int, code: int, kind: RefusalKind
) -> None:
    twilio.script.append((status, error_body(status, code, "no: +33612345678")))
    assert carrier.send("o1", "+33612345678", "a") == Refused(kind, code)


@pytest.mark.parametrize(
    ("header", "wait"), [("7", 7.0), ("86400", LONGEST_WAIT), ("soon", None), ("-1", None)]
)
def test_twilio_may_ask_to_be_left_alone(
    carrier: TwilioCarrier, twilio: FakeTwilio, header: str, wait: float | None
) -> None:
    refusal = error_body(429, 20429, "Too Many Requests")
    twilio.script.append((429, refusal, {"Retry-After": header}))
    answer = carrier.send("o1", "+33612345678", "a")
    assert answer == Refused(RefusalKind.TRANSIENT, 20429, wait)


@pytest.mark.parametrize(
    "trouble",
    [NO_NETWORK, NO_ANSWER, (502, "<html>bad gateway"), (201, "<html>"), (200, "")],
)
def test_no_answer_may_be_tried_again_and_tells_no_number(
    carrier: TwilioCarrier,
    twilio: FakeTwilio,
    trouble: tuple[int, str] | Exception,
    caplog: pytest.LogCaptureFixture,
) -> None:
    twilio.script.append(trouble)
    answer = carrier.send("o1", "+33612345678", "mes mots")
    assert isinstance(answer, Refused)
    assert answer.kind is RefusalKind.TRANSIENT
    assert "33612345678" not in caplog.text
    assert "mes mots" not in caplog.text


def test_an_unknown_status_of_a_message_that_was_taken(
    carrier: TwilioCarrier, twilio: FakeTwilio
) -> None:
    twilio.script.append((201, message_body("SM9", {}, status="pondering")))
    assert carrier.send("o1", "+33612345678", "a") == Accepted(
        "SM9", DeliveryStatus.SENDING, "pondering"
    )


@pytest.mark.parametrize(
    ("status", "code", "is_gone"),
    [(204, None, True), (404, 20404, True), (409, 20009, False), (503, 20503, False)],
)
def test_deletes_a_copy(
    carrier: TwilioCarrier, twilio: FakeTwilio, status: int, code: int | None, *, is_gone: bool
) -> None:
    twilio.deletions.append((status, error_body(status, code, "no") if code else ""))
    assert carrier.delete("SM1") is is_gone
    assert twilio.requests[0]["url"].endswith(f"/Accounts/{ACCOUNT}/Messages/SM1.json")


def test_every_code_has_words_and_a_page() -> None:
    for code, known in CODES.items():
        assert known.meaning in meaning(code)
        assert meaning(code).endswith(f"/{code})")
        assert refusal_kind(400, code) is known.kind
    assert meaning(None)
    assert meaning(1)


def test_a_code_of_which_twilio_was_not_read_says_where_it_comes_from() -> None:
    second_hand = [each for each in CODES.values() if not each.is_first_hand]
    assert all(each.source.startswith("https://") for each in second_hand)
    # Few enough to be read by a human before the service opens (docs/operations.md).
    assert len(second_hand) == 8
