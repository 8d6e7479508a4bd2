"""The telephone on the desk: signed forms in, Twilio's own client out, none in production."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import parse_qsl

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from twilio.base.exceptions import TwilioRestException
from twilio.http.response import Response as TwilioResponse

from assistant.adapters.twilio import (
    SIGNATURE_HEADER,
    Signature,
    TwilioCarrier,
    read_inbound,
    read_report,
    twilio_client,
)
from assistant.bootstrap import Assistant
from assistant.config import Settings, SmsMode
from assistant.domain.delivery import Accepted, DeliveryStatus
from assistant.domain.errors import UnsafeConfiguration
from assistant.domain.sms import CarrierOptOut
from assistant.gateway import phone, problems
from assistant.gateway.desk_phone import KEPT, DeskPhone
from assistant.gateway.pages import Pages
from assistant.gateway.phone import build_phone

NUMBER = "+33639980001"
PUBLIC_URL = "https://pas-a-pas.example"


@dataclass
class Webhook:
    """Our webhooks: what they were posted, and whether it bore a good signature."""

    signature: Signature
    forms: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    status: int = 200
    is_down: bool = False

    def take(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            raise httpx.ConnectError("down")
        fields = parse_qsl(request.content.decode("ascii"), keep_blank_values=True)
        query = request.url.query.decode()
        signed = request.headers[SIGNATURE_HEADER]
        assert self.signature.is_valid(request.url.path, query, fields, signed)
        self.forms.append((request.url.raw_path.decode(), dict(fields)))
        return httpx.Response(self.status)


class Loopback:
    """Carries the requests of Twilio's client to an application in this process."""

    is_async = False

    def __init__(self, client: TestClient) -> None:
        """Speak to that application."""
        self._client = client

    def request(
        self,
        method: str,
        url: str,
        *,
        data: dict[str, str] | None,
        headers: dict[str, str | None],
        auth: tuple[str, str],
        **_unused: object,
    ) -> TwilioResponse:
        """Send one request, as Twilio's own client would."""
        told = {name: value for name, value in headers.items() if value is not None}
        answer = self._client.request(method, url, data=data, headers=told, auth=auth)
        return TwilioResponse(answer.status_code, answer.text)


@pytest.fixture
def desk_settings(settings: Settings) -> Settings:
    """The settings of a desk with a telephone."""
    return settings.model_copy(update={"sms": SmsMode.PHONE, "public_url": httpx.URL(PUBLIC_URL)})


@pytest.fixture
def webhook(desk_settings: Settings) -> Webhook:
    """The webhooks, which check signatures as the real ones do."""
    return Webhook(Signature(desk_settings.sms_account.auth_token, PUBLIC_URL))


@pytest.fixture
def desk_phone(desk_settings: Settings, webhook: Webhook) -> DeskPhone:
    """The telephone, in front of the webhooks."""
    http = httpx.Client(transport=httpx.MockTransport(webhook.take), base_url="http://127.0.0.1")
    return DeskPhone(desk_settings, http, pace=0)


@pytest.fixture
def app(assistant: Assistant) -> FastAPI:
    """An application with the addresses of the telephone, and none to answer them."""
    app = FastAPI()
    app.state.assistant = assistant
    problems.ErrorAnswers(Pages(assistant)).install(app)
    app.include_router(phone.router)
    return app


@pytest.fixture
def desk(app: FastAPI, desk_phone: DeskPhone) -> TestClient:
    """A browser and a carrier's client, on a desk with a telephone."""
    app.state.phone = desk_phone
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def twilio(desk: TestClient, desk_settings: Settings) -> TwilioCarrier:
    """The adapter that production uses, with another address."""
    account = desk_settings.sms_account
    client = twilio_client(
        account.sid, account.auth_token, "http://testserver/dev/twilio", Loopback(desk)
    )
    return TwilioCarrier(client, account.sender, f"{PUBLIC_URL}/sms/status")


# -- where there is none ---------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [SmsMode.OFF, SmsMode.TWILIO])
def test_there_is_no_telephone_unless_the_setting_asks_for_it(
    settings: Settings, mode: SmsMode
) -> None:
    assert build_phone(settings.model_copy(update={"sms": mode})) is None


def test_production_refuses_it() -> None:
    with pytest.raises(UnsafeConfiguration):
        Settings(
            environment="production",  # type: ignore[arg-type]
            secret_keys=SecretStr("k" * 40),
            hash_key=SecretStr("h" * 40),
            rasa_token=SecretStr("t"),
            publisher="p",
            contact="c",
            hosting="h",
            public_url="https://example.org",  # type: ignore[arg-type]
            sms=SmsMode.PHONE,
        )


