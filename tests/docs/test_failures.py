"""The lines of the table of failures that no other test proves."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.adapters.rasa import RasaState
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.messages import Channel, Inbound
from tests.fakes.rasa import FakeRasa
from tests.in_process import DATABASE
from tests.talker import Talker


@pytest.fixture
def no_database(assistant: Assistant, settings: Settings) -> Path:
    """A folder where the file of the database was: it can be opened no more."""
    file = settings.data_dir / DATABASE
    assistant.engine.dispose()
    for part in settings.data_dir.glob(f"{DATABASE}*"):
        part.unlink()
    file.mkdir()
    return file


def test_people_are_answered_while_rasa_is_loading(
    talker: Talker, assistant: Assistant, rasa: FakeRasa
) -> None:
    assistant.rasa.state = RasaState.LOADING
    assert talker.says("je veux activer mon espace santé").step == "activer_espace/code_recu"
    assert talker.http.request("GET", "/health").json()["rasa"] == "loading"
    assert not rasa.messages


def test_a_turn_that_a_dead_process_left_is_finished(talker: Talker, assistant: Assistant) -> None:
    before = len(talker.history())
    with assistant.open_unit_of_work() as work:
        turn = work.turns.open(
            talker.id,
            Inbound(
                channel=Channel.WEB,
                external_id=str(uuid.uuid4()),
                fingerprint="0" * 64,
                text="je veux activer mon espace santé",
                choice=None,
                masked=(),
                received_at=assistant.now(),
            ),
        )
        work.commit()
    assert assistant.receive.sweep() == 1
    answered = talker.history()[before:]
    assert answered
    assert answered[-1]["step"]["flow"] == "activer_espace"
    assert assistant.receive.sweep() == 0
    assert talker.history()[before:] == answered
    with assistant.open_unit_of_work() as work:
        assert work.turns.get(turn.id).rendered


@pytest.mark.usefixtures("no_database")
def test_a_database_that_is_gone_is_told(client: TestClient) -> None:
    answer = client.post("/api/conversations", json={})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["retry-after"].isdigit()
    assert answer.json()["type"] == "/problems/unavailable"
    health = client.get("/health")
    assert health.status_code == 200
    assert (health.json()["status"], health.json()["database"]) == ("degraded", "down")


@pytest.mark.usefixtures("no_database")
def test_a_database_that_is_gone_is_told_kindly_on_the_page(client: TestClient) -> None:
    answer = client.post("/messages", data={"text": "bonjour"})
    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "set-cookie" not in answer.headers
