"""The sheet: where a guided flow stands, on one A4 page in large letters, to take along."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated

from babel.dates import format_date
from fastapi import APIRouter, Depends, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.bootstrap import Assistant
from assistant.domain.conversation import Conversation
from assistant.domain.messages import Channel, Instruction, InstructionKind, Manner, Message
from assistant.domain.sending import METROPOLE
from assistant.flows import keys
from assistant.flows.document import AskStep, EndStep, FlowOutcome, HandOverStep
from assistant.flows.engine import PinnedFlow
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.pages import Pages
from assistant.gateway.visits import ThePages, TheVisit, not_forgotten
from assistant.rendering.web import Block, blocks
from assistant.services.resume import CODE_LIVES, ResumeCode

router = APIRouter(include_in_schema=False)

MAX_SLUG = 64


@dataclass(frozen=True)
class Course:
    """A flow of the conversation: where it stands, or how it ended.

    ``step`` is the one to do now, or the one that ended it; ``asked`` is the last question.
    """

    flow: PinnedFlow
    step: str
    asked: str
    stuck: bool = False
    outcome: FlowOutcome | None = None


@dataclass(frozen=True)
class Sheet:
    """What is printed of a flow."""

    title: str
    stages: tuple[tuple[str, str], ...]
    heading: str
    now: tuple[Block, ...]
    bring: tuple[str, ...]


@router.get("/fiche")
def print_sheet(
    visit: TheVisit,
    assistant: TheAssistant,
    pages: ThePages,
    parcours: Annotated[str | None, Query(max_length=MAX_SLUG)] = None,
    tout: Annotated[bool, Query()] = False,  # noqa: FBT002 (a parameter of the address)
) -> Response:
    """Show a flow of the conversation as a sheet to print, and all that was said if asked for.

    A delicate flow is not shown this way: its name would stay in the browser's history.
    """
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    if parcours is not None and assistant.discretion.is_delicate(parcours):
        parcours = None
    return HTMLResponse(_page(assistant, pages, conversation, visit.csrf, parcours, whole=tout))


@dataclass(frozen=True)
class Wanted:
    """The fields of the forms below the sheet."""

    csrf: Annotated[str, Form()] = ""
    parcours: Annotated[str | None, Form(max_length=MAX_SLUG)] = None
    tout: Annotated[bool, Form()] = False
    code: Annotated[bool, Form()] = False


@router.post("/fiche")
def print_wanted_sheet(
    wanted: Annotated[Wanted, Depends()],
    visit: TheVisit,
    assistant: TheAssistant,
    pages: ThePages,
) -> Response:
    """Show the sheet that was asked for; with a code to go on elsewhere for whom asked for one."""
    check_form(visit, wanted.csrf)
    conversation = not_forgotten(visit.conversation, assistant)
    if conversation is None:
        return RedirectResponse("/", HTTPStatus.SEE_OTHER)
    code = assistant.resume.give_code(conversation.id) if wanted.code else None
    return HTMLResponse(
        _page(
            assistant,
            pages,
            conversation,
            visit.csrf,
            wanted.parcours,
            whole=wanted.tout,
            code=code,
        )
    )


def courses(
    assistant: Assistant, conversation: Conversation, messages: Sequence[Message]
) -> Mapping[str, Course]:
    """Return the flows that the messages tell of, by slug, the latest last."""
    found: dict[str, Course] = {}
    revisions: dict[str, str] = {}
    for message in messages:
        instruction = message.instruction
        if instruction is None or instruction.step is None:
            continue
        slug, step = instruction.step.flow, instruction.step.id
        if instruction.revision is not None and instruction.key.startswith(f"flow/{slug}/"):
            revisions[slug] = instruction.revision
        before = found.pop(slug, None)
        flow = assistant.library.flow(slug, revisions.get(slug))
        asks = isinstance(flow.document.step(step), AskStep)
        asked = step if asks or before is None else before.asked
        found[slug] = Course(flow, step, asked, outcome=_outcome(flow, step))
    for position in conversation.state.session.positions:
        flow = assistant.library.flow(position.flow, position.revision)
        if position.flow not in found or not isinstance(flow.document.step(position.step), AskStep):
            continue
        found[position.flow] = Course(flow, position.step, position.step, position.stuck)
    return found


def sheet_of(assistant: Assistant, conversation: Conversation, course: Course) -> Sheet:
    """Return what to print of a flow, in the conversation's language, for whom it speaks to."""
    language, whom = conversation.language, conversation.state.whom
    catalogue, document = assistant.catalogue, course.flow.document
    slug, revision = document.id, course.flow.revision
    manner = Manner.SIMPLER if conversation.state.simpler else Manner.PLAIN
    now = Instruction(
        InstructionKind.ASK, _key_of_now(course), revision=revision, manner=manner, whom=whom
    )
    titles = (
        catalogue.stage_title(slug, revision, number, language, whom)
        for number in range(1, len(document.stages) + 1)
    )
    done = course.outcome is FlowOutcome.DONE
    return Sheet(
        title=catalogue.text(keys.flow_key(slug, "title"), revision, language, whom),
        stages=tuple(
            (title, _state(number, course))
            for number, title in enumerate(titles, start=1)
            if title is not None
        ),
        heading=_heading(course),
        now=blocks(catalogue.say(now, language, Channel.WEB).text),
        bring=() if done else catalogue.to_bring(slug, revision, language, whom),
    )


