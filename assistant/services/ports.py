"""What the use cases need from the outside world."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from assistant.domain.choices import Decision, NotedChoice
from assistant.domain.consent import ConsentEntry, ConsentPayload, Purpose, SaltedPayload
from assistant.domain.conversation import Conversation, DialogueState
from assistant.domain.delivery import PhoneText
from assistant.domain.known import Known
from assistant.domain.messages import (
    Channel,
    Choice,
    Inbound,
    Instruction,
    Message,
    Page,
    Words,
)
from assistant.domain.tally import Tally
from assistant.domain.turn import Decider, Turn, Understanding
from assistant.domain.whom import Whom
from assistant.safety.evidence import SecretKind
from assistant.safety.fragments import Redacted
from assistant.services.sms.ports import CarrierCopies, Outbox


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, in UTC."""


class Conversations(Protocol):
    """The conversations and where each one stands."""

    def add(self, conversation: Conversation, token_hash: str) -> None:
        """Keep a new conversation, opened by whoever knows the token."""

    def get(self, conversation_id: str) -> Conversation:
        """Return a conversation. Raises NotFound."""

    def token_hash(self, conversation_id: str) -> str:
        """Return the hash of the token that opens it. Raises NotFound."""

    def save_state(self, conversation_id: str, state: DialogueState, expected_version: int) -> None:
        """Replace the state and raise the version by one. Raises StaleState if it moved."""

    def touch(self, conversation_id: str, at: datetime) -> None:
        """Note the last activity."""

    def set_token_hash(self, conversation_id: str, token_hash: str) -> None:
        """Let another token open it; the one before does not any more."""

    def set_language(self, conversation_id: str, language: str) -> None:
        """Change the language that the conversation is held in."""

    def set_shared_device(self, conversation_id: str, *, shared: bool) -> None:
        """Note whether others use the same device."""

    def set_rasa_session(self, conversation_id: str, rasa_session: str, turns: int) -> None:
        """Note the disposable Rasa session in use and how many turns it has seen."""

    def erase(self, conversation_id: str, at: datetime) -> None:
        """Delete all that is known of it, leaving only keyed hashes of its inbound ids."""

    def idle_since(self, moment: datetime, *, shared_device: bool) -> Sequence[str]:
        """List the conversations whose last activity is before the moment.

        On devices that nobody shares, those with something to be sent are left out.
        """

    def idle_unkept(self, moment: datetime, now: datetime) -> Sequence[str]:
        """List those of them, on devices that nobody shares, that nobody agrees to keep now."""


@dataclass(frozen=True)
class Said:
    """What somebody wrote, as it is stored, by its turn."""

    turn_id: str
    text: str


@dataclass(frozen=True)
class Beat:
    """A message of an exchange: when it came, and whether we answered or had fallen silent."""

    received_at: datetime
    is_answered: bool
    is_silenced: bool


@dataclass(frozen=True)
class Warned:
    """A message about a danger that was answered: when it came, and what tells its words."""

    received_at: datetime
    fingerprint: str


class Turns(Protocol):
    """The inbound messages, in order, each with its lease and its outcome."""

    def find(self, conversation_id: str, channel: Channel, external_id: str) -> Turn | None:
        """Return the turn of a message already received by that id, if any."""

    def was_erased(self, channel: Channel, external_id: str) -> bool:
        """Tell whether this message belonged to a conversation that was erased."""

    def open(self, conversation_id: str, inbound: Inbound) -> Turn:
        """Store an inbound message as the last turn of its conversation.

        Raises NotFound, and Conflict when the same message was stored since ``find`` was asked:
        the transaction is then lost, and another one will find its turn.
        """

    def get(self, turn_id: str) -> Turn:
        """Return a turn. Raises NotFound."""

    def exists(self, turn_id: str) -> bool:
        """Tell whether a turn is there: an erasure takes them with it."""

    def lease(self, turn_id: str, owner: str, now: datetime, until: datetime) -> bool:
        """Take the turn for a while, or take it longer.

        Refused when nothing is left to do, while somebody else's lease runs, while an earlier turn
        of the conversation is open, and while the answer to an earlier one is put into words.
        """

    def close(
        self, turn_id: str, by: Decider, action: str, instructions: tuple[Instruction, ...]
    ) -> bool:
        """Record the decision; False when somebody closed it first, and nothing changes then.

        The state of the conversation is kept with it as the decision found it: ``save_state``
        comes after.
        """

    def mark_rendered(self, turn_id: str) -> bool:
        """Note that its messages are stored; False when they already were."""

    def beats(self, turn: Turn, at_most: int) -> Sequence[Beat]:
        """List the messages that came before, by the same channel, the oldest first."""

    def warned(self, turn: Turn, at_most: int) -> Sequence[Warned]:
        """List the last messages before it, by the same channel, whose danger was answered."""

    def came_before(self, turn: Turn, back: int) -> datetime | None:
        """Return when the message so many before this one came, None if there were fewer."""

    def unfinished(self, now: datetime) -> Sequence[Turn]:
        """List the turns that are open or not rendered and that nobody holds any more."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the turns that can be worked on now: the first unfinished one of a conversation."""

    def received_at(self, conversation_id: str, since: datetime) -> Sequence[datetime]:
        """List when its messages came in since that moment, in order."""

    def said_since(self, conversation_id: str, since: datetime, at_most: int) -> Sequence[Said]:
        """List the last messages written since that moment, in every channel, the oldest first.

        Nobody stores another one until the transaction ends.
        """


