"""Somebody looks for help near them: real places, in one sentence, by the page and by SMS."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from assistant.adapters.database import open_database
from assistant.adapters.place_tables import PlaceReportRow, PlaceRow
from assistant.adapters.places.upkeep import REFRESH, PlaceUpkeep
from assistant.bootstrap import Assistant
from assistant.domain.found_places import FoundPlaces, dump_places
from assistant.domain.messages import Channel, Instruction, InstructionKind
from assistant.rendering import sms
from assistant.rendering.catalogue import PLACE_DETAILS
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa, Trouble
from tests.in_process import DATABASE
from tests.integration.stocked import settings, stocked  # noqa: F401
from tests.talker import Talker

FLOW = "trouver_aide"
ASKS = {
    "quelqu'un pour m'aider à Grenoble": FLOW,
    "je cherche quelqu'un pour m'aider samedi": FLOW,
    "quelqu'un pour m'aider à Toulouse": FLOW,
    "quelqu'un pour m'aider à saint denis": FLOW,
    "on peut m'aider à Grenoble ?": FLOW,
}


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa that hears these sentences as a search for help."""
    return FakeRasa(intents=ASKS)


def kinds(talker: Talker) -> list[str]:
    """The kinds of the last messages."""
    return [message["kind"] for message in talker.last]


def places(talker: Talker) -> list[str]:
    """The ids of the places among the choices."""
    return [each for each in talker.offered if each.startswith("help/place/")]


