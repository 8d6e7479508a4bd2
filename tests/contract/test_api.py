"""The JSON API as others were promised it: exact keys, exact statuses."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient

from tests.talker import Talker

MESSAGE = {
    "id",
    "author",
    "kind",
    "text",
    "language",
    "direction",
    "choices",
    "links",
    "step",
    "created_at",
}
PROBLEM = {"type", "title", "status"}
CONVERSATION = "/api/conversations/{conversation_id}"
# Method and path, and the keys of the body that a success answers with.
PROMISED: Mapping[tuple[str, str], tuple[int, set[str] | None]] = {
    ("POST", "/api/conversations"): (201, {"id", "token", "language", "messages"}),
    ("POST", "/api/conversations/resume"): (201, {"id", "token", "language", "messages"}),
    ("POST", f"{CONVERSATION}/code"): (201, {"code", "expires_at"}),
    ("GET", "/api/places"): (
        200,
        {"near", "radius_km", "widened", "has_more", "ring_support", "places", "remote"},
    ),
    ("GET", f"{CONVERSATION}/messages"): (200, {"messages", "held_by"}),
    ("POST", f"{CONVERSATION}/messages"): (200, {"messages"}),
    ("GET", f"{CONVERSATION}/events"): (200, None),
    ("GET", f"{CONVERSATION}/export"): (200, {"made_at", "summary", "kept"}),
    ("GET", f"{CONVERSATION}/choices"): (
        200,
        {"schema_version", "made_at", "notice", "closed", "lines"},
    ),
    ("GET", f"{CONVERSATION}/choices/fhir"): (200, None),
    ("GET", f"{CONVERSATION}/consents"): (200, {"closed", "consents"}),
    ("DELETE", f"{CONVERSATION}/consents/{{purpose}}"): (204, None),
    ("PUT", f"{CONVERSATION}/language"): (200, {"messages", "held_by"}),
    ("DELETE", CONVERSATION): (204, None),
    ("GET", "/health"): (
        200,
        {
            "status",
            "rasa",
            "actions",
            "database",
            "sms",
            "sms_lost",
            "sms_missed",
            "facts_past_review",
            "texts_held_back",
            "version",
        },
    ),
}


@pytest.fixture
def document(client: TestClient) -> Any:
    """The OpenAPI document, as it is served."""
    answer = client.get("/openapi.json")
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def _are_messages(messages: Iterable[Mapping[str, Any]]) -> None:
    found = list(messages)
    assert found
    for message in found:
        assert message.keys() == MESSAGE
        assert message["author"] in {"assistant", "citizen", "mediator"}
        assert message["direction"] in {"ltr", "rtl"}
        assert datetime.fromisoformat(message["created_at"]).utcoffset() == timedelta(0)
        for choice in message["choices"]:
            assert choice.keys() == {"id", "label"}
        for link in message["links"]:
            assert link.keys() == {"label", "url"}
        if message["step"] is not None:
            assert message["step"].keys() == {"flow", "id", "index", "count"}
            assert 1 <= message["step"]["index"] <= message["step"]["count"]


# ---------------------------------------------------------------------------- what is promised


def test_openapi_describes_what_was_promised_and_nothing_else(document: Any) -> None:
    described = {
        (method.upper(), path)
        for path, operations in document["paths"].items()
        for method in operations
    }
    assert described == set(PROMISED)


@pytest.mark.parametrize(("method", "path"), PROMISED)
def test_openapi_gives_each_answer_its_keys(document: Any, method: str, path: str) -> None:
    status, keys = PROMISED[method, path]
    operation = document["paths"][path][method.lower()]
    answer = operation["responses"][str(status)]
    if keys is None:
        assert "application/json" not in answer.get("content", {})
        return
    schema = _resolved(document, answer["content"]["application/json"]["schema"])
    assert set(schema["properties"]) == keys
    assert set(schema["required"]) == keys


def test_openapi_gives_a_message_its_keys(document: Any) -> None:
    schema = document["components"]["schemas"]["MessageBody"]
    assert set(schema["properties"]) == set(schema["required"]) == MESSAGE


def test_openapi_says_that_problems_are_problem_details(document: Any) -> None:
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for status, answer in operation["responses"].items():
                if status < "400":
                    continue
                assert set(answer["content"]) == {"application/problem+json"}, (method, path)
                schema = answer["content"]["application/problem+json"]["schema"]
                assert set(_resolved(document, schema)["required"]) >= PROBLEM


def test_openapi_asks_for_the_idempotency_key(document: Any) -> None:
    operation = document["paths"][f"{CONVERSATION}/messages"]["post"]
    (key,) = [each for each in operation["parameters"] if each["in"] == "header"]
    assert key["name"].lower() == "idempotency-key"
    assert key["required"] is True
    assert key["schema"]["format"] == "uuid"


def _resolved(document: Any, schema: Any) -> Any:
    while "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    return schema


# ------------------------------------------------------------------------------- what is answered


def test_opening(client: TestClient) -> None:
    answer = client.post("/api/conversations", json={"language": "fr"})
    assert answer.status_code == 201
    body = answer.json()
    assert body.keys() == {"id", "token", "language", "messages"}
    assert body["language"] == "fr"
    assert body["id"] != body["token"]
    assert len(body["token"]) >= 32
    _are_messages(body["messages"])
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "body", [{"text": "je veux activer mon espace santé"}, {"choice": "need/activer_espace"}]
)
def test_saying(talker: Talker, body: Mapping[str, str]) -> None:
    answer = talker.post(body)
    assert answer.status_code == 200
    assert answer.json().keys() == {"messages"}
    messages = answer.json()["messages"]
    _are_messages(messages)
    assert {each["author"] for each in messages} == {"assistant"}
    assert messages[-1]["step"]["flow"] == "activer_espace"


def test_reading_all_and_what_comes_after(talker: Talker) -> None:
    talker.says("bonjour")
    path = f"/api/conversations/{talker.id}/messages"
    answer = talker.http.request("GET", path, headers=talker.headers)
    assert answer.status_code == 200
    assert answer.json().keys() == {"messages", "held_by"}
    assert answer.json()["held_by"] == "assistant"
    messages = answer.json()["messages"]
    _are_messages(messages)
    after = talker.http.request(
        "GET", f"{path}?after={messages[-2]['id']}", headers=talker.headers
    ).json()["messages"]
    assert after == messages[-1:]


def test_changing_the_language(talker: Talker) -> None:
    path = f"/api/conversations/{talker.id}/language"
    answer = talker.http.request("PUT", path, json={"language": "fr"}, headers=talker.headers)
    assert answer.status_code == 200
    assert answer.json().keys() == {"messages", "held_by"}
    _are_messages(answer.json()["messages"])
    refused = talker.http.request("PUT", path, json={"language": "xx"}, headers=talker.headers)
    assert refused.status_code == 422
    assert refused.headers["content-type"] == "application/problem+json"
    assert "fr" in refused.json()["offered"]


def test_exporting(talker: Talker) -> None:
    talker.says("bonjour")
    answer = talker.http.request(
        "GET", f"/api/conversations/{talker.id}/export", headers=talker.headers
    )
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"made_at", "summary", "kept"}
    assert all(isinstance(sentence, str) for sentence in body["summary"])
    assert [row["text"] for row in body["kept"]["inbound"]] == ["bonjour"]
    assert answer.headers["cache-control"] == "no-store"


def test_taking_a_consent_back(talker: Talker) -> None:
    talker.says("gardez notre conversation").says("oui")
    path = f"/api/conversations/{talker.id}/consents"

    def standing() -> dict[str, str]:
        answer = talker.http.request("GET", path, headers=talker.headers)
        assert answer.json().keys() == {"closed", "consents"}
        lines = answer.json()["consents"]
        assert all(each.keys() == {"purpose", "standing", "since", "until"} for each in lines)
        return {each["purpose"]: each["standing"] for each in lines}

    assert standing() == {"keep_conversation": "in_force", "keep_choices": "absent"}
    assert talker.http.request("DELETE", f"{path}/keep_conversation").status_code == 401
    assert standing()["keep_conversation"] == "in_force"
    for _ in range(2):
        taken = talker.http.request("DELETE", f"{path}/keep_conversation", headers=talker.headers)
        assert (taken.status_code, taken.content) == (204, b"")
        assert standing()["keep_conversation"] == "absent"
    for purpose, status in (("everything", 422), ("send_place", 404)):
        refused = talker.http.request("DELETE", f"{path}/{purpose}", headers=talker.headers)
        assert refused.status_code == status
        assert refused.json().keys() >= PROBLEM


def test_erasing(talker: Talker) -> None:
    path = f"/api/conversations/{talker.id}"
    answer = talker.http.request("DELETE", path, headers=talker.headers)
    assert answer.status_code == 204
    assert answer.content == b""
    gone = talker.http.request("GET", f"{path}/messages", headers=talker.headers)
    assert gone.status_code == 404
    assert gone.json().keys() >= PROBLEM


def test_health(client: TestClient) -> None:
    answer = client.get("/health")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] in {"ok", "degraded"}
    assert body["rasa"] in {"ready", "loading", "down"}
    assert body.keys() == PROMISED["GET", "/health"][1]


def test_the_token_opens_all_but_opening_and_health(talker: Talker) -> None:
    for method, path in PROMISED:
        if "{" not in path:
            continue
        answer = talker.http.request(
            method,
            path.replace("{conversation_id}", talker.id),
            json={"text": "bonjour"} if method == "POST" else {"language": "fr"},
            headers={"Authorization": "Bearer wrong", "Idempotency-Key": str(uuid.uuid4())},
        )
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json().keys() >= PROBLEM
        assert re.fullmatch(r"/problems/[a-z-]+", answer.json()["type"])
        assert answer.json()["status"] == 401
