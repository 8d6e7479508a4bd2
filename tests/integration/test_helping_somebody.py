"""Somebody helps another person: the talk turns to the third person, and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.bootstrap import Assistant
from assistant.domain.conversation import DialogueState
from assistant.domain.whom import Whom
from assistant.services.dialogue.whom import recognise_whom
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa, Trouble
from tests.talker import Talker

FOR_MOTHER = "c'est pour ma mère"
WITH_A_NEED = "c'est pour ma mère, elle veut activer son espace santé"


@pytest.fixture(params=["rasa", "keywords"])
def helper(request: pytest.FixtureRequest, talker: Talker, rasa: FakeRasa) -> Talker:
    """Somebody who begins, answered by Rasa or, while it is away, by the keyword engine."""
    rasa.intents = {**rasa.intents, WITH_A_NEED: "activer_espace"}
    if request.param == "keywords":
        rasa.trouble = Trouble.REFUSED
    return talker


def state_of(assistant: Assistant, talker: Talker) -> DialogueState:
    """Return what is remembered of a conversation."""
    with assistant.open_unit_of_work() as work:
        return work.conversations.get(talker.id).state


def told(assistant: Assistant, talker: Talker) -> Iterator[tuple[str, Whom]]:
    """List the keys of the last messages, each with its reader."""
    with assistant.open_unit_of_work() as work:
        instructions = {each.id: each.instruction for each in work.messages.after(talker.id)}
    for message in talker.last:
        instruction = instructions[message["id"]]
        assert instruction is not None
        yield instruction.key, instruction.whom


def test_said_alone_at_the_start_it_is_confirmed_and_the_needs_are_offered(
    assistant: Assistant, helper: Talker
) -> None:
    helper.says(FOR_MOTHER)
    assert list(told(assistant, helper)) == [
        ("interface/whom.other", Whom.OTHER),
        ("interface/whom.question", Whom.OTHER),
    ]
    assert {"need/activer_espace", "need/proche_aidant", "word/for_self"} <= set(helper.offered)
    assert len(helper.offered) <= 8
    assert state_of(assistant, helper).whom is Whom.OTHER


def test_an_answer_that_names_somebody_else_turns_the_telling(
    assistant: Assistant, helper: Talker
) -> None:
    helper.picks("need/activer_espace")
    helper.picks("step/activer_espace/code_recu/autre_personne")
    helper.picks("step/activer_espace/pour_qui/proche")
    assert helper.step == "activer_espace/pour_proche"
    assert next(told(assistant, helper)) == ("interface/whom.other", Whom.OTHER)
    assert state_of(assistant, helper).whom is Whom.OTHER


def test_said_alone_in_a_flow_the_same_step_is_asked_in_the_third_person(
    assistant: Assistant, helper: Talker
) -> None:
    helper.picks("need/nouveau_code")
    before, offered = helper.step, helper.offered
    mine = (helper.last[-1]["text"], _own_labels(helper))
    helper.says(FOR_MOTHER)
    (first, _), (second, reader) = told(assistant, helper)
    assert first == "interface/whom.other"
    assert (helper.step, helper.offered, reader) == (before, offered, Whom.OTHER)
    assert second.startswith("flow/nouveau_code/")
    assert (helper.last[-1]["text"], _own_labels(helper)) != mine


def test_said_with_a_need_the_flow_opens_after_the_confirmation(
    assistant: Assistant, helper: Talker
) -> None:
    helper.says(WITH_A_NEED)
    keys = list(told(assistant, helper))
    assert keys[0] == ("interface/whom.other", Whom.OTHER)
    assert helper.step is not None
    assert helper.step.startswith("activer_espace/")
    assert {whom for _, whom in keys} == {Whom.OTHER}


def test_it_lasts_until_the_person_writes_for_themselves(
    assistant: Assistant, helper: Talker
) -> None:
    helper.says(FOR_MOTHER).picks("need/activer_espace")
    assert {whom for _, whom in told(assistant, helper)} == {Whom.OTHER}
    helper.says("1").says("répète")
    assert {whom for _, whom in told(assistant, helper)} == {Whom.OTHER}
    step = helper.step
    helper.says("non, c'est pour moi")
    assert next(told(assistant, helper)) == ("interface/whom.self", Whom.SELF)
    assert helper.step == step
    assert state_of(assistant, helper).whom is Whom.SELF


def test_the_buttons_turn_it_too(assistant: Assistant, helper: Talker) -> None:
    helper.picks("word/for_other")
    assert state_of(assistant, helper).whom is Whom.OTHER
    helper.picks("word/for_self")
    assert state_of(assistant, helper).whom is Whom.SELF
    # The page shows the button at any time, so it is accepted when no message offers it.
    press(helper.picks("need/activer_espace"), "word/for_other")
    assert state_of(assistant, helper).whom is Whom.OTHER


def test_the_label_of_either_reader_is_an_answer(assistant: Assistant, helper: Talker) -> None:
    """The words on somebody's earlier screen still answer after the talk has turned."""
    helper.picks("need/activer_espace")
    mine = _own_labels(helper)
    press(helper, "word/for_other")
    theirs = _own_labels(helper)
    assert mine.keys() == theirs.keys()
    changed = [option for option in mine if mine[option] != theirs[option]]
    assert changed, "the first step should have a label that is told two ways"
    helper.says(mine[changed[0]])
    with assistant.open_unit_of_work() as work:
        answers = work.conversations.get(helper.id).state.session.positions[0].answers
    assert answers[0][1] == changed[0].rpartition("/")[2]