class Redactions(Protocol):
    """What has to go of messages that were stored before anybody could know what they held."""

    def redact(
        self, conversation_id: str, kind: SecretKind, redacted: Mapping[str, Redacted]
    ) -> None:
        """Mask parts of a number in messages, by turn, and wherever they are quoted."""


class Messages(Protocol):
    """The lines of the conversations, as they were shown."""

    def add(self, conversation_id: str, message: Message) -> Message:
        """Append a message (its sequence is given here) and return it as stored."""

    def after(self, conversation_id: str, message_id: str | None = None) -> Sequence[Message]:
        """List the messages after that one, or all. Raises NotFound for an unknown id."""

    def answers_to(self, turn_id: str) -> Sequence[Message]:
        """List the messages that answer one turn."""

    def hold(self, conversation_id: str, message: Message) -> None:
        """Keep a message out of sight, after those that are held already."""

    def release(self, conversation_id: str) -> Sequence[Message]:
        """Take the held messages up to the next one that has choices, and hold them no more."""

    def page_waits(self, conversation_id: str) -> bool:
        """Tell whether a page of the last answer is held, here or on its way to a phone."""

    def drop_held(self, conversation_id: str) -> None:
        """Forget the held messages: something else was said."""


class DelicateLines(Protocol):
    """The lines about a delicate subject, erased for good while their conversation goes on."""

    def conversations(self, slugs: Sequence[str], before: datetime) -> Sequence[str]:
        """List the conversations that told of one of these flows or needs before that moment."""

    def are_leaving(self, message_ids: Sequence[str]) -> bool:
        """Tell whether one of these lines is still on its way to a phone."""

    def erase(self, conversation_id: str, message_ids: Sequence[str], at: datetime) -> None:
        """Delete these lines, and empty the messages and decisions that they came from."""


class KnownData(Protocol):
    """All that the tables hold of somebody, for them to see."""

    def of(self, conversation_id: str, hidden: Collection[str], now: datetime) -> Known:
        """Return all that is held of a conversation, without its hidden lines.

        Raises NotFound.
        """


class ResumeCodes(Protocol):
    """The codes that open a conversation on another device."""

    def give(self, conversation_id: str, digits: str, expires_at: datetime) -> None:
        """Keep the one code of a conversation."""

    def exists(self, digits: str) -> bool:
        """Tell whether that code is given out."""

    def use(self, digits: str, now: datetime) -> str | None:
        """Delete a code and return the conversation that it opened, None when it opens nothing."""

    def tries(self, tried_by: str, since: datetime) -> tuple[int, int]:
        """Count the wrong codes since that moment: from that place, and from everywhere."""

    def note_try(self, tried_by: str, at: datetime) -> None:
        """Remember a wrong code."""

    def forget(self, now: datetime, tries_before: datetime) -> int:
        """Delete the codes whose time is over and the tries that no longer count."""


class Reminders(Protocol):
    """The reminders that people asked for: one at most for each conversation."""

    def ask(self, conversation_id: str, due_at: datetime, asked_at: datetime) -> None:
        """Keep a reminder; it takes the place of the one before."""

    def due(self, now: datetime, at_most: int) -> Sequence[str]:
        """List the conversations whose reminder is due, the oldest first."""

    def take(self, conversation_id: str, now: datetime) -> bool:
        """Forget a reminder that is due; False when somebody else took it, or it was moved."""

    def cancel(self, conversation_id: str) -> None:
        """Forget the reminder of a conversation, if there is one."""


class Tallies(Protocol):
    """How often something happened at a step, by day, without any person in it."""

    def count(self, day: date, tallies: Iterable[Tally]) -> None:
        """Add one to each of them."""

    def since(self, day: date) -> Sequence[tuple[Tally, int]]:
        """Return the sums from that day on, by flow, step and event."""


