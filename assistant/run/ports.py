"""Checks, before anything starts, that the ports can be had."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TypeAlias

from assistant.run.errors import CannotStart
from assistant.run.settings import RunSettings

LOOPBACK = "127.0.0.1"

TryListening: TypeAlias = "Callable[[str, int], None]"
"""Raises OSError when that host and port cannot be listened on."""


def try_listening(host: str, port: int) -> None:
    """Listen for an instant. Raises OSError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As the servers do: a port still in TIME_WAIT after a stop is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
        probe.listen(1)


def check_ports(settings: RunSettings, listen: TryListening = try_listening) -> None:
    """Refuse to start when a port is taken, naming the setting to change. Raises CannotStart."""
    wanted = (
        (settings.host, settings.gateway),
        (LOOPBACK, settings.actions),
        (LOOPBACK, settings.rasa),
    )
    numbers = [port.number for _, port in wanted]
    for host, port in wanted:
        if numbers.count(port.number) > 1:
            names = ", ".join(other.setting for _, other in wanted if other.number == port.number)
            message = f"Le port {port.number} est demandé plusieurs fois ({names}). Changez-en un."
            raise CannotStart(message)
        try:
            listen(host, port.number)
        except OSError as error:
            raise CannotStart(_advice(host, port.number, port.setting, error)) from error


def _advice(host: str, number: int, setting: str, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Le port {number} est déjà pris par un autre programme (peut-être un autre Pas à "
            "Pas, déjà lancé). Arrêtez-le, ou choisissez un autre port : "
            f"{setting}={number + 1} make run"
        )
    if error.errno in {errno.EACCES, errno.EPERM}:
        return (
            f"Le port {number} est réservé à l'administrateur de la machine. Choisissez-en un "
            f"autre, au-dessus de 1023 : {setting}={number + 8000} make run"
        )
    return f"Impossible d'écouter sur {host}, port {number} : {error.strerror}."
