"""At every question of every shipped flow, whatever people send is answered and loses nothing."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from assistant import bootstrap
from assistant.adapters.content_files import Content, load_content
from assistant.adapters.keyword_engine import NearestExamples
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.conversation import Conversation, DialogueState, Position, Question, Session
from assistant.domain.errors import EmptyMessage
from assistant.domain.messages import Channel, Instruction, Words
from assistant.domain.turn import Decider
from assistant.domain.whom import Whom
from assistant.flows import engine, keys
from assistant.flows.answers import read
from assistant.flows.document import AskStep, Expect
from assistant.services.dialogue.moves import STEP_PREFIX, WORD_PREFIX
from assistant.services.dialogue.precedence import take_precedence
from assistant.services.dialogue.universal_words import Word
from assistant.services.receive_message import Received
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa, Trouble
from tests.in_process import DATABASE
from tests.walking import standings

FLOWS = sorted(flow.id for flow in load_content().flows.values())

# How people write each word; the others of the vocabulary only answer our own questions.
TYPED = {
    Word.MENU: "MENU",
    Word.HELP: "aidez moi",
    Word.BACK: "retour",
    Word.REPEAT: "répète",
    Word.SIMPLER: "plus simple",
    Word.SLOWER: "plus lentement",
    Word.STUCK: "j'y arrive pas",
    Word.HUMAN: "je veux parler à quelqu'un",
    Word.CONTACT: "contact",
    Word.CONTINUE: "continuer",
    Word.RESTART: "tout recommencer",
    Word.PAUSE: "laisse tomber",
    Word.FOR_OTHER: "c'est pour ma mère",
    Word.MY_DATA: "que savez-vous de moi",
}
# The rest answers questions of our own, turns a page that waits, undoes FOR_OTHER, or asks before
# it erases all.
NOT_TYPED_HERE = {
    Word.RETRY,
    Word.SAFE,
    Word.NOT_SAFE,
    Word.STOP,
    Word.KEEP,
    Word.NEXT,
    Word.FOR_SELF,
    Word.FORGET_ME,
}

# No step asks for these; each looks like an answer to another kind of question.
WRONG_TYPES = {
    Expect.CHOICE: "12/03/1950",
    Expect.YES_NO: "75011",
    Expect.DONE: "97",
    Expect.TEXT: "",
    Expect.DATE: "bleu",
    Expect.POSTCODE: "bleu",
    Expect.PLACE: "12/03/1950",
    Expect.PHONE: "bleu",
}

ANOTHER_NEED = "mon patron il peut lire mes documents ?"
ANOTHER_GUIDE = "et comment on fait pour fermer l'espace de quelqu'un ?"
INSULT = "vous servez à rien bande de nuls"
# Made up: the key of the first is right (97 - 2850578006084 % 97), so is Luhn's of the second.
NUMBERS = ("mon numéro c'est 2 85 05 78 006 084 91", "ma carte 4970 1000 0000 0154 merci")
LONG = ("alors voilà je vous raconte, " * 80)[:2_000]
UNREADABLE = "qsdf wxcv azer"

INTENTS = {ANOTHER_NEED: "qui_peut_voir", INSULT: "mecontent"}


@pytest.fixture(scope="module")
def product(
    tmp_path_factory: pytest.TempPathFactory,
    prepared: Path,
    content: Content,
    examples: NearestExamples,
) -> Iterator[Product]:
    """The product, built once for so many turns, with a Rasa that knows these sentences."""
    folder = tmp_path_factory.mktemp("every_step")
    shutil.copyfile(prepared, folder / DATABASE)
    settings = Settings(data_dir=folder, secret_keys=SecretStr("a key for the tests " * 3))
    rasa = FakeRasa(intents=INTENTS)
    built = bootstrap.build(
        settings,
        clock=FakeClock(),
        transport=rasa.transport(),
        content=content,
        examples=examples,
    )
    rasa.guidance = built.guidance
    built.rasa.probe()
    yield Product(built, rasa)
    built.close()


@dataclass(frozen=True)
class Product:
    """The product in one process, and the Rasa behind it."""

    assistant: Assistant
    rasa: FakeRasa


@dataclass(frozen=True)
class Told:
    """What answers a message, and where that leaves the conversation."""

    said: Sequence[tuple[Instruction, Words]]
    after: DialogueState

    @property
    def words(self) -> list[str]:
        """The texts."""
        return [words.text for _, words in self.said]

    @property
    def shown(self) -> set[str]:
        """The ids of the choices that the last message shows."""
        return {choice.id for choice in self.said[-1][1].choices}


@dataclass(frozen=True)
class Person:
    """Somebody who can be put in front of any question."""

    assistant: Assistant
    conversation: Conversation

    def stands(self, state: DialogueState) -> None:
        """Be where that state says."""
        with self.assistant.open_unit_of_work() as work:
            now = work.conversations.get(self.conversation.id)
            if now.state != state:
                work.conversations.save_state(now.id, state, now.version)
                work.commit()

    def says(self, text: str) -> Told:
        """Write something, and be answered."""
        key = str(uuid.uuid4())
        received = Received(self.conversation.id, Channel.WEB, key, text, None)
        told = self.assistant.receive(received)
        return Told(
            [(each.instruction, each.words) for each in told if each.instruction is not None],
            self.state,
        )

    def steers(self, state: DialogueState, text: str) -> Told:
        """Write a universal word; it is decided and put into words, and not stored."""
        verdict = take_precedence(text, None, replace(self.conversation, state=state))
        assert verdict.word is not None
        assert TYPED[verdict.word] == text
        move = self.assistant.guidance.dialogue.steering.steer(state, verdict.word)
        say = self.assistant.catalogue.say
        return Told(
            [(each, say(each, "fr", Channel.WEB)) for each in move.instructions], move.state
        )

    @property
    def state(self) -> DialogueState:
        """Where the conversation stands."""
        with self.assistant.open_unit_of_work() as work:
            return work.conversations.get(self.conversation.id).state


@dataclass(frozen=True)
class Standing:
    """A question that waits, and the person in front of it."""

    person: Person
    step: AskStep
    state: DialogueState

    def hears(self, text: str) -> Told:
        """Say this in front of the question; the answer must leave something to do."""
        self.person.stands(self.state)
        return self.helped(text, self.person.says(text))

    def steers(self, text: str) -> Told:
        """Steer in front of the question; the answer must leave something to do."""
        return self.helped(text, self.person.steers(self.state, text))

    def helped(self, text: str, told: Told) -> Told:
        """Hold an answer to what each must do: say something, and offer a way on."""
        assert told.said, self.told(text, "nothing is answered")
        assert told.after.offered, self.told(text, "nothing is offered to go on with")
        assert told.shown, self.told(text, "the last message shows no choice")
        assert all(words.strip() for words in told.words), self.told(text, "no words")
        return told

    def kept(self, text: str, told: Told) -> Told:
        """Hold an answer to the question: it stays, with its answers and its way back."""
        session = told.after.session
        assert _kept(session) == _kept(self.state.session), self.told(text, "state lost")
        return told

    def asked_again(self, text: str, told: Told) -> Told:
        """Hold an answer to the question: it stays, and its choices come back at the end."""
        own = {each.id for each in self.state.offered if each.id.startswith(STEP_PREFIX)}
        assert own <= told.shown, self.told(text, "the question does not come back")
        return self.kept(text, told)

    def digresses(self, text: str) -> Told:
        """Say something that is no answer to the question."""
        return self.asked_again(text, self.hears(text))

    def told(self, text: str, what: str) -> str:
        """Say what went wrong, and where."""
        current = self.state.session.current
        assert current is not None
        return f"{current.flow}/{current.step}: after « {text[:60]} », {what}"


def _kept(session: Session) -> Sequence[Position]:
    """Return what no answer of ours may touch: the flows, the step, the answers, the way back."""
    return [
        Position(each.flow, each.revision, each.step, each.answers, each.trail)
        for each in session.positions
    ]


@pytest.fixture(params=FLOWS)
def everywhere(request: pytest.FixtureRequest, product: Product) -> Sequence[Standing]:
    """Each question of one flow."""
    return _questions(product, request.param)


def _questions(product: Product, flow: str) -> Sequence[Standing]:
    assistant = product.assistant
    person = Person(assistant, assistant.conversations.open("fr").conversation)
    document = assistant.library.flow(flow).document
    states = standings(assistant.library, flow)
    questions = [step for step in document.steps if isinstance(step, AskStep)]
    assert {step.id for step in questions} == set(states), "a question that nobody can reach"
    return [Standing(person, step, states[step.id]) for step in questions]


def test_every_word_is_tried() -> None:
    assert set(TYPED) | NOT_TYPED_HERE == set(Word)


def test_what_is_no_answer_is_asked_again(everywhere: Sequence[Standing]) -> None:
    _each(everywhere, _nothing)
    _each(everywhere, _unreadable)


def test_digressions_are_answered_and_the_question_stays(everywhere: Sequence[Standing]) -> None:
    _each(everywhere, _digressions)


def test_numbers_are_masked_and_the_question_stays(everywhere: Sequence[Standing]) -> None:
    _each(everywhere, _masked_numbers)
    person = everywhere[0].person
    with person.assistant.open_unit_of_work() as work:
        history = work.messages.after(person.conversation.id, None)
    said = [message.words.text for message in history]
    assert not [text for text in said if "006 084" in text or "0000 0154" in text]


@pytest.mark.parametrize("word", sorted(TYPED))
def test_universal_words_steer_and_the_place_is_kept(product: Product, word: Word) -> None:
    for flow in FLOWS:
        _each(_questions(product, flow), lambda standing: STEERS[word](standing, TYPED[word]))


@pytest.mark.parametrize("whom", list(Whom))
def test_what_a_button_says_can_be_typed(product: Product, whom: Whom) -> None:
    """A message without buttons, an SMS say, is answered by typing what they would say."""
    for flow in FLOWS:
        _each(_questions(product, flow), lambda standing: _typed_labels(standing, whom))


def test_labels_with_a_wrong_letter_are_understood(everywhere: Sequence[Standing]) -> None:
    _each(everywhere, _misspelt_labels)


def test_nearly_every_wrong_letter_is_seen_through(product: Product) -> None:
    """Whichever letter of a label is wrong, nineteen times in twenty it is read all the same.

    The others hold a denial (« Je ne sais zlus »): there nobody may be sure, and we ask again.
    """
    assistant = product.assistant
    tried = read_right = 0
    for flow in FLOWS:
        for standing in _questions(product, flow):
            labels = {
                keys.picked_option(each.id): assistant.catalogue.labels(each, "fr", Whom.SELF)
                for each in standing.state.offered
            }
            for choice, label in _labels(assistant, standing.state):
                meant = engine.picked(standing.state.session, choice)
                for text in _slips(label):
                    said = read(standing.step, labels, text, None)
                    assert said in {meant, None}, f"{choice}: « {text} »"
                    tried += 1
                    read_right += said == meant
    assert read_right >= 0.95 * tried


def test_without_rasa_too(product: Product, everywhere: Sequence[Standing]) -> None:
    # Last of the module: the circuit breaker rests for a while after the first refusals.
    product.rasa.trouble = Trouble.REFUSED
    _each(everywhere, lambda standing: standing.digresses(ANOTHER_GUIDE))
    _each(everywhere, lambda standing: standing.digresses(UNREADABLE))


# ------------------------------------------------------------------------------ what is expected


def _each(everywhere: Sequence[Standing], check: Callable[[Standing], object]) -> None:
    """Check every question, and tell all that is wrong at once: an editor mends them together."""
    wrong = []
    for standing in everywhere:
        try:
            check(standing)
        except AssertionError as error:
            wrong.append(str(error).partition("\n")[0])
    assert wrong == []


def _nothing(standing: Standing) -> None:
    standing.person.stands(standing.state)
    for text in ("", " \n\t ", "\u200b"):
        with pytest.raises(EmptyMessage):
            standing.person.says(text)
    assert standing.person.state == standing.state, standing.told(text, "state lost")


def _unreadable(standing: Standing) -> None:
    """Send a wrong type, 2,000 characters and gibberish in a row: no apology comes twice."""
    before: Sequence[str] = ()
    for text in filter(None, (WRONG_TYPES[standing.step.expect], LONG, UNREADABLE)):
        told = standing.digresses(text)
        assert told.words != before, standing.told(text, "the same apology again")
        before = told.words
        standing = replace(standing, state=told.after)


def _digressions(standing: Standing) -> None:
    for text in (ANOTHER_NEED, INSULT):
        told = standing.digresses(text)
        assert len(told.said) > 1, standing.told(text, "nothing is said of it")


def _masked_numbers(standing: Standing) -> None:
    for number in NUMBERS:
        first, _ = standing.digresses(number).said[0]
        assert first.key == "interface/masked", standing.told("…", "the number was not seen")


def _typed_labels(standing: Standing, whom: Whom) -> None:
    assistant, state = standing.person.assistant, replace(standing.state, whom=whom)
    conversation = replace(standing.person.conversation, state=state)
    for choice in state.offered:
        label, *other_words = assistant.catalogue.labels(choice, "fr", whom)
        dialogue = assistant.guidance.dialogue
        for words in other_words:
            offered = dialogue.offers.hold(state, words, "fr")
            heard = take_precedence(words, None, conversation, is_offered=offered)
            wishes = (heard.wish, heard.notebook, heard.doubted)
            assert not any(wishes), standing.told(words, f"it is taken for {heard}")
        offered = dialogue.offers.hold(state, label, "fr")
        verdict = take_precedence(label, None, conversation, is_offered=offered)
        if choice.id.startswith(WORD_PREFIX) or verdict.word in {Word.FOR_OTHER, Word.FOR_SELF}:
            meant = Decider.WORD
        else:
            meant = Decider.RASA
            typed = dialogue.answer(state, label, None, None, "fr")
            picked = dialogue.answer(state, "", choice.id, None, "fr")
            assert typed == picked, standing.told(label, f"it was not read as {choice.id}")
        assert verdict.decider is meant, standing.told(label, f"it is taken for {verdict}")


def _misspelt_labels(standing: Standing) -> None:
    """Take the last answer, with a slip, as what it means, or ask again: never as another."""
    assistant = standing.person.assistant
    choice, label = [("", ""), *_labels(assistant, standing.state)][-1]
    meant = engine.picked(standing.state.session, choice)
    if meant is None:
        return
    text = _misspelt(label)
    told = standing.hears(text)
    read_as = engine.answer(assistant.library, standing.state.session, meant).session
    if told.after.session != read_as:
        standing.asked_again(text, told)


def _stays(standing: Standing, text: str) -> None:
    standing.asked_again(text, standing.steers(text))


def _rests(standing: Standing, text: str) -> None:
    """Leave the question for the menu or for a pause: « continuer » brings it back."""
    told = standing.kept(text, standing.steers(text))
    assert told.after.question is Question.RESUME
    assert f"{WORD_PREFIX}{Word.CONTINUE}" in told.shown
    back = standing.person.steers(told.after, TYPED[Word.CONTINUE])
    standing.asked_again(text, back)


def _turns(standing: Standing, text: str) -> None:
    """Speak to somebody who helps from now on, about the same question."""
    told = standing.asked_again(text, standing.steers(text))
    assert told.after.whom is Whom.OTHER
    assert not any("[" in words or "|" in words for words in told.words)


def _goes_back(standing: Standing, text: str) -> None:
    expected = engine.go_back(standing.person.assistant.library, standing.state.session)
    session = expected.session if expected is not None else standing.state.session
    told = standing.steers(text)
    assert told.after.session == session, standing.told(text, "it went elsewhere")


def _gets_stuck(standing: Standing, text: str) -> None:
    told = standing.kept(text, standing.steers(text))
    current = told.after.session.current
    assert current is not None
    assert current.stuck
    ways = {way.id for way in standing.step.blocked.options} if standing.step.blocked else set()
    offered = {choice.rpartition("/")[2] for choice in told.shown}
    assert ways <= offered, standing.told(text, "a way out is missing")


def _begins_again(standing: Standing, text: str) -> None:
    bottom = standing.steers(text).after.session.positions[0]
    assert bottom.flow == standing.state.session.positions[0].flow
    assert bottom.trail == ()


STEERS: Mapping[Word, Callable[[Standing, str], None]] = {
    Word.MENU: _rests,
    Word.HELP: _rests,
    Word.BACK: _goes_back,
    Word.REPEAT: _stays,
    Word.SIMPLER: _stays,
    Word.STUCK: _gets_stuck,
    Word.HUMAN: _stays,
    Word.CONTACT: _stays,
    Word.CONTINUE: _stays,
    Word.SLOWER: _stays,
    Word.FOR_OTHER: _turns,
    Word.RESTART: _begins_again,
    Word.PAUSE: _rests,
    Word.MY_DATA: _stays,
}


def _labels(assistant: Assistant, state: DialogueState) -> Iterator[tuple[str, str]]:
    """List the answers of a question, by the ids of their choices, that are long enough to slip."""
    for choice in state.offered:
        label = assistant.catalogue.labels(choice, "fr", Whom.SELF)[0]
        if choice.id.startswith(STEP_PREFIX) and sum(map(str.isalpha, label)) >= SHORTEST:
            yield choice.id, label


# Below five letters one wrong letter makes another word.
SHORTEST = 5


def _slips(label: str) -> Iterator[str]:
    """Write a label with each of its letters wrong in turn."""
    for place, letter in enumerate(label):
        if letter.isalpha():
            wrong = "s" if letter.lower() == "z" else "z"
            yield f"{label[:place]}{wrong}{label[place + 1 :]}"


def _misspelt(label: str) -> str:
    """Write a label with the middle letter wrong."""
    slips = list(_slips(label))
    return slips[len(slips) // 2]