def test_one_sentence_with_a_town_is_answered_at_once(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à Grenoble")
    assert kinds(talker) == [InstructionKind.PLACES, InstructionKind.ASK]
    assert talker.step == f"{FLOW}/suite"
    assert len(places(talker)) == 3
    assert all(link["url"].startswith("tel:+") for link in talker.last[0]["links"])


def test_the_keyword_engine_answers_alike(talker: Talker, rasa: FakeRasa) -> None:
    rasa.trouble = Trouble.EMPTY
    talker.says("quelqu'un pour m'aider à Grenoble")
    assert talker.step == f"{FLOW}/suite"
    assert len(places(talker)) == 3


def test_without_a_town_it_is_asked_for_and_the_wish_is_kept(talker: Talker) -> None:
    talker.says("je cherche quelqu'un pour m'aider samedi")
    assert talker.step == f"{FLOW}/ou"
    talker.says("38000")
    assert talker.step == f"{FLOW}/suite"
    assert "samedi 28 novembre" in talker.last[0]["text"]


def test_a_name_of_several_towns_is_asked_about_likeliest_first(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à saint denis")
    assert talker.offered[:3] == ["help/area/97411", "help/area/93066", "help/elsewhere"]
    talker.says("2")
    assert talker.step == f"{FLOW}/suite"
    assert "97411" not in str(talker.last)


def test_another_town_after_all(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à saint denis").picks("help/elsewhere")
    assert talker.step == f"{FLOW}/ou"
    talker.says("grenoble")
    assert len(places(talker)) == 3


def test_others_are_others(talker: Talker) -> None:
    first = places(talker.says("quelqu'un pour m'aider à Grenoble"))
    second = places(talker.says("autre"))
    assert len(second) == 3
    assert not set(first) & set(second)


def test_a_number_or_a_name_tells_of_one_place(talker: Talker) -> None:
    shown = places(talker.says("quelqu'un pour m'aider à Grenoble"))
    talker.says("2")
    assert [message["kind"] for message in talker.last] == ["places", "ask"]
    assert shown[1] not in places(talker)
    assert shown[1].replace("help/place/", "help/closed/") in talker.offered


def test_a_place_said_to_be_closed_is_kept_for_the_editors_without_a_name(
    talker: Talker, assistant: Assistant
) -> None:
    shown = places(talker.says("quelqu'un pour m'aider à Grenoble"))
    talker.says("1").says("ce lieu est fermé")
    with assistant.engine.connect() as connection:
        rows = connection.execute(select(PlaceReportRow)).mappings().all()
    assert [row["place_id"] for row in rows] == [shown[0].removeprefix("help/place/")]
    assert set(rows[0]) == {"id", "place_id", "kind", "reported_at", "settled_at"}
    assert talker.step == f"{FLOW}/suite"


def test_which_of_three_is_closed_is_asked(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à Grenoble").says("c'est fermé là-bas")
    assert len([each for each in talker.offered if each.startswith("help/closed/")]) == 3


def test_refining_looks_again_in_the_same_town(talker: Talker) -> None:
    first = places(talker.says("quelqu'un pour m'aider à Grenoble"))
    again = places(talker.says("et samedi ?"))
    assert again
    assert again != first
    assert "samedi 28 novembre" in talker.last[0]["text"]


def test_another_town_is_looked_at_from_the_results(talker: Talker) -> None:
    first = places(talker.says("quelqu'un pour m'aider à Grenoble"))
    assert not set(first) & set(places(talker.says("et à Lyon ?")))


def test_where_nobody_is_known_there_is_still_an_answer(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à Toulouse")
    assert talker.step == f"{FLOW}/suite"
    assert "3422" in talker.last[0]["text"]
    assert not any(each.endswith("/autres") for each in talker.offered)


def test_what_is_no_town_is_asked_again_and_never_twice_alike(talker: Talker) -> None:
    talker.says("je cherche quelqu'un pour m'aider samedi")
    first = talker.says("qsdfgh wxcvbn").last[-1]["text"]
    second = talker.says("qsdfgh wxcvbn").last[-1]["text"]
    assert first != second
    assert talker.step == f"{FLOW}/ou"


def test_the_town_is_forgotten_with_the_flow(talker: Talker, assistant: Assistant) -> None:
    talker.says("quelqu'un pour m'aider à Grenoble")
    assert "Grenoble" in _search_of(talker, assistant)
    talker.picks("/trouve")
    assert _search_of(talker, assistant) == ""


def _search_of(talker: Talker, assistant: Assistant) -> str:
    with assistant.open_unit_of_work() as work:
        positions = work.conversations.get(talker.id).state.session.positions
    return "".join(position.search for position in positions)


def test_back_returns_to_the_question_where(talker: Talker) -> None:
    talker.says("quelqu'un pour m'aider à Grenoble").says("retour")
    assert talker.step == f"{FLOW}/ou"


def test_two_places_fit_into_two_parts_of_sms(talker: Talker, assistant: Assistant) -> None:
    talker.says("quelqu'un pour m'aider à Grenoble")
    with assistant.open_unit_of_work() as work:
        told = [each for each in work.messages.after(talker.id) if each.instruction is not None]
    said = [
        assistant.catalogue.say(each.instruction, "fr", Channel.SMS)
        for each in told[-2:]
        if each.instruction is not None
    ]
    first, *_ = assistant.catalogue.text_messages(said, "fr")
    assert first.parts <= 2
    assert all(f"{number}) " in first.text for number in (1, 2))
    pages = assistant.catalogue.text_messages(said, "fr")
    assert all(sms.count(each.text).parts <= 2 for each in pages)


def test_inside_another_guide_a_town_opens_a_detour_and_the_guide_goes_on(talker: Talker) -> None:
    talker.picks("need/nouveau_code")
    before = talker.step
    talker.says("on peut m'aider à Grenoble ?")
    assert talker.step == f"{FLOW}/suite"
    talker.picks("/trouve")
    assert talker.step == before


# -- the shipped places, and the list on the network -----------------------------------------------


@pytest.fixture
def moving_clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


@pytest.fixture
def upkeep(tmp_path: Path, stocked: Path, moving_clock: FakeClock) -> PlaceUpkeep:  # noqa: F811
    """The upkeep of a filled directory, with a list that cannot be reached."""
    shutil.copyfile(stocked, tmp_path / DATABASE)
    address = f"sqlite:///{tmp_path / DATABASE}"
    return PlaceUpkeep(
        address, open_database(address), str(tmp_path / "nowhere.json"), moving_clock.now
    )


def test_a_filled_directory_waits_for_nothing_but_its_list(upkeep: PlaceUpkeep) -> None:
    assert upkeep.due(1) == (REFRESH,)
    assert upkeep.due(1) == (), "asked again at once, it does not look"


def test_a_list_that_fails_leaves_the_places_and_is_tried_again_later(
    upkeep: PlaceUpkeep, moving_clock: FakeClock, assistant: Assistant
) -> None:
    upkeep.due(1)
    upkeep.perform(REFRESH)
    moving_clock.pass_time(hours=1)
    assert upkeep.due(1) == ()
    moving_clock.pass_time(hours=6)
    assert upkeep.due(1) == (REFRESH,)
    with assistant.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM place").scalar_one() > 600


def test_every_shipped_place_is_told_untouched(assistant: Assistant) -> None:
    with assistant.engine.connect() as connection:
        ids = connection.execute(select(PlaceRow.id)).scalars().all()
    for number in ids:
        place = assistant.find_help.details(str(number))
        assert place is not None
        params = dump_places(FoundPlaces(places=(place,)))
        told = Instruction(InstructionKind.PLACES, PLACE_DETAILS, params)
        assistant.catalogue.say(told, "fr", Channel.WEB)
        assert assistant.catalogue.alarms.count == 0, number
    assert len(ids) > 500
