"""The composition root: the one place that chooses the adapters and wires the use cases."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import httpx
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from assistant import __version__
from assistant.adapters.background import Background, Job
from assistant.adapters.breaker import CircuitBreaker
from assistant.adapters.clock import SystemClock
from assistant.adapters.content_files import Content, load_content, load_examples
from assistant.adapters.crypto import Keys
from assistant.adapters.database import open_database
from assistant.adapters.keyword_engine import KeywordEngine, NearestExamples
from assistant.adapters.library import ContentLibrary
from assistant.adapters.locales import load_translations
from assistant.adapters.migrations import upgrade
from assistant.adapters.rasa import RasaEngine, RasaServer, RasaState
from assistant.adapters.revisions import Edition, ImportReport, import_content
from assistant.adapters.unit_of_work import open_reading, open_unit_of_work
from assistant.config import Settings
from assistant.domain.conversation import Conversation
from assistant.flows.checks import check_content
from assistant.flows.document import Finding, synonyms, texts
from assistant.rendering.catalogue import LANGUAGES, SOURCE_LANGUAGE, Catalogue
from assistant.safety.normalise import fold
from assistant.services.conversations import Conversations
from assistant.services.dialogue import Dialogue
from assistant.services.glossary import Glossary
from assistant.services.guidance import Guidance
from assistant.services.ports import Announcer, Clock, DialogueEngine
from assistant.services.receive_message import ReceiveMessage
from assistant.services.steering import Steering

# Three failures in a row are no accident; five seconds later one message tries again.
RASA_FAILURES = 3
RASA_REST_SECONDS = 5.0
PROBE_SECONDS = 1.0
PROBE_TIMEOUT = 0.5
SWEEP_SECONDS = 1.0
FORGET_SECONDS = 60.0


@dataclass(frozen=True)
class Health:
    """How the product is."""

    status: str
    rasa: str
    actions: str
    database: str
    facts_past_review: list[str]
    version: str


class SilentAnnouncer:
    """Announces nothing: for processes in which no page listens."""

    def announce(self, conversation_id: str) -> None:
        """Do nothing."""


@dataclass(frozen=True)
class Assistant:
    """The product, wired: what the gateway, the action server and the commands call."""

    settings: Settings
    content: Content
    engine: Engine
    library: ContentLibrary
    catalogue: Catalogue
    conversations: Conversations
    guidance: Guidance
    receive: ReceiveMessage
    examples: NearestExamples
    rasa: RasaServer
    rasa_engine: RasaEngine
    private_http: httpx.Client
    clock: Clock

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self.clock.now()

    def stage_titles(self, conversation: Conversation, flow: str) -> list[str]:
        """Return the titles of a flow's parts, in the revision that the conversation runs."""
        pinned = next(
            (each for each in conversation.state.session.positions if each.flow == flow), None
        )
        found = self.library.flow(flow, pinned.revision if pinned is not None else None)
        titles = (
            self.catalogue.stage_title(flow, found.revision, number, conversation.language)
            for number in range(1, len(found.document.stages) + 1)
        )
        return [title for title in titles if title is not None]

    def background(self) -> Background:
        """Return the jobs that a gateway runs beside its requests."""
        return Background(
            (
                Job("watch-rasa", PROBE_SECONDS, self._watch_rasa),
                Job("sweep", SWEEP_SECONDS, self.receive.sweep),
                Job("forget", FORGET_SECONDS, self.forget_idle),
            )
        )

    def health(self) -> Health:
        """Tell how the product is; without Rasa or its actions it answers, with less wit."""
        today = self.now().date()
        actions = self._actions_answer()
        database = self._database_answers()
        rasa = self.rasa.state
        ready = rasa is RasaState.READY and actions and database
        return Health(
            status="ok" if ready else "degraded",
            rasa=rasa.value,
            actions="ready" if actions else "down",
            database="ready" if database else "down",
            facts_past_review=[
                fact.id for fact in self.content.facts.facts if fact.review_by < today
            ],
            version=__version__,
        )

    def close(self) -> None:
        """Let go of the connections."""
        self.rasa.close()
        self.private_http.close()
        self.engine.dispose()

    def _watch_rasa(self) -> None:
        before, model = self.rasa.state, self.rasa.model
        self.rasa.probe()
        if self.rasa.state is RasaState.READY and (
            before is not RasaState.READY or self.rasa.model != model
        ):
            # A server that was away, or swapped its model, has no trackers any more.
            self.rasa_engine.forget_sessions()

    def forget_idle(self) -> None:
        """Erase the conversations whose time is over."""
        self.conversations.forget_idle(
            timedelta(minutes=self.settings.shared_device_minutes),
            timedelta(days=self.settings.keep_days),
        )

    def _actions_answer(self) -> bool:
        try:
            return self.private_http.get(f"{self.settings.actions_address}/health").is_success
        except httpx.HTTPError:
            return False

    def _database_answers(self) -> bool:
        try:
            with self.engine.connect() as connection:
                connection.execute(text("SELECT 1"))
        except SQLAlchemyError:
            return False
        return True


