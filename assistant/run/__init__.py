"""Runs the whole product on one machine: trains the model when needed, keeps three processes up."""

from assistant.run.errors import CannotStart
from assistant.run.settings import Port, RunSettings
from assistant.run.start import run_all, train

__all__ = ["CannotStart", "Port", "RunSettings", "run_all", "train"]