def test_a_label_typed_as_shown_is_its_button_and_no_more(
    assistant: Assistant, helper: Talker
) -> None:
    helper.picks("need/activer_espace")
    option, label = next(
        (option, label)
        for option, label in _own_labels(helper).items()
        if option.endswith("/autre_personne")
    )
    by_click = Talker.begin(helper.http).picks("need/activer_espace").picks(option).step
    assert recognise_whom(label) is not None
    helper.says(label)
    assert helper.step == by_click
    assert state_of(assistant, helper).whom is Whom.SELF


def test_whom_and_the_answer_that_it_names_are_both_taken(
    assistant: Assistant, helper: Talker
) -> None:
    helper.picks("need/activer_espace").picks("/autre_personne")
    asked = helper.step
    helper.says(FOR_MOTHER)
    assert next(told(assistant, helper)) == ("interface/whom.other", Whom.OTHER)
    assert helper.step != asked


def test_what_was_said_is_shown_as_it_was_told(helper: Talker) -> None:
    helper.says(FOR_MOTHER).picks("need/activer_espace")
    option = next(iter(_own_labels(helper).items()))
    helper.picks(option[0])
    said = [each["text"] for each in helper.history() if each["author"] == "citizen"]
    assert said[-1] == option[1]


def test_after_a_night_the_third_person_is_kept(
    assistant: Assistant, helper: Talker, clock: FakeClock
) -> None:
    helper.says(FOR_MOTHER).picks("need/activer_espace")
    clock.pass_time(hours=12)
    helper.says("bonjour")
    assert {whom for _, whom in told(assistant, helper)} == {Whom.OTHER}


def test_danger_is_answered_without_a_word_before_it(assistant: Assistant, helper: Talker) -> None:
    helper.says("c'est pour ma mère, elle veut mourir")
    keys = [key for key, _ in told(assistant, helper)]
    assert helper.kinds[0] == "danger"
    assert "interface/whom.other" not in keys


def test_a_child_and_an_access_given_turn_nothing(assistant: Assistant, helper: Talker) -> None:
    for text in ("c'est pour ma fille de 6 ans", "ma mère veut voir mes documents"):
        helper.says(text)
        assert state_of(assistant, helper).whom is Whom.SELF


def test_no_bracket_is_ever_shown(helper: Talker) -> None:
    helper.says(FOR_MOTHER).picks("need/activer_espace")
    for text in ("je suis bloqué", "plus simple", "menu", "répète"):
        helper.says(text)
    shown = [each["text"] for each in helper.history()]
    shown += [choice["label"] for each in helper.history() for choice in each["choices"]]
    assert not [text for text in shown if re.search(r"[\[\]|]", text)]


def press(talker: Talker, choice: str) -> None:
    """Press a button that the page has at any time, whatever the last message offers."""
    answer = talker.post({"choice": choice})
    assert answer.status_code == 200, answer.text
    talker.last = answer.json()["messages"]


def _own_labels(talker: Talker) -> dict[str, str]:
    """Return the labels of the waiting step's own options, by id."""
    return {
        choice["id"]: choice["label"]
        for choice in talker.last[-1]["choices"]
        if choice["id"].startswith("step/")
    }
