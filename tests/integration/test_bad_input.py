"""Bad input gets a clear error, and loses nothing."""

from __future__ import annotations

import json
import threading
import uuid

import pytest

from tests.talker import Talker


@pytest.fixture
def guided(talker: Talker) -> Talker:
    """Somebody in front of the first step of the activation."""
    return talker.says("je veux activer mon espace santé")


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"text": ""}, 422, "empty-message"),
        ({"text": " \n\t "}, 422, "empty-message"),
        ({"text": "\x00\x07\u200b"}, 422, "empty-message"),
        ({"text": "a" * 2_001}, 413, "message-too-long"),
        ({"text": "a" * 102_400}, 413, "too-large"),
        ({"choice": "step/activer_espace/nowhere/oui"}, 409, "choice-not-offered"),
        ({"choice": "word/no_such_word"}, 409, "choice-not-offered"),
        ({"choice": ""}, 409, "choice-not-offered"),
        ({"text": "a", "choice": "b"}, 422, "malformed-request"),
        ({}, 422, "malformed-request"),
        ({"text": 12}, 422, "malformed-request"),
        ({"text": "\ud800 half a sign"}, 422, "malformed-request"),
        ({"words": "a"}, 422, "malformed-request"),
    ],
)
def test_refusals_say_why_and_lose_nothing(
    guided: Talker, body: dict[str, str], status: int, kind: str
) -> None:
    before = guided.history()
    answer = guided.http.request(
        "POST",
        f"/api/conversations/{guided.id}/messages",
        content=json.dumps(body).encode(),
        headers={
            **guided.headers,
            "Idempotency-Key": str(uuid.uuid4()),
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"] == f"/problems/{kind}"
    assert answer.json()["status"] == status
    assert guided.history() == before


@pytest.mark.parametrize(
    "text",
    [
        "🙏🙏🙏",
        "👍",
        "!!!???",
        "<script>alert(1)</script>",
        "<b>oui</b>",
        "/restart",
        '/choose{"option":"x"}',
        "/",
        "oui\x00\x07",
        "\u202eruojnob",
        "مرحبا",
        "a" * 2_000,
        "{fact:support_phone}",
        "%s %d {0}",
        "' OR 1=1 --",
    ],
)
def test_odd_texts_are_answered_and_the_step_is_kept_or_answered(guided: Talker, text: str) -> None:
    answer = guided.http.request(
        "POST",
        f"/api/conversations/{guided.id}/messages",
        content=_json_text(text),
        headers={
            **guided.headers,
            "Idempotency-Key": str(uuid.uuid4()),
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code == 200, answer.text
    messages = answer.json()["messages"]
    assert messages
    assert any(message["step"] for message in messages)


@pytest.mark.parametrize(
    "raw", [b'{"text": "\xff\xfe"}', b"{", b"", b"[]", b"null", b'{"text": "\xc3("}']
)
def test_a_body_that_is_no_json_is_refused(guided: Talker, raw: bytes) -> None:
    before = guided.history()
    answer = guided.http.request(
        "POST",
        f"/api/conversations/{guided.id}/messages",
        content=raw,
        headers={
            **guided.headers,
            "Idempotency-Key": str(uuid.uuid4()),
            "Content-Type": "application/json",
        },
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"
    assert guided.history() == before


def test_a_choice_of_an_earlier_question_is_refused(guided: Talker) -> None:
    old = next(each for each in guided.offered if each.startswith("step/"))
    guided.says("1")
    before = guided.history()
    answer = guided.post({"choice": old})
    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/choice-not-offered"
    assert guided.history() == before


def test_the_same_key_again_returns_the_same_and_does_nothing(guided: Talker) -> None:
    key = str(uuid.uuid4())
    first = guided.post({"text": "1"}, key)
    history = guided.history()
    again = guided.post({"text": "1"}, key)
    assert (again.status_code, again.json()) == (200, first.json())
    assert guided.history() == history


def test_the_same_key_with_another_body_is_refused(guided: Talker) -> None:
    key = str(uuid.uuid4())
    guided.post({"text": "1"}, key)
    before = guided.history()
    answer = guided.post({"text": "2"}, key)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/problems/idempotency-key-reused"
    assert guided.history() == before


@pytest.mark.parametrize("key", [None, "not-a-uuid", ""])
def test_a_message_needs_a_key(guided: Talker, key: str | None) -> None:
    headers = dict(guided.headers) if key is None else {**guided.headers, "Idempotency-Key": key}
    answer = guided.http.request(
        "POST", f"/api/conversations/{guided.id}/messages", json={"text": "1"}, headers=headers
    )
    assert answer.status_code == 422
    assert "idempotency-key" in answer.json()["detail"]


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Basic abc", "Bearer", "é"])
def test_a_wrong_token_opens_nothing(guided: Talker, authorization: str) -> None:
    for method, path in [
        ("GET", "messages"),
        ("POST", "messages"),
        ("GET", "events"),
        ("PUT", "language"),
        ("DELETE", ""),
    ]:
        answer = guided.http.request(
            method,
            f"/api/conversations/{guided.id}/{path}".rstrip("/"),
            headers={
                b"Authorization": authorization.encode(),
                b"Idempotency-Key": str(uuid.uuid4()).encode(),
            },
            json={"text": "1", "language": "fr"} if method in {"POST", "PUT"} else None,
        )
        assert answer.status_code == 401, (method, path)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_an_unknown_conversation_is_not_found(guided: Talker) -> None:
    answer = guided.http.request(
        "GET", f"/api/conversations/{uuid.uuid4().hex}/messages", headers=guided.headers
    )
    assert answer.status_code == 404


def test_after_an_unknown_message_is_not_found(guided: Talker) -> None:
    answer = guided.http.request(
        "GET", f"/api/conversations/{guided.id}/messages?after=nope", headers=guided.headers
    )
    assert answer.status_code == 404


def test_a_language_that_is_not_offered_names_those_that_are(guided: Talker) -> None:
    for method, path in [("POST", ""), ("PUT", f"/{guided.id}/language")]:
        answer = guided.http.request(
            method,
            f"/api/conversations{path}",
            json={"language": "xx"},
            headers=guided.headers,
        )
        assert answer.status_code == 422
        assert "fr" in answer.json()["offered"]


def test_two_messages_at_the_same_moment_are_both_answered_in_order(guided: Talker) -> None:
    answers: list[int] = []

    def say() -> None:
        answers.append(guided.post({"text": "est-ce obligatoire ?"}).status_code)

    threads = [threading.Thread(target=say) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * 4
    history = guided.history()
    asked = [message for message in history if message["author"] == "citizen"]
    assert len(asked) == 5
    assert len({message["id"] for message in history}) == len(history)
    answered = [m for m in history if m["author"] == "assistant" and m["kind"] == "say"]
    assert len(answered) >= 4


def _json_text(text: str) -> bytes:
    return json.dumps({"text": text}).encode()
