"""Rasa's side of the line as it was recorded: the gateway and the actions read it and answer so."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from rasa_sdk import Tracker
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.actions import _assistant as assistant_of_the_actions
from actions.reading import read_tracker
from actions.server import DomainlessExecutor
from assistant import bootstrap
from assistant.adapters.content_files import Content
from assistant.adapters.keyword_engine import NearestExamples
from assistant.adapters.rasa import LOOP, RasaServer, RasaState, rasa_message
from assistant.config import ROOT, Settings
from assistant.domain.errors import EngineUnavailable, InvalidInput
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from tests.contract.recordings import Exchange, Turn, load, load_turn
from tests.talker import Talker

TOKEN = "a token"  # noqa: S105 (of nothing)
ANSWERED = ("opening", "digression", "unsure", "click")
# Which calls of a turn come first for their message: Rasa runs the loop again after a rule.
FRESH = {
    "opening": [True, False],
    "digression": [True, True, False],
    "unsure": [True, True, False],
    "click": [True],
}


def _server(*recorded: Exchange) -> RasaServer:
    """Return a server that answers these requests so, in this order, and no others."""
    waiting = list(recorded)

    def answer(request: httpx.Request) -> httpx.Response:
        expected = waiting.pop(0)
        assert (request.method, request.url.path) == (expected.method, expected.path)
        assert request.url.params["token"] == TOKEN
        if expected.request is not None:
            assert json.loads(request.content) == expected.request
        return _response(expected)

    return RasaServer("http://rasa", TOKEN, 8.0, httpx.MockTransport(answer))


def _response(recorded: Exchange) -> httpx.Response:
    if isinstance(recorded.answer, str):
        return httpx.Response(recorded.status, text=recorded.answer)
    return httpx.Response(recorded.status, json=recorded.answer)


def test_the_recordings_are_of_the_rasa_that_is_pinned() -> None:
    pins = (ROOT / "nlu/requirements.txt").read_text("utf-8")
    pinned = re.search(r"^rasa==(\S+)", pins, re.MULTILINE)
    assert pinned is not None
    assert load("version").answer["version"] == pinned[1], "python -m tests.contract.record"


# --------------------------------------------------------------------------- what the gateway asks


def test_a_loaded_server_is_ready_and_names_its_model() -> None:
    server = _server(load("status_ready"))
    assert server.probe() is RasaState.READY
    assert server.model is not None
    assert server.model.endswith(".tar.gz")


@pytest.mark.parametrize("name", ["status_stranger", "status_without_model"])
def test_a_server_that_cannot_answer_is_loading_and_later_down(name: str) -> None:
    server = _server(load(name), load("status_ready"), load(name))
    assert server.probe() is RasaState.LOADING
    assert server.probe() is RasaState.READY
    assert server.probe() is RasaState.DOWN


def test_a_sure_sentence_has_a_need_and_a_ranking() -> None:
    recorded = load("parse_sure")
    meant = _server(recorded).parse(recorded.request["text"]).understanding()
    assert meant.need == "activer_espace"
    assert meant.ranking[0].need == meant.need
    assert meant.ranking[0].confidence == pytest.approx(meant.confidence)
    confidences = [each.confidence for each in meant.ranking]
    assert confidences == sorted(confidences, reverse=True)


def test_the_fallback_is_no_need_and_no_candidate() -> None:
    recorded = load("parse_fallback")
    assert recorded.answer["intent"]["name"] == "nlu_fallback"
    meant = _server(recorded).parse(recorded.request["text"]).understanding()
    assert meant.need is None
    assert meant.ranking
    assert "nlu_fallback" not in {each.need for each in meant.ranking}
    assert meant.confidence == meant.ranking[0].confidence < 0.5


def test_entities_come_with_their_values() -> None:
    recorded = load("parse_entities")
    meant = _server(recorded).parse(recorded.request["text"]).understanding()
    assert dict(meant.entities) == {"commune": "Montreuil", "postcode": "93100"}


def test_a_refusal_to_parse_is_an_engine_away() -> None:
    # The gateway always sends JSON, so that the request was another; the answer is what counts.
    refusal = replace(load("parse_malformed"), request=None)
    with pytest.raises(EngineUnavailable):
        _server(refusal).parse("bonjour")


@pytest.mark.parametrize("name", ["opening", "digression", "unsure", "click"])
def test_a_turn_that_our_actions_answered_names_the_turn(name: str) -> None:
    turn = load_turn(name)
    asked = turn.webhook.request
    answers = _server(turn.webhook).send(asked["sender"], asked["message"], asked["metadata"])
    assert [each.custom.turn for each in answers if each.custom] == [turn.id]


@pytest.mark.parametrize("name", ["silent", "foreign"])
def test_a_turn_that_nobody_of_ours_answered_names_none(name: str) -> None:
    turn = load_turn(name)
    asked = turn.webhook.request
    answers = _server(turn.webhook).send(asked["sender"], asked["message"], asked["metadata"])
    assert [each for each in answers if each.custom] == []


def test_a_click_is_written_as_rasa_understood_it() -> None:
    turn = load_turn("click")
    tracker = turn.calls[0].request["tracker"]
    (option,) = tracker["latest_message"]["entities"]
    assert option["entity"] == "option"
    assert turn.webhook.request["message"] == rasa_message("", option["value"])


def test_a_seeded_session_is_in_the_loop() -> None:
    recorded = load("seed")
    _server(recorded).seed(recorded.path.split("/")[2])
    assert recorded.answer["active_loop"]["name"] == LOOP
    assert recorded.answer["latest_action_name"] == "action_listen"


# ------------------------------------------------------------------------- what the actions read


@pytest.mark.parametrize("name", ANSWERED)
def test_the_actions_read_the_turn_and_whether_it_is_theirs_to_answer(name: str) -> None:
    turn = load_turn(name)
    read = [read_tracker(Tracker.from_dict(call.request["tracker"])) for call in turn.calls]
    assert {each.turn_id for each in read} == {turn.id}
    assert [each.is_fresh for each in read] == FRESH[name]


@pytest.mark.parametrize(
    ("name", "need"),
    [("opening", "activer_espace"), ("digression", "obligatoire"), ("unsure", None)],
)
def test_the_actions_understand_what_the_gateway_would(name: str, need: str | None) -> None:
    for call in load_turn(name).calls:
        meant = read_tracker(Tracker.from_dict(call.request["tracker"])).understanding
        assert meant.need == need
        assert meant.ranking


def test_a_message_of_somebody_else_is_refused() -> None:
    tracker = load_turn("opening").calls[0].request["tracker"]
    tracker["latest_message"]["metadata"] = {}
    with pytest.raises(InvalidInput):
        read_tracker(Tracker.from_dict(tracker))


# ------------------------------------------------------------------------------- both, end to end


@dataclass
class ReplayedRasa:
    """Rasa as it was recorded: for each message it calls the real actions as it did then."""

    turns: list[Turn]
    executor: DomainlessExecutor = field(default_factory=DomainlessExecutor)

    def __post_init__(self) -> None:
        """Find the actions as the action server does."""
        self.executor.register_package("actions")

    def handle(self, request: httpx.Request) -> httpx.Response:
        """Answer the gateway."""
        if request.url.path == "/status":
            return _response(load("status_ready"))
        if request.url.path.endswith("/tracker/events"):
            return _response(load("seed"))
        posted = json.loads(request.content)
        turn = self.turns.pop(0)
        assert posted["message"] == turn.webhook.request["message"]
        assert posted.keys() == turn.webhook.request.keys()
        assert posted["metadata"].keys() == turn.webhook.request["metadata"].keys()
        now = posted["metadata"]["message_id"]
        for recorded in turn.calls:
            call = _of_this_turn(recorded, turn, now)
            assert self._run(call.request) == (call.status, call.answer)
        return _response(_of_this_turn(turn.webhook, turn, now))

    def _run(self, call: Any) -> tuple[int, Any]:
        try:
            result = asyncio.run(self.executor.run(call))
        except ActionExecutionRejection as rejection:
            return 400, {"error": rejection.message, "action_name": rejection.action_name}
        assert result is not None
        return 200, result.model_dump()


def _of_this_turn(recorded: Exchange, turn: Turn, now: str) -> Exchange:
    """Return a recording with the id of the present turn in the place of the recorded one."""
    request, answer = (
        json.loads(json.dumps(each).replace(turn.id, now))
        for each in (recorded.request, recorded.answer)
    )
    return Exchange(recorded.method, recorded.path, request, recorded.status, answer)


@pytest.fixture
def environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: Settings
) -> Iterator[Settings]:
    """The settings as the gateway and the actions both read them, on a prepared database."""
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("PASAPAS_SECRET_KEYS", settings.secret_keys.get_secret_value())
    assistant_of_the_actions.cache_clear()
    yield Settings()
    assistant_of_the_actions().close()
    assistant_of_the_actions.cache_clear()


def _talk(
    environment: Settings, turns: list[Turn], content: Content, examples: NearestExamples
) -> Iterator[Talker]:
    announcer = LiveAnnouncer()
    built = bootstrap.build(
        environment,
        announcer,
        transport=httpx.MockTransport(ReplayedRasa(turns).handle),
        content=content,
        examples=examples,
    )
    built.rasa.probe()
    yield Talker.begin(TestClient(make_app(built, announcer)))
    assert turns == []
    built.close()


@pytest.fixture
def replayed(
    environment: Settings, content: Content, examples: NearestExamples
) -> Iterator[Talker]:
    """Somebody who says what was said when Rasa was recorded."""
    yield from _talk(environment, [load_turn(name) for name in ANSWERED], content, examples)


@pytest.fixture(params=["silent", "foreign"])
def unanswered(
    environment: Settings,
    content: Content,
    examples: NearestExamples,
    request: pytest.FixtureRequest,
) -> Iterator[Talker]:
    """Somebody whose second message Rasa answers with nothing of ours."""
    turns = [load_turn("opening"), load_turn(request.param)]
    turns[1] = Turn(turns[1].webhook, ())
    yield from _talk(environment, turns, content, examples)


def test_recorded_calls_lead_through_the_conversation(replayed: Talker) -> None:
    said = {name: load_turn(name).webhook.request["message"] for name in ANSWERED}
    assert replayed.says(said["opening"]).step == "activer_espace/code_recu"
    assert replayed.says(said["digression"]).step == "activer_espace/code_recu"
    assert replayed.kinds == ["say", "ask"]
    assert replayed.says(said["unsure"]).step == "activer_espace/code_recu"
    assert replayed.picks("/oui").step == "activer_espace/code_support"


def test_what_rasa_leaves_unanswered_is_answered_all_the_same(unanswered: Talker) -> None:
    unanswered.says(load_turn("opening").webhook.request["message"])
    unanswered.says(load_turn("silent").webhook.request["message"])
    assert unanswered.step == "activer_espace/code_recu"
    assert unanswered.kinds == ["say", "ask"]
