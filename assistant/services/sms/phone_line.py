"""What a phone line decides by itself before anybody understands the words: STOP, loops, its words.

Only danger comes before it. Three silences are kept: after STOP, but for one hint in a week that
tells how to come back; towards a machine, until it pauses; and to words of danger that come again
before anybody could have read the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from assistant.domain.conversation import Conversation, DialogueState, Question
from assistant.domain.messages import Channel, Choice
from assistant.domain.sending import (
    DANGER_LIMIT,
    LoopLimit,
    Reply,
    area_of,
    reply_to,
    warns_again,
)
from assistant.domain.turn import SILENT, Decider, Turn
from assistant.flows.engine import Library
from assistant.services.dialogue.moves import (
    HUMAN,
    MENU,
    WORD_PREFIX,
    Effect,
    Move,
    ask,
    move,
    say,
    waiting,
    word_choice,
)
from assistant.services.dialogue.precedence import LineAct, Verdict
from assistant.services.dialogue.universal_words import Word
from assistant.services.ports.addresses import Suppression
from assistant.services.ports.transaction import UnitOfWork
from assistant.services.ports.turns import Beat, Warned
from assistant.services.reminders.remind import local_day, offer, out_of_reach, take_back
from assistant.services.reminders.words import (
    ReminderAsked,
    cancels_reminder,
    puts_off,
    recognise_reminder,
)
from assistant.services.sms.words import (
    SMS_PREFIX,
    SmsWord,
    recognise_sms_word,
    sms_choice,
)

HINT_AGAIN = timedelta(days=7)

LOOP = LoopLimit(answers=30, span=timedelta(minutes=10))
"""The activation from its first SMS to its end is 21 answers, and somebody at one's side may hurry
through it in ten minutes, with a few questions on the way; a machine answers in a second."""

_WIPES = frozenset({SmsWord.FORGET_ME, SmsWord.NOT_ME})
_GOES_ON = frozenset({SmsWord.REOPEN, SmsWord.LINK})
_SAFETY = frozenset(f"{WORD_PREFIX}{word}" for word in (Word.SAFE, Word.NOT_SAFE))


@dataclass(frozen=True)
class Line:
    """What is known of a phone when a message of it is decided about.

    ``beats`` are the messages before it in the conversation, the oldest first. ``picked`` is the
    choice that the message names among those offered. ``holds`` tells that the rest of the last
    answer waits for SUITE. ``warned`` are the answers to a danger before it, ``fingerprint`` what
    tells its words.
    """

    now: datetime
    today: date
    stopped: Suppression | None = None
    beats: Sequence[Beat] = ()
    picked: str | None = None
    holds: bool = False
    warned: Sequence[Warned] = ()
    fingerprint: str = ""


def known(work: UnitOfWork, turn: Turn, line: Line, otherwise: Verdict) -> Line:
    """Return the line with what the tables know of it, as far as the verdict may need it."""
    address_id = work.addresses.of_conversation(Channel.SMS, turn.conversation_id)
    if address_id is None:
        return line
    number = work.addresses.reveal(address_id)
    stopped = work.suppressions.known(Channel.SMS, number)
    return replace(
        line,
        today=local_day(line.now, area_of(number)),
        stopped=stopped,
        beats=work.turns.beats(turn, LOOP.answers + 1),
        holds=work.outbox.holds(address_id),
        warned=work.turns.warned(turn, DANGER_LIMIT.answers) if otherwise.danger else (),
        fingerprint=turn.inbound.fingerprint,
    )


def hear(
    text: str, choice: str | None, conversation: Conversation, line: Line, otherwise: Verdict
) -> Verdict:
    """Return who decides about an SMS; ``otherwise`` is what every other channel would do.

    Danger → a stopped phone → STOP → an endless exchange → the words of the channel → the rest.
    """
    if otherwise.danger is not None:
        return otherwise if _warns_again(line) else Verdict(Decider.DANGER, line=LineAct.SILENCE)
    if line.stopped is not None:
        return _hear_stopped(text, choice, conversation, line, otherwise)
    if otherwise.opt_out is not None:
        return otherwise
    reply = _reply(line)
    if reply is not Reply.ANSWER:
        quiet = LineAct.LAST if reply is Reply.LAST else LineAct.SILENCE
        return Verdict(Decider.LOOP, line=quiet)
    heard = _hear_word(text, choice, conversation, line, otherwise)
    if heard is not None or otherwise.decider is Decider.MEDIATOR:
        return heard or otherwise
    return _hear_wish(text, choice, line, otherwise)


def _hear_word(
    text: str, choice: str | None, conversation: Conversation, line: Line, otherwise: Verdict
) -> Verdict | None:
    """Return what the words of the channel ask for, None when there are none."""
    word, sure = _word(text, choice, line)
    if word is SmsWord.REOPEN:
        # Nothing is stopped: it goes on with what waits, as on the page.
        return Verdict(Decider.WORD, word=Word.CONTINUE) if sure else otherwise
    if word is SmsWord.ELSEWHERE and not sure:
        waits = conversation.state.session.current is not None
        return otherwise if waits else Verdict(Decider.WORD, line=LineAct.OBEY, sms_word=word)
    if word is None:
        return None
    how = LineAct.OBEY if sure else LineAct.ASK
    return Verdict(Decider.WORD, line=how, sms_word=word)


def _hear_wish(text: str, choice: str | None, line: Line, otherwise: Verdict) -> Verdict:
    """Return what is answered otherwise by SMS: the next page, a reminder, who we are."""
    if otherwise.reply is not None or otherwise.wish is not None:
        return otherwise
    if otherwise.word is Word.NEXT and line.holds:
        return Verdict(Decider.WORD, line=LineAct.OBEY, sms_word=SmsWord.NEXT_PAGE)
    if choice is None and cancels_reminder(text):
        return Verdict(Decider.WORD, line=LineAct.CANCEL_REMINDER)
    asked = recognise_reminder(text, line.today) if choice is None else None
    if asked is not None or otherwise.word is Word.PAUSE or puts_off(text):
        reminder = asked or ReminderAsked(None)
        return Verdict(Decider.WORD, line=LineAct.REMIND, reminder=reminder, today=line.today)
    if otherwise.word in {Word.HELP, Word.CONTACT}:
        return Verdict(Decider.WORD, line=LineAct.OBEY, sms_word=SmsWord.CONTACT)
    return otherwise


def _hear_stopped(
    text: str, choice: str | None, conversation: Conversation, line: Line, otherwise: Verdict
) -> Verdict:
    word, sure = _word(text, choice, line)
    if sure and word is SmsWord.REOPEN:
        return Verdict(Decider.WORD, line=LineAct.OBEY, sms_word=word)
    if sure and word in _WIPES:
        return Verdict(Decider.OPT_OUT, line=LineAct.OBEY, sms_word=word)
    if conversation.state.question is Question.SAFE and line.picked in _SAFETY:
        # Somebody in danger is answered to the end.
        return Verdict(Decider.DANGER, word=Word(line.picked.removeprefix(WORD_PREFIX)))
    hinted_at = line.stopped.hinted_at if line.stopped is not None else None
    hinted = hinted_at is not None and line.now - hinted_at < HINT_AGAIN
    quiet = hinted or otherwise.opt_out is not None
    return Verdict(Decider.OPT_OUT, line=LineAct.SILENCE if quiet else LineAct.HINT)


def _word(text: str, choice: str | None, line: Line) -> tuple[SmsWord | None, bool]:
    """Return the word of the channel that a message is, and whether that is sure."""
    heard = recognise_sms_word(text) if choice is None else None
    if heard is not None and heard.sure:
        return heard.word, True
    named = choice or line.picked
    if named is not None and named.startswith(SMS_PREFIX):
        return SmsWord(named.removeprefix(SMS_PREFIX)), True
    return (None, False) if heard is None or named is not None else (heard.word, False)


def _warns_again(line: Line) -> bool:
    same = [each.received_at for each in line.warned if each.fingerprint == line.fingerprint]
    return warns_again(same, [each.received_at for each in line.warned], line.now)


def _reply(line: Line) -> Reply:
    """Tell whether the exchange goes on; a machine that we left alone ends it by a pause."""
    last = line.beats[-1] if line.beats else None
    if last is not None and last.is_silenced and line.now - last.received_at < LOOP.span:
        return Reply.SILENT
    lately = [each for each in line.beats if line.now - each.received_at < LOOP.span]
    received = [each.received_at for each in lately]
    answered = [each.received_at for each in lately if each.is_answered]
    return reply_to([*received, line.now], answered, line.now, LOOP)


def act(library: Library, state: DialogueState, verdict: Verdict) -> Move:
    """Do what the line decided."""
    match verdict.line:
        case LineAct.REMIND if verdict.reminder is not None and verdict.today is not None:
            kept = (say("reminder.kept"),) if verdict.reminder.on is None else ()
            return offer(state, verdict.reminder.on, verdict.today, *kept)
        case LineAct.OUT_OF_REACH if verdict.reminder is not None:
            return out_of_reach(library, state, verdict.reminder.on)
        case LineAct.CANCEL_REMINDER:
            return take_back(library, state)
        case LineAct.HINT:
            hinted = Move(LineAct.HINT, state, (say("sms.stopped"),))
            return replace(hinted, effect=Effect.HINT)
        case LineAct.LAST:
            return Move("loop", state, (say("sms.loop"),))
        case LineAct.ASK if verdict.sms_word is not None:
            return confirm(state, verdict.sms_word)
        case LineAct.OBEY if verdict.sms_word is not None:
            return obey(library, state, verdict.sms_word)
        case _:
            return Move(SILENT, state, ())


def confirm(state: DialogueState, word: SmsWord) -> Move:
    """Ask whether that is what was meant."""
    sure = Choice(sms_choice(word), f"interface/{_SURE[word]}")
    question = ask(_CONFIRMED[word], sure, word_choice(Word.KEEP))
    return move(f"ask_{word}", replace(state, question=Question.CONFIRM), question)


def obey(library: Library, state: DialogueState, word: SmsWord) -> Move:
    """Do what a word of the channel asks for."""
    calm = replace(state, question=None, misunderstood=0)
    if word in _GOES_ON:
        greeting = say("sms.reopened" if word is SmsWord.REOPEN else "sms.linked")
        asked = waiting(library, calm) or (ask("sms.what_now", MENU, HUMAN),)
        return replace(move(word, calm, greeting, *asked), effect=_EFFECTS.get(word))
    if word is SmsWord.NEXT_PAGE:
        # The numbers on it are those of the question that was cut.
        return Move(word, state, ())
    # What waits goes on waiting, with its numbers: these say something beside it.
    told = (replace(say(_SAID[word]), whom=state.whom),)
    after = calm if word in _CONFIRMED else state
    return Move(word, after, told, effect=_EFFECTS.get(word))


_SAID = {
    SmsWord.FORGET_ME: "forget.done",
    SmsWord.NOT_ME: "sms.not_you",
    SmsWord.SEPARATE: "sms.separated",
    SmsWord.ELSEWHERE: "sms.code",
    SmsWord.CONTACT: "sms.contact",
    SmsWord.UNKNOWN_CODE: "sms.unknown_code",
    SmsWord.NO_PICTURES: "sms.no_pictures",
    SmsWord.EMPTY: "sms.empty",
}
_CONFIRMED = {
    SmsWord.FORGET_ME: "forget.confirm",
    SmsWord.NOT_ME: "sms.confirm_not_you",
    SmsWord.SEPARATE: "sms.confirm_separate",
}
_SURE = {
    SmsWord.FORGET_ME: "choice.forget",
    SmsWord.NOT_ME: "choice.not_you",
    SmsWord.SEPARATE: "choice.separate",
}
_EFFECTS = {
    SmsWord.REOPEN: Effect.REOPEN,
    SmsWord.FORGET_ME: Effect.FORGET_ME,
    SmsWord.NOT_ME: Effect.NOT_ME,
    SmsWord.SEPARATE: Effect.SEPARATE,
    SmsWord.ELSEWHERE: Effect.GIVE_CODE,
}
