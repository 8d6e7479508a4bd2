"""The values that the persistence tests begin with."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

from assistant.domain.conversation import (
    Conversation,
    DialogueState,
    Holder,
    Position,
    Question,
    Session,
)
from assistant.domain.messages import (
    Author,
    Channel,
    Choice,
    Inbound,
    Instruction,
    InstructionKind,
    Link,
    Manner,
    Message,
    ShownChoice,
    StepRef,
    Words,
)
from assistant.services.ports.transaction import UnitOfWork

NOW = datetime(2026, 11, 23, 9, 30, 15, 123456, tzinfo=UTC)
LEASE = timedelta(seconds=20)

CHOICE = Choice("step/activer/code/oui", "flow/activer/code/option/oui", "a1b2")
INSTRUCTION = Instruction(
    kind=InstructionKind.ASK,
    key="flow/activer/code/text",
    params={"prénom": "Zoé"},
    revision="a1b2",
    choices=(CHOICE, Choice("word/human", "interface/choice.human")),
    step=StepRef("activer", "code", 2, 6),
    manner=Manner.SIMPLER,
)
STATE = DialogueState(
    session=Session(
        (
            Position("activer", "a1b2", "code", (("reçu", "oui"),), ("reçu",), stuck=True),
            Position("nouveau_code", "c3d4", "carte", unclear=2),
        )
    ),
    offered=(CHOICE,),
    question=Question.RESUME,
    misunderstood=1,
    simpler=True,
)


def later(**amount: float) -> datetime:
    """Return a moment after the one that the tests begin at."""
    return NOW + timedelta(**amount)


def conversation(
    conversation_id: str = "c1",
    *,
    state: DialogueState = STATE,
    shared_device: bool = False,
    at: datetime = NOW,
) -> Conversation:
    """Return a conversation on the web."""
    return Conversation(
        id=conversation_id,
        language="fr",
        held_by=Holder.ASSISTANT,
        state=state,
        version=3,
        rasa_session="r1",
        rasa_turns=7,
        shared_device=shared_device,
        created_at=at,
        last_activity_at=at,
    )


def inbound(
    external_id: str = "m1", channel: Channel = Channel.WEB, text: str = "oui c fait"
) -> Inbound:
    """Return a message that came in."""
    return Inbound(
        channel=channel,
        external_id=external_id,
        fingerprint="f" * 64,
        text=text,
        choice="step/activer/code/oui",
        masked=("card", "nir"),
        received_at=NOW,
    )


def message(text: str = "Avez-vous le code ?", in_reply_to: str | None = None) -> Message:
    """Return a line of the assistant's."""
    return Message(
        id=str(uuid.uuid4()),
        sequence=0,
        author=Author.ASSISTANT,
        kind=InstructionKind.ASK.value,
        instruction=INSTRUCTION,
        words=Words(
            text,
            (ShownChoice(CHOICE.id, "Oui, j’ai un code"),),
            (Link("Appeler le 3422", "tel:3422"),),
        ),
        language="fr",
        created_at=NOW,
        in_reply_to=in_reply_to,
    )


def begun(work: UnitOfWork, *conversation_ids: str) -> None:
    """Keep conversations that have just begun."""
    for conversation_id in conversation_ids:
        work.conversations.add(conversation(conversation_id), f"hash of {conversation_id}")
