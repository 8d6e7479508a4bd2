"""What the checks find: rules by name, and sentences that an editor can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process

from assistant.domain.errors import ContentError

# Below 60 of 100 the nearest word is no longer a slip of the finger (« asc » for « ask » has 67).
LIKENESS = 60
MAX_LISTED = 10


class Severity(StrEnum):
    """What a finding prevents."""

    ERROR = "error"
    """The document is not loaded."""
    ISSUE = "issue"
    """The document is not published."""


class Rule(StrEnum):
    """Every rule that content is held to; each has one broken example in the tests."""

    TOO_LARGE = "too_large"
    ENCODING = "encoding"
    YAML_BROKEN = "yaml_broken"
    YAML_ALIAS = "yaml_alias"
    YAML_DUPLICATE_KEY = "yaml_duplicate_key"
    YAML_TOO_DEEP = "yaml_too_deep"
    NOT_A_DOCUMENT = "not_a_document"
    SPEC_VERSION = "spec_version"

    FIELD_MISSING = "field_missing"
    FIELD_UNKNOWN = "field_unknown"
    KIND_MISSING = "kind_missing"
    KIND_UNKNOWN = "kind_unknown"
    VALUE_UNKNOWN = "value_unknown"
    NOT_A_TEXT = "not_a_text"
    NOT_A_LIST = "not_a_list"
    NOT_A_DATE = "not_a_date"
    NOT_A_NUMBER = "not_a_number"
    NOT_TRUE_OR_FALSE = "not_true_or_false"
    NOT_A_BLOCK = "not_a_block"
    TEXT_EMPTY = "text_empty"
    TEXT_TOO_LONG = "text_too_long"
    TOO_MANY = "too_many"
    TOO_FEW = "too_few"
    BAD_FORM = "bad_form"
    VALUE_REFUSED = "value_refused"

    STEP_DUPLICATE = "step_duplicate"
    STAGE_DUPLICATE = "stage_duplicate"
    OPTION_DUPLICATE = "option_duplicate"
    STAGE_UNKNOWN = "stage_unknown"
    NEXT_UNKNOWN = "next_unknown"
    NEXT_MISSING = "next_missing"
    NEXT_UNEXPECTED = "next_unexpected"
    OPTION_COUNT = "option_count"
    OPTION_INCOMPLETE = "option_incomplete"
    OPTION_YES_NO = "option_yes_no"
    OPTION_DONE = "option_done"
    OPTION_UNEXPECTED = "option_unexpected"
    STEP_UNREACHABLE = "step_unreachable"
    LOOP_WITHOUT_QUESTION = "loop_without_question"
    NO_END = "no_end"
    CHOICE_UNKNOWN = "choice_unknown"

    FLOW_DUPLICATE = "flow_duplicate"
    ANSWER_DUPLICATE = "answer_duplicate"
    FACT_DUPLICATE = "fact_duplicate"
    TERM_DUPLICATE = "term_duplicate"
    DETOUR_UNKNOWN = "detour_unknown"
    DETOUR_CYCLE = "detour_cycle"
    NEED_UNKNOWN = "need_unknown"
    LETTER_UNKNOWN = "letter_unknown"
    FACT_UNKNOWN = "fact_unknown"
    PLACEHOLDER_BROKEN = "placeholder_broken"
    BRACKET_BROKEN = "bracket_broken"

    BLOCKED_MISSING = "blocked_missing"
    SIMPLER_MISSING = "simpler_missing"
    SMS_MISSING = "sms_missing"
    SMS_TOO_LONG = "sms_too_long"
    SENTENCE_TOO_LONG = "sentence_too_long"
    FIGURE_IN_CLEAR = "figure_in_clear"
    UNAPPROVED_CONTACT = "unapproved_contact"
    MARKUP = "markup"
    JARGON = "jargon"
    WRONG_OWNER = "wrong_owner"
    DID_IT_WORK_MISSING = "did_it_work_missing"
    FOLLOW_UP_OUT_OF_PLACE = "follow_up_out_of_place"
    CHOICE_NOT_NOTED = "choice_not_noted"
    CHOICE_MISSING = "choice_missing"
    CHOICE_SENSITIVE = "choice_sensitive"
    RELATED_UNKNOWN = "related_unknown"
    ANSWER_MISSING = "answer_missing"
    FACT_UNVERIFIED = "fact_unverified"
    FACT_PAST_REVIEW = "fact_past_review"


@dataclass(frozen=True)
class Finding:
    """Something to mend in one file; ``message`` is French and names the step."""

    severity: Severity
    file: str
    step: str | None
    rule: Rule
    message: str

    def __str__(self) -> str:
        """Return the line that an editor reads."""
        return f"{self.file} : {self.message}"


class ContentRefused(ContentError):
    """A document that cannot be used, with everything that is wrong with it."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        """Keep the findings; the text of the error is one line for each."""
        self.findings = tuple(findings)
        super().__init__("\n".join(str(finding) for finding in self.findings))


class UnreadableDocument(ContentRefused):
    """A file that is too large, or no YAML."""


class InvalidDocument(ContentRefused):
    """A document with unknown words, missing fields or values of the wrong kind."""


class InconsistentFlow(ContentRefused):
    """A flow whose steps do not hold together."""


def suggest(word: str, known: Iterable[str]) -> str:
    """Return « Vouliez-vous dire … ? » with the nearest known word, or the list when it is short.

    The answer begins with a space, to follow the sentence that names the mistake; it is empty when
    nothing useful can be said.
    """
    words = tuple(known)
    nearest = process.extractOne(word, words, scorer=fuzz.ratio, score_cutoff=LIKENESS)
    if nearest is not None:
        return f" Vouliez-vous dire « {nearest[0]} » ?"
    if 0 < len(words) <= MAX_LISTED:
        return f" Choix possibles : {', '.join(words)}."
    return ""
