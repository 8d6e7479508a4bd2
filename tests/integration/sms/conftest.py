"""The product with SMS on, a carrier without sockets, and forms that bear a true signature."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from assistant.adapters.twilio import SIGNATURE_HEADER, STATUS_PATH, Signature
from assistant.bootstrap import Assistant
from assistant.config import Settings, SmsMode
from assistant.domain.delivery import PhoneText
from assistant.domain.messages import Author, Channel, Message
from assistant.telephony import Telephony
from tests.fakes.twilio import FakeCarrier

FORM = "application/x-www-form-urlencoded"
PHONE = "+33612345678"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Settings of a desk with SMS on."""
    return settings.model_copy(update={"sms": SmsMode.PHONE, "sms_budget_parts_per_day": 10})


@pytest.fixture
def carrier() -> FakeCarrier:
    """A carrier in good health."""
    return FakeCarrier()


@pytest.fixture
def telephony(assistant: Assistant) -> Telephony:
    """The use cases of SMS."""
    assert assistant.telephony is not None
    return assistant.telephony


@dataclass
class Post:
    """The carrier, as our two addresses see it."""

    http: TestClient
    signature: Signature
    # Hypothesis writes out what a failing test was given: the whole product would drown it.
    assistant: Assistant = field(repr=False)
    count: int = field(default=0)

    def sms(self, text: str, sender: str = PHONE, sid: str = "", **more: str) -> Response:
        """Post a message that somebody wrote."""
        self.count += 1
        return self.form(
            "/sms/inbound",
            {
                "MessageSid": sid or f"SM{self.count:032x}",
                "From": sender,
                "To": "+33639980000",
                "Body": text,
                "NumMedia": "0",
                **more,
            },
        )

    def status(self, outgoing_id: str, status: str, sid: str, **more: str) -> Response:
        """Post what became of a message of ours."""
        return self.form(
            STATUS_PATH,
            {"MessageSid": sid, "MessageStatus": status, **more},
            f"outgoing={outgoing_id}",
        )

    def form(self, path: str, fields: Mapping[str, str], query: str = "") -> Response:
        """Post a signed form."""
        return self.http.post(
            f"{path}?{query}" if query else path,
            content=urlencode(fields),
            headers={
                "Content-Type": FORM,
                SIGNATURE_HEADER: self.signature.of(path, query, list(fields.items())),
            },
        )

    def work(self) -> int:
        """Do what is due, as the workers would, until there is nothing more; count it."""
        done = 0
        while True:
            # The directory of places is kept up by itself, and has tests of its own.
            alone = {"places", "communes"}
            tasks = [each for each in self.assistant.durable_tasks() if each.name not in alone]
            due = [(task, row) for task in tasks for row in task.due(100)]
            if not due:
                return done
            for task, row in due:
                task.perform(row)
            done += len(due)

    def conversation(self, sender: str = PHONE) -> str | None:
        """Return the conversation that a number speaks in."""
        with self.assistant.open_unit_of_work() as work:
            return work.addresses.conversation_at(Channel.SMS, sender)

    def lines(self, sender: str = PHONE) -> list[Message]:
        """List the lines of a number's conversation."""
        known = self.conversation(sender)
        if known is None:
            return []
        with self.assistant.open_unit_of_work() as work:
            return list(work.messages.after(known))

    def keys(self, sender: str = PHONE) -> list[str]:
        """List the keys of what we said to a number."""
        return [
            line.instruction.key
            for line in self.lines(sender)
            if line.author is Author.ASSISTANT and line.instruction is not None
        ]

    def knows(self, sender: str = PHONE) -> str:
        """Let a number speak in a new conversation, without a word from it; return which."""
        opened = self.assistant.conversations.open("fr").conversation
        with self.assistant.open_unit_of_work() as work:
            now = self.assistant.now()
            address = work.addresses.remember(Channel.SMS, sender, now)
            work.addresses.attach(address, opened.id, now)
            work.commit()
        return opened.id

    def put(
        self,
        *texts: str,
        sender: str = PHONE,
        started_by_us: bool = False,
        although_stopped: bool = False,
    ) -> None:
        """Let texts leave for a number that speaks with us."""
        with self.assistant.open_unit_of_work() as work:
            now = self.assistant.now()
            line = self.lines(sender)[-1].id
            address = work.addresses.remember(Channel.SMS, sender, now)
            parts = [PhoneText(each, 2) for each in texts]
            work.outbox.put(
                address,
                line,
                parts,
                now,
                started_by_us=started_by_us,
                although_stopped=although_stopped,
            )
            work.commit()


@pytest.fixture
def post(client: TestClient, telephony: Telephony, assistant: Assistant) -> Post:
    """The carrier."""
    return Post(client, telephony.signature, assistant)
