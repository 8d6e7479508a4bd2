"""The commands ``run`` and ``train``: what happens, in order, and what the person is told."""

from __future__ import annotations

from collections.abc import Callable

from assistant.run.errors import CannotStart
from assistant.run.interruption import interruption_by_signals
from assistant.run.ports import check_ports
from assistant.run.services import services
from assistant.run.settings import RunSettings
from assistant.run.supervisor import Supervisor
from assistant.run.training import ensure_model

MISSING_ENVIRONMENT = (
    "L'environnement de Rasa n'est pas installé ({path} manque). Lancez d'abord : make setup"
)


def run_all(settings: RunSettings, *, say: Callable[[str], None]) -> None:
    """Run the whole product until Ctrl-C or TERM. Raises CannotStart.

    ``say`` receives each line for the person, in French.
    """
    say = unless_nobody_listens(say)
    _require_nlu(settings)
    check_ports(settings)
    settings.data.mkdir(parents=True, exist_ok=True)
    with interruption_by_signals() as interruption:
        model = None if interruption.requested else ensure_model(settings, interruption, say)
        if model is not None:
            supervisor = Supervisor(services(settings, model), logs=settings.logs, say=say)
            supervisor.run(interruption)
        say("Tout est arrêté.")


def train(settings: RunSettings, *, say: Callable[[str], None]) -> bool:
    """Train the model if its data changed; False when interrupted. Raises CannotStart."""
    _require_nlu(settings)
    with interruption_by_signals() as interruption:
        model = ensure_model(settings, interruption, unless_nobody_listens(say))
    if model is None:
        return False
    say(f"Modèle à jour : {settings.display(model)}")
    return True


def unless_nobody_listens(say: Callable[[str], None]) -> Callable[[str], None]:
    """Make telling harmless once the terminal is closed: stopping must go on to its end."""

    def say_if_possible(line: str) -> None:
        try:
            say(line)
        except OSError:
            return

    return say_if_possible


def _require_nlu(settings: RunSettings) -> None:
    if not settings.nlu_python.is_file():
        path = settings.display(settings.nlu_python)
        raise CannotStart(MISSING_ENVIRONMENT.format(path=path))