class AccessLog(Protocol):
    """Who read or changed what, for the citizen to see."""

    def record(self, actor: str, conversation_id: str, act: str, at: datetime) -> None:
        """Note one access."""


class SuppressionReason(StrEnum):
    """Why nothing may be sent to an address any more."""

    STOP = "stop"
    ERASED = "erased"
    WRONG_NUMBER = "wrong_number"


@dataclass(frozen=True)
class Suppression:
    """Why an address is left alone, and when it was last told how to come back."""

    reason: SuppressionReason
    hinted_at: datetime | None


class Suppressions(Protocol):
    """The addresses that must be left alone, by keyed hash."""

    def add(self, channel: Channel, address: str, reason: SuppressionReason, at: datetime) -> None:
        """Leave that address alone from now on."""

    def lift(self, channel: Channel, address: str) -> None:
        """Forget a STOP, because the person wrote REPRENDRE."""

    def reason(self, channel: Channel, address: str) -> SuppressionReason | None:
        """Return why the address is left alone, or None."""

    def known(self, channel: Channel, address: str) -> Suppression | None:
        """Return all that is known of the suppression of an address, or None."""

    def hint(self, channel: Channel, address: str, at: datetime) -> None:
        """Note that the address was told how to come back."""


@dataclass(frozen=True)
class ReportedPlace:
    """A place that is said to be closed: how often, and when first and last."""

    place_id: str
    times: int
    first_at: datetime
    last_at: datetime


class PlaceReports(Protocol):
    """What people say of places, for the editors to look at; never who said it."""

    def note_closed(self, place_id: str, at: datetime) -> bool:
        """Note that a place is said to be closed; False when there is no such place."""

    def waiting(self) -> Sequence[ReportedPlace]:
        """Return the places that nobody has looked at yet, the most reported first."""

    def settle(self, place_id: str, at: datetime) -> int:
        """Close the reports of a place; return how many they were."""


class Choices(Protocol):
    """« Mes choix »: the lines of people's notebooks."""

    def note(self, person_id: str, line: NotedChoice) -> None:
        """Add a line after the others of that person."""

    def of_person(self, person_id: str) -> Sequence[NotedChoice]:
        """List the lines of a person in their order, the withdrawn ones among them."""

    def correct(self, person_id: str, line_id: str, decision: Decision, at: datetime) -> None:
        """Replace what a line says was decided. Raises NotFound."""

    def withdraw(self, person_id: str, line_id: str, at: datetime) -> None:
        """Take a line back. Raises NotFound."""

    def erase(self, person_id: str) -> None:
        """Delete the whole notebook of a person."""


class UnitOfWork(Protocol):
    """One transaction over our tables: everything in it is kept at ``commit``, or nothing is."""

    @property
    def conversations(self) -> Conversations:
        """The conversations."""

    @property
    def turns(self) -> Turns:
        """The turns."""

    @property
    def redactions(self) -> Redactions:
        """What is masked afterwards."""

    @property
    def messages(self) -> Messages:
        """The messages."""

    @property
    def delicate_lines(self) -> DelicateLines:
        """The lines about a delicate subject."""

    @property
    def known_data(self) -> KnownData:
        """All that is held of somebody."""

    @property
    def suppressions(self) -> Suppressions:
        """The addresses to leave alone."""

    @property
    def addresses(self) -> Addresses:
        """The places to write to."""

    @property
    def outbox(self) -> Outbox:
        """The SMS on their way out."""

    @property
    def carrier_copies(self) -> CarrierCopies:
        """What the carrier has still to delete."""

    @property
    def access_log(self) -> AccessLog:
        """The log of accesses."""

    @property
    def resume_codes(self) -> ResumeCodes:
        """The codes that open a conversation elsewhere."""

    @property
    def place_reports(self) -> PlaceReports:
        """What people say of places."""

    @property
    def reminders(self) -> Reminders:
        """The reminders that were asked for."""

    @property
    def people(self) -> People:
        """The people whom conversations belong to."""

    @property
    def consents(self) -> ConsentLedger:
        """The ledger of consents."""

    @property
    def choices(self) -> Choices:
        """The lines of « Mes choix »."""

    @property
    def tallies(self) -> Tallies:
        """The counts of what became of the flows."""

    def commit(self) -> None:
        """Keep what was done."""


OpenUnitOfWork = Callable[[], AbstractContextManager[UnitOfWork]]
"""Opens a transaction; leaving the block without ``commit`` undoes it."""


