"""What to answer, decided without touching anything: state and message in, move out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from assistant.domain.conversation import DialogueState, Question
from assistant.domain.messages import Choice, Instruction, InstructionKind
from assistant.domain.turn import Understanding
from assistant.domain.whom import Whom
from assistant.flows import engine
from assistant.flows.answers import read
from assistant.flows.document import AskStep, Expect, Need, NeedKind
from assistant.flows.engine import Library
from assistant.flows.flow import (
    DONE_OPTION,
    NO_OPTION,
    YES_NO_OPTIONS,
    YES_OPTION,
    RemindStep,
)
from assistant.flows.guesses import guess
from assistant.flows.replies import Answer, Picked
from assistant.safety.danger import Danger
from assistant.safety.opt_out import OptOut
from assistant.services.choices.talk import NOTE_PREFIX, pick_note
from assistant.services.consent.asking import (
    CONSENT_PREFIX,
    hear_consent,
    left_unanswered,
    pick_consent,
)
from assistant.services.consent.replies import Reply, read_reply
from assistant.services.dialogue.glossary import Glossary
from assistant.services.dialogue.moves import (
    HUMAN,
    MENU,
    NEED_PREFIX,
    STEP_PREFIX,
    WORD_PREFIX,
    Effect,
    Move,
    ask,
    move,
    need_choice,
    preceded,
    say,
    say_for_whom,
    waiting,
    worded,
)
from assistant.services.dialogue.offers import Offers
from assistant.services.dialogue.steering import MENU_NEEDS, Steering, what_else
from assistant.services.dialogue.subjects import Subjects
from assistant.services.dialogue.universal_words import Word
from assistant.services.finding.talk import FIND_HELP, HELP_PREFIX, FindHelpTalk
from assistant.services.follow_up import STILL_PREFIX, read_still
from assistant.services.follow_up import hear as hear_still
from assistant.services.reminders.remind import REMIND_PREFIX, accept, agreement
from assistant.services.rights.talk import OUR_DATA, ask_to_erase, tell_known, wants_it_gone
from assistant.services.sms.phone_line import obey
from assistant.services.sms.words import SMS_PREFIX, SmsWord

# Below this the engine has no idea, and naming its guess would only confuse.
WORTH_SUGGESTING = 0.10
SUGGESTIONS = 3
SUGGESTIONS_IN_A_FLOW = 2

# What is longer, and says neither yes nor no to a consent, is about something else.
LONGEST_UNCLEAR = 4

GOODBYE = "au_revoir"

_STEERING_NEEDS: Mapping[str, Word] = {
    "menu": Word.MENU,
    "retour": Word.BACK,
    "pas_compris": Word.SIMPLER,
    "plus_tard": Word.PAUSE,
    "parler_humain": Word.HUMAN,
}
_SETTLED: Mapping[Question, Mapping[str, Word]] = {
    Question.RESUME: {"oui": Word.CONTINUE, "non": Word.MENU},
    Question.SAFE: {"oui": Word.SAFE, "non": Word.NOT_SAFE},
    Question.STOP: {"oui": Word.STOP, "non": Word.KEEP},
    Question.REMIND: {"non": Word.KEEP},
}

# With the name of a town beside it, each of these asks for somebody there.
_NEAR_FINDING_HELP = frozenset({"parler_humain", "changer_langue", "sans_internet"})

# A question of our own is read by the same parser as the steps of the flows.
_YES_NO = AskStep(id="settle", kind="ask", text="?", expect=Expect.YES_NO)
_YES_NO_LABELS: Mapping[str, tuple[str, ...]] = {"oui": (), "non": ()}


@dataclass(frozen=True)
class Dialogue:
    """The rules of the conversation: it knows the documents, and never a conversation."""

    library: Library
    needs: Mapping[str, Need]
    flows: frozenset[str]
    related: Mapping[str, tuple[str, ...]]
    glossary: Glossary
    steering: Steering
    subjects: Subjects
    finding: FindHelpTalk
    offers: Offers

    # -- the answer to what waits -----------------------------------------------------------

    def answer(
        self, state: DialogueState, text: str, choice: str | None, intent: str | None, language: str
    ) -> Move | None:
        """Take the message as the answer to what waits; None when it is something else."""
        if choice is not None:
            return self._pick(state, choice)
        if state.question is not None:
            return self._answer_question(state, text, intent, language)
        if state.session.current is not None:
            return self._answer_step(state, text, intent, language)
        offered = self.offers.named(state, text, language)
        return self._pick(state, offered) if offered is not None else None

    def _answer_question(
        self, state: DialogueState, text: str, intent: str | None, language: str
    ) -> Move | None:
        """Take the message as the answer to a question of our own."""
        if state.question is Question.CONSENT:
            # The model's yes is no consent, whatever it believes to have understood.
            return self.hear(state, Reply.UNCLEAR) if intent in {"oui", "non"} else None
        # « 2 » is the second of the choices first, and « non » only where there are two.
        named = self.offers.named(state, text, language)
        if named is not None:
            return self._pick(state, named)
        if state.question is Question.STILL_WORKS and (still := read_still(text)) is not None:
            return self._pick(state, still)
        yes = _yes_or_no(text, intent, language)
        if state.question is Question.NUMBER:
            return self.finding.hear_instead(state, yes, intent)
        if isinstance(yes, Picked) and state.question is Question.CONFIRM:
            confirmed, kept = state.offered
            return self._pick(state, (confirmed if yes.option == "oui" else kept).id)
        if yes == Picked("oui") and state.question is Question.REMIND:
            return move("ask_reminder", state, ask("reminder.when", *state.offered))
        if isinstance(yes, Picked) and state.question is Question.STILL_WORKS:
            return self._pick(state, f"{STILL_PREFIX}{yes.option}")
        if isinstance(yes, Picked) and state.question is Question.LATER:
            return self._settle_later(state, yes.option)
        if isinstance(yes, Picked) and state.question is not None:
            return self.steering.steer(state, _SETTLED[state.question][yes.option])
        return None

    def hear(self, state: DialogueState, reply: Reply) -> Move:
        """Take a message as the answer to the consent that was asked for."""
        heard = hear_consent(self.library, state, reply)
        return self._pick(state, heard) if isinstance(heard, str) else heard

    def carried_out(self, state: DialogueState) -> Move | None:
        """Take the waiting step as done, where it is one to carry out."""
        step = engine.waiting_step(self.library, state.session)
        if step is None or step.expect is not Expect.DONE or state.question is not None:
            return None
        stuck = state.session.current is not None and state.session.current.stuck
        return None if stuck else self._advance(state, Picked(DONE_OPTION))

    def _answer_step(
        self, state: DialogueState, text: str, intent: str | None, language: str
    ) -> Move | None:
        step = engine.waiting_step(self.library, state.session)
        if step is None:
            return None
        stuck = state.session.current is not None and state.session.current.stuck
        if isinstance(step, RemindStep) and not stuck:
            heard = self._hear_reminder(state, text, intent, language)
            if heard is not None:
                return heard
        labels = self.offers.answers(state, language)
        said = read(step, labels, text, intent, stuck=stuck, language=language)
        if isinstance(said, Picked) and said.option.startswith(
            (WORD_PREFIX, NEED_PREFIX, HELP_PREFIX)
        ):
            return self._pick(state, said.option)
        if said is not None:
            return self._advance(state, said)
        sought = self.finding.hear(state, text, intent)
        if sought is not None:
            return sought
        if intent not in {"oui", "non"} or self.glossary.asked_for(text) is not None:
            return None
        guessed = self._guess(state, text, language)
        if guessed is not None:
            return guessed
        # A yes or a no that does not answer this question: « ça ne marche pas » is being stuck.
        if intent == "non" and step.expect is not Expect.YES_NO and not stuck:
            return self.steering.steer(state, Word.STUCK)
        return self._retry(state, ())

    def _hear_reminder(
        self, state: DialogueState, text: str, intent: str | None, language: str
    ) -> Move | None:
        """Read the answer to the offer of a reminder: only a plain yes is one."""
        position = state.session.current
        match read_reply(text, language) or (Reply.UNCLEAR if intent in YES_NO_OPTIONS else None):
            case Reply.YES:
                return self._advance(state, Picked(YES_OPTION))
            case Reply.NO:
                return self._advance(state, Picked(NO_OPTION))
            case Reply.WHY:
                why = say("consent.reminders.why")
                return move("consent_why", state, why, *waiting(self.library, state))
            case Reply.UNCLEAR if position is not None and not position.unclear:
                return self._retry(state, ())
            case None:
                return None
            case _:
                left = self._advance(state, Picked(NO_OPTION))
                return preceded(say("consent.left"), left)

    def _guess(
        self, state: DialogueState, text: str, language: str, *, named: bool = False
    ) -> Move | None:
        """Take what nobody understood otherwise as the likely answer to the waiting step."""
        step = engine.waiting_step(self.library, state.session)
        if step is None or state.question is not None or isinstance(step, RemindStep):
            # A guess is no consent.
            return None
        stuck = state.session.current is not None and state.session.current.stuck
        answers = self.offers.answers(state, language)
        likely = guess(step, answers, text, stuck=stuck, named=named, language=language)
        return self._advance(state, likely) if likely is not None else None

    def _pick(self, state: DialogueState, choice: str) -> Move:
        if choice.startswith(STEP_PREFIX):
            picked = engine.picked(state.session, choice)
            if picked is None:
                # It was offered when the message came in; another message was answered first.
                return move("choice_gone", state, say("choice_gone"), *waiting(self.library, state))
            return self._advance(state, picked)
        if choice.startswith(NEED_PREFIX):
            return self._open(state, choice.removeprefix(NEED_PREFIX))
        if choice.startswith(HELP_PREFIX):
            return self.finding.pick(state, choice)
        if choice.startswith(NOTE_PREFIX):
            return pick_note(self.library, state, choice)
        if choice.startswith(CONSENT_PREFIX):
            return pick_consent(self.library, state, choice)
        if choice.startswith(STILL_PREFIX):
            return hear_still(self.library, state, choice)
        if choice.startswith(SMS_PREFIX):
            return obey(self.library, state, SmsWord(choice.removeprefix(SMS_PREFIX)))
        if choice.startswith(REMIND_PREFIX):
            return accept(state, date.fromisoformat(choice.removeprefix(REMIND_PREFIX)))
        return self.steering.steer(state, Word(choice.removeprefix(WORD_PREFIX)))

    def _advance(self, state: DialogueState, said: Answer) -> Move:
        sprint = engine.answer(self.library, state.session, said)
        whom = self._told_of(state, said)
        told = self.steering.after("answer", replace(state, whom=whom), sprint)
        if sprint.remind_in is not None:
            *_, asked = waiting(self.library, replace(state, question=None))
            spoken = agreement(replace(asked, whom=state.whom))
            told = replace(told, effect=Effect.REMIND, in_days=sprint.remind_in, consent=spoken)
        return told if whom is state.whom else preceded(say_for_whom(whom), told)

    def _told_of(self, state: DialogueState, said: Answer) -> Whom:
        """Return for whom somebody writes once they gave an answer: « pour un proche »."""
        step = engine.waiting_step(self.library, state.session)
        option = step.option(said.option) if step and isinstance(said, Picked) else None
        return option.whom or state.whom if option else state.whom

    # -- what the person came for -----------------------------------------------------------

    def meet(self, state: DialogueState, need: str, text: str, language: str) -> Move:
        """Answer a need told in the person's own words; inside a flow, then come back to it.

        What names an answer to the waiting step is that answer, whatever need the model heard in
        it: « il est trop vieux je crois » is about the code, and no emergency.
        """
        state = left_unanswered(state)
        named = self._guess(state, text, language, named=True)
        return named or self._meet(state, need, text, language)

    def _meet(self, state: DialogueState, need: str, text: str, language: str) -> Move:
        if self.needs[need].kind is NeedKind.SAFETY:
            return self.steering.warn(state, Danger(need))
        both = self.subjects.apart(text, language)
        if both is not None:
            return self._meet_first(state, *both)
        return self._meet_one(state, need, text, language)

    def _meet_one(self, state: DialogueState, need: str, text: str, language: str) -> Move:
        term = self.glossary.asked_for(text)
        if term is not None:
            return self._explain(state, term)
        if need in _STEERING_NEEDS:
            return self.steering.steer(state, _STEERING_NEEDS[need])
        if need == OUR_DATA:
            return self._tell_of_our_data(state, text)
        if need == GOODBYE:
            return self._part(state)
        if need == "stop_messages":
            return self.steering.stop(state, OptOut.CLEAR)
        if need == "bonjour" and state.question is Question.RESUME:
            return self.steering.offer_to_resume(state)
        if need == FIND_HELP or need in _NEAR_FINDING_HELP:
            sought = self._seek(state, text, named=need != FIND_HELP)
            if sought is not None:
                return sought
        if any(position.flow == need for position in state.session.positions):
            # « oui j'ai la lettre du code » is what brings people here, and an answer as well.
            return self._guess(state, text, language) or self._guide(state, need)
        return self._guide(state, need) if need in self.flows else self._tell(state, need)

    def clarify(
        self, state: DialogueState, understanding: Understanding, text: str, language: str
    ) -> Move:
        """Say what we believe to have understood, then offer less and less; never twice alike."""
        if state.question is Question.CONSENT and len(text.split()) <= LONGEST_UNCLEAR:
            return self.hear(state, Reply.UNCLEAR)
        state = left_unanswered(state)
        both = self.subjects.apart(text, language)
        if both is not None:
            return self._meet_first(state, *both)
        term = self.glossary.asked_for(text)
        if term is not None:
            return self._explain(state, term)
        guessed = self._guess(state, text, language)
        if guessed is not None:
            return guessed
        near = understanding.ranking[:SUGGESTIONS]
        if any(each.need == FIND_HELP and each.confidence >= WORTH_SUGGESTING for each in near):
            sought = self._seek(state, text, named=True)
            if sought is not None:
                return sought
        guesses = tuple(
            need_choice(ranked.need)
            for ranked in understanding.ranking
            if ranked.confidence >= WORTH_SUGGESTING
            and self.needs[ranked.need].kind in (NeedKind.GUIDE, NeedKind.ANSWER)
        )[:SUGGESTIONS]
        if state.session.current is not None and state.question is None:
            return self._retry(state, guesses[:SUGGESTIONS_IN_A_FLOW])
        again = replace(state, misunderstood=state.misunderstood + 1)
        # Then round again: the same apology never comes twice running.
        round_of_three = state.misunderstood % 3
        if round_of_three == 2:  # noqa: PLR2004 (the third)
            return self.steering.hand_to_person(again, "clarify.person")
        if round_of_three == 0 and guesses:
            return move("clarify", again, ask("clarify.did_you_mean", *guesses, MENU, HUMAN))
        words = "clarify.menu" if round_of_three == 0 else "clarify.other_words"
        return move("clarify", again, ask(words, *map(need_choice, MENU_NEEDS), HUMAN))

    def _retry(self, state: DialogueState, guesses: tuple[Choice, ...]) -> Move:
        sprint = engine.retry(self.library, state.session)
        *before, question = worded(state, *sprint.instructions)
        question = replace(question, choices=(*question.choices, *guesses))
        return move("retry", state.with_session(sprint.session), *before, question)

    def _meet_first(self, state: DialogueState, first: str, second: str) -> Move:
        """Answer the first of two subjects and keep the second for later."""
        keeping = replace(state, later=tuple(dict.fromkeys((*state.later, second))))
        met = self._guide(keeping, first) if first in self.flows else self._tell(keeping, first)
        return preceded(say("later.noted"), met)

    def _settle_later(self, state: DialogueState, option: str) -> Move:
        """Open the subject that was kept, or let it go."""
        kept, *others = state.later
        if option == "oui":
            return self._open(state, kept)
        left, question = what_else(replace(state, question=None, later=tuple(others)))
        return move("later_dropped", left, question)

    def _open(self, state: DialogueState, need: str) -> Move:
        state = replace(state, later=tuple(each for each in state.later if each != need))
        if need not in self.flows:
            return self._tell(state, need)
        sprint = engine.begin(self.library, state.session, need)
        return self.steering.after(need, state, sprint)

    def _guide(self, state: DialogueState, need: str) -> Move:
        """Open a guide for somebody who is free, and answer in short somebody on the way."""
        resting = state.question is Question.RESUME
        if any(position.flow == need for position in state.session.positions):
            if resting:
                return self.steering.steer(state, Word.CONTINUE)
            return move(need, state, say("already_there"), *waiting(self.library, state))
        if resting or state.session.current is None:
            return self._open(state, need)
        return self._tell(state, need)

    def _seek(self, state: DialogueState, text: str, *, named: bool = False) -> Move | None:
        """Look for somebody near with what the message already says; None to answer in short.

        ``named`` asks that it names a town: only then does it surely ask for somebody there.
        """
        if any(position.flow == FIND_HELP for position in state.session.positions):
            return None
        wish = self.finding.read(text)
        resting = state.question is Question.RESUME or state.session.current is None
        if (named or not resting) and not wish.areas:
            return None
        return self.finding.begin(self._open(state, FIND_HELP), wish)

    def _part(self, state: DialogueState) -> Move:
        if state.session.current is not None:
            return self.steering.steer(state, Word.PAUSE)
        words = Instruction(InstructionKind.SAY, f"answer/{GOODBYE}/text")
        return move(GOODBYE, state, *worded(state, words))

    def _tell_of_our_data(self, state: DialogueState, text: str) -> Move:
        if wants_it_gone(text):
            return ask_to_erase(state)
        words = Instruction(InstructionKind.SAY, f"answer/{OUR_DATA}/text")
        return tell_known(self.library, state, words)

    def _explain(self, state: DialogueState, term: str) -> Move:
        words = Instruction(InstructionKind.SAY, f"glossary/{term}/text")
        return self._then_go_on(f"glossary/{term}", state, words, ())

    def _tell(self, state: DialogueState, need: str) -> Move:
        words = Instruction(InstructionKind.SAY, f"answer/{need}/text")
        if state.session.current is not None:
            return self._then_go_on(need, state, words, (need,) if need in self.flows else ())
        return self._then_go_on(need, state, words, self.related.get(need, ()))

    def _then_go_on(
        self, action: str, state: DialogueState, words: Instruction, needs: tuple[str, ...]
    ) -> Move:
        resting = state.question if state.question is Question.RESUME else None
        calm = replace(state, question=resting, misunderstood=0)
        extra = tuple(map(need_choice, needs))
        after = waiting(self.library, calm, *extra)
        if not after:
            calm, question = what_else(calm, *extra)
            after = (question,)
        return move(action, calm, *worded(calm, words), *after)


def _yes_or_no(text: str, intent: str | None, language: str) -> Answer | None:
    """Return what a message says to a question of our own, as « oui » or « non »."""
    yes = read(_YES_NO, _YES_NO_LABELS, text, intent, language=language)
    if yes is not None or intent not in {"oui", "non"}:
        return yes
    # « oui ça va, c'est la fatigue »: the model and the first word must agree.
    likely = guess(_YES_NO, _YES_NO_LABELS, text, language=language)
    return likely if likely == Picked(intent) else None
