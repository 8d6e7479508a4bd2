"""Forgetting: what is deleted with a conversation or a person, and the little that stays."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, exists, or_, select, union_all, update
from sqlalchemy.orm import aliased

from assistant.adapters.crypto import KeyedHash
from assistant.adapters.database import insert_either
from assistant.adapters.repositories.carrier_copies import SqlCarrierCopies
from assistant.adapters.tables import (
    AddressConversationRow,
    AddressRow,
    ChoiceRow,
    ConsentPayloadRow,
    ConsentRow,
    ConversationRow,
    InboundRow,
    MessageRow,
    OutboxRow,
    PersonRow,
    TombstoneRow,
    TurnRow,
)
from assistant.domain.messages import Channel

ERASED = "erased"
"""The action of a turn whose words are erased."""


class Erasure:
    """Deletes in one transaction, and remembers that it did, so that the log can be emptied."""

    def __init__(
        self, connection: Connection, hashing: KeyedHash, carrier_copies: SqlCarrierCopies
    ) -> None:
        """Work in the transaction of that connection."""
        self._connection = connection
        self._hashing = hashing
        self._carrier_copies = carrier_copies
        self.took_place = False
        self.sessions: list[str] = []
        """The sessions of Rasa that the erased conversations used."""

    def erase(self, conversation_id: str, at: datetime) -> None:
        """Delete a conversation, and the addresses and the person that nothing else needs."""
        found = self._connection.execute(
            select(ConversationRow.person_id, ConversationRow.rasa_session)
            .where(ConversationRow.id == conversation_id)
            .with_for_update()
        ).one_or_none()
        if found is None:
            return
        self.took_place = True
        self.sessions.append(found.rasa_session)
        self._leave_tombstones(conversation_id, at)
        self._carrier_copies.add_all(self._at_the_carrier(conversation_id), at)
        addresses = self._addresses_of(conversation_id)
        # Inbounds, turns, messages, outbox, accesses and links go with it: ON DELETE CASCADE.
        self._connection.execute(
            delete(ConversationRow).where(ConversationRow.id == conversation_id)
        )
        self._delete_unused(addresses)
        if found.person_id is not None:
            self._delete_if_unknown_elsewhere(found.person_id, at)

    def erase_lines(self, conversation_id: str, message_ids: Sequence[str], at: datetime) -> None:
        """Delete lines of a conversation that goes on.

        The rows that they came from stay, emptied, so that a replay is still told from a message.
        """
        session = self._connection.execute(
            select(ConversationRow.rasa_session)
            .where(ConversationRow.id == conversation_id)
            .with_for_update()
        ).scalar_one()
        lines = select(MessageRow.turn_id, MessageRow.created_at).where(
            MessageRow.conversation_id == conversation_id, MessageRow.id.in_(message_ids)
        )
        told = self._connection.execute(lines).all()
        if not told:
            return
        self.took_place = True
        self.sessions.append(session)
        turns = select(InboundRow.id).where(
            InboundRow.conversation_id == conversation_id,
            # What somebody says is a line of the same moment as what came in.
            or_(
                InboundRow.id.in_({row.turn_id for row in told if row.turn_id is not None}),
                InboundRow.received_at.in_({row.created_at for row in told}),
            ),
        )
        emptied = list(self._connection.execute(turns).scalars())
        self._carrier_copies.add_all(self._copies_of(emptied, message_ids), at)
        self._connection.execute(
            update(InboundRow)
            .where(InboundRow.id.in_(emptied))
            .values(text="", choice=None, masked=[])
        )
        self._connection.execute(
            update(TurnRow).where(TurnRow.id.in_(emptied)).values(action=ERASED, instructions=[])
        )
        # Each remembers where the dialogue stood before it: the next one still names the subject.
        self._connection.execute(
            update(TurnRow)
            .where(
                TurnRow.id.in_(
                    select(InboundRow.id).where(InboundRow.conversation_id == conversation_id)
                )
            )
            .values(state={})
        )
        self._connection.execute(delete(MessageRow).where(MessageRow.id.in_(message_ids)))
        # What understands messages begins anew, under another name, without a memory of these.
        self._connection.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation_id)
            .values(rasa_session="", rasa_turns=0)
        )

    def _copies_of(self, turn_ids: Sequence[str], message_ids: Sequence[str]) -> list[str]:
        received = select(InboundRow.external_id).where(
            InboundRow.id.in_(turn_ids), InboundRow.channel == Channel.SMS.value
        )
        sent = select(OutboxRow.external_id).where(
            OutboxRow.message_id.in_(message_ids), OutboxRow.external_id.is_not(None)
        )
        return list(self._connection.execute(union_all(received, sent)).scalars())

    def erase_consents(self, person_id: str, at: datetime) -> None:
        """Delete what the ledger's commitments of that person commit to; the chain stays."""
        sequences = select(ConsentPayloadRow.sequence).where(
            ConsentPayloadRow.person_id == person_id
        )
        erased = self._connection.execute(
            update(ConsentRow).where(ConsentRow.sequence.in_(sequences)).values(erased_at=at)
        )
        if erased.rowcount:
            self.took_place = True
            self._connection.execute(
                delete(ConsentPayloadRow).where(ConsentPayloadRow.person_id == person_id)
            )

    def erase_choices(self, person_id: str) -> None:
        """Delete the notebook of that person."""
        erased = self._connection.execute(delete(ChoiceRow).where(ChoiceRow.person_id == person_id))
        if erased.rowcount:
            self.took_place = True

    def erase_over_consents(self, before: datetime, at: datetime) -> int:
        """Delete what ended before that moment, with all that it took the place of."""
        over = aliased(ConsentPayloadRow)
        ended = select(ConsentPayloadRow.sequence).where(
            exists().where(
                over.person_id == ConsentPayloadRow.person_id,
                over.purpose == ConsentPayloadRow.purpose,
                over.sequence >= ConsentPayloadRow.sequence,
                over.expires_at < before,
            )
        )
        sequences = list(self._connection.execute(ended).scalars())
        if sequences:
            self.took_place = True
            self._connection.execute(
                update(ConsentRow).where(ConsentRow.sequence.in_(sequences)).values(erased_at=at)
            )
            self._connection.execute(
                delete(ConsentPayloadRow).where(ConsentPayloadRow.sequence.in_(sequences))
            )
        return len(sequences)

    def was_erased(self, channel: Channel, external_id: str) -> bool:
        """Tell whether a message of that id went with an erased conversation."""
        return self._connection.execute(
            select(exists().where(TombstoneRow.external_hash == self._hash(channel, external_id)))
        ).scalar_one()

    def forget_tombstones(self, before: datetime) -> int:
        """Delete the tombstones set before that moment and return how many there were."""
        return self._connection.execute(
            delete(TombstoneRow).where(TombstoneRow.erased_at < before)
        ).rowcount

    def _leave_tombstones(self, conversation_id: str, at: datetime) -> None:
        received = self._connection.execute(
            select(InboundRow.channel, InboundRow.external_id).where(
                InboundRow.conversation_id == conversation_id
            )
        ).all()
        if received:
            self._connection.execute(
                insert_either(self._connection, TombstoneRow).on_conflict_do_nothing(),
                [
                    {
                        "external_hash": self._hash(Channel(row.channel), row.external_id),
                        "erased_at": at,
                    }
                    for row in received
                ],
            )

    def _at_the_carrier(self, conversation_id: str) -> list[str]:
        received = select(InboundRow.external_id).where(
            InboundRow.conversation_id == conversation_id,
            InboundRow.channel == Channel.SMS.value,
        )
        sent = (
            select(OutboxRow.external_id)
            .join(MessageRow, MessageRow.id == OutboxRow.message_id)
            .where(
                MessageRow.conversation_id == conversation_id, OutboxRow.external_id.is_not(None)
            )
        )
        return list(self._connection.execute(union_all(received, sent)).scalars())

    def _addresses_of(self, conversation_id: str) -> list[str]:
        return list(
            self._connection.execute(
                select(AddressRow.id)
                .where(
                    exists().where(
                        AddressConversationRow.address_id == AddressRow.id,
                        AddressConversationRow.conversation_id == conversation_id,
                    )
                )
                .order_by(AddressRow.id)
                .with_for_update()
            ).scalars()
        )

    def _delete_unused(self, addresses: list[str]) -> None:
        if addresses:
            self._connection.execute(
                delete(AddressRow).where(
                    AddressRow.id.in_(addresses),
                    ~exists().where(AddressConversationRow.address_id == AddressRow.id),
                    ~exists().where(OutboxRow.address_id == AddressRow.id),
                )
            )

    def _delete_if_unknown_elsewhere(self, person_id: str, at: datetime) -> None:
        self._connection.execute(
            select(PersonRow.id).where(PersonRow.id == person_id).with_for_update()
        )
        elsewhere = self._connection.execute(
            select(exists().where(ConversationRow.person_id == person_id))
        ).scalar_one()
        if not elsewhere:
            self.erase_consents(person_id, at)
            self.erase_choices(person_id)
            self._connection.execute(delete(PersonRow).where(PersonRow.id == person_id))

    def _hash(self, channel: Channel, external_id: str) -> str:
        return self._hashing.of("inbound", channel.value, external_id)