class Wording(Protocol):
    """Puts instructions into words."""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages offered, the default first."""

    def say(self, instruction: Instruction, language: str, channel: Channel) -> Words:
        """Put an instruction into words."""

    def pages(
        self,
        instructions: Sequence[Instruction],
        language: str,
        channel: Channel,
        *,
        slowly: bool = False,
    ) -> Sequence[Page]:
        """Put the instructions of one answer into words, in pages when it is a long one."""

    def text_messages(self, said: Sequence[Words], language: str) -> Sequence[PhoneText]:
        """Cut what is said at once into text messages; each but the last tells how to read on."""

    def labels(self, choice: Choice, language: str, whom: Whom) -> tuple[str, ...]:
        """Return the label of a choice as told to that reader, its other form, its synonyms."""


@dataclass(frozen=True)
class EngineRequest:
    """A masked message handed to a dialogue engine."""

    turn_id: str
    conversation: Conversation
    text: str
    choice: str | None
    channel: Channel


class DialogueEngine(Protocol):
    """Understands a message and has the right use case close its turn."""

    def converse(self, request: EngineRequest) -> None:
        """Bring the turn to its close. Raises EngineUnavailable when it could not."""


class Interpreter(Protocol):
    """Understands a sentence without touching any conversation."""

    def understand(self, text: str, language: str) -> Understanding:
        """Return the need behind a sentence. Raises EngineUnavailable."""


class Announcer(Protocol):
    """Tells the open pages that a conversation has something new."""

    def announce(self, conversation_id: str) -> None:
        """Wake whoever listens to this conversation."""


class Addresses(Protocol):
    """The places to write to, sealed at rest, and which conversation each one speaks in."""

    def remember(self, channel: Channel, address: str, at: datetime) -> str:
        """Return the id of that address, kept from now on if it was not known."""

    def reveal(self, address_id: str) -> str:
        """Return the address in clear, to write to it. Raises NotFound."""

    def attach(self, address_id: str, conversation_id: str, at: datetime) -> None:
        """Let the address speak in that conversation from now on, and in no other."""

    def detach(self, address_id: str, at: datetime) -> None:
        """End the conversation that the address speaks in, if any."""

    def conversation_at(self, channel: Channel, address: str) -> str | None:
        """Return the conversation that the address speaks in now, or None."""

    def of_conversation(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation now, or None."""

    def last_in(self, channel: Channel, conversation_id: str) -> str | None:
        """Return the id of the address that speaks in a conversation, or of the last that did."""

    def conversations_of(self, address_id: str) -> Sequence[str]:
        """List the conversations that the address ever spoke in."""


class People(Protocol):
    """The people whom a conversation belongs to, once there is a reason to tell them apart."""

    def of_conversation(self, conversation_id: str) -> str | None:
        """Return the person of a conversation, None while it is anonymous. Raises NotFound."""

    def recognise(self, conversation_id: str, at: datetime) -> str:
        """Return the person of a conversation, known from now on. Raises NotFound."""

    def join(self, conversation_id: str, person_id: str) -> None:
        """Let a conversation belong to a person already known. Raises NotFound."""


@dataclass(frozen=True)
class RecordedConsent:
    """What a person agreed to or withdrew, and when it was written down."""

    recorded_at: datetime
    payload: ConsentPayload


class ConsentLedger(Protocol):
    """The chain of commitments and the payloads that it commits to."""

    def append(self, salted: SaltedPayload, recorded_at: datetime) -> ConsentEntry:
        """Add an entry after the last one; nobody else adds one until the transaction ends."""

    def last_word(self, person_id: str, purpose: Purpose) -> ConsentPayload | None:
        """Return what a person last said about a purpose, or None."""

    def of_person(self, person_id: str) -> tuple[RecordedConsent, ...]:
        """List all that a person agreed to or withdrew, in order."""

    def erase(self, person_id: str, at: datetime) -> None:
        """Delete the payloads and salts of a person; the chain stays as it is."""

    def entries(self) -> tuple[ConsentEntry, ...]:
        """Read the whole chain, in order; nobody changes it until the transaction ends."""

    def payloads(self) -> Mapping[int, SaltedPayload]:
        """Read the payloads that were not erased, by sequence."""


class ConsentWork(Protocol):
    """One transaction over the ledger."""

    @property
    def consents(self) -> ConsentLedger:
        """The ledger."""

    def commit(self) -> None:
        """Keep what was done."""


OpenConsents = Callable[[], AbstractContextManager[ConsentWork]]
"""Opens a transaction over the ledger; leaving the block without ``commit`` undoes it."""