def _page(
    assistant: Assistant,
    pages: Pages,
    conversation: Conversation,
    csrf: str | None,
    wanted: str | None,
    *,
    whole: bool = False,
    code: ResumeCode | None = None,
) -> str:
    language, whom = conversation.language, conversation.state.whom
    t = pages.words(language, whom)
    messages = assistant.conversations.history(conversation)
    sight = assistant.discretion.in_sight(conversation, messages)
    found = courses(assistant, conversation, sight.messages)
    slug = wanted if wanted in found else _latest_harmless(assistant, found)
    # What is delicate lies on no sheet, but on its own when it was asked for by name.
    hidden = sight.delicate if slug is None or not assistant.discretion.is_delicate(slug) else ()
    said = [message for message in sight.messages if message.id not in hidden]
    return pages.render(
        "sheet.html",
        language,
        whom,
        title=t("page.sheet_title"),
        csrf=csrf,
        slug=slug,
        sheet=sheet_of(assistant, conversation, found[slug]) if slug is not None else None,
        answer=_last_answer(said) if slug is None else (),
        others=[
            (
                other,
                assistant.catalogue.text(
                    keys.flow_key(other, "title"), each.flow.revision, language, whom
                ),
            )
            for other, each in found.items()
            if other != slug
        ],
        messages=pages.views(said) if whole else (),
        code=code,
        minutes=int(CODE_LIVES.total_seconds() // 60),
        address=str(assistant.settings.public_url).rstrip("/"),
        day=format_date(assistant.now().astimezone(METROPOLE.zone), "long", locale=language),
    )


def _latest_harmless(assistant: Assistant, found: Mapping[str, Course]) -> str | None:
    harmless = (slug for slug in reversed([*found]) if not assistant.discretion.is_delicate(slug))
    return next(harmless, None)


def _last_answer(messages: Sequence[Message]) -> tuple[Block, ...]:
    """Return the last thing explained, for a conversation that follows no flow."""
    told = (
        message.words.text
        for message in reversed(messages)
        if message.instruction is not None and message.instruction.key.startswith("answer/")
    )
    return blocks(next(told, ""))


def _outcome(flow: PinnedFlow, step_id: str) -> FlowOutcome | None:
    step = flow.document.step(step_id)
    if isinstance(step, EndStep):
        return step.outcome
    if isinstance(step, HandOverStep) and step.next is None:
        return FlowOutcome.ELSEWHERE
    return None


def _key_of_now(course: Course) -> str:
    slug, step = course.flow.document.id, course.flow.document.step(course.step)
    if course.stuck and isinstance(step, AskStep) and step.blocked is not None:
        return keys.blocked_key(slug, course.step)
    return keys.step_key(slug, course.step)


def _heading(course: Course) -> str:
    if course.outcome is None:
        return "page.sheet_now"
    return "page.sheet_done" if course.outcome is FlowOutcome.DONE else "page.sheet_later"


def _state(number: int, course: Course) -> str:
    if course.outcome is FlowOutcome.DONE:
        return "done"
    reached = course.flow.document.stage_number(course.asked)
    if number == reached and course.outcome is None:
        return "now"
    return "done" if number < reached else "left"
