"""What is answered to « que savez-vous de moi ? » and « efface tout », in any channel."""

from __future__ import annotations

from dataclasses import replace

from assistant.domain.conversation import DialogueState, Question
from assistant.domain.messages import Choice, Instruction
from assistant.flows.engine import Library
from assistant.safety.phrases import PhraseBook
from assistant.services.dialogue.moves import (
    HUMAN,
    MENU,
    Effect,
    Move,
    ask,
    move,
    say,
    waiting,
    word_choice,
    worded,
)
from assistant.services.dialogue.universal_words import Word
from assistant.services.sms.words import SmsWord, sms_choice

OUR_DATA = "mes_donnees"
"""The need of whoever asks about our own data, in words of theirs."""

KNOWN = say("known.kept")
"""Stands for the sentences that only the tables can tell; see ``Effects``."""

_WANTS_IT_GONE = PhraseBook(
    {OUR_DATA: ("effac-", "supprim-", "enlevez|enlever", "oublie", "nettoy-", "efac-")}
)


def tell_known(library: Library, state: DialogueState, *before: Instruction) -> Move:
    """Tell what is kept, offer to erase it, and ask again what waits."""
    resting = state.question if state.question is Question.RESUME else None
    calm = replace(state, question=resting, misunderstood=0)
    erase = word_choice(Word.FORGET_ME)
    asked = waiting(library, calm, erase) or (ask("anything_else", erase, MENU, HUMAN),)
    told = move(Word.MY_DATA, calm, *worded(calm, *before), KNOWN, *asked)
    return replace(told, effect=Effect.TELL_KNOWN)


def ask_to_erase(state: DialogueState) -> Move:
    """Ask once whether to erase all, and say what survives: a slip must lose nothing."""
    sure = Choice(sms_choice(SmsWord.FORGET_ME), "interface/choice.forget")
    question = ask("forget.confirm", sure, word_choice(Word.KEEP))
    return move("ask_forget_me", replace(state, question=Question.CONFIRM), question)


def wants_it_gone(text: str) -> bool:
    """Tell whether words about our data ask to have it erased."""
    return bool(_WANTS_IT_GONE.find(text))
