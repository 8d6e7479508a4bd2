"""The flow document: a closed vocabulary of steps, without expressions and without code."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from assistant.domain.choices import ChoiceAct, Decision
from assistant.domain.whom import Whom
from assistant.flows.values import (
    MAX_BRING,
    MAX_OPTIONS,
    MAX_REMINDER_DAYS,
    MAX_STAGES,
    MAX_STEPS,
    MAX_SYNONYMS,
    MAX_WAYS_OUT,
    Document,
    Label,
    Slug,
    Text,
)

DONE_OPTION = "fait"
YES_OPTION, NO_OPTION = YES_NO_OPTIONS = ("oui", "non")


class Expect(StrEnum):
    """What an answer to a question may be."""

    CHOICE = "choice"
    YES_NO = "yes_no"
    DONE = "done"
    TEXT = "text"
    DATE = "date"
    POSTCODE = "postcode"
    PLACE = "place"
    PHONE = "phone"


CLOSED_EXPECTS = frozenset({Expect.CHOICE, Expect.YES_NO})
"""The questions whose options say what follows; after the others ``next`` does."""


class FlowOutcome(StrEnum):
    """How the end of a flow leaves the person."""

    DONE = "done"
    GIVEN_UP = "given_up"
    ELSEWHERE = "elsewhere"


class Stage(Document):
    """One of the parts that « étape 2 sur 6 » counts."""

    id: Slug
    title: Label


class ChoiceMade(Document):
    """The decision that somebody takes by an answer, in the words of « Mes choix »."""

    act: ChoiceAct
    decision: Decision


class Option(Document):
    """An answer that a question offers.

    ``choice`` is the decision that it takes, if it does; ``for_other`` tells that from here on the
    decision is somebody else's, which is never noted.
    ``whom`` tells that who picks it writes for that reader from then on.
    """

    id: Slug
    label: Label | None = None
    next: Slug | None = None
    choice: ChoiceMade | None = None
    for_other: bool = False
    whom: Whom | None = None
    also: tuple[Label, ...] = Field(default=(), max_length=MAX_SYNONYMS)


class WayOut(Document):
    """A way to go on for somebody who is stuck; ``for_other`` as in ``Option``."""

    id: Slug
    label: Label
    next: Slug
    for_other: bool = False
    also: tuple[Label, ...] = Field(default=(), max_length=MAX_SYNONYMS)


class Blocked(Document):
    """What is said to somebody who is stuck at a step, and the ways out."""

    text: Text
    sms: Text | None = None
    simpler: Text | None = None
    options: tuple[WayOut, ...] = Field(default=(), max_length=MAX_WAYS_OUT)


class StepDocument(Document):
    """What every step has."""

    id: Slug
    stage: Slug | None = None


class WordedStep(StepDocument):
    """A step that tells the person something."""

    text: Text
    sms: Text | None = None
    simpler: Text | None = None


class AskStep(WordedStep):
    """A question, or an instruction to carry out: the flow waits here.

    ``did_it_work`` marks the question that ends a flow: « est-ce que ça a marché ? ».
    """

    kind: str
    did_it_work: bool = False
    expect: Expect
    options: tuple[Option, ...] = Field(default=(), max_length=MAX_OPTIONS)
    next: Slug | None = None
    retry: Text | None = None
    blocked: Blocked | None = None

    def option(self, option_id: str) -> Option | None:
        """Return the option of that id, if there is one."""
        return next((option for option in self.options if option.id == option_id), None)

    def way_out(self, option_id: str) -> WayOut | None:
        """Return the way out of that id, if there is one."""
        ways = self.blocked.options if self.blocked else ()
        return next((way for way in ways if way.id == option_id), None)


class QuestionStep(AskStep):
    """A step whose answer only says what follows."""

    kind: Literal["ask"]


class LetterStep(AskStep):
    """A letter to prepare on a page outside the conversation, which waits until that is done."""

    kind: Literal["letter"]
    expect: Literal[Expect.DONE] = Expect.DONE
    template: Slug


class RemindStep(AskStep):
    """Whether to write again some days later; only a plain yes is one."""

    kind: Literal["remind"]
    expect: Literal[Expect.YES_NO] = Expect.YES_NO
    days: int = Field(ge=1, le=MAX_REMINDER_DAYS)


class SayStep(WordedStep):
    """Words on the way to the next question."""

    kind: Literal["say"]
    next: Slug


class DetourStep(StepDocument):
    """Another flow, after which this one goes on."""

    kind: Literal["detour"]
    flow: Slug
    next: Slug


class FindHelpStep(WordedStep):
    """A search for somebody near the place that a question before it asked for."""

    kind: Literal["find_help"]
    next: Slug
    service: Slug | None = None


class RecordConsentStep(WordedStep):
    """A consent of ours, noted in the ledger."""

    kind: Literal["record_consent"]
    next: Slug
    purpose: Slug


class HandOverStep(WordedStep):
    """How to reach a person; without ``next`` the flow ends here."""

    kind: Literal["hand_over"]
    next: Slug | None = None


class EndStep(WordedStep):
    """The last words of a flow.

    ``notes_choice`` has the assistant offer to note the last decision taken on the way;
    ``follow_up_days`` has it offer to ask by SMS, once, after so many days, whether it still works.
    """

    kind: Literal["end"]
    outcome: FlowOutcome
    notes_choice: bool = False
    follow_up_days: int | None = Field(default=None, ge=1, le=MAX_REMINDER_DAYS)


Step = Annotated[
    QuestionStep
    | SayStep
    | DetourStep
    | FindHelpStep
    | RecordConsentStep
    | LetterStep
    | RemindStep
    | HandOverStep
    | EndStep,
    Field(discriminator="kind"),
]


class FlowDocument(Document):
    """A guided flow, as editors write it; ``bring`` lists what to have at hand at a counter."""

    spec_version: Literal[1]
    id: Slug
    need: Slug
    title: Label
    summary: Text
    sensitive: bool = False
    bring: tuple[Text, ...] = Field(default=(), max_length=MAX_BRING)
    stages: tuple[Stage, ...] = Field(default=(), max_length=MAX_STAGES)
    steps: tuple[Step, ...] = Field(min_length=1, max_length=MAX_STEPS)

    def step(self, step_id: str) -> Step | None:
        """Return the step of that id, if there is one."""
        return next((step for step in self.steps if step.id == step_id), None)

    def stage_number(self, step_id: str) -> int:
        """Return the place of a step's stage, from 1.

        A step without a stage belongs to the one of the steps written before it.
        """
        order = {stage.id: number for number, stage in enumerate(self.stages, start=1)}
        number = 1
        for step in self.steps:
            number = order.get(step.stage or "", number)
            if step.id == step_id:
                break
        return number


def exits(step: Step) -> Iterator[tuple[str, str]]:
    """List where a step may lead: the path of the field that says so, and the step it names."""
    if isinstance(step, AskStep):
        if step.next is not None:
            yield "next", step.next
        for option in step.options:
            if option.next is not None:
                yield f"option/{option.id}", option.next
        for way in step.blocked.options if step.blocked else ():
            yield f"blocked/option/{way.id}", way.next
    elif not isinstance(step, EndStep) and step.next is not None:
        yield "next", step.next
