"""The tables: the one place where the product remembers anything.

What identifies a person is in ``address`` (encrypted, found by a keyed hash), ``consent_payload``
(erasable), ``choice`` and the words of a conversation (masked before they come here). Everything
hangs from ``conversation`` or ``person``, so that erasing one of them leaves nothing behind but
``suppression``, ``tombstone`` and the commitments of ``consent``.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeAlias

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    literal_column,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from assistant.adapters.column_types import UtcDateTime

# Named after what they hold, so that a migration can drop them on both databases.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

JsonObject: TypeAlias = dict[str, object]


class Base(DeclarativeBase):
    """What every table shares."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {  # noqa: RUF012 (SQLAlchemy reads it as declared)
        datetime: UtcDateTime(),
        JsonObject: JSON(),
        list[JsonObject]: JSON(),
        list[str]: JSON(),
    }


class PersonRow(Base):
    """Somebody who agreed to be known across conversations; nothing is known of them here."""

    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    created_at: Mapped[datetime]


class AddressRow(Base):
    """A place to write to: found by its keyed hash, read back only by the holder of the keys."""

    __tablename__ = "address"
    __table_args__ = (UniqueConstraint("channel", "address_hash"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    channel: Mapped[str] = mapped_column(String(16))
    address_hash: Mapped[str] = mapped_column(String(64))
    sealed_value: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]


class ConversationRow(Base):
    """A thread, where its dialogue stands, and the counters that number its lines.

    Whoever changes a row that hangs from a conversation locks the conversation first: always in
    that order, so that an erasure and a turn can never wait for each other.
    """

    __tablename__ = "conversation"
    __table_args__ = (
        CheckConstraint("held_by IN ('assistant', 'mediator')", name="held_by"),
        Index(None, "shared_device", "last_activity_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(128))
    language: Mapped[str] = mapped_column(String(16))
    held_by: Mapped[str] = mapped_column(String(16))
    state: Mapped[JsonObject]
    version: Mapped[int]
    rasa_session: Mapped[str] = mapped_column(String(64))
    rasa_turns: Mapped[int]
    shared_device: Mapped[bool]
    inbound_count: Mapped[int]
    message_count: Mapped[int]
    created_at: Mapped[datetime]
    last_activity_at: Mapped[datetime]


class AddressConversationRow(Base):
    """Which address spoke in which conversation, and when: a phone may pass to somebody else."""

    __tablename__ = "address_conversation"
    __table_args__ = (
        Index(
            "uq_address_conversation_current",
            "address_id",
            unique=True,
            sqlite_where=literal_column("until IS NULL"),
            postgresql_where=literal_column("until IS NULL"),
        ),
    )

    address_id: Mapped[str] = mapped_column(ForeignKey("address.id"), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    since: Mapped[datetime] = mapped_column(primary_key=True)
    until: Mapped[datetime | None]


class InboundRow(Base):
    """A message as it entered, masked, and the lease of whoever works on it.

    One key tells a replay in every channel: ``scope`` is the conversation for the web, whose
    clients choose their own ids and cannot be kept from choosing the same one, and empty for SMS,
    whose ids are unique to the carrier and whose replay may arrive after the number moved to
    another conversation.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "scope", "external_id"),
        UniqueConstraint("conversation_id", "sequence"),
        # A conversation of 300 turns must not cost more than one of three: only the few rows that
        # still need work are looked at before a lease.
        Index(
            "ix_inbound_unfinished",
            "conversation_id",
            "sequence",
            sqlite_where=literal_column("rendered IS 0"),
            postgresql_where=literal_column("rendered IS false"),
        ),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    sequence: Mapped[int]
    channel: Mapped[str] = mapped_column(String(16))
    scope: Mapped[str] = mapped_column(String(36))
    external_id: Mapped[str] = mapped_column(String(255))
    fingerprint: Mapped[str] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    choice: Mapped[str | None] = mapped_column(Text)
    masked: Mapped[list[str]]
    received_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[datetime | None]
    rendered: Mapped[bool]


class TurnRow(Base):
    """What was decided about an inbound message; the row exists once somebody closed the turn.

    Its primary key is the inbound's: the first to insert it wins, and the database is the judge.
    ``state`` is where the dialogue stood when the decision was taken.
    """

    __tablename__ = "turn"

    id: Mapped[str] = mapped_column(ForeignKey("inbound.id", ondelete="CASCADE"), primary_key=True)
    closed_by: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(255))
    instructions: Mapped[list[JsonObject]]
    state: Mapped[JsonObject]


class MessageRow(Base):
    """A line of a conversation: how it was made, and the words as they were shown.

    A ``held`` line is the next page of a long answer: it is shown when SUITE asks for it.
    ``key``, ``parameters`` and ``revision`` are the instruction's own; what else it carried
    (choices, step, manner) stays with it in ``instruction``.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("conversation_id", "sequence"),
        CheckConstraint("author IN ('assistant', 'citizen', 'mediator')", name="author"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    turn_id: Mapped[str | None] = mapped_column(
        ForeignKey("inbound.id", ondelete="CASCADE"), index=True
    )
    sequence: Mapped[int]
    author: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str | None] = mapped_column(String(255))
    revision: Mapped[str | None] = mapped_column(String(64))
    instruction: Mapped[JsonObject | None] = mapped_column(JSON(none_as_null=True))
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[JsonObject]]
    links: Mapped[list[JsonObject]]
    language: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    held: Mapped[bool] = mapped_column(server_default=false())


class OutboxRow(Base):
    """An SMS on its way to an address, in the order of ``sequence``.

    ``stage`` is the rank of ``status`` on the way out: an update may only raise it, so that a
    delivery report that arrives late never undoes a later one. ``not_before`` is the moment it was
    written for; ``send_after`` is the next try. A row without ``message_id`` is a last word after
    an erasure.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint(
            "status IN ('held', 'queued', 'sending', 'sent', 'delivered', 'undelivered', 'failed',"
            " 'dead', 'cancelled')",
            name="status",
        ),
        UniqueConstraint("address_id", "sequence"),
        # As ix_inbound_unfinished: what has left is not looked at to find what has to leave.
        Index(
            "ix_outbox_queued",
            "address_id",
            "sequence",
            sqlite_where=literal_column("status = 'queued'"),
            postgresql_where=literal_column("status = 'queued'"),
        ),
        Index(None, "status", "updated_at"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    message_id: Mapped[str | None] = mapped_column(
        ForeignKey("message.id", ondelete="CASCADE"), index=True
    )
    address_id: Mapped[str] = mapped_column(ForeignKey("address.id"))
    sequence: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    parts: Mapped[int]
    started_by_us: Mapped[bool]
    although_stopped: Mapped[bool]
    status: Mapped[str] = mapped_column(String(16))
    stage: Mapped[int]
    attempts: Mapped[int]
    external_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    provider_status: Mapped[str | None] = mapped_column(String(64))
    error_code: Mapped[int | None]
    not_before: Mapped[datetime]
    send_after: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CarrierCopyRow(Base):
    """A message that was erased here and that the carrier has still to delete.

    Its id there is kept sealed, under a keyed hash, until the carrier has done so and no longer.
    """

    __tablename__ = "carrier_copy"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    sealed_external_id: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int]
    ask_after: Mapped[datetime] = mapped_column(index=True)
    since: Mapped[datetime]


class FlowRevisionRow(Base):
    """An immutable document of the content with its texts in every language.

    ``revision`` is drawn from the content itself, so that it is the same on every machine and an
    import repeated anywhere changes nothing.
    """

    __tablename__ = "flow_revision"
    __table_args__ = (
        CheckConstraint("kind IN ('flow', 'answer', 'glossary')", name="kind"),
        CheckConstraint("status IN ('draft', 'published', 'archived')", name="status"),
        CheckConstraint("origin IN ('file', 'editor')", name="origin"),
        Index(
            "uq_flow_revision_published",
            "kind",
            "slug",
            unique=True,
            sqlite_where=literal_column("status = 'published'"),
            postgresql_where=literal_column("status = 'published'"),
        ),
    )

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[str] = mapped_column(String(64), primary_key=True)
    content_hash: Mapped[str] = mapped_column(String(64))
    document: Mapped[str] = mapped_column(Text)
    texts: Mapped[JsonObject]
    status: Mapped[str] = mapped_column(String(16))
    origin: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]


class ConsentRow(Base):
    """A link of the ledger: a commitment to a payload, and nothing of the payload itself.

    ``previous_hash`` is unique: two links can never follow the same one.
    """

    __tablename__ = "consent"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    previous_hash: Mapped[str] = mapped_column(String(64), unique=True)
    commitment: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    erased_at: Mapped[datetime | None]


class ConsentPayloadRow(Base):
    """What a link of the ledger commits to, with its salt; deleted when the person asks."""

    __tablename__ = "consent_payload"
    __table_args__ = (
        CheckConstraint("act IN ('given', 'withdrawn')", name="act"),
        Index(None, "person_id", "purpose"),
    )

    sequence: Mapped[int] = mapped_column(
        ForeignKey("consent.sequence"), primary_key=True, autoincrement=False
    )
    salt: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str] = mapped_column(String(32))
    act: Mapped[str] = mapped_column(String(16))
    words_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    expires_at: Mapped[datetime | None]
    words_version: Mapped[str] = mapped_column(String(16), server_default=literal_column("''"))


class ChoiceRow(Base):
    """A line of « Mes choix »: a decision that somebody told, and had noted; no act by itself."""

    __tablename__ = "choice"
    __table_args__ = (UniqueConstraint("person_id", "sequence"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    sequence: Mapped[int]
    act: Mapped[str] = mapped_column(String(32))
    decision: Mapped[str] = mapped_column(String(16))
    words_key: Mapped[str] = mapped_column(String(200))
    words_revision: Mapped[str] = mapped_column(String(64))
    words_hash: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(16))
    noted_at: Mapped[datetime]
    corrected_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class AccessLogRow(Base):
    """Who read or changed what in a conversation, for the citizen to see."""

    __tablename__ = "access_log"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    actor: Mapped[str] = mapped_column(String(128))
    act: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime]


class SuppressionRow(Base):
    """An address that must be left alone: its keyed hash, since when and why.

    ``hinted_at`` is when it was last told how to come back, if ever.
    """

    __tablename__ = "suppression"
    __table_args__ = (
        CheckConstraint("reason IN ('stop', 'erased', 'wrong_number')", name="reason"),
    )

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    reason: Mapped[str] = mapped_column(String(16))
    since: Mapped[datetime]
    hinted_at: Mapped[datetime | None]


class TombstoneRow(Base):
    """The keyed hash of a message that was erased, so that its replay is not taken for new.

    Kept thirteen months, then deleted.
    """

    __tablename__ = "tombstone"

    external_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(index=True)


class ResumeCodeRow(Base):
    """A code that opens a conversation on another device once: its keyed hash, for 15 minutes."""

    __tablename__ = "resume_code"

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), unique=True
    )
    expires_at: Mapped[datetime]


class ResumeTryRow(Base):
    """A wrong code: the keyed hash of where it came from, kept while it counts."""

    __tablename__ = "resume_try"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    tried_by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(index=True)


class ShareRow(Base):
    """A conversation that somebody else may read: the hash of their code, then of their token."""

    __tablename__ = "share"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime]
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(index=True)


class ReminderRow(Base):
    """A reminder that somebody asked for: one at most for each conversation, gone once told."""

    __tablename__ = "reminder"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(index=True)
    asked_at: Mapped[datetime]


class FollowUpRow(Base):
    """Whether a guide still works, to be asked once by SMS: gone once it is asked."""

    __tablename__ = "follow_up"

    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), primary_key=True
    )
    due_at: Mapped[datetime] = mapped_column(index=True)
    asked_at: Mapped[datetime]
    flow: Mapped[str] = mapped_column(String(64))
    step: Mapped[str] = mapped_column(String(64))


class TallyRow(Base):
    """How often something happened at a step on one day; nothing says to whom."""

    __tablename__ = "tally"

    day: Mapped[date] = mapped_column(Date(), primary_key=True)
    flow: Mapped[str] = mapped_column(String(64), primary_key=True)
    step: Mapped[str] = mapped_column(String(64), primary_key=True)
    event: Mapped[str] = mapped_column(String(80), primary_key=True)
    count: Mapped[int]


# What a migration or an empty database must know: the tables of the directory, on the same base.
from assistant.adapters import place_tables  # noqa: E402, F401
