"""The consents that are ours: asked when they matter, given, left, taken back, and over."""

from __future__ import annotations

import pytest

from assistant.bootstrap import Assistant
from assistant.domain.consent import Purpose, Standing, verify
from assistant.services.consent.recording import standing_of
from tests.fakes.clock import FakeClock
from tests.talker import Talker

KEEP = Purpose.KEEP_CONVERSATION
QUESTION = "interface/consent.keep_conversation.question"


@pytest.fixture
def pausing(talker: Talker) -> Talker:
    """Somebody who stops on the way and is asked whether to keep the conversation."""
    talker.says("je veux activer mon espace santé").says("plus tard")
    assert talker.offered == [f"consent/{KEEP}/yes", f"consent/{KEEP}/no"]
    return talker


def where(assistant: Assistant, talker: Talker, purpose: Purpose = KEEP) -> Standing:
    """Tell where a consent stands; the ledger must be whole."""
    with assistant.open_unit_of_work() as work:
        assert verify(work.consents.entries(), work.consents.payloads()) == ()
        return standing_of(work, talker.id, purpose, assistant.now())


def person_of(assistant: Assistant, talker: Talker) -> str | None:
    """Return the person of the conversation, if anybody had a reason to know one."""
    with assistant.open_unit_of_work() as work:
        return work.people.of_conversation(talker.id)


def keys(assistant: Assistant, talker: Talker) -> list[str]:
    """List the keys of the last answer."""
    with assistant.open_unit_of_work() as work:
        told = {each.id: each for each in work.messages.after(talker.id)}
    said = (told[each["id"]].instruction for each in talker.last)
    return [each.key.removeprefix("interface/") for each in said if each is not None]


def lives(assistant: Assistant, talker: Talker) -> bool:
    """Tell whether the conversation is still there after the retention work."""
    assistant.forget_idle()
    answer = talker.http.request(
        "GET", f"/api/conversations/{talker.id}/messages", headers=talker.headers
    )
    return answer.status_code == 200


@pytest.mark.parametrize("said", ["oui", "ok d'accord", "👍", "1"])
def test_a_plain_yes_keeps_it_as_long_as_was_said(
    pausing: Talker, assistant: Assistant, clock: FakeClock, said: str
) -> None:
    pausing.says(said)
    assert keys(assistant, pausing)[0] == "consent.keep_conversation.given"
    assert "word/continue" in pausing.offered
    assert where(assistant, pausing) is Standing.IN_FORCE
    clock.pass_time(days=assistant.settings.keep_days - 1)
    assert lives(assistant, pausing)
    clock.pass_time(days=2)
    assert not lives(assistant, pausing)


@pytest.mark.parametrize("said", ["non merci", "👎", "2", "pas du tout"])
def test_a_no_is_a_no_and_writes_nothing_down(
    pausing: Talker, assistant: Assistant, clock: FakeClock, said: str
) -> None:
    pausing.says(said)
    assert keys(assistant, pausing)[0] == "consent.refused"
    assert where(assistant, pausing) is Standing.ABSENT
    assert person_of(assistant, pausing) is None
    clock.pass_time(hours=assistant.settings.unkept_hours - 1)
    assert lives(assistant, pausing)
    clock.pass_time(hours=2)
    assert not lives(assistant, pausing)


@pytest.mark.parametrize("said", ["oui mais pas longtemps", "bof", "oui non", "comme vous voulez"])
def test_what_is_unclear_is_asked_once_more_and_then_left(
    pausing: Talker, assistant: Assistant, said: str
) -> None:
    pausing.says(said)
    assert keys(assistant, pausing)[0] == "consent.unclear"
    assert f"consent/{KEEP}/yes" in pausing.offered
    pausing.says(said)
    assert keys(assistant, pausing)[0] == "consent.left"
    assert where(assistant, pausing) is Standing.ABSENT
    pausing.says("continuer").says("plus tard")
    assert QUESTION.removeprefix("interface/") not in keys(assistant, pausing)


def test_why_explains_and_is_no_try(pausing: Talker, assistant: Assistant) -> None:
    for _ in range(3):
        pausing.says("pourquoi ?")
        assert keys(assistant, pausing)[0] == "consent.keep_conversation.why"
    pausing.says("bof")
    assert keys(assistant, pausing)[0] == "consent.unclear"
    pausing.says("oui")
    assert where(assistant, pausing) is Standing.IN_FORCE


