"""Somebody's phone, as the tests hold it."""

from __future__ import annotations

from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post


class Phone:
    """Somebody's phone: what they send, and what comes back."""

    def __init__(self, post: Post, carrier: FakeCarrier, number: str = PHONE) -> None:
        """Be the phone of that number."""
        self.post, self.carrier, self.number = post, carrier, number

    def says(self, text: str, **more: str) -> list[str]:
        """Send a message and return the text messages that answer it."""
        before = len(self.carrier.sent)
        assert self.post.sms(text, sender=self.number, **more).status_code == 200
        self.post.work()
        return [text for _, number, text in self.carrier.sent[before:] if number == self.number]

    @property
    def keys(self) -> list[str]:
        """The keys of all that we said."""
        return self.post.keys(self.number)
