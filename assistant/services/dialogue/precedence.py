"""Who decides what a message means: the one place where the order stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from assistant.domain.consent import Purpose
from assistant.domain.conversation import Conversation, Holder, Question
from assistant.domain.turn import Decider
from assistant.domain.whom import Whom
from assistant.safety.danger import Danger, recognise_danger
from assistant.safety.masking import MARKER
from assistant.safety.opt_out import OptOut, recognise_opt_out
from assistant.services.choices.words import NotebookWish, recognise_notebook_wish
from assistant.services.consent.replies import Reply, read_reply
from assistant.services.consent.wishes import ConsentWish, Wish, recognise_consent_wish
from assistant.services.dialogue.moves import WORD_PREFIX
from assistant.services.dialogue.universal_words import Word, recognise_word
from assistant.services.dialogue.whom import recognise_whom
from assistant.services.reminders.words import ReminderAsked
from assistant.services.rights.words import RightAsked, recognise_right
from assistant.services.scams.words import SCAM, DoubtedMessage, read_doubted
from assistant.services.sms.words import SmsWord

# Somebody asked whether they are safe, or whether to stop, is not asked for whom they write.
_GRAVE = frozenset({Question.SAFE, Question.STOP, Question.CONFIRM, Question.NUMBER})

_NO_REMINDERS = ConsentWish(Wish.WITHDRAW, Purpose.REMINDERS)


class LineAct(StrEnum):
    """What is done about an SMS because it is one."""

    OBEY = "obey"
    ASK = "ask"
    """Ask first whether that is what was meant."""
    HINT = "hint"
    """Tell how to come back after STOP."""
    LAST = "last"
    """Say that we fall silent for a while."""
    SILENCE = "silence"
    REMIND = "remind"
    """Offer to write again another day."""
    OUT_OF_REACH = "out_of_reach"
    """Say that a reminder reaches a phone only."""
    CANCEL_REMINDER = "cancel_reminder"


@dataclass(frozen=True)
class Verdict:
    """Who decides, and what they recognised.

    ``unreadable`` tells that nothing can be understood: no letter, no digit, or secrets alone.
    ``line`` is what the phone line does by itself, about ``sms_word`` where it obeys or asks,
    about a ``reminder`` asked for on the day that is ``today`` where the person lives.
    ``reply`` is what a message says of the consent that was asked for, ``wish`` what it wants
    with the consents, ``notebook`` what it wants with « Mes choix », ``doubted`` what it tells of a
    message that somebody else sent.
    """

    decider: Decider
    danger: Danger | None = None
    opt_out: OptOut | None = None
    word: Word | None = None
    unreadable: bool = False
    line: LineAct | None = None
    sms_word: SmsWord | None = None
    reminder: ReminderAsked | None = None
    today: date | None = None
    reply: Reply | None = None
    notebook: NotebookWish | None = None
    wish: ConsentWish | None = None
    doubted: DoubtedMessage | None = None


def take_precedence(
    text: str, choice: str | None, conversation: Conversation, *, is_offered: bool = False
) -> Verdict:
    """Return who decides about a masked message.

    Danger → explicit opt-out → a mediation worker holds the conversation → what is said of a
    consent of ours → universal words → the dialogue engine. The engine is asked for anything that
    no rule before it claims; RASA stands for whichever engine answers. ``is_offered`` tells that
    the message is, word for word, an answer to what waits: it is then that answer, and no wish.
    """
    wish = recognise_consent_wish(text) if choice is None and not is_offered else None
    first = _before_all(text, wish, conversation) if choice is None else None
    if first is not None:
        return first
    if conversation.held_by is Holder.MEDIATOR:
        return Verdict(Decider.MEDIATOR)
    consent = _of_consents(text, wish, conversation) if choice is None else None
    if consent is not None:
        return consent
    wishes = choice is None and not is_offered
    notebook = recognise_notebook_wish(text) if wishes else None
    if notebook is not None:
        return Verdict(Decider.WORD, notebook=notebook)
    word = _word_of(text, choice, conversation)
    if word is not None:
        return Verdict(Decider.WORD, word=word)
    doubted = _doubted(text, conversation) if wishes else None
    if doubted is not None:
        return Verdict(Decider.WORD, doubted=doubted)
    if choice is None and not any(sign.isalnum() for sign in text.replace(MARKER, "")):
        return Verdict(Decider.WORD, unreadable=True)
    return Verdict(Decider.RASA)


def _before_all(text: str, wish: ConsentWish | None, conversation: Conversation) -> Verdict | None:
    alarm = recognise_danger(text)
    if alarm is not None:
        return Verdict(Decider.DANGER, danger=alarm.danger)
    if wish == _NO_REMINDERS:
        # « plus de rappel » ends the reminders, and not every message.
        return Verdict(Decider.WORD, wish=_NO_REMINDERS)
    opt_out = recognise_opt_out(text)
    if opt_out is OptOut.CLEAR or (opt_out is OptOut.DOUBTFUL and not _waits(conversation)):
        return Verdict(Decider.OPT_OUT, opt_out=opt_out)
    return None


def _of_consents(text: str, wish: ConsentWish | None, conversation: Conversation) -> Verdict | None:
    """Return what a message says of the consent that was asked for, or of any of them."""
    if conversation.state.question is Question.CONSENT:
        reply = read_reply(text, conversation.language)
        # « continuer » goes on: it says nothing of the consent.
        steers = reply is Reply.UNCLEAR and recognise_word(text, conversation.language) is not None
        if reply is not None and not steers:
            return Verdict(Decider.WORD, reply=reply)
    return Verdict(Decider.WORD, wish=wish) if wish is not None else None


def _waits(conversation: Conversation) -> bool:
    # « arrêtez » while « voulez-vous arrêter les messages ? » waits is an answer, not a new doubt.
    return conversation.state.question is Question.STOP


def _doubted(text: str, conversation: Conversation) -> DoubtedMessage | None:
    """Return what is told of a doubted message, unless a graver question waits for its answer."""
    state = conversation.state
    doubted = read_doubted(text) if state.question not in _GRAVE else None
    in_its_guide = any(position.flow == SCAM for position in state.session.positions)
    # The guide asks all of it in its own order; what is pasted there is read all the same.
    return None if doubted is None or (in_its_guide and not doubted.pasted) else doubted


def _word_of(text: str, choice: str | None, conversation: Conversation) -> Word | None:
    if choice is None:
        return (
            recognise_word(text, conversation.language)
            or _right_of(text)
            or _turn_of(text, conversation)
        )
    if choice.startswith(WORD_PREFIX):
        return Word(choice.removeprefix(WORD_PREFIX))
    return None


def _right_of(text: str) -> Word | None:
    """Return the word for « que savez-vous de moi ? » and « efface tout »."""
    asked = recognise_right(text)
    if asked is None:
        return None
    return Word.FORGET_ME if asked is RightAsked.ERASE else Word.MY_DATA


def _turn_of(text: str, conversation: Conversation) -> Word | None:
    """Return the word for « c'est pour ma mère », when the message says nothing else."""
    heard = recognise_whom(text)
    if heard is None or not heard.alone or conversation.state.question in _GRAVE:
        return None
    if heard.whom is Whom.OTHER:
        return Word.FOR_OTHER
    # « c'est pour moi » tells something only to whom believed the contrary.
    return Word.FOR_SELF if conversation.state.whom is Whom.OTHER else None
