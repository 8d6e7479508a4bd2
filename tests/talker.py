"""Somebody who talks to the product over its JSON API, in the words of the tests."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import httpx
from fastapi.testclient import TestClient

Body = Mapping[str, Any]


Http: TypeAlias = "httpx.Client | TestClient"
"""Over the network or in process: the two are used alike."""


@dataclass
class Talker:
    """A conversation, and the last messages that answered."""

    http: Http
    id: str
    token: str
    last: Sequence[Body]
    said: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, http: Http, language: str = "fr") -> Talker:
        """Open a conversation."""
        answer = http.request("POST", "/api/conversations", json={"language": language})
        assert answer.status_code == 201, answer.text
        body = answer.json()
        return cls(http, body["id"], body["token"], body["messages"])

    @property
    def headers(self) -> dict[str, str]:
        """The header that opens the conversation."""
        return {"Authorization": f"Bearer {self.token}"}

    def post(self, body: Body, key: str | None = None) -> Any:
        """Post a message and return the raw answer."""
        headers = {**self.headers, "Idempotency-Key": key or str(uuid.uuid4())}
        return self.http.request(
            "POST", f"/api/conversations/{self.id}/messages", json=body, headers=headers
        )

    def says(self, text: str) -> Talker:
        """Write something; it must be accepted."""
        return self._accepted(self.post({"text": text}))

    def picks(self, ending: str) -> Talker:
        """Press the offered button whose id ends so; it must be accepted."""
        choice = next(each for each in self.offered if each.endswith(ending))
        return self._accepted(self.post({"choice": choice}))

    def history(self) -> Sequence[Body]:
        """Read the whole conversation."""
        answer = self.http.request(
            "GET", f"/api/conversations/{self.id}/messages", headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        messages: Sequence[Body] = answer.json()["messages"]
        return messages

    @property
    def offered(self) -> list[str]:
        """The ids of the choices that can be picked now."""
        return [choice["id"] for message in self.last for choice in message["choices"]]

    @property
    def step(self) -> str | None:
        """The step that waits, as ``flow/step``."""
        for message in reversed(self.last):
            if message["step"] is not None:
                return f"{message['step']['flow']}/{message['step']['id']}"
        return None

    @property
    def kinds(self) -> list[str]:
        """The kinds of the last messages."""
        return [message["kind"] for message in self.last]

    def _accepted(self, answer: Any) -> Talker:
        assert answer.status_code == 200, answer.text
        self.last = answer.json()["messages"]
        return self
