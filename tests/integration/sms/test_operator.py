"""What an operator sees and does about SMS that nobody got."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from typer.testing import CliRunner

from assistant.bootstrap import Assistant
from assistant.cli import app
from assistant.config import Settings
from assistant.domain.delivery import RefusalKind, Refused
from tests.fakes.clock import FakeClock
from tests.fakes.twilio import FakeCarrier
from tests.integration.sms.conftest import PHONE, Post


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """The command line, on the database of the test."""
    monkeypatch.setenv("PASAPAS_DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("PASAPAS_SECRET_KEYS", settings.secret_keys.get_secret_value())
    return CliRunner()


def test_lists_and_replays(
    run: CliRunner, post: Post, carrier: FakeCarrier, assistant: Assistant, clock: FakeClock
) -> None:
    post.knows()
    carrier.answers = [Refused(RefusalKind.PERMANENT, 21614)]
    post.put("mes mots")
    post.work()
    (lost,) = assistant.lost_messages.list(10)

    listed = run.invoke(app, ["outbox", "dead"])
    assert listed.exit_code == 0
    assert lost.id in listed.output
    assert "21614" in listed.output
    assert "mes mots" not in listed.output
    assert PHONE not in listed.output

    assert run.invoke(app, ["outbox", "replay", lost.id]).exit_code == 0
    # The command goes by the real clock, which the one of the test must have reached.
    clock.pass_time(seconds=max(0.0, (datetime.now(UTC) - clock.now()).total_seconds()))
    post.work()
    assert carrier.texts == ["mes mots"]
    assert lost.id not in run.invoke(app, ["outbox", "dead"]).output


def test_what_is_no_lost_message_is_told(run: CliRunner, post: Post) -> None:
    post.sms("bonjour")
    again = run.invoke(app, ["outbox", "replay", "nobody"])
    assert again.exit_code == 1
    assert "outbox dead" in again.output


def test_tells_what_twilio_has_still_to_delete(
    run: CliRunner, post: Post, assistant: Assistant
) -> None:
    post.sms("bonjour")
    assert "Twilio" not in run.invoke(app, ["outbox", "dead"]).output
    conversation = post.conversation()
    assert conversation is not None
    assistant.conversations.erase(conversation)
    assert "1 SMS effacé(s) ici" in run.invoke(app, ["outbox", "dead"]).output
