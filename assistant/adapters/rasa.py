"""Rasa over HTTP: a turn on its REST channel, its disposable sessions, and what it understands."""

from __future__ import annotations

import json
import logging
import secrets
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from assistant.adapters.breaker import CircuitBreaker
from assistant.adapters.rasa_messages import Answer, ParsedMessage
from assistant.domain.conversation import Conversation
from assistant.domain.errors import EngineUnavailable
from assistant.domain.turn import Understanding
from assistant.services.ports.dialogue import EngineRequest
from assistant.services.ports.transaction import OpenUnitOfWork

log = logging.getLogger(__name__)

LOOP = "action_follow_flow"

# An erasure is done when our tables say so: Rasa's memory is asked once, and not waited for.
FORGET_SECONDS = 1.0

# Twenty thousand sessions of 100 bytes are 2 MB; beyond, the oldest are begun afresh.
SESSIONS_REMEMBERED = 20_000
# An answer to one message is a few hundred bytes; a megabyte is a server gone wrong.
LONGEST_ANSWER_BYTES = 1_000_000
PROBE_SECONDS = 2.0


class RasaState(StrEnum):
    """What is known of the Rasa server."""

    READY = "ready"
    LOADING = "loading"
    DOWN = "down"


@dataclass
class _Session:
    id: str
    turns: int


