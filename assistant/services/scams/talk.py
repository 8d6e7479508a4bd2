"""Answering « est-ce que ce SMS est vrai ? »: the signs, what to do, and the guide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from assistant.domain.conversation import DialogueState, Question
from assistant.domain.messages import Choice, Instruction
from assistant.flows.engine import Library
from assistant.services.dialogue.moves import NEED_PREFIX, Move, move, say, waiting
from assistant.services.dialogue.steering import what_else
from assistant.services.scams.words import SCAM, DoubtedMessage, Sign

_SIGNS: Final[Mapping[Sign, Instruction]] = {
    Sign.LINK: say("scam.sign.link"),
    Sign.MONEY: say("scam.sign.money"),
    Sign.HURRY: say("scam.sign.hurry"),
    Sign.PRETEXT: say("scam.sign.pretext"),
}


def judge(library: Library, state: DialogueState, doubted: DoubtedMessage) -> Move:
    """Decide what to say of a doubted message, then go on with what waits."""
    resting = state.question if state.question is Question.RESUME else None
    calm = replace(state, question=resting, consent=None, misunderstood=0)
    open_flows = {position.flow for position in calm.session.positions}
    guide = () if SCAM in open_flows else (_guide(library),)
    after = waiting(library, calm, *guide)
    if not after:
        calm, question = what_else(calm, *guide)
        after = (question,)
    return move("doubted_message", calm, *_verdict(doubted), *after)


def _verdict(doubted: DoubtedMessage) -> tuple[Instruction, ...]:
    if not doubted.told:
        return (say("scam.describe"),)
    if not doubted.signs:
        return (say("scam.unsure"), say("scam.do"))
    signs = tuple(_SIGNS[sign] for sign in doubted.signs)
    habits = (say("scam.insurance"),) if doubted.insured else ()
    return (say("scam.wary"), *signs, *habits, say("scam.do"))


def _guide(library: Library) -> Choice:
    return Choice(f"{NEED_PREFIX}{SCAM}", f"flow/{SCAM}/title", library.flow(SCAM).revision)
