"""After the numbers, somebody who lives with violence may look at who enters their space."""

from __future__ import annotations

import pytest

from tests.talker import Talker


@pytest.mark.parametrize("words", ["mon mari me frappe", "il me surveille et il me tape"])
def test_the_guide_is_offered_by_a_title_that_says_nothing(talker: Talker, words: str) -> None:
    talker.says(words)

    assert talker.kinds[0] == "danger"
    labels = {each["id"]: each["label"] for message in talker.last for each in message["choices"]}
    assert "need/violences" in labels
    assert "violence" not in labels["need/violences"].lower()

    talker.picks("need/violences")
    assert (talker.step or "").startswith("violences/")


def test_other_dangers_offer_no_guide(talker: Talker) -> None:
    talker.says("j'ai envie de mourir")

    assert "need/violences" not in talker.offered
