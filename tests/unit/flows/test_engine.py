"""What each move of the flow engine leads to, on a flow made of all kinds of steps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.domain.conversation import Position, Session
from assistant.domain.errors import ChoiceNotOffered, NotFound
from assistant.domain.messages import Instruction, InstructionKind, Manner, StepRef
from assistant.flows import engine
from assistant.flows.document import FlowDocument, read_flow
from assistant.flows.engine import Outcome, Sprint
from assistant.flows.library import MemoryLibrary
from assistant.flows.replies import Given, Picked

FLOWS = Path(__file__).parents[2] / "content" / "flows"
TEA, KETTLE = "faire_un_the", "trouver_bouilloire"


def read(slug: str) -> FlowDocument:
    return read_flow((FLOWS / f"{slug}.yml").read_bytes(), f"{slug}.yml")


LIBRARY = MemoryLibrary.of([read(TEA), read(KETTLE)])


def opened(slug: str = TEA) -> Sprint:
    return engine.begin(LIBRARY, Session(), slug)


def after(*options: str, start: str = TEA) -> Sprint:
    """Return the sprint of the last of these options, picked one after the other."""
    sprint = opened(start)
    for option in options:
        sprint = engine.answer(LIBRARY, sprint.session, Picked(option))
    return sprint


def names(instructions: tuple[Instruction, ...]) -> list[str]:
    return [instruction.key.removeprefix("flow/") for instruction in instructions]


def waiting(session: Session) -> Position:
    assert session.current is not None
    return session.current


def test_a_flow_opens_with_its_words_and_waits_at_its_first_question() -> None:
    sprint = opened()
    assert names(sprint.instructions) == [f"{TEA}/bienvenue/text", f"{TEA}/bouilloire/text"]
    assert [i.kind for i in sprint.instructions] == [InstructionKind.SAY, InstructionKind.ASK]
    assert waiting(sprint.session).step == "bouilloire"
    assert waiting(sprint.session).trail == ()
    assert sprint.ended == ()


def test_an_instruction_carries_its_revision_step_and_choices() -> None:
    (_, ask) = opened().instructions
    revision = LIBRARY.flow(TEA).revision
    assert ask.revision == revision
    assert ask.step == StepRef(TEA, "bouilloire", 1, 2)
    assert [(choice.id, choice.key, choice.revision) for choice in ask.choices] == [
        (f"step/{TEA}/bouilloire/oui", f"flow/{TEA}/bouilloire/option/oui", revision),
        (f"step/{TEA}/bouilloire/non", f"flow/{TEA}/bouilloire/option/non", revision),
        ("word/stuck", "interface/choice.stuck", None),
        ("word/human", "interface/choice.human", None),
    ]


def test_options_without_a_label_take_the_general_one() -> None:
    done = after("oui").instructions[-1]
    yes_no = opened(KETTLE).instructions[-1]
    assert done.choices[0].id == f"step/{TEA}/remplir/fait"
    assert done.choices[0].key == "interface/choice.done"
    assert [c.key for c in yes_no.choices[:2]] == ["interface/choice.yes", "interface/choice.no"]
    assert {c.revision for c in yes_no.choices} == {None}


def test_a_step_without_a_stage_belongs_to_the_stage_before_it() -> None:
    assert after("oui").instructions[-1].step == StepRef(TEA, "remplir", 1, 2)
    assert after("oui", "fait").instructions[-1].step == StepRef(TEA, "sorte", 2, 2)
    assert after("oui", "fait", "aucun").instructions[-1].step == StepRef(TEA, "abandon", 2, 2)
    assert opened(KETTLE).instructions[-1].step == StepRef(KETTLE, "placard", 1, 1)


def test_steps_whose_powers_come_later_are_said_and_passed() -> None:
    sprint = after("oui", "fait")
    assert names(sprint.instructions) == [f"{TEA}/pendant_ce_temps/text", f"{TEA}/sorte/text"]
    assert sprint.instructions[0].kind is InstructionKind.SAY


def test_an_end_closes_the_flow() -> None:
    sprint = after("oui", "fait", "aucun")
    assert sprint.instructions[-1].kind is InstructionKind.END
    assert sprint.ended == ((TEA, Outcome.GIVEN_UP),)
    assert sprint.session == Session()


def test_a_hand_over_without_next_closes_the_flow() -> None:
    stuck = engine.get_stuck(LIBRARY, opened().session)
    sprint = engine.answer(LIBRARY, stuck.session, Picked("blocked/rien"))
    assert sprint.instructions[-1].kind is InstructionKind.HAND_OVER
    assert sprint.ended == ((TEA, Outcome.HANDED_OVER),)


def test_a_hand_over_with_next_goes_on() -> None:
    sprint = after("non", start=KETTLE)
    assert names(sprint.instructions) == [f"{KETTLE}/demander/text", f"{KETTLE}/trouvee/text"]
    assert sprint.ended == ((KETTLE, Outcome.DONE),)


def test_a_detour_waits_in_the_other_flow_and_comes_back_to_next() -> None:
    there = after("non")
    assert [p.step for p in there.session.positions] == ["trouver", "placard"]
    back = engine.answer(LIBRARY, there.session, Picked("oui"))
    assert names(back.instructions) == [f"{KETTLE}/trouvee/text", f"{TEA}/remplir/text"]
    assert back.ended == ((KETTLE, Outcome.DONE),)
    assert waiting(back.session).answers == (("bouilloire", "non"),)


def test_a_detour_into_a_flow_that_is_open_already_is_passed_by() -> None:
    kettle = engine.begin(LIBRARY, Session(), KETTLE).session
    tea = engine.begin(LIBRARY, kettle, TEA).session
    sprint = engine.answer(LIBRARY, tea, Picked("non"))
    assert waiting(sprint.session).step == "remplir"
    assert [p.flow for p in sprint.session.positions] == [KETTLE, TEA]


def test_a_flow_begun_in_the_middle_comes_back_to_the_waiting_question() -> None:
    middle = after("oui", "fait").session
    opened_on_top = engine.begin(LIBRARY, middle, KETTLE)
    assert waiting(opened_on_top.session).flow == KETTLE
    back = engine.answer(LIBRARY, opened_on_top.session, Picked("oui"))
    assert names(back.instructions) == [f"{KETTLE}/trouvee/text", f"{TEA}/sorte/text"]
    assert back.session == middle


def test_beginning_the_waiting_flow_asks_its_question_again() -> None:
    stuck = engine.get_stuck(LIBRARY, after("oui").session).session
    again = engine.begin(LIBRARY, stuck, TEA)
    assert names(again.instructions) == [f"{TEA}/remplir/text"]
    assert again.session == after("oui").session


def test_beginning_a_flow_below_goes_back_to_where_it_waits() -> None:
    middle = after("oui", "fait").session
    on_top = engine.begin(LIBRARY, middle, KETTLE).session
    assert engine.begin(LIBRARY, on_top, TEA).session == middle


def test_beginning_a_flow_whose_detour_is_open_goes_back_before_the_detour() -> None:
    sprint = engine.begin(LIBRARY, after("non").session, TEA)
    assert sprint.session == opened().session
    assert names(sprint.instructions) == [f"{TEA}/bouilloire/text"]


def test_a_flow_that_begins_with_a_detour_stays_in_it() -> None:
    raw = {
        "spec_version": 1, "id": "outer", "need": "n", "title": "t", "summary": "s",
        "steps": [
            {"id": "d", "kind": "detour", "flow": KETTLE, "next": "fin"},
            {"id": "fin", "kind": "end", "text": "t", "outcome": "done"},
        ],
    }  # fmt: skip
    library = LIBRARY.publish(FlowDocument.model_validate(raw))
    inside = engine.begin(library, Session(), "outer")
    assert waiting(inside.session).step == "placard"
    assert engine.begin(library, inside.session, "outer").session == inside.session
    assert engine.go_back(library, inside.session) is None


def test_going_back_forgets_the_answer_and_what_came_after() -> None:
    third = after("oui", "fait", "vert")
    assert waiting(third.session).answers == (
        ("bouilloire", "oui"),
        ("remplir", "fait"),
        ("sorte", "vert"),
    )
    second = engine.go_back(LIBRARY, third.session)
    assert second is not None
    assert second.session == after("oui", "fait").session
    first = engine.go_back(LIBRARY, second.session)
    assert first is not None
    assert first.session == after("oui").session
    assert names(first.instructions) == [f"{TEA}/remplir/text"]


def test_going_back_from_the_first_question_of_a_detour_leaves_it() -> None:
    sprint = engine.go_back(LIBRARY, after("non").session)
    assert sprint is not None
    assert sprint.session == opened().session


def test_going_back_from_a_flow_begun_in_the_middle_loses_nothing() -> None:
    middle = after("oui", "fait").session
    sprint = engine.go_back(LIBRARY, engine.begin(LIBRARY, middle, KETTLE).session)
    assert sprint is not None
    assert sprint.session == middle


def test_going_back_from_a_stuck_text_asks_the_step_again() -> None:
    stuck = engine.get_stuck(LIBRARY, after("oui").session)
    sprint = engine.go_back(LIBRARY, stuck.session)
    assert sprint is not None
    assert sprint.session == after("oui").session


def test_there_is_nothing_before_the_first_question() -> None:
    assert engine.go_back(LIBRARY, opened().session) is None
    assert engine.go_back(LIBRARY, Session()) is None


def test_the_trail_is_bounded_and_still_leads_back() -> None:
    session = opened().session
    for _ in range(engine.MAX_TRAIL):
        session = engine.answer(LIBRARY, session, Picked("oui")).session
        session = engine.answer(LIBRARY, session, Picked("fait")).session
        session = engine.get_stuck(LIBRARY, session).session
        session = engine.answer(LIBRARY, session, Picked("blocked/pas_de_the")).session
    position = waiting(session)
    assert len(position.trail) == len(position.answers) == engine.MAX_TRAIL
    back = engine.go_back(LIBRARY, session)
    assert back is not None
    assert waiting(back.session).step == "sorte"


def test_stuck_shows_the_ways_out() -> None:
    sprint = engine.get_stuck(LIBRARY, opened().session)
    (shown,) = sprint.instructions
    assert shown.key == f"flow/{TEA}/bouilloire/blocked/text"
    assert [choice.id for choice in shown.choices] == [
        f"step/{TEA}/bouilloire/blocked/casserole",
        f"step/{TEA}/bouilloire/blocked/rien",
        "word/retry",
        "word/human",
    ]
    assert shown.choices[0].key == f"flow/{TEA}/bouilloire/blocked/option/casserole"
    assert engine.ask_again(LIBRARY, sprint.session) == (shown,)


def test_stuck_twice_offers_a_person_and_says_the_rest_more_simply() -> None:
    once = engine.get_stuck(LIBRARY, opened().session)
    person, ways = engine.get_stuck(LIBRARY, once.session).instructions
    assert (person.kind, person.key) == (InstructionKind.HAND_OVER, "interface/stuck.person")
    assert ways == replace(once.instructions[0], manner=Manner.SIMPLER)


def test_stuck_where_nothing_was_written_for_it_offers_a_person_at_once() -> None:
    tea = read(TEA)
    bare = tuple(
        step.model_copy(update={"blocked": None}) if step.id == "bouilloire" else step
        for step in tea.steps
    )
    library = MemoryLibrary.of([tea.model_copy(update={"steps": bare}), read(KETTLE)])
    session = engine.begin(library, Session(), TEA).session
    for _ in range(2):
        sprint = engine.get_stuck(library, session)
        session = sprint.session
        assert [i.key for i in sprint.instructions] == ["interface/stuck.person"]
        choices = [choice.id for choice in sprint.instructions[0].choices]
        assert choices == ["word/retry", "word/human"]


def test_the_words_stuck_and_retry_may_be_picked() -> None:
    session = opened().session
    stuck = engine.answer(LIBRARY, session, Picked("word/stuck"))
    assert stuck == engine.get_stuck(LIBRARY, session)
    assert engine.answer(LIBRARY, stuck.session, Picked("word/retry")).session == session


def test_a_stuck_person_may_still_answer_the_question() -> None:
    stuck = engine.get_stuck(LIBRARY, after("oui").session)
    sprint = engine.answer(LIBRARY, stuck.session, Picked("fait"))
    assert waiting(sprint.session) == waiting(after("oui", "fait").session)


def test_a_way_out_is_kept_as_an_answer() -> None:
    stuck = engine.get_stuck(LIBRARY, opened().session)
    sprint = engine.answer(LIBRARY, stuck.session, Picked("blocked/casserole"))
    assert waiting(sprint.session).answers == (("bouilloire", "blocked/casserole"),)
    assert not waiting(sprint.session).stuck


def test_no_apology_is_said_twice_running() -> None:
    session = after("oui").session
    shown = []
    for _ in range(4):
        sprint = engine.retry(LIBRARY, session)
        session = sprint.session
        (instruction,) = sprint.instructions
        shown.append((instruction.key, instruction.manner))
        assert [choice.id for choice in instruction.choices][-1] == "word/human"
    assert shown == [
        (f"flow/{TEA}/remplir/retry", Manner.PLAIN),
        (f"flow/{TEA}/remplir/text", Manner.SIMPLER),
        ("interface/unclear.person", Manner.PLAIN),
        (f"flow/{TEA}/remplir/retry", Manner.PLAIN),
    ]
    assert waiting(session).unclear == 4
    assert waiting(engine.answer(LIBRARY, session, Picked("fait")).session).unclear == 0


def test_a_step_without_retry_words_takes_the_general_ones() -> None:
    assert engine.retry(LIBRARY, opened().session).instructions[0].key == "interface/retry.yes_no"
    day = after("oui", "fait", "vert").session
    assert engine.retry(LIBRARY, day).instructions[0].key == "interface/retry.date"
    stuck = engine.get_stuck(LIBRARY, after("oui").session).session
    assert engine.retry(LIBRARY, stuck).instructions[0].key == "interface/retry.choice"


def test_asking_again_takes_the_manner_and_moves_nothing() -> None:
    session = opened().session
    plain = engine.ask_again(LIBRARY, session)
    assert engine.ask_again(LIBRARY, session, Manner.SIMPLER) == (
        replace(plain[0], manner=Manner.SIMPLER),
    )
    assert engine.ask_again(LIBRARY, Session()) == ()


def test_a_value_is_kept_where_one_is_expected() -> None:
    sprint = engine.answer(LIBRARY, after("oui", "fait", "noir").session, Given("2027-03-12"))
    assert sprint.ended == ((TEA, Outcome.DONE),)


@pytest.mark.parametrize(
    "reply",
    [Picked("peut_etre"), Picked("blocked/rien"), Picked("word/human"), Given("oui"), Picked("")],
)
def test_what_is_not_offered_is_refused(reply: Picked | Given) -> None:
    with pytest.raises(ChoiceNotOffered):
        engine.answer(LIBRARY, opened().session, reply)


def test_a_click_belongs_to_the_waiting_step_or_to_none() -> None:
    session = opened().session
    assert engine.picked(session, f"step/{TEA}/bouilloire/oui") == Picked("oui")
    assert engine.picked(session, "word/stuck") == Picked("word/stuck")
    assert engine.picked(session, f"step/{TEA}/remplir/fait") is None
    assert engine.picked(session, "need/menu") is None
    assert engine.picked(Session(), "word/stuck") is None


def test_without_an_open_flow_there_is_nothing_to_answer() -> None:
    for move in (engine.get_stuck, engine.retry):
        with pytest.raises(NotFound):
            move(LIBRARY, Session())
    with pytest.raises(NotFound):
        engine.answer(LIBRARY, Session(), Picked("oui"))
    with pytest.raises(NotFound):
        engine.begin(LIBRARY, Session(), "inconnu")
    assert engine.waiting_step(LIBRARY, Session()) is None
    assert engine.choices(LIBRARY, Session()) == ()


def test_a_conversation_finishes_on_the_revision_that_it_began() -> None:
    kettle = read(KETTLE)
    shortened = kettle.model_copy(update={"steps": kettle.steps[-1:]})
    later = LIBRARY.publish(shortened)
    before = engine.begin(LIBRARY, Session(), KETTLE)
    assert engine.begin(later, Session(), KETTLE).ended
    assert engine.answer(later, before.session, Picked("non")) == engine.answer(
        LIBRARY, before.session, Picked("non")
    )
    assert engine.ask_again(later, before.session) == before.instructions
