"""The notebooks: each person's own, in order, corrected and withdrawn, and gone when erased."""

from __future__ import annotations

import uuid

import pytest

from assistant.domain.choices import ChoiceAct, Decision, NotedChoice, ToldChoice, standing
from assistant.domain.errors import NotFound
from tests.integration.persistence.conftest import Open
from tests.integration.persistence.examples import NOW, conversation, later


def line(act: ChoiceAct = ChoiceAct.SPACE, decision: Decision = Decision.CLOSED) -> NotedChoice:
    told = ToldChoice(act, decision, f"flow/x/{act}/text", "r1")
    return NotedChoice(str(uuid.uuid4()), told, "0" * 64, "web", NOW)


def somebody(open_work: Open, name: str) -> str:
    with open_work() as work:
        work.conversations.add(conversation(name), f"hash {name}")
        person = work.people.recognise(name, NOW)
        work.commit()
    return person


def kept(open_work: Open, person: str) -> list[NotedChoice]:
    with open_work() as work:
        return list(work.choices.of_person(person))


def test_lines_come_back_as_they_were_noted_in_their_order(open_work: Open) -> None:
    person = somebody(open_work, "odette")
    noted = [line(), line(ChoiceAct.EMERGENCY_SAMU, Decision.REFUSED), line()]
    for each in noted:
        with open_work() as work:
            work.choices.note(person, each)
            work.commit()
    assert kept(open_work, person) == noted


def test_a_line_is_corrected_then_withdrawn_and_then_left_alone(open_work: Open) -> None:
    person, noted = somebody(open_work, "odette"), line()
    with open_work() as work:
        work.choices.note(person, noted)
        work.choices.correct(person, noted.id, Decision.REOPENED, later(hours=1))
        work.commit()
    (corrected,) = kept(open_work, person)
    assert (corrected.told.decision, corrected.corrected_at) == (
        Decision.REOPENED,
        later(hours=1),
    )
    with open_work() as work:
        work.choices.withdraw(person, noted.id, later(hours=2))
        work.commit()
    assert standing(kept(open_work, person)) == ()
    with open_work() as work, pytest.raises(NotFound):
        work.choices.withdraw(person, noted.id, later(hours=3))
    with open_work() as work, pytest.raises(NotFound):
        work.choices.correct(person, noted.id, Decision.CLOSED, later(hours=3))


def test_nobody_touches_the_notebook_of_somebody_else(open_work: Open) -> None:
    odette, karim = somebody(open_work, "odette"), somebody(open_work, "karim")
    noted = line()
    with open_work() as work:
        work.choices.note(odette, noted)
        work.commit()
    with open_work() as work:
        assert work.choices.of_person(karim) == []
        with pytest.raises(NotFound):
            work.choices.withdraw(karim, noted.id, NOW)
        work.choices.erase(karim)
        work.commit()
    assert kept(open_work, odette) == [noted]


def test_a_notebook_goes_with_the_last_conversation_of_its_person(open_work: Open) -> None:
    person, noted = somebody(open_work, "page"), line()
    with open_work() as work:
        work.conversations.add(conversation("phone"), "hash phone")
        work.people.join("phone", person)
        work.choices.note(person, noted)
        work.conversations.erase("page", NOW)
        work.commit()
    assert kept(open_work, person) == [noted]
    with open_work() as work:
        work.conversations.erase("phone", NOW)
        work.commit()
    assert kept(open_work, person) == []
