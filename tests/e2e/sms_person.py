"""A telephone before the running product: what it sends, and what became of the answers."""

from __future__ import annotations

from dataclasses import dataclass, field

import httpx
from sqlalchemy import Engine, func, select

from assistant.adapters.crypto import Keys
from assistant.adapters.database import open_database
from assistant.adapters.tables import InboundRow, OutboxRow
from assistant.adapters.unit_of_work import open_reading
from assistant.config import Settings
from assistant.domain.conversation import Conversation
from assistant.domain.delivery import DeliveryStatus
from assistant.domain.messages import Channel
from tests.e2e.product import Product, wait_until

SECONDS = 30.0


@dataclass(frozen=True)
class Sms:
    """A text message of ours, as it left: its words, the parts it is billed for, its end."""

    text: str
    parts: int
    status: str


@dataclass
class Person:
    """A telephone: each SMS goes through the signed webhook, each answer by the carrier's API."""

    http: httpx.Client
    engine: Engine
    keys: Keys
    number: str
    said: int = field(default=0)

    @classmethod
    def of(cls, product: Product, number: str) -> Person:
        """Take the telephone of that number; it must never have written before."""
        settings = Settings(data_dir=product.data)
        keys = Keys.of(settings.hash_secret("hashing"), settings.sealing_keys)
        return cls(product.client(), open_database(settings.database), keys, number)

    def close(self) -> None:
        """Put the telephone away."""
        self.http.close()
        self.engine.dispose()

    def says(self, text: str) -> list[Sms]:
        """Send an SMS, and return the answers once the carrier told that they arrived."""
        before = len(self.received())
        page = self.http.post("/dev/phone", data={"number": self.number, "text": text})
        assert page.status_code == 303, page.text
        self.said += 1
        wait_until(self._is_quiet, SECONDS, f"the end of {text!r}")
        return self.received()[before:]

    def received(self) -> list[Sms]:
        """Return all that left for this number, in order."""
        with open_reading(self.engine, self.keys)() as work:
            known = work.addresses.conversation_at(Channel.SMS, self.number)
            address = None if known is None else work.addresses.last_in(Channel.SMS, known)
        with self.engine.connect() as connection:
            rows = connection.execute(
                select(OutboxRow.text, OutboxRow.parts, OutboxRow.status)
                .where(OutboxRow.address_id == address, OutboxRow.status != DeliveryStatus.HELD)
                .order_by(OutboxRow.sequence)
            ).all()
        return [Sms(row.text, row.parts, row.status) for row in rows]

    @property
    def step(self) -> str | None:
        """The step that waits for an answer, as ``flow/step``."""
        current = self.conversation.state.session.current
        return None if current is None else f"{current.flow}/{current.step}"

    @property
    def conversation(self) -> Conversation:
        """The conversation that this number speaks in."""
        with open_reading(self.engine, self.keys)() as work:
            known = work.addresses.conversation_at(Channel.SMS, self.number)
            assert known is not None, "nothing was heard of this number yet"
            return work.conversations.get(known)

    @property
    def keys_told(self) -> list[str]:
        """The keys of all that was told to this number, in order."""
        with open_reading(self.engine, self.keys)() as work:
            lines = work.messages.after(self.conversation.id)
        return [line.instruction.key for line in lines if line.instruction is not None]

    def _is_quiet(self) -> bool:
        """Tell whether each SMS of this telephone was answered, and each answer has arrived."""
        with self.engine.connect() as connection:
            answered = connection.execute(
                select(func.count()).where(
                    InboundRow.conversation_id == self.conversation.id,
                    InboundRow.rendered.is_(True),
                )
            ).scalar_one()
        return answered == self.said and all(
            each.status == DeliveryStatus.DELIVERED for each in self.received()
        )
