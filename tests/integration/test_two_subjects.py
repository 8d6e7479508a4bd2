"""Two subjects in one message: one after the other, the second remembered."""

from __future__ import annotations

from assistant.bootstrap import Assistant
from tests.fakes.rasa import FakeRasa, Trouble
from tests.talker import Talker

BOTH = "c'est quoi la différence avec ameli et est-ce que mon employeur voit mes documents"
GUIDE_AND_ANSWER = "j'ai pas le code et en plus je veux pas que mon patron voie"


def keys_of(assistant: Assistant, talker: Talker) -> list[str]:
    """Return the keys of what was said last."""
    ids = {message["id"] for message in talker.last}
    with assistant.open_unit_of_work() as work:
        return [
            each.instruction.key
            for each in work.messages.after(talker.id)
            if each.id in ids and each.instruction is not None
        ]


def test_the_second_subject_is_offered_after_the_first(
    assistant: Assistant, talker: Talker, rasa: FakeRasa
) -> None:
    rasa.intents = {BOTH: "difference_services"}
    talker.says(BOTH)

    assert keys_of(assistant, talker)[:2] == [
        "interface/later.noted",
        "answer/difference_services/text",
    ]
    assert "need/qui_peut_voir" in talker.offered

    talker.says("oui")
    assert keys_of(assistant, talker)[0] == "answer/qui_peut_voir/text"


def test_the_second_subject_waits_for_the_end_of_a_guide(
    assistant: Assistant, talker: Talker, rasa: FakeRasa
) -> None:
    rasa.intents = {GUIDE_AND_ANSWER: "qui_peut_voir"}
    talker.says(GUIDE_AND_ANSWER)

    assert (talker.step or "").startswith("nouveau_code/")
    with assistant.open_unit_of_work() as work:
        assert work.conversations.get(talker.id).state.later == ("qui_peut_voir",)


def test_a_no_lets_the_second_subject_go(
    assistant: Assistant, talker: Talker, rasa: FakeRasa
) -> None:
    rasa.intents = {BOTH: "difference_services"}
    talker.says(BOTH).says("non")

    assert keys_of(assistant, talker) == ["interface/anything_else"]
    with assistant.open_unit_of_work() as work:
        assert work.conversations.get(talker.id).state.later == ()


def test_it_works_while_rasa_is_away(assistant: Assistant, talker: Talker, rasa: FakeRasa) -> None:
    rasa.trouble = Trouble.REFUSED
    assistant.rasa.probe()
    talker.says(BOTH)

    assert keys_of(assistant, talker)[0] == "interface/later.noted"


def test_danger_comes_before_any_subject(assistant: Assistant, talker: Talker) -> None:
    talker.says("je veux activer mon espace santé et j'ai envie de mourir")

    assert talker.kinds[0] == "danger"
    with assistant.open_unit_of_work() as work:
        assert work.conversations.get(talker.id).state.later == ()
