"""The whole product in one process: real tables, real content, a Rasa without sockets."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant import bootstrap, preparation
from assistant.adapters.content_files import Content, load_content, load_examples
from assistant.adapters.keyword_engine import NearestExamples
from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from tests.fakes.clock import FakeClock
from tests.fakes.rasa import FakeRasa
from tests.fakes.twilio import FakeCarrier
from tests.talker import Talker

__all__ = [
    "DATABASE",
    "announcer",
    "assistant",
    "carrier",
    "client",
    "clock",
    "content",
    "examples",
    "prepared",
    "rasa",
    "settings",
    "talker",
]

DATABASE = "pas-a-pas.sqlite3"

INTENTS = {
    "je veux activer mon espace santé": "activer_espace",
    "g recu une lettre de la secu ac un code": "activer_espace",
    "c'est quoi le numéro de série ?": "trouver_numero_carte",
    "est-ce obligatoire ?": "obligatoire",
    "bonjour": "bonjour",
    "merci": "merci",
    "oui c fait": "oui",
    "c'est nul ce truc": "mecontent",
    "ne m'écrivez plus": "stop_messages",
    "je me sens vraiment trop mal": "detresse",
}


@pytest.fixture
def clock() -> FakeClock:
    """A clock that stands still until it is moved."""
    return FakeClock()


@pytest.fixture
def rasa() -> FakeRasa:
    """A Rasa in good health."""
    return FakeRasa(intents=INTENTS)


def _settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        secret_keys=SecretStr("a key for the tests " * 3),
        messages_per_minute=60,
    )


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, content: Content) -> Path:
    """A database built by the real migrations, with the real content, to be copied."""
    folder = tmp_path_factory.mktemp("prepared")
    preparation.prepare_database(_settings(folder), content)
    return folder / DATABASE


@pytest.fixture
def settings(tmp_path: Path, prepared: Path) -> Settings:
    """Settings of a desk, with its files in a folder of the test."""
    shutil.copyfile(prepared, tmp_path / DATABASE)
    return _settings(tmp_path)


@pytest.fixture
def announcer() -> LiveAnnouncer:
    """The announcer that the gateway listens to."""
    return LiveAnnouncer()


@pytest.fixture(scope="session")
def content() -> Content:
    """The real content, read once."""
    return load_content()


@pytest.fixture(scope="session")
def examples() -> NearestExamples:
    """The real examples of the keyword engine, indexed once."""
    return NearestExamples(load_examples("fr"))


@pytest.fixture
def carrier() -> FakeCarrier | None:
    """No carrier, where no SMS is sent."""
    return None


@pytest.fixture
def assistant(
    settings: Settings,
    clock: FakeClock,
    rasa: FakeRasa,
    announcer: LiveAnnouncer,
    content: Content,
    examples: NearestExamples,
    carrier: FakeCarrier | None,
) -> Iterator[Assistant]:
    """The product, wired as in production but for the clock, Rasa's network and the carrier's."""
    built = bootstrap.build(
        settings,
        announcer,
        clock=clock,
        transport=rasa.transport(),
        content=content,
        examples=examples,
        carrier=carrier,
    )
    rasa.guidance = built.guidance
    built.rasa.probe()
    yield built
    built.close()


@pytest.fixture
def client(assistant: Assistant, announcer: LiveAnnouncer) -> TestClient:
    """A client of the gateway that follows no redirect, so that each answer can be seen."""
    # Not entered as a context: no lifespan, so no background thread races with the tests.
    return TestClient(make_app(assistant, announcer), follow_redirects=False)


@pytest.fixture
def talker(client: TestClient) -> Talker:
    """Somebody who talks to the product over its JSON API."""
    return Talker.begin(client)
