"""Writing to somebody who did not write just now: one SMS, and what its answer is about."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from assistant.domain.conversation import DialogueState
from assistant.domain.messages import Author, Channel, Instruction, Message
from assistant.services.ports.dialogue import Wording
from assistant.services.ports.transaction import UnitOfWork


@dataclass(frozen=True)
class WriteFirst:
    """Lets one SMS leave in decent hours, in the caller's transaction."""

    wording: Wording

    def __call__(
        self,
        work: UnitOfWork,
        conversation_id: str,
        instruction: Instruction,
        now: datetime,
    ) -> DialogueState | None:
        """Return the state of the conversation; None, and nothing leaves, without a phone."""
        address_id = work.addresses.of_conversation(Channel.SMS, conversation_id)
        if address_id is None:
            return None
        conversation = work.conversations.get(conversation_id)
        told = replace(instruction, whom=conversation.state.whom)
        words = self.wording.say(told, conversation.language, Channel.SMS)
        line = work.messages.add(
            conversation_id,
            Message(
                id=uuid.uuid4().hex,
                sequence=0,
                author=Author.ASSISTANT,
                kind=told.kind,
                instruction=told,
                words=words,
                language=conversation.language,
                created_at=now,
            ),
        )
        texts = self.wording.text_messages([words], conversation.language)
        work.outbox.put(address_id, line.id, texts, now, started_by_us=True)
        # Time to answer, for a conversation that only waited for this.
        work.conversations.touch(conversation_id, now)
        return conversation.state
