"""The page on which a letter is prepared: what is typed there goes into it, and nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, Response

from assistant.domain.letter import Blank, Letter
from assistant.domain.whom import Whom
from assistant.gateway.access import TheAssistant, check_form
from assistant.gateway.places import count_search
from assistant.gateway.visits import ThePages, TheVisit
from assistant.rendering.letters import PAGE, as_text, page_of, template_of
from assistant.services.letters import LONGEST_LINE, MOST_LINES, Filled, Trouble, read_blanks

router = APIRouter(include_in_schema=False)

# One takes some milliseconds; a whole town may share one address.
LETTERS_PER_MINUTE = 120
# Far beyond what a letter takes, so that the form comes back with an explanation.
LONGEST_FIELD = 2_000
LONGEST_NAME = 64


class Medium(StrEnum):
    """What the letter is asked for as."""

    PDF = "pdf"
    TEXT = "texte"


@dataclass(frozen=True)
class Typed:
    """The fields of the form."""

    sortie: Annotated[Medium, Form()]
    csrf: Annotated[str, Form()] = ""
    nom: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""
    naissance: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""
    adresse: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""
    caisse: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""
    adresse_caisse: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""
    lieu: Annotated[str, Form(max_length=LONGEST_FIELD)] = ""

    @property
    def blanks(self) -> Mapping[Blank, str]:
        """What was typed, by the blank of the letter that it is for."""
        return {blank: getattr(self, field.name) for blank, field in FIELDS.items()}


@dataclass(frozen=True)
class FormField:
    """How a blank of the letter is asked for."""

    name: str
    label: str
    hint: str = ""
    rows: int = 1


FIELDS: Mapping[Blank, FormField] = {
    Blank.NAME: FormField("nom", "page.letter_name"),
    Blank.BIRTH_DATE: FormField("naissance", "page.letter_birth_date"),
    Blank.ADDRESS: FormField("adresse", "page.letter_address", rows=3),
    Blank.FUND: FormField("caisse", "page.letter_fund", "page.letter_fund_hint"),
    Blank.FUND_ADDRESS: FormField("adresse_caisse", "page.letter_fund_address", rows=3),
    Blank.PLACE: FormField("lieu", "page.letter_place"),
}
_TROUBLES: Mapping[Trouble, str] = {
    Trouble.TOO_LONG: "page.letter_too_long",
    Trouble.TOO_MANY_LINES: "page.letter_too_many_lines",
    Trouble.SECRET: "page.letter_secret",
    Trouble.UNPRINTABLE: "page.letter_unprintable",
}


@dataclass(frozen=True)
class FieldView:
    """A field as the page shows it; ``trouble`` says what to mend."""

    asked: FormField
    value: str
    trouble: str


@dataclass(frozen=True)
class Desk:
    """Where somebody prepares a letter: its name in the address, and the conversation beside it."""

    name: str
    visit: TheVisit
    assistant: TheAssistant
    pages: ThePages

    @property
    def template(self) -> str:
        """The letter."""
        return template_of(self.name)

    @property
    def language(self) -> str:
        """The language of the page."""
        conversation = self.visit.conversation
        return conversation.language if conversation is not None else self.pages.language

    @property
    def whom(self) -> Whom:
        """To whom the page speaks."""
        conversation = self.visit.conversation
        return conversation.state.whom if conversation is not None else Whom.SELF

    def letter(self, filled: Filled) -> Letter:
        """Return the letter with what was typed. Raises NotFound."""
        return self.assistant.letters.compose(self.template, filled, self.language)

    def page(self, template: str, **context: object) -> str:
        """Fill a template."""
        t = self.pages.words(self.language, self.whom)
        heading = self.letter(BLANK).title
        return self.pages.render(
            template,
            self.language,
            self.whom,
            title=f"{heading} - {t('page.brand')}",
            heading=heading,
            address=page_of(self.template),
            **context,
        )


TheDesk = Annotated[Desk, Depends()]
BLANK = Filled({})


@router.get(f"{PAGE}{{name}}")
def ask_for_words(desk: TheDesk) -> Response:
    """Show the form of a letter; each field may stay empty."""
    return HTMLResponse(_form(desk, BLANK))


@router.post(f"{PAGE}{{name}}")
def write_letter(typed: Annotated[Typed, Depends()], desk: TheDesk, request: Request) -> Response:
    """Return the letter as a file to print, or as a page to copy; or the form, and what to mend."""
    check_form(desk.visit, typed.csrf)
    count_search(request, "letter", LETTERS_PER_MINUTE)
    filled = read_blanks(typed.blanks)
    if typed.sortie is Medium.PDF:
        filled = desk.assistant.letters.printable(filled)
    if filled.troubles:
        return HTMLResponse(_form(desk, filled), HTTPStatus.UNPROCESSABLE_ENTITY)
    letter = desk.letter(filled)
    if typed.sortie is Medium.TEXT:
        return HTMLResponse(desk.page("letter_text.html", text=as_text(letter)))
    return Response(
        desk.assistant.letters.typeset(letter),
        media_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="lettre-{desk.name}.pdf"'},
    )


def _form(desk: Desk, filled: Filled) -> str:
    t = desk.pages.words(desk.language, desk.whom)

    def trouble(blank: Blank) -> str:
        found = filled.troubles.get(blank)
        if found is None:
            return ""
        signs = " ".join(filled.unprintable.get(blank, ()))
        return t(_TROUBLES[found], signs=signs, letters=LONGEST_LINE, lines=MOST_LINES)

    return desk.page(
        "letter.html",
        csrf=desk.visit.csrf,
        fields=[
            FieldView(each, filled.values.get(blank, ""), trouble(blank))
            for blank, each in FIELDS.items()
        ],
    )