def test_without_it_each_address_is_a_404(app: FastAPI) -> None:
    client = TestClient(app)
    account = f"AC{'0' * 32}"
    messages = f"/dev/twilio/2010-04-01/Accounts/{account}/Messages"
    assert client.get("/dev/phone").status_code == 404
    assert client.get("/dev/phone/thread?number=1234").status_code == 404
    assert client.post("/dev/phone", data={"number": NUMBER, "text": "a"}).status_code == 404
    assert client.post(f"{messages}.json").status_code == 404
    assert client.delete(f"{messages}/SM1.json").status_code == 404


# -- from the telephone to us ----------------------------------------------------------------------


def test_what_is_typed_reaches_the_webhook_as_a_signed_twilio_form(
    desk: TestClient, webhook: Webhook, desk_settings: Settings
) -> None:
    answer = desk.post("/dev/phone", data={"number": "06 39 98 00 01", "text": "Reçu ? Où ça €"})
    assert answer.status_code == 303
    ((path, form),) = webhook.forms
    assert path == "/sms/inbound"
    received = read_inbound(list(form.items()))
    assert (received.sender, received.text, received.pictures) == (NUMBER, "Reçu ? Où ça €", 0)
    assert received.external_id.startswith("SM")
    assert len(received.external_id) == 34
    assert form["To"] == desk_settings.sms_account.sender
    assert form["NumSegments"] == "1"


@pytest.mark.parametrize(
    ("down", "status", "expected"),
    [(False, 200, "received"), (False, 403, "refused"), (True, 200, "unreachable")],
)
def test_the_thread_tells_whether_it_was_taken(
    desk_phone: DeskPhone, webhook: Webhook, down: bool, status: int, expected: str
) -> None:
    webhook.is_down, webhook.status = down, status
    assert desk_phone.write(NUMBER, "bonjour").status == expected
    assert [each.status for each in desk_phone.thread(NUMBER)] == [expected]


def test_each_message_has_an_id_of_its_own(desk_phone: DeskPhone) -> None:
    assert desk_phone.write(NUMBER, "a").sid != desk_phone.write(NUMBER, "a").sid


def test_a_number_that_cannot_be_is_not_written_from(desk: TestClient, webhook: Webhook) -> None:
    answer = desk.post("/dev/phone", data={"number": "bonjour", "text": "a"})
    shown = desk.get(answer.headers["location"])
    assert not webhook.forms
    assert 'role="alert"' in shown.text