def prepare_database(settings: Settings) -> ImportReport:
    """Create or upgrade the tables and bring in the content of the files."""
    engine = open_database(settings.database)
    try:
        upgrade(engine)
        return import_content(engine, editions(load_content()), SystemClock().now())
    finally:
        engine.dispose()


def check(content: Content, today: date) -> tuple[Finding, ...]:
    """Return all that is wrong with the content of the files."""
    return check_content(
        content.flows.values(),
        content.answers.values(),
        content.glossary,
        content.facts,
        content.needs,
        today,
    )


def editions(content: Content) -> Sequence[Edition]:
    """Return the documents of the files that have revisions."""
    return [
        *map(Edition, content.flows.values()),
        *map(Edition, content.answers.values()),
        Edition(content.glossary),
    ]


def build(
    settings: Settings,
    announcer: Announcer | None = None,
    *,
    clock: Clock | None = None,
    transport: httpx.BaseTransport | None = None,
    content: Content | None = None,
    examples: NearestExamples | None = None,
) -> Assistant:
    """Wire the product on a prepared database; what is not given is the machine's and the files'."""
    content = content or load_content()
    examples = examples or NearestExamples(load_examples(SOURCE_LANGUAGE))
    engine = open_database(settings.database)
    keys = keys_of(settings)
    library = ContentLibrary(engine)
    catalogue = build_catalogue(content, library)
    opening = open_unit_of_work(engine, keys)
    reading = open_reading(engine, keys)
    clock = clock or SystemClock()
    told = announcer or SilentAnnouncer()
    guidance = Guidance(opening, build_dialogue(content, library, catalogue), clock)
    rasa = RasaServer(
        settings.rasa_address, rasa_token(settings), settings.rasa_seconds, transport
    )
    rasa_engine = RasaEngine(
        rasa, opening, CircuitBreaker(RASA_FAILURES, RASA_REST_SECONDS), settings.rasa_turns
    )
    engines: tuple[DialogueEngine, ...] = (rasa_engine, KeywordEngine(guidance, examples))
    return Assistant(
        settings=settings,
        content=content,
        engine=engine,
        library=library,
        catalogue=catalogue,
        conversations=Conversations(
            opening, reading, guidance.dialogue.steering, catalogue, told, clock
        ),
        guidance=guidance,
        receive=ReceiveMessage(
            open_unit_of_work=opening,
            open_reading=reading,
            guidance=guidance,
            engines=engines,
            wording=catalogue,
            announcer=told,
            clock=clock,
            fingerprint_key=derived(settings.keys[-1], "fingerprint"),
            owner=f"{socket.gethostname()}:{os.getpid()}:{os.urandom(4).hex()}",
        ),
        examples=examples,
        rasa=rasa,
        rasa_engine=rasa_engine,
        private_http=httpx.Client(transport=transport, timeout=PROBE_TIMEOUT, trust_env=False),
        clock=clock,
    )


def build_catalogue(content: Content, library: ContentLibrary) -> Catalogue:
    """Return the words of every language."""
    needs = texts(content.needs)
    terms = synonyms(content.glossary)

    def texts_of(document: str, revision: str | None) -> dict[str, str]:
        return dict(needs) if document == "need" else dict(library.texts_of(document, revision))

    def synonyms_of(document: str, revision: str | None) -> dict[str, tuple[str, ...]]:
        return dict(terms) if document == "need" else dict(library.synonyms_of(document, revision))

    return Catalogue(
        languages=tuple(language.code for language in LANGUAGES),
        translations={each.code: load_translations(each.code) for each in LANGUAGES},
        facts=content.facts,
        texts_of=texts_of,
        synonyms_of=synonyms_of,
    )


def build_dialogue(content: Content, library: ContentLibrary, catalogue: Catalogue) -> Dialogue:
    """Return the rules of the conversation over this content."""
    return Dialogue(
        library=library,
        needs=content.needs.needs,
        flows=frozenset(flow.id for flow in content.flows.values()),
        related={answer.id: answer.related for answer in content.answers.values()},
        glossary=Glossary(
            {
                fold(name): term.id
                for term in content.glossary.terms
                for name in (term.label, *term.also)
            }
        ),
        wording=catalogue,
        steering=Steering(library),
    )


def keys_of(settings: Settings) -> Keys:
    """Return the secrets of the database, drawn from the settings' keys.

    The hash key comes from the oldest key: what was hashed must be found after a new key is put
    in front.
    """
    sealing = [base64.urlsafe_b64encode(derived(key, "sealing")).decode() for key in settings.keys]
    return Keys.of(derived(settings.keys[-1], "hashing"), sealing)


def rasa_token(settings: Settings) -> str:
    """Return the token of Rasa's API; on a desk it is drawn from the key."""
    given = settings.rasa_token.get_secret_value()
    return given or derived(settings.keys[0], "rasa").hex()


def derived(key: str, purpose: str) -> bytes:
    """Return 32 bytes for one purpose, from which neither the key nor the others can be told."""
    return HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key.encode())

