"""The model is trained when its data changed, and only then."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.run.errors import CannotStart
from assistant.run.interruption import Interruption
from assistant.run.settings import RunSettings
from assistant.run.training import ensure_model, fingerprint, model_path, training_command
from tests.unit.run.processes import running
from tests.unit.run.settings_for import settings_for

REQUIREMENTS = "# a comment\nrasa==3.6.21 \\\n    --hash=sha256:aa\nspacy==3.8.1 ; x\n"
WRITE_A_MODEL = "import pathlib, sys; pathlib.Path(sys.argv[1]).write_text('model')"


@pytest.fixture
def settings(tmp_path: Path) -> RunSettings:
    """A project with the least of a Rasa project in it."""
    nlu = tmp_path / "nlu"
    (nlu / "data" / "fr").mkdir(parents=True)
    (nlu / "components").mkdir()
    (nlu / "domain.yml").write_text("intents: [oui]", encoding="utf-8")
    (nlu / "config.yml").write_text("language: fr", encoding="utf-8")
    (nlu / "data" / "fr" / "oui.yml").write_text("- oui", encoding="utf-8")
    (nlu / "components" / "spelling.py").write_text("", encoding="utf-8")
    (nlu / "requirements.txt").write_text(REQUIREMENTS, encoding="utf-8")
    return settings_for(tmp_path)


class Trainings:
    """A training that takes no time, counted."""

    def __init__(self, code: str = WRITE_A_MODEL) -> None:
        """Run that code, given the path of the model, at each training."""
        self.count = 0
        self._code = code

    def __call__(self, _settings: RunSettings, output: Path, name: str) -> tuple[str, ...]:
        """Return the command of one training."""
        self.count += 1
        return running(self._code, str(output / f"{name}.tar.gz"))


def say_nothing(_line: str) -> None:
    """Keep silent."""


@pytest.mark.parametrize(
    "path", ["domain.yml", "config.yml", "data/fr/oui.yml", "components/spelling.py"]
)
def test_a_change_of_any_source_changes_the_fingerprint(settings: RunSettings, path: str) -> None:
    before = fingerprint(settings.nlu)
    (settings.nlu / path).write_text("changed", encoding="utf-8")
    assert fingerprint(settings.nlu) != before


def rename(nlu: Path) -> None:
    """Rename a source."""
    (nlu / "data" / "fr" / "oui.yml").rename(nlu / "data" / "fr" / "non.yml")


def raise_a_pin(nlu: Path) -> None:
    """Take another version of a package."""
    newer = REQUIREMENTS.replace("3.6.21", "3.6.22")
    (nlu / "requirements.txt").write_text(newer, encoding="utf-8")


def add_a_hash(nlu: Path) -> None:
    """Know one more file of the same version, and comment on it."""
    longer = REQUIREMENTS.replace("sha256:aa", "sha256:aa \\\n    --hash=sha256:bb\n# why")
    (nlu / "requirements.txt").write_text(longer, encoding="utf-8")


def compile_a_component(nlu: Path) -> None:
    """Leave what an import leaves."""
    cache = nlu / "components" / "__pycache__"
    cache.mkdir()
    (cache / "spelling.cpython-311.pyc").write_bytes(b"x")


@pytest.mark.parametrize(
    ("change", "matters"),
    [(rename, True), (raise_a_pin, True), (add_a_hash, False), (compile_a_component, False)],
)
def test_the_fingerprint_moves_with_what_makes_the_model(
    settings: RunSettings, change: Callable[[Path], None], *, matters: bool
) -> None:
    before = fingerprint(settings.nlu)
    change(settings.nlu)
    assert (fingerprint(settings.nlu) != before) is matters


def test_it_trains_once_and_again_after_a_change(settings: RunSettings) -> None:
    trainings = Trainings()

    def train() -> Path | None:
        return ensure_model(settings, Interruption(), say_nothing, command=trainings)

    first = train()
    assert first == model_path(settings)
    assert first.is_file()
    assert train() == first
    assert trainings.count == 1
    raise_a_pin(settings.nlu)
    assert train() not in {None, first}
    assert trainings.count == 2


@pytest.mark.parametrize(
    "code", ["raise SystemExit('ERROR no data')", "print('ERROR no data')"], ids=["fails", "empty"]
)
def test_a_failed_training_leaves_no_model_and_shows_its_log(
    settings: RunSettings, code: str
) -> None:
    with pytest.raises(CannotStart) as raised:
        ensure_model(settings, Interruption(), say_nothing, command=Trainings(code))
    assert "no data" in str(raised.value)
    assert list(settings.models.iterdir()) == []


def test_an_interrupted_training_leaves_nothing(settings: RunSettings) -> None:
    interruption = Interruption()
    interruption.request()
    trainings = Trainings("import time; time.sleep(60)")
    begun = time.monotonic()
    assert ensure_model(settings, interruption, say_nothing, command=trainings) is None
    assert time.monotonic() - begun < 30
    assert list(settings.models.iterdir()) == []


def test_earlier_models_are_deleted_but_the_latest(settings: RunSettings) -> None:
    settings.models.mkdir()
    for age, name in enumerate(["latest", "older", "oldest"]):
        path = settings.models / f"pas-a-pas-{name}.tar.gz"
        path.touch()
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    own = settings.models / "experiment.tar.gz"
    own.touch()
    model = ensure_model(settings, Interruption(), say_nothing, command=Trainings())
    assert model is not None
    assert {path.name for path in settings.models.iterdir()} == {
        model.name,
        "pas-a-pas-latest.tar.gz",
        own.name,
    }


def test_training_may_write_into_its_configuration_but_not_into_ours(
    settings: RunSettings,
) -> None:
    rewrite = (
        "import pathlib, sys; model = pathlib.Path(sys.argv[1])\n"
        "with model.with_name('config.yml').open('a') as config: config.write('assistant_id: x')\n"
        "model.touch()"
    )
    before = fingerprint(settings.nlu)
    ensure_model(settings, Interruption(), say_nothing, command=Trainings(rewrite))
    assert fingerprint(settings.nlu) == before


def test_rasa_trains_with_its_own_interpreter(settings: RunSettings, tmp_path: Path) -> None:
    command = training_command(settings, tmp_path, "name")
    assert command[0] == str(settings.nlu_python)
    assert {"train", "--fixed-model-name", "name"} < set(command)