def test_the_last_clear_word_counts(pausing: Talker, assistant: Assistant) -> None:
    pausing.says("oui. non en fait")
    assert keys(assistant, pausing)[0] == "consent.refused"


def test_later_is_neither_and_is_not_asked_again(pausing: Talker, assistant: Assistant) -> None:
    pausing.says("on verra")
    assert keys(assistant, pausing)[0] == "consent.left"
    assert where(assistant, pausing) is Standing.ABSENT


def test_another_subject_leaves_it(pausing: Talker, assistant: Assistant) -> None:
    pausing.says("j'ai perdu ma carte vitale")
    assert f"consent/{KEEP}/yes" not in pausing.offered
    pausing.says("oui")
    assert where(assistant, pausing) is Standing.ABSENT


def test_a_child_is_not_asked_any_more(pausing: Talker, assistant: Assistant) -> None:
    pausing.says("oui mais j'ai 13 ans")
    assert keys(assistant, pausing)[0] == "consent.minor"
    assert where(assistant, pausing) is Standing.ABSENT
    pausing.says("continuer").says("plus tard")
    assert f"consent/{KEEP}/yes" not in pausing.offered


def test_whoever_helps_is_not_asked_for_the_consent_of_the_other(
    talker: Talker, assistant: Assistant
) -> None:
    talker.says("c'est pour ma mère, elle veut activer son espace").says("plus tard")
    assert f"consent/{KEEP}/yes" not in talker.offered
    with assistant.open_unit_of_work() as work:
        work.conversations.set_shared_device(talker.id, shared=False)
        work.commit()
    talker.says("gardez notre conversation")
    assert keys(assistant, talker)[0] == "consent.not_yours"


def test_taken_back_as_easily_as_given(
    pausing: Talker, assistant: Assistant, clock: FakeClock
) -> None:
    pausing.says("oui")
    pausing.says("je ne veux plus que vous gardiez mes messages")
    assert keys(assistant, pausing)[0] == "consent.keep_conversation.withdrawn"
    assert where(assistant, pausing) is Standing.ABSENT
    clock.pass_time(hours=assistant.settings.unkept_hours, minutes=1)
    assert not lives(assistant, pausing)


def test_the_list_tells_what_is_in_force_and_takes_it_back(
    pausing: Talker, assistant: Assistant
) -> None:
    pausing.says("oui").says("mes accords")
    told = keys(assistant, pausing)
    assert "consent.keep_conversation.on" in told
    assert "consent.reminders.off" in told
    assert [each for each in pausing.offered if each.startswith("consent/")] == [
        f"consent/{KEEP}/withdraw"
    ]
    pausing.picks("/withdraw")
    assert where(assistant, pausing) is Standing.ABSENT
    pausing.says("mes accords")
    assert "consent.nothing_to_change" in keys(assistant, pausing)


def test_it_ends_after_a_year_and_is_asked_anew_in_its_last_month(
    pausing: Talker, assistant: Assistant, clock: FakeClock
) -> None:
    pausing.says("oui")
    waited = 0
    while waited < assistant.settings.consent_days - 29:
        clock.pass_time(days=25)
        waited += 25
        assert lives(assistant, pausing)
        pausing.says("continuer")
    assert where(assistant, pausing) is Standing.ENDING
    pausing.says("plus tard")
    assert f"consent/{KEEP}/yes" in pausing.offered
    pausing.says("bof").says("bof")
    clock.pass_time(days=assistant.settings.consent_days - waited)
    assert where(assistant, pausing) is Standing.ABSENT


def test_nothing_is_asked_on_a_shared_device(talker: Talker, assistant: Assistant) -> None:
    with assistant.open_unit_of_work() as work:
        work.conversations.set_shared_device(talker.id, shared=True)
        work.commit()
    talker.says("je veux activer mon espace santé").says("plus tard")
    assert f"consent/{KEEP}/yes" not in talker.offered
    talker.says("gardez notre conversation")
    assert keys(assistant, talker)[0] == "consent.shared_device"


def test_it_can_be_given_unasked(talker: Talker, assistant: Assistant) -> None:
    talker.says("gardez notre conversation").says("oui")
    assert where(assistant, talker) is Standing.IN_FORCE
    talker.says("gardez notre conversation")
    assert keys(assistant, talker)[0] == "consent.already"
