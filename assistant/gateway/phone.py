"""A telephone on the desk: SMS without an account, on the way that real ones take.

What is typed here is signed and posted to the webhook like Twilio's forms; what the outbox sends
comes to a local endpoint that answers as Twilio's. Served while the setting ``sms`` is ``phone``,
which production refuses; otherwise each address is a 404. Nothing of it is kept on disk.
"""

from __future__ import annotations

import re
import secrets
from http import HTTPStatus
from typing import Annotated, Literal
from urllib.parse import urlencode

import httpx
from fastapi import APIRouter, BackgroundTasks, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.security import HTTPBasic, HTTPBasicCredentials

from assistant.config import Settings, SmsMode
from assistant.domain.errors import NotAllowed, NotFound
from assistant.domain.sms import CarrierOptOut
from assistant.domain.whom import Whom
from assistant.gateway.access import TheAssistant, access_rule, visitor
from assistant.gateway.desk_phone import FATE_KEYS, DeskPhone, Fate, as_resource
from assistant.gateway.views import asset, environment
from assistant.rendering.catalogue import SOURCE_LANGUAGE, direction_of

PAGE = "/dev/phone"
API = "/dev/twilio/2010-04-01/Accounts/{account}"

LONGEST_BODY = 1600
"""Twilio refuses a longer one with its error 21617."""

# Arcep keeps 06 39 98 00 00 to 06 39 98 99 99 for fiction; the first one is ours.
FIRST_NUMBER = "+33639980001"
_NUMBER = re.compile(r"\+?[0-9]{3,15}")
_NATIONAL = re.compile(r"0[1-9][0-9]{8}")


def build_phone(settings: Settings, http: httpx.Client | None = None) -> DeskPhone | None:
    """Return the telephone of a desk, or None where there is none."""
    if settings.sms is not SmsMode.PHONE or settings.is_production:
        return None
    return DeskPhone(settings, http)


def phone_of(request: Request) -> DeskPhone:
    """Return the telephone of this application. Raises NotFound without one."""
    phone: DeskPhone | None = getattr(request.app.state, "phone", None)
    if phone is None:
        raise NotFound("phone")
    return phone


@access_rule
def desk(request: Request, assistant: TheAssistant) -> DeskPhone:
    """Let in whoever sits at the desk, from our own pages. Raises NotFound, NotAllowed."""
    phone = phone_of(request)
    visitor(request, assistant)
    return phone


@access_rule
def account_holder(
    account: str,
    request: Request,
    given: Annotated[HTTPBasicCredentials | None, Depends(HTTPBasic(auto_error=False))],
) -> DeskPhone:
    """Let in whoever has the account's secret, as Twilio does. Raises NotFound, NotAllowed."""
    phone = phone_of(request)
    wanted = (phone.account.sid, phone.account.auth_token)
    if given is None or not all(
        secrets.compare_digest(has.encode(), needs.encode())
        for has, needs in zip((given.username, given.password), wanted, strict=True)
    ):
        raise NotAllowed("account")
    if account != phone.account.sid:
        raise NotFound(account)
    return phone


TheDesk = Annotated[DeskPhone, Depends(desk)]
TheAccount = Annotated[DeskPhone, Depends(account_holder)]

router = APIRouter(include_in_schema=False)


@router.get(PAGE)
def show(
    phone: TheDesk, assistant: TheAssistant, number: Annotated[str, Query(max_length=30)] = ""
) -> HTMLResponse:
    """Show the telephone, with the thread of one number."""
    chosen = _parse_number(number) or next(iter(phone.numbers()), FIRST_NUMBER)
    wrong = bool(number) and _parse_number(number) is None
    return _page("phone.html", assistant, phone, chosen, wrong_number=wrong)


@router.get(f"{PAGE}/thread")
def show_thread(
    phone: TheDesk, assistant: TheAssistant, number: Annotated[str, Query(max_length=30)]
) -> HTMLResponse:
    """Show the thread alone, for the page to follow it."""
    return _page("phone_thread.html", assistant, phone, _parse_number(number) or FIRST_NUMBER)


