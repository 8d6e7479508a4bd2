"""A Rasa over HTTP without sockets: its rules and its REST channel, a scripted understanding.

It calls the real use cases as the real actions do, in the order that Rasa's rules give: the active
loop first, the rule of the need after a rejection, nothing more after that.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

from assistant.domain.turn import Decider, RankedNeed, Understanding
from assistant.services.guidance import Guidance


class Trouble(StrEnum):
    """What is wrong with the server, if anything."""

    NONE = "none"
    REFUSED = "refused"
    SLOW = "slow"
    EMPTY = "empty"
    MALFORMED = "malformed"
    NOT_JSON = "not json"
    STATUS = "status 500"
    ANSWERS_TOO_LATE = "answers too late"


@dataclass
class FakeRasa:
    """A server that understands the sentences it was told, and nothing else."""

    intents: Mapping[str, str] = field(default_factory=dict)
    trouble: Trouble = Trouble.NONE
    guidance: Guidance | None = None
    messages: list[str] = field(default_factory=list)
    senders: list[str] = field(default_factory=list)
    seeded: list[str] = field(default_factory=list)
    emptied: list[str] = field(default_factory=list)
    late: list[Callable[[], object]] = field(default_factory=list)

    def transport(self) -> httpx.MockTransport:
        """Return what an HTTP client talks to instead of the network."""
        return httpx.MockTransport(self._handle)

    def answer_late(self) -> None:
        """Run the actions of the messages that timed out."""
        for act in self.late:
            act()
        self.late.clear()

    def _handle(self, request: httpx.Request) -> httpx.Response:
        if self.trouble is Trouble.REFUSED:
            raise httpx.ConnectError("refused", request=request)
        path = request.url.path
        if path == "/health":
            return httpx.Response(200, json={"status": "ok"})
        if path == "/status":
            return httpx.Response(200, json={"model_file": "fake.tar.gz"})
        if path.endswith("/tracker/events") and request.method == "PUT":
            assert json.loads(request.content) == []
            self.emptied.append(path.split("/")[2])
            return httpx.Response(200, json={})
        if path.endswith("/tracker/events"):
            self.seeded.append(path.split("/")[2])
            return httpx.Response(200, json={})
        body = json.loads(request.content)
        if path == "/model/parse":
            return httpx.Response(200, json=_parse_body(self._understand(body["text"])))
        return self._converse(request, body)

    def _converse(self, request: httpx.Request, body: Mapping[str, Any]) -> httpx.Response:
        self.messages.append(body["message"])
        self.senders.append(body["sender"])
        turn = str(body["metadata"]["message_id"])
        match self.trouble:
            case Trouble.SLOW:
                raise httpx.ReadTimeout("slow", request=request)
            case Trouble.EMPTY:
                return httpx.Response(200, json=[])
            case Trouble.MALFORMED:
                return httpx.Response(200, json={"not": "a list"})
            case Trouble.NOT_JSON:
                return httpx.Response(200, text="<html>")
            case Trouble.STATUS:
                return httpx.Response(500, text="boom")
            case Trouble.ANSWERS_TOO_LATE:
                self.late.append(lambda: self._act(turn, body["message"]))
                raise httpx.ReadTimeout("slow", request=request)
            case _:
                self._act(turn, body["message"])
                return httpx.Response(200, json=[{"recipient_id": "x", "custom": {"turn": turn}}])

    def _act(self, turn: str, message: str) -> None:
        assert self.guidance is not None
        if message.startswith("/choose"):
            meant = Understanding("choose", 1.0)
        else:
            meant = self._understand(message)
        if self.guidance.follow(turn, meant, Decider.RASA) is None:
            self.guidance.meet(turn, meant, Decider.RASA)

    def _understand(self, text: str) -> Understanding:
        need = self.intents.get(text)
        if need is None:
            return Understanding(None, 0.2, (RankedNeed("carte_vitale", 0.2),))
        return Understanding(need, 0.95, (RankedNeed(need, 0.95),))


def _parse_body(meant: Understanding) -> dict[str, object]:
    return {
        "intent": {"name": meant.need or "nlu_fallback", "confidence": meant.confidence},
        "intent_ranking": [
            {"name": each.need, "confidence": each.confidence} for each in meant.ranking
        ],
        "entities": [],
    }
