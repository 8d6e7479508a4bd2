"""The two addresses that the carrier posts to; what it did not sign is refused, and not kept."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Annotated, TypeAlias
from urllib.parse import parse_qsl
from weakref import WeakValueDictionary

from fastapi import APIRouter, Depends, HTTPException, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response

from assistant.adapters.twilio import (
    INBOUND_PATH,
    OUTGOING,
    SIGNATURE_HEADER,
    STATUS_PATH,
    FormFields,
    read_inbound,
    read_report,
)
from assistant.bootstrap import Assistant
from assistant.domain.errors import InvalidInput, NotFound
from assistant.gateway.access import TheAssistant, access_rule
from assistant.services.sms.receive_sms import SmsOutcome
from assistant.telephony import Telephony

router = APIRouter(include_in_schema=False)

FORM = "application/x-www-form-urlencoded"
# Twilio sends some thirty.
MOST_FIELDS = 200

# The answer leaves from the outbox: there is nothing to say yet.
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response></Response>'


@access_rule
async def signed_form(request: Request, assistant: TheAssistant) -> FormFields:
    """Let the carrier in: the fields of a form that it signed for the address in our settings.

    Raises NotFound while SMS are off, InvalidInput, HTTPException (403, 415).
    """
    signature = _telephony(assistant).signature
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise HTTPException(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    body = await request.body()
    try:
        fields = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        msg = "the form cannot be read"
        raise InvalidInput(msg) from None
    given = request.headers.get(SIGNATURE_HEADER)
    if not signature.is_valid(request.url.path, request.url.query, fields, given):
        raise HTTPException(HTTPStatus.FORBIDDEN)
    return fields


SignedForm: TypeAlias = Annotated[FormFields, Depends(signed_form)]


class OneAtATime:
    """Lets one message of each number in at a time, in the order in which they came.

    Whoever writes ten thousand then has one worker thread and one writer of the database, and the
    others have the rest.
    """

    def __init__(self) -> None:
        """Begin with nobody in line; a line that nobody stands in is forgotten."""
        self._lines: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()

    def line(self, number: str) -> asyncio.Lock:
        """Return what to hold while a message of that number is taken in."""
        # A lock belongs to one event loop; a gateway has one, tests have many.
        return self._lines.setdefault((id(asyncio.get_running_loop()), number), asyncio.Lock())


_one_at_a_time = OneAtATime()


@router.post(INBOUND_PATH)
async def receive(fields: SignedForm, assistant: TheAssistant) -> Response:
    """Take an SMS in; it is answered by another one, later."""
    received = read_inbound(fields)
    telephony = _telephony(assistant)
    try:
        async with _one_at_a_time.line(received.sender):
            outcome = await run_in_threadpool(telephony.receive, received)
    except Exception:
        # Twilio posts it again only if it was asked to: whoever runs the service sees it.
        telephony.missed.add()
        raise
    if outcome is SmsOutcome.TOO_MANY:
        telephony.missed.add()
        raise HTTPException(HTTPStatus.TOO_MANY_REQUESTS)
    return Response(EMPTY_TWIML, media_type="text/xml")


@router.post(STATUS_PATH)
def record_status(
    fields: SignedForm,
    assistant: TheAssistant,
    outgoing: Annotated[str, Query(alias=OUTGOING, min_length=1, max_length=64)],
) -> Response:
    """Note what became of an SMS that we sent."""
    _telephony(assistant).record(read_report(outgoing, fields))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _telephony(assistant: Assistant) -> Telephony:
    if assistant.telephony is None:
        raise NotFound("sms")
    return assistant.telephony
