"""Trains the Rasa model, only when what it is made from has changed."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from assistant.run.child import Child
from assistant.run.errors import CannotStart
from assistant.run.interruption import Interruption
from assistant.run.logs import last_lines, set_aside_when_large
from assistant.run.services import RASA_ENVIRONMENT
from assistant.run.settings import RunSettings

MODEL_PREFIX = "pas-a-pas-"
SOURCES = ("domain.yml", "config.yml", "data", "components")
MODELS_KEPT = 2
"""The present model and the one before it, to go back to."""

PROGRESS_SECONDS = 5.0
LOOK_SECONDS = 0.2
GRACE_SECONDS = 5.0
_ABANDONED_AFTER_SECONDS = 24 * 3600

_PIN = re.compile(r"^([A-Za-z0-9._-]+==[^\s;\\]+)", re.MULTILINE)


def fingerprint(nlu: Path) -> str:
    """Return twelve hexadecimal digits that change whenever the model would.

    Covers the training data, domain, pipeline and components, and the version of each pinned
    package of Rasa's environment; not the hashes nor the comments of the requirements.
    """
    digest = hashlib.sha256()
    for source in _sources(nlu):
        content = source.read_bytes()
        digest.update(f"{source.relative_to(nlu).as_posix()}\0{len(content)}\0".encode())
        digest.update(content)
    pins = _PIN.findall((nlu / "requirements.txt").read_text(encoding="utf-8"))
    digest.update("\n".join(pins).encode())
    return digest.hexdigest()[:12]


def _sources(nlu: Path) -> Iterator[Path]:
    for name in SOURCES:
        path = nlu / name
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from sorted(
                file
                for file in path.rglob("*")
                if file.is_file() and "__pycache__" not in file.parts
            )


def model_path(settings: RunSettings) -> Path:
    """Return where the model made from the present data is, or will be."""
    return settings.models / f"{MODEL_PREFIX}{fingerprint(settings.nlu)}.tar.gz"


def training_command(settings: RunSettings, output: Path, name: str) -> tuple[str, ...]:
    """Return the command that trains a model of that name into a folder, run from ``nlu/``.

    The pipeline is read from a copy beside the model.
    """
    return (
        *(str(settings.nlu_python), "-m", "rasa", "train"),
        *("--domain", "domain.yml", "--config", str(output / "config.yml"), "--data", "data"),
        *("--out", str(output), "--fixed-model-name", name),
    )


def ensure_model(
    settings: RunSettings,
    interruption: Interruption,
    say: Callable[[str], None],
    *,
    command: Callable[[RunSettings, Path, str], tuple[str, ...]] = training_command,
) -> Path | None:
    """Return the model of the present data, trained first when there is none.

    Returns None when the training was interrupted. Raises CannotStart when it failed. The model
    appears in its folder whole or not at all.
    """
    model = model_path(settings)
    if model.is_file():
        return model
    say(
        "Apprentissage du modèle de compréhension : environ 1 à 2 minutes la première fois, "
        "et seulement quand ses données changent."
    )
    settings.models.mkdir(parents=True, exist_ok=True)
    settings.logs.mkdir(parents=True, exist_ok=True)
    _prune(settings.models, model)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix=".training-", dir=settings.models) as folder:
        # Rasa writes what it finds missing (an assistant_id) into the configuration it trains from.
        shutil.copyfile(settings.nlu / "config.yml", Path(folder) / "config.yml")
        name = model.name.removesuffix(".tar.gz")
        code = _train(settings, command(settings, Path(folder), name), interruption, say)
        if code is None:
            return None
        trained = Path(folder) / model.name
        if code != 0 or not trained.is_file():
            raise CannotStart(_failure(settings, code))
        trained.replace(model)
    say(f"Apprentissage terminé en {time.monotonic() - begun:.0f} s.")
    return model


def _train(
    settings: RunSettings,
    command: tuple[str, ...],
    interruption: Interruption,
    say: Callable[[str], None],
) -> int | None:
    log = _log(settings)
    set_aside_when_large(log)
    begun = time.monotonic()
    child = Child(
        command,
        folder=settings.nlu,
        environment={**settings.environment, **RASA_ENVIRONMENT},
        log=log,
        grace=GRACE_SECONDS,
    )
    next_word = begun + PROGRESS_SECONDS
    try:
        while (code := child.exit_code()) is None:
            if interruption.requested:
                return None
            if time.monotonic() >= next_word:
                say(f"  … {time.monotonic() - begun:.0f} s")
                next_word += PROGRESS_SECONDS
            time.sleep(LOOK_SECONDS)
        return code
    finally:
        child.kill()


def _log(settings: RunSettings) -> Path:
    return settings.logs / "train.log"


def _failure(settings: RunSettings, code: int) -> str:
    log = _log(settings)
    lines = "\n".join(f"  {line}" for line in last_lines(log, 12))
    return (
        f"L'apprentissage du modèle a échoué (code {code}). "
        f"Fin de {settings.display(log)} :\n{lines}"
    )


def _prune(models: Path, present: Path) -> None:
    """Delete the models of earlier data but the latest, and what killed trainings left."""
    earlier = sorted(
        (path for path in models.glob(f"{MODEL_PREFIX}*.tar.gz") if path != present),
        key=lambda path: path.stat().st_mtime,
        reverse=True,
    )
    for path in earlier[MODELS_KEPT - 1 :]:
        path.unlink()
    for folder in models.glob(".training-*"):
        if time.time() - folder.stat().st_mtime > _ABANDONED_AFTER_SECONDS:
            shutil.rmtree(folder, ignore_errors=True)
