"""What is checked before anything starts, and how each process is started."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.run.errors import CannotStart
from assistant.run.ports import check_ports
from assistant.run.services import services
from assistant.run.start import run_all, train, unless_nobody_listens
from tests.unit.run.settings_for import TOKEN, settings_for


def refusing(taken: int, reason: int) -> Callable[[str, int], None]:
    """Return a way of listening that refuses one port."""

    def listen(_host: str, port: int) -> None:
        if port == taken:
            raise OSError(reason, "refused")

    return listen


@pytest.mark.parametrize(
    ("taken", "setting"),
    [(8000, "PASAPAS_PORT"), (5055, "PASAPAS_ACTIONS_PORT"), (5005, "PASAPAS_RASA_PORT")],
)
@pytest.mark.parametrize("reason", [errno.EADDRINUSE, errno.EACCES])
def test_a_port_that_cannot_be_had_names_its_setting(
    tmp_path: Path, taken: int, setting: str, reason: int
) -> None:
    with pytest.raises(CannotStart, match=f"{setting}="):
        check_ports(settings_for(tmp_path), refusing(taken, reason))


def test_free_ports_pass(tmp_path: Path) -> None:
    check_ports(settings_for(tmp_path), refusing(0, errno.EADDRINUSE))


def test_one_port_asked_twice_names_both_settings(tmp_path: Path) -> None:
    with pytest.raises(CannotStart, match=r"PASAPAS_PORT.*PASAPAS_RASA_PORT"):
        check_ports(settings_for(tmp_path, rasa=8000), refusing(0, errno.EADDRINUSE))


def test_private_ports_are_tried_on_the_loopback_interface(tmp_path: Path) -> None:
    tried: dict[int, str] = {}

    def listen(host: str, port: int) -> None:
        tried[port] = host

    check_ports(settings_for(tmp_path, host="0.0.0.0"), listen)  # noqa: S104 - never listened on
    assert tried == {8000: "0.0.0.0", 5055: "127.0.0.1", 5005: "127.0.0.1"}  # noqa: S104


def test_private_processes_stay_private_whatever_the_host(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, host="0.0.0.0")  # noqa: S104 - never listened on
    gateway, actions, rasa = services(settings, tmp_path / "model.tar.gz")
    assert "0.0.0.0" in gateway.command  # noqa: S104
    assert actions.command[actions.command.index("--host") + 1] == "127.0.0.1"
    assert rasa.command[rasa.command.index("--interface") + 1] == "127.0.0.1"
    assert rasa.environment["ACTIONS_URL"] == "http://127.0.0.1:5055/webhook"
    assert rasa.environment["RASA_TELEMETRY_ENABLED"] == "false"


def test_the_token_is_on_no_command_line_and_in_no_representation(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    started = services(settings, tmp_path / "model.tar.gz")
    assert any(TOKEN in service.environment.values() for service in started)
    assert not any(TOKEN in argument for service in started for argument in service.command)
    assert TOKEN not in repr(settings)
    assert TOKEN not in repr(started)


def test_only_the_gateway_is_vital(tmp_path: Path) -> None:
    started = services(settings_for(tmp_path), tmp_path / "model.tar.gz")
    assert [service.name for service in started if service.vital] == ["gateway"]


def test_without_rasas_environment_nothing_is_touched(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    with pytest.raises(CannotStart, match="make setup"):
        run_all(settings, say=lambda _line: None)
    with pytest.raises(CannotStart, match="make setup"):
        train(settings, say=lambda _line: None)
    assert not settings.data.exists()


def test_a_closed_terminal_stops_nothing() -> None:
    def say(_line: str) -> None:
        raise BrokenPipeError

    unless_nobody_listens(say)("a line")