class RasaServer:
    """The calls to one Rasa server, and whether it is worth calling."""

    def __init__(
        self,
        address: str,
        token: str,
        seconds: float,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Talk to the server at ``address`` with its API token; ``seconds`` for one message."""
        self._http = httpx.Client(
            transport=transport,
            base_url=address,
            timeout=httpx.Timeout(seconds, connect=1.0),
            # Rasa is on this machine or the private network: no proxy of the environment.
            trust_env=False,
            limits=httpx.Limits(max_connections=100, max_keepalive_connections=40),
        )
        self._token = {"token": token} if token else {}
        self._ever_ready = False
        self.state = RasaState.LOADING
        self.model: str | None = None

    def probe(self) -> RasaState:
        """Ask the server how it is; remember and return it."""
        try:
            status = self._http.get("/status", params=self._token, timeout=PROBE_SECONDS)
            body = status.json() if status.status_code == httpx.codes.OK else {}
            model = body.get("model_file") if isinstance(body, Mapping) else None
        except (httpx.HTTPError, ValueError):
            model = None
        if model:
            self._ever_ready = True
            self.model = str(model)
            self.state = RasaState.READY
        else:
            self.state = RasaState.DOWN if self._ever_ready else RasaState.LOADING
        return self.state

    def send(self, session: str, message: str, metadata: Mapping[str, str]) -> list[Answer]:
        """Post a message on the REST channel. Raises EngineUnavailable."""
        body = {"sender": session, "message": message, "metadata": metadata}
        items = self._post("/webhooks/rest/webhook", body)
        if not isinstance(items, list):
            raise EngineUnavailable("malformed answer")
        return [_parsed(Answer, item) for item in items]

    def seed(self, session: str) -> None:
        """Begin a session in the middle of a flow. Raises EngineUnavailable."""
        events = [
            {"event": "action", "name": "action_session_start"},
            {"event": "session_started"},
            {"event": "action", "name": LOOP},
            {"event": "active_loop", "name": LOOP},
            {"event": "action", "name": "action_listen"},
        ]
        self._post(f"/conversations/{session}/tracker/events", events, include_events="NONE")

    def forget(self, sessions: Sequence[str]) -> None:
        """Empty the trackers of sessions that nobody needs any more, as far as Rasa answers.

        Rasa has no deletion: replacing the events of a tracker by none is what comes nearest. One
        that it did not hear of falls out of its memory in turn (``RecentTrackers``).
        """
        if self.state is not RasaState.READY:
            return
        for session in filter(None, sessions):
            try:
                self._http.put(
                    f"/conversations/{session}/tracker/events",
                    json=[],
                    params={**self._token, "include_events": "NONE"},
                    timeout=FORGET_SECONDS,
                ).raise_for_status()
            except httpx.HTTPError as error:
                log.warning("rasa did not empty a session: %s", type(error).__name__)
                return

    def parse(self, text: str) -> ParsedMessage:
        """Return what the NLU makes of a sentence. Raises EngineUnavailable."""
        return _parsed(ParsedMessage, self._post("/model/parse", {"text": text}))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _post(self, path: str, body: object, **params: str) -> object:
        try:
            answer = self._http.post(path, json=body, params={**self._token, **params})
            if answer.status_code != httpx.codes.OK or len(answer.content) > LONGEST_ANSWER_BYTES:
                raise EngineUnavailable(f"{path} answered {answer.status_code}")
            decoded: object = answer.json()
        except httpx.NetworkError as error:
            # Nobody is there: the next messages need not find out again before the next probe.
            self.state = RasaState.DOWN
            raise EngineUnavailable(f"{path}: {type(error).__name__}") from error
        except (httpx.HTTPError, ValueError) as error:
            raise EngineUnavailable(f"{path}: {type(error).__name__}") from error
        return decoded


class RasaEngine:
    """A dialogue engine: Rasa understands, picks the rule, and its actions close the turn."""

    def __init__(
        self,
        server: RasaServer,
        open_unit_of_work: OpenUnitOfWork,
        breaker: CircuitBreaker,
        turns_per_session: int,
    ) -> None:
        """Converse through ``server``; a session is renewed after ``turns_per_session``."""
        self._server = server
        self._open_unit_of_work = open_unit_of_work
        self._breaker = breaker
        self._turns_per_session = turns_per_session
        self._sessions: OrderedDict[str, _Session] = OrderedDict()
        self._lock = threading.Lock()

    def converse(self, request: EngineRequest) -> None:
        """Have Rasa answer a message. Raises EngineUnavailable when the turn stays open."""
        if self._server.state is not RasaState.READY or not self._breaker.allows():
            raise EngineUnavailable("rasa is not ready")
        conversation = request.conversation
        try:
            session = self._session_of(conversation)
            answers = self._server.send(
                session.id,
                rasa_message(request.text, request.choice),
                {
                    "message_id": request.turn_id,
                    "channel": request.channel,
                    "language": conversation.language,
                },
            )
            _require_ours(answers, request.turn_id)
        except EngineUnavailable as error:
            self._breaker.failed()
            self._forget(conversation.id)
            log.warning("rasa did not answer turn %s: %s", request.turn_id, error)
            raise
        self._breaker.succeeded()
        session.turns += 1

    def forget_sessions(self) -> None:
        """Begin every session afresh, because the server lost its trackers."""
        with self._lock:
            self._sessions.clear()

    def _forget(self, conversation_id: str) -> None:
        with self._lock:
            self._sessions.pop(conversation_id, None)

    def _session_of(self, conversation: Conversation) -> _Session:
        with self._lock:
            session = self._sessions.get(conversation.id)
            # Another id in the table: somebody had this session renewed, or another process talks.
            known = session is not None and session.id == conversation.rasa_session
            if session is not None and known and session.turns < self._turns_per_session:
                self._sessions.move_to_end(conversation.id)
                return session
        if session is not None:
            self._server.forget([session.id])
        session = _Session(secrets.token_hex(16), 0)
        if conversation.state.session.current is not None:
            self._server.seed(session.id)
        with self._open_unit_of_work() as work:
            work.conversations.set_rasa_session(conversation.id, session.id, 0)
            work.commit()
        with self._lock:
            self._sessions[conversation.id] = session
            while len(self._sessions) > SESSIONS_REMEMBERED:
                self._sessions.popitem(last=False)
        return session


class RasaInterpreter:
    """Understands sentences with Rasa's NLU, outside any conversation."""

    def __init__(self, server: RasaServer) -> None:
        """Ask ``server``."""
        self._server = server

    def understand(self, text: str, language: str) -> Understanding:
        """Return the need behind a sentence. Raises EngineUnavailable."""
        del language
        return self._server.parse(harmless(text)).understanding()


def rasa_message(text: str, choice: str | None) -> str:
    """Return what is posted: a click costs no NLU, and typed text can be no command."""
    if choice is not None:
        return "/choose" + json.dumps({"option": choice}, ensure_ascii=False)
    return harmless(text)


def harmless(text: str) -> str:
    """Return a text that Rasa cannot take for an intent: it reads those from a leading slash."""
    return " ".join(text.split()).lstrip("/ ")


def _require_ours(answers: Sequence[Answer], turn_id: str) -> None:
    # The REST channel swallows exceptions and answers 200 with []: only our own actions' word
    # for it counts.
    if not any(each.custom and each.custom.turn == turn_id for each in answers):
        raise EngineUnavailable("no action answered")


Model = TypeVar("Model", bound=BaseModel)


def _parsed(model: type[Model], body: object) -> Model:
    try:
        return model.model_validate(body)
    except ValidationError as error:
        raise EngineUnavailable(f"malformed {model.__name__}") from error
