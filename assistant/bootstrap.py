"""The composition root: the one place that chooses the adapters and wires the use cases."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import httpx
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from assistant import __version__
from assistant.adapters.background import Background, Job
from assistant.adapters.breaker import CircuitBreaker
from assistant.adapters.clock import SystemClock
from assistant.adapters.content_files import Content, load_content, load_examples
from assistant.adapters.crypto import Keys
from assistant.adapters.database import checkpoint, open_database
from assistant.adapters.durable import DurableWork, Task
from assistant.adapters.keyword_engine import KeywordEngine, NearestExamples
from assistant.adapters.library import ContentLibrary
from assistant.adapters.locales import load_translations
from assistant.adapters.places.communes import CommuneUpkeep, KeptCommunes
from assistant.adapters.places.index import SqlPlaces
from assistant.adapters.places.upkeep import PlaceUpkeep
from assistant.adapters.printing.letters import TypstPrinter
from assistant.adapters.rasa import RasaEngine, RasaServer, RasaState
from assistant.adapters.revisions import ContentKind
from assistant.adapters.unit_of_work import SqlUnitOfWork, open_reading, open_unit_of_work
from assistant.config import Settings, SmsMode
from assistant.domain.retention import WINDOWS, ConversationWindows, Kind
from assistant.flows.document import synonyms, texts
from assistant.rendering.catalogue import LANGUAGES, SOURCE_LANGUAGE, Catalogue
from assistant.safety.normalise import fold
from assistant.services.choices.keeping import NotebookKeeper
from assistant.services.choices.notebook import Notebook
from assistant.services.choices.talk import NotebookTalk
from assistant.services.consent.agreements import Agreements
from assistant.services.consent.recording import ConsentRecord
from assistant.services.conversations import Conversations
from assistant.services.dialogue.dialogue import Dialogue
from assistant.services.dialogue.discretion import Discretion
from assistant.services.dialogue.glossary import Glossary
from assistant.services.dialogue.offers import Offers
from assistant.services.dialogue.steering import Steering
from assistant.services.dialogue.subjects import Subjects
from assistant.services.effects import Effects
from assistant.services.finding.find_help import FindHelp
from assistant.services.finding.send_place import SendPlace
from assistant.services.finding.talk import FindHelpTalk
from assistant.services.follow_up import KeepFollowUp
from assistant.services.guidance import Guidance
from assistant.services.letters import PrepareLetter
from assistant.services.ports.clock import Clock
from assistant.services.ports.conversations import Announcer
from assistant.services.ports.dialogue import DialogueEngine, Interpreter
from assistant.services.receive_message import ReceiveMessage
from assistant.services.reminders.remind import KeepReminder
from assistant.services.resume import CODE_LIVES, Resume
from assistant.services.rights.known import WhatIsKnown
from assistant.services.sharing import ReadShared, ShareConversation
from assistant.services.sms.delivery import LostMessages
from assistant.services.sms.ports import SmsCarrier
from assistant.telephony import Telephony, build_telephony, lost_messages

# Three failures in a row are no accident; five seconds later one message tries again.
RASA_FAILURES = 3
RASA_REST_SECONDS = 5.0
PROBE_SECONDS = 1.0
PROBE_TIMEOUT = 0.5
# A turn waits for Rasa most of its time.
TURN_WORKERS = 4
FORGET_SECONDS = 60.0


@dataclass(frozen=True)
class Health:
    """How the product is."""

    status: str
    rasa: str
    actions: str
    database: str
    sms: str
    sms_lost: int
    sms_missed: int
    facts_past_review: list[str]
    texts_held_back: int
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
    resume: Resume
    find_help: FindHelp
    place_upkeep: PlaceUpkeep
    commune_upkeep: CommuneUpkeep
    discretion: Discretion
    notebook: Notebook
    agreements: Agreements
    letters: PrepareLetter
    known: WhatIsKnown
    read_shared: ReadShared
    examples: NearestExamples
    rasa: RasaServer
    rasa_engine: RasaEngine
    telephony: Telephony | None
    lost_messages: LostMessages
    bell: threading.Event
    private_http: httpx.Client
    open_unit_of_work: Callable[[], AbstractContextManager[SqlUnitOfWork]]
    clock: Clock

    def now(self) -> datetime:
        """Return the present moment, in UTC."""
        return self.clock.now()

    def background(self) -> Background:
        """Return the jobs that a gateway runs beside its requests."""
        return Background(
            (
                Job("watch-rasa", PROBE_SECONDS, self._watch_rasa),
                Job("forget", FORGET_SECONDS, self.forget_idle),
            )
        )

    def durable_tasks(self) -> tuple[Task, ...]:
        """Return the work that outlives a process: turns left behind, SMS in and out."""
        turns = Task("turns", self.receive.due, self.receive.carry_on, TURN_WORKERS)
        sms = self.telephony.tasks() if self.telephony is not None else ()
        places = Task("places", self.place_upkeep.due, self.place_upkeep.perform, 1)
        communes = Task("communes", self.commune_upkeep.due, self.commune_upkeep.perform, 1)
        return (turns, *sms, places, communes)

    def durable_work(self) -> DurableWork:
        """Return the workers that a gateway runs beside its requests."""
        return DurableWork(self.durable_tasks(), self.bell)

    def health(self) -> Health:
        """Tell how the product is; without Rasa or its actions it answers, with less wit."""
        today = self.now().date()
        actions = self._actions_answer()
        database = self._database_answers()
        rasa = self.rasa.state
        sms = "off" if self.telephony is None else "ready"
        if self.telephony is not None and self.telephony.breaker.is_open:
            sms = "away"
        ready = rasa is RasaState.READY and actions and database and sms != "away"
        return Health(
            status="ok" if ready else "degraded",
            rasa=rasa.value,
            actions="ready" if actions else "down",
            database="ready" if database else "down",
            sms=sms,
            sms_lost=self.lost_messages.of_today() if database else 0,
            sms_missed=0 if self.telephony is None else self.telephony.missed.count,
            facts_past_review=[
                fact.id for fact in self.content.facts.facts if fact.review_by < today
            ],
            texts_held_back=self.catalogue.alarms.count,
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
        """Erase the conversations whose time is over, and what outlived its purpose of them."""
        windows = conversation_windows(self.settings)
        self.conversations.forget_idle(windows)
        self.discretion.erase_left()
        with self.open_unit_of_work() as work:
            now = self.now()
            work.forget_tombstones(now - WINDOWS[Kind.TOMBSTONES].lasts)
            work.resume_codes.forget(now, now - CODE_LIVES)
            work.shares.forget(now)
            work.outbox.forget_words(now - WINDOWS[Kind.SMS_WORDS].lasts)
            work.suppressions.forget_erased(now - WINDOWS[Kind.FORGOTTEN].lasts)
            work.consents.forget_over(now - WINDOWS[Kind.OVER_CONSENTS].lasts, now)
            work.commit()
        self.lost_messages.forget_last_words()
        # An erasure empties the log of SQLite unless a reader kept it from doing so.
        checkpoint(self.engine)

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


def build(
    settings: Settings,
    announcer: Announcer | None = None,
    *,
    clock: Clock | None = None,
    transport: httpx.BaseTransport | None = None,
    content: Content | None = None,
    examples: NearestExamples | None = None,
    carrier: SmsCarrier | None = None,
) -> Assistant:
    """Wire the product on a prepared database; what is not given is the machine's or the files'."""
    content = content or load_content()
    examples = examples or NearestExamples(load_examples(SOURCE_LANGUAGE))
    engine = open_database(settings.database)
    keys = Keys.of(settings.hash_secret("hashing"), settings.sealing_keys)
    library = ContentLibrary(engine)
    catalogue = build_catalogue(content, library)
    catalogue = replace(catalogue, own_contacts=tuple(_own_contacts(settings)))
    if settings.sms is not SmsMode.OFF and settings.sms_account.is_one_way:
        catalogue = replace(catalogue, one_way_site=plain_address(str(settings.public_url)))
    rasa = RasaServer(
        settings.rasa_address, settings.rasa_api_token, settings.rasa_seconds, transport
    )
    opening = open_unit_of_work(engine, keys, rasa.forget)
    reading = open_reading(engine, keys)
    clock = clock or SystemClock()
    told = announcer or SilentAnnouncer()
    bell = threading.Event()
    resume = Resume(opening, told, clock)
    communes = KeptCommunes(settings.data_dir)
    find_help = FindHelp(SqlPlaces(engine), communes.gazetteer, clock)
    windows = conversation_windows(settings)
    consents = ConsentRecord(catalogue, timedelta(days=settings.consent_days), windows)
    discretion = Discretion(
        opening,
        reading,
        library,
        lambda: library.slugs(ContentKind.FLOW),
        catalogue,
        told,
        clock,
    )
    site = plain_address(str(settings.public_url))
    known = WhatIsKnown(reading, discretion, windows, clock, site)
    keeper = NotebookKeeper(catalogue, consents)
    guidance = Guidance(
        opening,
        build_dialogue(
            content,
            library,
            catalogue,
            examples,
            find_help,
            sends=settings.sms is not SmsMode.OFF and not catalogue.one_way_site,
        ),
        Effects(
            resume,
            known,
            catalogue,
            consents,
            NotebookTalk(keeper),
            KeepReminder(consents, bool(settings.code_number)),
            site,
            SendPlace(
                catalogue, ConsentRecord(catalogue, timedelta(0), windows), find_help.details
            ),
            KeepFollowUp(consents),
            ShareConversation(consents, site, resume.draw),
        ),
        clock,
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
            fingerprint_key=settings.hash_secret("fingerprint"),
            wake=bell.set,
        ),
        resume=resume,
        find_help=find_help,
        place_upkeep=PlaceUpkeep(settings.database, engine, settings.places_url, clock.now),
        commune_upkeep=CommuneUpkeep(communes, settings.communes_url, clock.now),
        letters=PrepareLetter(catalogue, TypstPrinter()),
        discretion=discretion,
        notebook=Notebook(opening, reading, keeper, clock),
        agreements=Agreements(opening, reading, consents, clock),
        known=known,
        read_shared=ReadShared(opening, reading, clock),
        examples=examples,
        rasa=rasa,
        rasa_engine=rasa_engine,
        telephony=build_telephony(
            settings, opening, reading, catalogue, clock, bell, resume, carrier
        ),
        lost_messages=lost_messages(opening, reading, clock),
        bell=bell,
        open_unit_of_work=opening,
        private_http=httpx.Client(transport=transport, timeout=PROBE_TIMEOUT, trust_env=False),
        clock=clock,
    )


def conversation_windows(settings: Settings) -> ConversationWindows:
    """Return how long conversations outlive their last sign of life."""
    return ConversationWindows(
        kept=timedelta(days=settings.keep_days),
        unkept=timedelta(hours=settings.unkept_hours),
        shared_device=timedelta(minutes=settings.shared_device_minutes),
    )


def _own_contacts(settings: Settings) -> Iterator[str]:
    """Yield the numbers and addresses that are ours to tell."""
    yield str(settings.public_url)
    if settings.sms is not SmsMode.OFF and not settings.sms_account.is_one_way:
        yield settings.sms_account.sender


def plain_address(url: str) -> str:
    """Return the address of a page as one reads it aloud and types it."""
    return url.removeprefix("https://").removeprefix("http://").rstrip("/")


def build_catalogue(content: Content, library: ContentLibrary) -> Catalogue:
    """Return the words of every language."""
    # What is the same for everybody, whatever they have begun.
    files = {
        "need": texts(content.needs),
        "letter": {
            key: text for each in content.letters.values() for key, text in texts(each).items()
        },
    }
    terms = synonyms(content.glossary)

    def texts_of(document: str, revision: str | None) -> Mapping[str, str]:
        found = files.get(document)
        return found if found is not None else library.texts_of(document, revision)

    def synonyms_of(document: str, revision: str | None) -> dict[str, tuple[str, ...]]:
        return dict(terms) if document == "need" else dict(library.synonyms_of(document, revision))

    return Catalogue(
        languages=tuple(language.code for language in LANGUAGES),
        translations={each.code: load_translations(each.code) for each in LANGUAGES},
        facts={fact.id: fact for fact in content.facts.facts},
        texts_of=texts_of,
        synonyms_of=synonyms_of,
    )


def build_dialogue(
    content: Content,
    library: ContentLibrary,
    catalogue: Catalogue,
    interpreter: Interpreter,
    find_help: FindHelp,
    *,
    sends: bool = False,
) -> Dialogue:
    """Return the rules of the conversation over this content.

    ``sends`` tells that text messages can leave, and be answered.
    """
    steering = Steering(library)
    finding = FindHelpTalk(library, steering, find_help, sends=sends)
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
        steering=steering,
        subjects=Subjects(interpreter, content.needs.needs),
        finding=finding,
        offers=Offers(library, catalogue, finding),
    )
