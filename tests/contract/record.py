"""Records what a real Rasa says to the gateway and to the actions: run it when Rasa changes.

``python -m tests.contract.record`` starts Rasa on free ports, with the real model, the real actions
and a database that is thrown away, and writes tests/contract/rasa/.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import typer
from fastapi.testclient import TestClient
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.server import DomainlessExecutor
from assistant import bootstrap, preparation
from assistant.adapters.content_files import load_content
from assistant.config import ROOT, Settings
from assistant.gateway.app import make_app
from assistant.gateway.live import LiveAnnouncer
from assistant.launch import run_settings
from assistant.run import train
from assistant.run.services import services
from assistant.run.training import model_path
from tests.contract.recordings import FOLDER, Exchange, Turn, save, save_turn
from tests.e2e.product import free_ports, wait_until
from tests.talker import Talker

LOADING_SECONDS = 120.0
SURE = "g recu une lettre de la secu ac un code"
DIGRESSION = "est-ce que c'est obligatoire ?"
UNSURE = "qsdf wxcv azer"
SAID = {"opening": SURE, "digression": DIGRESSION, "unsure": UNSURE}
UNDERSTOOD = {
    "parse_sure": SURE,
    "parse_fallback": UNSURE,
    "parse_entities": "je cherche de l'aide à Montreuil 93100",
}


@dataclass
class Tap:
    """The action server, with an ear on the line; it can be told to fail."""

    port: int
    executor: DomainlessExecutor = field(default_factory=DomainlessExecutor)
    heard: list[Exchange] = field(default_factory=list)
    instead: tuple[int, Any] | None = None

    def handle(self, path: str, call: Any) -> tuple[int, Any]:
        """Answer Rasa as rasa-sdk's own server does."""
        status, answer = self.instead or self._run(call)
        self.heard.append(Exchange("POST", path, call, status, answer))
        return status, answer

    def _run(self, call: Any) -> tuple[int, Any]:
        try:
            result = asyncio.run(self.executor.run(call))
        except ActionExecutionRejection as rejection:
            return 400, {"error": rejection.message, "action_name": rejection.action_name}
        return 200, result.model_dump() if result else None

    @contextmanager
    def listening(self) -> Iterator[Tap]:
        """Listen while the block lasts."""
        tap = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Answer one call of an action."""
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = tap.handle(self.path, json.loads(body))
                encoded = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(encoded)))
                self.end_headers()
                self.wfile.write(encoded)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self.executor.register_package("actions")
        server = ThreadingHTTPServer(("127.0.0.1", self.port), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield self
        finally:
            server.shutdown()


@dataclass
class RecordingTransport(httpx.BaseTransport):
    """The network, with an ear on it."""

    heard: list[Exchange] = field(default_factory=list)
    network: httpx.HTTPTransport = field(default_factory=httpx.HTTPTransport)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Pass a request on and note it with its answer."""
        response = self.network.handle_request(request)
        response.read()
        self.heard.append(exchange(request, response))
        return response

    def last(self, path: str) -> Exchange:
        """Return the latest exchange on a path."""
        return next(each for each in reversed(self.heard) if each.path == path)


def exchange(request: httpx.Request, response: httpx.Response) -> Exchange:
    """Return a request and its answer, without the token and the folders of this machine."""
    answer = response.text.replace(f"{ROOT / 'nlu'}/", "")
    return Exchange(
        request.method,
        request.url.path,
        json.loads(request.content) if request.content else None,
        response.status_code,
        _json_or_text(answer),
    )


def _json_or_text(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


@contextmanager
def rasa(settings: Settings, model: Path, folder: Path | None = None) -> Iterator[httpx.Client]:
    """Run Rasa in a folder, its own unless told; give a client of it, without the token."""
    run = run_settings(settings)
    service = next(each for each in services(run, model) if each.name == "rasa")
    with (settings.data_dir / "rasa.log").open("ab") as log:
        process = subprocess.Popen(
            service.command,
            cwd=folder or service.folder,
            env=dict(service.environment),
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        with httpx.Client(base_url=settings.rasa_address, timeout=30, trust_env=False) as client:
            wait_until(service.ready or (lambda: True), LOADING_SECONDS, "rasa")
            yield client
    finally:
        process.terminate()
        process.wait(LOADING_SECONDS)


def record_without_model(settings: Settings) -> None:
    """Record how Rasa is without a model, and how it turns strangers away."""
    token = {"token": settings.rasa_api_token}
    # In its own folder it takes the latest model there is when it is given none.
    with rasa(settings, settings.data_dir / "none.tar.gz", settings.data_dir) as client:
        for name, params in (
            ("status_without_model", token),
            ("status_stranger", {"token": "wrong"}),
        ):
            response = client.get("/status", params=params)
            save(name, exchange(response.request, response))


def record_understanding(settings: Settings, client: httpx.Client) -> None:
    """Record the state of a loaded server, and what it understands."""
    token = {"token": settings.rasa_api_token}
    for name, path in (("version", "/version"), ("status_ready", "/status")):
        response = client.get(path, params=token)
        save(name, exchange(response.request, response))
    for name, sentence in UNDERSTOOD.items():
        response = client.post("/model/parse", params=token, json={"text": sentence})
        save(name, exchange(response.request, response))
    response = client.post("/model/parse", params=token, content=b"no json")
    save(
        "parse_malformed",
        Exchange(
            "POST", "/model/parse", "no json", response.status_code, _json_or_text(response.text)
        ),
    )


def record_turns(settings: Settings, tap: Tap) -> None:
    """Record turns as the gateway has them, with the calls of actions that they make."""
    transport = RecordingTransport()
    announcer = LiveAnnouncer()
    assistant = bootstrap.build(settings, announcer, transport=transport)
    assistant.rasa.probe()
    talker = Talker.begin(TestClient(make_app(assistant, announcer)))

    def keep(name: str) -> None:
        save_turn(name, Turn(transport.last("/webhooks/rest/webhook"), tuple(tap.heard)))
        tap.heard.clear()

    for name, sentence in SAID.items():
        talker.says(sentence)
        keep(name)
    talker.picks("/oui")
    keep("click")
    foreign = {"events": [], "responses": [{"text": "not ours"}]}
    for name, instead in (("silent", (500, {})), ("foreign", (200, foreign))):
        tap.instead = instead
        talker.says(DIGRESSION)
        keep(name)
    save("seed", next(each for each in transport.heard if each.path.endswith("/tracker/events")))
    assistant.close()


def main() -> None:
    """Record everything."""
    gateway, actions_port, rasa_port = free_ports(3)
    with tempfile.TemporaryDirectory() as folder:
        # The actions read the settings by themselves, as in their own process.
        os.environ |= {
            "PASAPAS_DATA_DIR": folder,
            "PASAPAS_PORT": str(gateway),
            "PASAPAS_ACTIONS_PORT": str(actions_port),
            "PASAPAS_RASA_PORT": str(rasa_port),
        }
        settings = Settings()
        preparation.prepare_database(settings, load_content())
        train(run_settings(settings), say=typer.echo)
        record_without_model(settings)
        with (
            Tap(actions_port).listening() as tap,
            rasa(settings, model_path(run_settings(settings))) as client,
        ):
            record_understanding(settings, client)
            record_turns(settings, tap)
    typer.echo(f"recorded in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
