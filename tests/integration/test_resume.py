"""A conversation goes on elsewhere by a short code: fifteen minutes, one use, five tries."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from assistant.bootstrap import Assistant
from assistant.services.resume import CODE_LIVES, TRIES, code_in
from tests.fakes.clock import FakeClock
from tests.talker import Talker


def give(talker: Talker) -> str:
    """Ask for a code, as the first device does."""
    answer = talker.http.request(
        "POST", f"/api/conversations/{talker.id}/code", headers=talker.headers
    )
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["code"]
    return code


def take(client: TestClient, code: str) -> tuple[int, dict[str, object]]:
    """Type a code on the other device."""
    answer = client.post("/api/conversations/resume", json={"code": code})
    return answer.status_code, answer.json()


def other(code: str) -> str:
    """Return another code of the same form."""
    return f"{(int(code) + 1) % 10**6:06}"


def test_the_conversation_goes_on_at_the_same_step(talker: Talker, client: TestClient) -> None:
    talker.picks("need/activer_espace")
    waiting = talker.step

    status, body = take(client, give(talker))

    assert (status, body["id"]) == (201, talker.id)
    elsewhere = Talker(client, talker.id, str(body["token"]), body["messages"])  # type: ignore[arg-type]
    assert elsewhere.step == waiting
    assert elsewhere.says("répéter").step == waiting


def test_the_first_device_loses_it(talker: Talker, client: TestClient) -> None:
    take(client, give(talker))

    assert talker.post({"text": "bonjour"}).status_code == 401


def test_a_code_serves_once(talker: Talker, client: TestClient) -> None:
    code = give(talker)

    assert take(client, code)[0] == 201
    assert take(client, code)[0] == 422


def test_a_code_lives_a_quarter_of_an_hour(
    talker: Talker, client: TestClient, clock: FakeClock
) -> None:
    early = give(talker)
    clock.pass_time(minutes=14)
    assert take(client, early)[0] == 201

    late = give(Talker.begin(client))
    clock.pass_time(minutes=15)
    assert take(client, late)[0] == 422


def test_a_new_code_replaces_the_one_before(talker: Talker, client: TestClient) -> None:
    first, second = give(talker), give(talker)

    assert take(client, first)[0] == 422
    assert take(client, second)[0] == 201


def test_the_sixth_wrong_code_is_not_looked_at(
    talker: Talker, client: TestClient, clock: FakeClock
) -> None:
    code = give(talker)
    for _ in range(TRIES):
        assert take(client, other(code))[0] == 422

    assert take(client, code)[0] == 429
    clock.pass_time(minutes=16)
    assert take(client, give(talker))[0] == 201


@pytest.mark.parametrize("typed", ["", "abc", "12345", "1234567", "12 34 5x", "٤٨٢", "x" * 40])
def test_what_is_no_code_is_refused(talker: Talker, client: TestClient, typed: str) -> None:
    give(talker)

    assert take(client, typed)[0] == 422


def test_a_code_needs_the_token(client: TestClient, talker: Talker) -> None:
    assert client.post(f"/api/conversations/{talker.id}/code").status_code == 401


def test_a_code_goes_with_its_conversation(talker: Talker, client: TestClient) -> None:
    code = give(talker)
    client.delete(f"/api/conversations/{talker.id}", headers=talker.headers)

    assert take(client, code)[0] == 422


def test_old_codes_and_tries_are_forgotten(
    talker: Talker,
    client: TestClient,
    clock: FakeClock,
    assistant: Assistant,
) -> None:
    code = give(talker)
    take(client, other(code))
    clock.pass_time(minutes=15)
    assistant.forget_idle()

    with assistant.open_unit_of_work() as work:
        assert not work.resume_codes.exists(code)
        assert work.resume_codes.tries("testclient", clock.now() - 2 * CODE_LIVES) == (0, 0)


@given(st.integers(0, 10**6 - 1).map("{:06}".format))
def test_a_code_is_read_however_it_is_spaced(code: str) -> None:
    assert code_in(code) == code_in(f" {code[:3]} {code[3:]}. ") == code_in("-".join(code)) == code
    assert code_in(code.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))) == code
