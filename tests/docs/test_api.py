"""docs/api.md and the OpenAPI document say what the gateway does."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi.openapi.models import OpenAPI
from fastapi.testclient import TestClient

from assistant.bootstrap import Assistant
from assistant.config import Settings
from assistant.domain.errors import PasAPasError
from assistant.gateway.places import SEARCHES_PER_MINUTE
from assistant.gateway.problems import MEDIA_TYPE, answer_of
from assistant.gateway.protection import TooManyRequests
from assistant.gateway.schemas import MessageBody
from tests.docs.pages import read, rows, section, spans
from tests.in_process import DATABASE
from tests.talker import Talker

METHODS = ("get", "post", "put", "delete")
CONVERSATION = "/api/conversations/{conversation_id}"


@pytest.fixture
def document(client: TestClient) -> dict[str, Any]:
    """The OpenAPI document, as it is served."""
    served: dict[str, Any] = client.get("/openapi.json").json()
    return served


# -- the document itself -------------------------------------------------------------------------


def test_the_document_is_valid(document: dict[str, Any]) -> None:
    OpenAPI.model_validate(document)
    ids = [each["operationId"] for _, _, each in _operations(document)]
    assert len(set(ids)) == len(ids)


def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert references
    for reference in references:
        found: Any = document
        for part in reference.split("/"):
            found = found[part]


def test_every_operation_says_what_it_is_for(document: dict[str, Any]) -> None:
    for path, method, operation in _operations(document):
        assert operation.get("description"), (method, path)
        assert operation.get("tags"), (method, path)


def test_every_operation_of_a_conversation_says_that_it_wants_a_token(
    document: dict[str, Any],
) -> None:
    schemes = document.get("components", {}).get("securitySchemes", {})
    assert any(each.get("scheme") == "bearer" for each in schemes.values())
    for path, method, operation in _operations(document):
        assert bool(operation.get("security")) == path.startswith(CONVERSATION), (method, path)


# -- the page ------------------------------------------------------------------------------------


def test_every_operation_is_documented(document: dict[str, Any]) -> None:
    documented = {
        (spans(row[0])[0].split(" ")[1], spans(row[0])[0].split(" ")[0].lower(), row[2])
        for row in rows(read("api.md"))
    }
    declared = {
        (path, method, next(status for status in operation["responses"] if status < "300"))
        for path, method, operation in _operations(document)
    }
    assert documented == declared


def test_every_field_of_a_message_is_documented() -> None:
    documented = [
        name for row in rows(section(read("api.md"), "Messages")) for name in spans(row[0])
    ]
    assert sorted(documented) == sorted(MessageBody.model_fields)


def test_every_problem_is_documented() -> None:
    documented = {
        (int(row[0]), spans(row[1])[0].removeprefix("/problems/"))
        for row in rows(section(read("api.md"), "Errors"))
    }
    kinds: list[type[PasAPasError]] = [*_tree(PasAPasError), TooManyRequests]
    answers = [answer_of(kind.__new__(kind)) for kind in kinds]
    of_the_gateway = {(413, "too-large"), (422, "malformed-request")}
    assert documented == {(int(each.status), each.kind) for each in answers} | of_the_gateway


def test_the_example_is_what_the_gateway_answers(client: TestClient) -> None:
    shown = re.findall(r"```json\n(.*?)\n```", read("api.md"), re.DOTALL)
    (example,) = [json.loads(each) for each in shown]
    answer = client.post("/api/conversations", json={"language": "fr"})
    body = answer.json()
    assert answer.status_code == 201
    assert body.keys() == example.keys()
    for message in body["messages"]:
        assert message.keys() == example["messages"][0].keys()
    asked = body["messages"][-1]
    assert (asked["author"], asked["kind"]) == ("assistant", "ask")
    assert example["messages"][0]["choices"][0] in asked["choices"]


# -- problems: what is declared is what happens ----------------------------------------------------


@dataclass(frozen=True)
class Call:
    """A request to one operation, complete and right unless something is changed."""

    talker: Talker
    path: str
    method: str
    limit: int

    def send(
        self,
        *,
        conversation: str | None = None,
        token: str | None = None,
        json_body: Mapping[str, object] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        query: str = "",
    ) -> Any:
        """Send it."""
        body = {"post": {"text": "bonjour"}, "put": {"language": "fr"}}.get(self.method)
        if self.path == "/api/conversations":
            body = {"language": "fr"}
        if self.path == "/api/conversations/resume":
            body = {"code": "000000"}
        path = self.path.replace("{conversation_id}", conversation or self.talker.id).replace(
            "{purpose}", "reminders"
        )
        if self.path == PLACES and not query:
            query = "?near=gap"
        wanted = json_body if json_body is not None else body
        return self.talker.http.request(
            self.method.upper(),
            path + query,
            content=content if content is not None else json.dumps(wanted).encode(),
            headers={
                "Authorization": f"Bearer {token if token is not None else self.talker.token}",
                "Idempotency-Key": str(uuid.uuid4()),
                "Content-Type": "application/json",
                **(headers or {}),
            },
        )


def _unreadable(call: Call) -> Any:
    if call.method in {"post", "put"}:
        return call.send(json_body={"nothing": "known"})
    return call.send(query=f"?after={'a' * 65}", headers={"Last-Event-ID": "a" * 65})


def _too_often(call: Call) -> Any:
    answer = call.send()
    limit = SEARCHES_PER_MINUTE if call.path == PLACES else call.limit
    for _ in range(limit if call.method == "post" or call.path == PLACES else 0):
        if answer.status_code == 429:
            break
        answer = call.send()
    return answer


PROVOKED: Mapping[str, Callable[[Call], Any]] = {
    "401": lambda call: call.send(token="wrong"),  # noqa: S106 (a wrong one)
    "404": lambda call: call.send(conversation=uuid.uuid4().hex),
    "409": lambda call: call.send(json_body={"choice": "step/nowhere/nothing/oui"}),
    "413": lambda call: call.send(content=b" " * 70_000),
    "422": _unreadable,
    "429": _too_often,
}

PLACES = "/api/places"

OPERATIONS = [
    ("/api/conversations", "post"),
    ("/api/conversations/resume", "post"),
    (f"{CONVERSATION}/code", "post"),
    (f"{CONVERSATION}/messages", "get"),
    (f"{CONVERSATION}/messages", "post"),
    (f"{CONVERSATION}/events", "get"),
    (f"{CONVERSATION}/export", "get"),
    (f"{CONVERSATION}/choices", "get"),
    (f"{CONVERSATION}/choices/fhir", "get"),
    (f"{CONVERSATION}/consents", "get"),
    (f"{CONVERSATION}/consents/{{purpose}}", "delete"),
    (f"{CONVERSATION}/language", "put"),
    (CONVERSATION, "delete"),
    (PLACES, "get"),
]

WITHOUT_PARAMETERS = {
    f"{CONVERSATION}/{name}" for name in ("code", "export", "choices", "choices/fhir", "consents")
}

# An event stream that opens never ends: what does not refuse it cannot be asked here.
ENDLESS = f"{CONVERSATION}/events"


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_problem_that_happens_is_declared_and_in_its_form(
    document: dict[str, Any], talker: Talker, settings: Settings, path: str, method: str
) -> None:
    declared = document["paths"][path][method]["responses"]
    for status in (each for each in declared if each >= "400"):
        assert set(declared[status]["content"]) == {MEDIA_TYPE}, status
    for status, provoke in PROVOKED.items():
        if path == ENDLESS and status in {"409", "429"}:
            continue
        answer = provoke(Call(talker, path, method, _limit(settings)))
        if answer.status_code < 400:
            continue
        assert str(answer.status_code) in declared, (answer.status_code, answer.text)
        assert answer.headers["content-type"] == MEDIA_TYPE
        assert answer.json()["status"] == answer.status_code


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_declared_problem_can_happen(
    document: dict[str, Any], talker: Talker, settings: Settings, path: str, method: str
) -> None:
    declared = set(document["paths"][path][method]["responses"])
    if method == "delete" or path in WITHOUT_PARAMETERS:
        declared.discard("422")  # FastAPI declares it wherever there is a parameter
    never = []
    # What is counted is counted last: it would answer for all the others. 503 is the next test.
    for status in sorted({each for each in declared if each >= "400"} - {"503"}, key=_counted):
        if path == ENDLESS and status == "429":
            never.append(status)
            continue
        answer = PROVOKED[status](Call(talker, path, method, _limit(settings)))
        if answer.status_code != int(status):
            never.append(status)
        if answer.status_code == 204:
            talker = Talker.begin(talker.http)
    assert not never


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_a_database_that_is_gone_is_declared(
    document: dict[str, Any],
    talker: Talker,
    assistant: Assistant,
    settings: Settings,
    path: str,
    method: str,
) -> None:
    assistant.engine.dispose()
    for part in settings.data_dir.glob(f"{DATABASE}*"):
        part.unlink()
    (settings.data_dir / DATABASE).mkdir()
    answer = Call(talker, path, method, _limit(settings)).send()
    assert answer.status_code == 503
    assert "503" in document["paths"][path][method]["responses"]


def test_every_operation_of_the_document_is_tried(document: dict[str, Any]) -> None:
    declared = {(path, method) for path, method, _ in _operations(document)}
    assert declared == {*OPERATIONS, ("/health", "get")}


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (path, method, operations[method])
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]


def _tree(kind: type[PasAPasError]) -> list[type[PasAPasError]]:
    """List the errors of the domain; those of other layers never reach the gateway's table."""
    below = [each for child in kind.__subclasses__() for each in _tree(child)]
    return [kind, *below] if kind.__module__ == PasAPasError.__module__ else below


def _limit(settings: Settings) -> int:
    return 1 + max(settings.messages_per_minute, settings.conversations_per_minute)


def _counted(status: str) -> bool:
    return status == "429"
