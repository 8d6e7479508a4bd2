"""Walks a journey over the JSON API of the product, in process or over the network."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

import pytest

from assistant.adapters.content_files import Content, load_content
from assistant.adapters.locales import load_translations
from assistant.domain.messages import Channel, Instruction, InstructionKind, Manner
from assistant.domain.whom import Whom
from assistant.flows.document import EndStep, HandOverStep, texts
from assistant.flows.engine import Outcome
from assistant.rendering.catalogue import Catalogue, document_of
from tests.journeys.journey import Ear, Journey, Turn, journeys
from tests.talker import Body, Http, Talker

FREE = "free"


@dataclass
class Walk:
    """One person on their way; ``pass_days`` lets the time pass without them."""

    talker: Talker
    pass_days: Callable[[str, int], None]
    ended: dict[str, Outcome] = field(default_factory=dict)

    def take(self, turn: Turn) -> None:
        """Do what the turn says, and hold the answer to what the person expects."""
        if turn.waits_days is not None:
            self.pass_days(self.talker.id, turn.waits_days)
            return
        if turn.changes_device:
            self._change_device()
        elif turn.refused is not None:
            answer = self.talker.post({"text": turn.says})
            assert answer.json()["type"] == f"/problems/{turn.refused}", f"{turn}: {answer.text}"
        elif turn.picks is not None:
            offered = self.talker.offered
            assert any(each.endswith(turn.picks) for each in offered), f"{turn}: only {offered}"
            self.talker.picks(turn.picks)
        else:
            self.talker.says(turn.says or "")
        self._note_ends()
        self._check(turn)

    def _change_device(self) -> None:
        talker = self.talker
        path = f"/api/conversations/{talker.id}/code"
        code = talker.http.request("POST", path, headers=talker.headers).json()["code"]
        answer = talker.http.request("POST", "/api/conversations/resume", json={"code": code})
        body = answer.json()
        self.talker = Talker(talker.http, body["id"], body["token"], body["messages"])

    def _note_ends(self) -> None:
        for message in self.talker.last:
            ended = _ended(message)
            if ended is not None:
                self.ended[message["step"]["flow"]] = ended

    def _check(self, turn: Turn) -> None:
        told = [name for message in self.talker.last for name in names(message)]
        place = _waiting(self.talker.last)
        seen = f"{turn}: at {place}, told {told}, offered {self.talker.offered}"
        assert turn.at in {None, place}, f"expected at {turn.at} · {seen}"
        missing = [each for each in turn.tells if each not in told]
        assert not missing, f"expected to be told {missing} · {seen}"
        unwanted = [each for each in turn.not_told if each in told]
        assert not unwanted, f"expected not to be told {unwanted} · {seen}"
        absent = [
            each
            for each in turn.offers
            if not any(one.endswith(each) for one in self.talker.offered)
        ]
        assert not absent, f"expected to be offered {absent} · {seen}"


def walk(journey: Journey, http: Http, pass_days: Callable[[str, int], None]) -> None:
    """Walk the whole journey. Raises AssertionError where it leads elsewhere."""
    walking = Walk(Talker.begin(http), pass_days)
    for number, turn in enumerate(journey.turns, start=1):
        try:
            walking.take(turn)
        except AssertionError as error:
            raise AssertionError(f"turn {number}, {error}") from None
    assert walking.ended == dict(journey.outcome), f"ended {walking.ended}"


def cases(ear: Ear) -> Sequence[object]:
    """Return the journeys as parameters; those that go badly must still do so."""
    return [
        pytest.param(
            journey,
            id=name,
            marks=pytest.mark.xfail(reason=journey.goes_badly[ear], strict=True)
            if ear in journey.goes_badly
            else (),
        )
        for name, journey in journeys().items()
    ]


def names(message: Body) -> Sequence[str]:
    """Return what a journey may call a message: its step, and the key of its words."""
    step = message["step"]
    named = [f"{step['flow']}/{step['id']}"] if step is not None else []
    key = _keys_by_text().get(message["text"])
    return [*named, key] if key is not None else named


@cache
def _content() -> Content:
    return load_content()


@cache
def _keys_by_text() -> Mapping[str, str]:
    """Return the keys of the answers, words explained and own sentences, by what they read as."""
    content = _content()
    sources = {key: text for each in content.answers.values() for key, text in texts(each).items()}
    sources |= texts(content.glossary)
    interface = load_translations("fr")
    catalogue = Catalogue(
        languages=("fr",),
        translations={"fr": interface},
        facts={fact.id: fact for fact in content.facts.facts},
        texts_of=lambda document, _: {
            key: text for key, text in sources.items() if document_of(key) == document
        },
        synonyms_of=lambda _document, _revision: {},
    )
    told = [key for key in sources if key.endswith("/text")]
    told += [f"interface/{key}" for key in interface.interface]
    return {
        catalogue.say(
            Instruction(InstructionKind.SAY, key, manner=manner, whom=whom), "fr", Channel.WEB
        ).text: key.removesuffix("/text")
        for key in told
        for manner in Manner
        for whom in Whom
    }


def _waiting(messages: Sequence[Body]) -> str:
    """Return the question that the last message leaves open."""
    step = messages[-1]["step"] if messages else None
    return f"{step['flow']}/{step['id']}" if step is not None else FREE


def _ended(message: Body) -> Outcome | None:
    step = message["step"]
    if step is None or message["kind"] not in {InstructionKind.END, InstructionKind.HAND_OVER}:
        return None
    flow = next(each for each in _content().flows.values() if each.id == step["flow"])
    match flow.step(step["id"]):
        case EndStep(outcome=outcome):
            return Outcome(outcome)
        case HandOverStep(next=None):
            return Outcome.HANDED_OVER
        case _:
            return None
