"""What becomes of the flows is counted, by day and step, without anybody in it."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.bootstrap import Assistant
from assistant.domain.tally import Tally
from assistant.flows.document import AskStep
from tests.talker import Talker
from tests.walking import standings

DAY = date(2026, 11, 23)


def counted(assistant: Assistant) -> dict[Tally, int]:
    """Return all that was counted."""
    with assistant.open_unit_of_work() as work:
        return dict(work.tallies.since(DAY))


def test_a_flow_that_begins_is_counted_each_time(assistant: Assistant, talker: Talker) -> None:
    talker.picks("need/activer_espace")
    Talker.begin(talker.http).picks("need/activer_espace")

    flow, step = (talker.step or "/").split("/")
    assert counted(assistant) == {Tally(flow, step, "begun"): 2}


def test_being_stuck_is_counted_once_a_time(assistant: Assistant, talker: Talker) -> None:
    talker.picks("need/activer_espace").picks("word/stuck")
    talker.says("je suis bloqué")

    flow, step = (talker.step or "/").split("/")
    assert counted(assistant)[Tally(flow, step, "stuck")] == 1


def test_an_unclear_answer_is_counted(assistant: Assistant, talker: Talker) -> None:
    talker.picks("need/activer_espace").says("blablabla zig zag")

    flow, step = (talker.step or "/").split("/")
    assert counted(assistant)[Tally(flow, step, "unclear")] == 1


def test_asking_for_a_person_is_counted(assistant: Assistant, talker: Talker) -> None:
    talker.picks("need/activer_espace")
    flow, step = (talker.step or "/").split("/")
    talker.says("humain")

    assert counted(assistant)[Tally(flow, step, "person")] == 1


@pytest.mark.parametrize("flow", ["activer_espace", "arnaque", "fermer_espace"])
def test_whether_it_worked_is_counted(assistant: Assistant, talker: Talker, flow: str) -> None:
    step = stand_at_the_last_question(assistant, talker, flow)
    talker.says("1")

    answers = [each for each in counted(assistant) if each.event.startswith("answer:")]
    assert [(each.flow, each.step) for each in answers] == [(flow, step)]


def stand_at_the_last_question(assistant: Assistant, talker: Talker, flow: str) -> str:
    """Put the conversation at the question of a flow that asks whether it worked."""
    document = assistant.library.flow(flow).document
    step = next(
        each.id for each in document.steps if isinstance(each, AskStep) and each.did_it_work
    )
    with assistant.open_unit_of_work() as work:
        version = work.conversations.get(talker.id).version
        work.conversations.save_state(talker.id, standings(assistant.library, flow)[step], version)
        work.commit()
    return step


def test_nothing_of_it_goes_with_a_conversation(assistant: Assistant, talker: Talker) -> None:
    talker.picks("need/activer_espace")
    before = counted(assistant)
    assistant.conversations.erase(talker.id)

    assert counted(assistant) == before