@router.post(PAGE)
def write(
    phone: TheDesk,
    number: Annotated[str, Form(max_length=30)],
    text: Annotated[str, Form(max_length=LONGEST_BODY)] = "",
    picture: Annotated[bool, Form()] = False,  # noqa: FBT002 (a field of a form)
    answered: Annotated[CarrierOptOut | Literal[""], Form()] = "",
    fate: Annotated[Fate, Form()] = Fate.DELIVERED,
) -> RedirectResponse:
    """Send what was typed, then show the thread; ``fate`` is what becomes of our answers."""
    chosen = _parse_number(number)
    if chosen is not None:
        phone.decide(chosen, fate)
        phone.write(chosen, text, pictures=int(picture), opt_out=answered or None)
    query = urlencode({"number": chosen or number})
    return RedirectResponse(f"{PAGE}?{query}#text", HTTPStatus.SEE_OTHER)


@router.post(f"{API}/Messages.json")
def create_message(
    phone: TheAccount,
    later: BackgroundTasks,
    to: Annotated[str, Form(alias="To", max_length=40)] = "",
    body: Annotated[str, Form(alias="Body")] = "",
    callback: Annotated[str, Form(alias="StatusCallback", max_length=500)] = "",
) -> JSONResponse:
    """Take a message as Twilio does (https://www.twilio.com/docs/messaging/api/message-resource)."""
    if not to:
        return _refusal(HTTPStatus.BAD_REQUEST, 21604, "A 'To' phone number is required.")
    if not body:
        return _refusal(HTTPStatus.BAD_REQUEST, 21602, "Message body is required.")
    if len(body) > LONGEST_BODY:
        return _refusal(HTTPStatus.BAD_REQUEST, 21617, "The message body is too long.")
    number = _parse_number(to)
    if number is None:
        return _refusal(HTTPStatus.BAD_REQUEST, 21211, "The 'To' number is not valid.")
    message = phone.take(number, body)
    later.add_task(phone.report, message, callback)
    return JSONResponse(as_resource(message, phone.account), HTTPStatus.CREATED)


@router.delete(f"{API}/Messages/{{sid}}.json")
def delete_message(phone: TheAccount, sid: str) -> Response:
    """Delete a copy of a message as Twilio does."""
    if not phone.forget(sid):
        return _refusal(HTTPStatus.NOT_FOUND, 20404, "The message was not found.")
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _page(
    template: str,
    assistant: TheAssistant,
    phone: DeskPhone,
    number: str,
    *,
    wrong_number: bool = False,
) -> HTMLResponse:
    def t(key: str, **params: object) -> str:
        return assistant.catalogue.interface(key, SOURCE_LANGUAGE, Whom.SELF, **params)

    page = environment().get_template(template)
    return HTMLResponse(
        page.render(
            t=t,
            asset=asset,
            language=SOURCE_LANGUAGE,
            direction=direction_of(SOURCE_LANGUAGE),
            title=t("phone.title"),
            number=number,
            numbers=phone.numbers(),
            sender=phone.account.sender,
            messages=phone.thread(number),
            wrong_number=wrong_number,
            answered_words=[each.value for each in CarrierOptOut],
            fates=FATE_KEYS,
            fate=phone.fate(number),
        )
    )


def _refusal(status: HTTPStatus, code: int, words: str) -> JSONResponse:
    told = {
        "code": code,
        "message": words,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status.value,
    }
    return JSONResponse(told, status)


def _parse_number(typed: str) -> str | None:
    """Read « 06 12 34 56 78 », « +33 6 … » or a short code; None for anything else."""
    digits = re.sub(r"[\s.()-]", "", typed)
    if _NATIONAL.fullmatch(digits):
        return f"+33{digits[1:]}"
    return digits if _NUMBER.fullmatch(digits) else None