def test_another_site_cannot_write(desk: TestClient, webhook: Webhook) -> None:
    answer = desk.post(
        "/dev/phone",
        data={"number": NUMBER, "text": "a"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert answer.status_code == 401
    assert not webhook.forms


# -- from us to the telephone ----------------------------------------------------------------------


def test_what_the_outbox_sends_arrives_and_its_reports_come_back(
    twilio: TwilioCarrier, desk_phone: DeskPhone, webhook: Webhook
) -> None:
    taken = twilio.send("outgoing-1", NUMBER, "Bonjour. " * 20)
    assert isinstance(taken, Accepted)
    assert (taken.status, taken.raw) == (DeliveryStatus.SENDING, "queued")
    (message,) = desk_phone.thread(NUMBER)
    assert (message.sid, message.size.parts, message.is_ours) == (taken.external_id, 2, True)
    assert message.status == "delivered"
    reports = [read_report("outgoing-1", list(form.items())) for _, form in webhook.forms]
    assert {path for path, _ in webhook.forms} == {"/sms/status?outgoing=outgoing-1"}
    assert [each.status for each in reports] == [DeliveryStatus.SENT, DeliveryStatus.DELIVERED]
    assert {each.external_id for each in reports} == {taken.external_id}


@pytest.mark.parametrize(
    ("fate", "status", "code"),
    [
        ("undelivered", DeliveryStatus.UNDELIVERED, 30003),
        ("failed", DeliveryStatus.FAILED, 30007),
        ("late", DeliveryStatus.DELIVERED, None),
    ],
)
def test_an_incident_is_simulated_for_one_number(
    desk: TestClient,
    twilio: TwilioCarrier,
    webhook: Webhook,
    desk_phone: DeskPhone,
    fate: str,
    status: DeliveryStatus,
    code: int | None,
) -> None:
    desk.post("/dev/phone", data={"number": NUMBER, "text": "a", "fate": fate})
    shown = desk.get("/dev/phone", params={"number": NUMBER}).text
    assert f'<option value="{fate}" selected>' in shown
    webhook.forms.clear()
    twilio.send("outgoing-1", NUMBER, "Bonjour.")
    last = read_report("outgoing-1", list(webhook.forms[-1][1].items()))
    assert (last.status, last.error_code) == (status, code)
    assert desk_phone.thread(NUMBER)[-1].status == last.raw
    twilio.send("outgoing-2", "+33639980002", "Bonjour.")
    assert desk_phone.thread("+33639980002")[-1].status == "delivered"


def test_a_picture_and_a_word_that_twilio_heard_itself(desk: TestClient, webhook: Webhook) -> None:
    desk.post(
        "/dev/phone",
        data={"number": NUMBER, "text": "STOP", "picture": "true", "answered": "STOP"},
    )
    received = read_inbound(list(webhook.forms[-1][1].items()))
    assert (received.pictures, received.opt_out) == (1, CarrierOptOut.STOP)
    answer = desk.post("/dev/phone", data={"number": NUMBER, "text": "a", "answered": "MAYBE"})
    assert answer.status_code == 422


def test_a_copy_is_deleted_once_and_its_absence_is_no_error(
    twilio: TwilioCarrier, desk_phone: DeskPhone
) -> None:
    taken = twilio.send("outgoing-1", NUMBER, "Bonjour.")
    assert isinstance(taken, Accepted)
    assert twilio.delete(taken.external_id)
    assert desk_phone.thread(NUMBER) == []
    assert twilio.delete(taken.external_id)


@pytest.mark.parametrize(
    ("to", "body", "code"),
    [("", "a", 21604), (NUMBER, "", 21602), (NUMBER, "a" * 1601, 21617), ("nobody", "a", 21211)],
)
def test_it_refuses_what_twilio_refuses(
    twilio: TwilioCarrier, to: str, body: str, code: int
) -> None:
    with pytest.raises(TwilioRestException) as refused:
        twilio.client.messages.create(to=to, from_=twilio.sender, body=body)
    assert (refused.value.status, refused.value.code) == (400, code)


def test_only_the_account_may_send(desk: TestClient, desk_settings: Settings) -> None:
    account = desk_settings.sms_account
    url = f"/dev/twilio/2010-04-01/Accounts/{account.sid}/Messages.json"
    form = {"To": NUMBER, "Body": "a"}
    assert desk.post(url, data=form).status_code == 401
    assert desk.post(url, data=form, auth=(account.sid, "wrong")).status_code == 401
    other = url.replace(account.sid, f"AC{'1' * 32}")
    assert desk.post(other, data=form, auth=(account.sid, account.auth_token)).status_code == 404


def test_reports_go_nowhere_but_to_us(
    twilio: TwilioCarrier, desk_phone: DeskPhone, webhook: Webhook
) -> None:
    twilio.client.messages.create(
        to=NUMBER, from_=twilio.sender, body="a", status_callback="https://elsewhere.example/x"
    )
    assert len(desk_phone.thread(NUMBER)) == 1
    assert not webhook.forms


# -- what is shown ---------------------------------------------------------------------------------


def test_the_page_shows_each_message_with_its_parts(
    desk: TestClient, twilio: TwilioCarrier
) -> None:
    desk.post("/dev/phone", data={"number": NUMBER, "text": "<b>bonjour</b>"})
    twilio.send("outgoing-1", NUMBER, "é" * 161)
    for address in ("/dev/phone", "/dev/phone/thread"):
        shown = desk.get(address, params={"number": NUMBER})
        assert shown.status_code == 200
        assert "&lt;b&gt;bonjour&lt;/b&gt;" in shown.text
        assert "2 SMS (161 signes, GSM-7)" in shown.text
        assert shown.text.count('class="sms theirs"') == 1
        assert shown.text.count('class="sms ours"') == 1


def test_each_number_has_its_own_thread(desk: TestClient) -> None:
    desk.post("/dev/phone", data={"number": NUMBER, "text": "premier"})
    other = desk.get("/dev/phone", params={"number": "0639980002"})
    assert "premier" not in other.text
    assert f'<option value="{NUMBER}">' in other.text


def test_it_keeps_the_last_messages_only(desk_phone: DeskPhone) -> None:
    for number in range(KEPT + 5):
        desk_phone.take(NUMBER, str(number))
    kept = desk_phone.thread(NUMBER)
    assert (len(kept), kept[0].text) == (KEPT, "5")
