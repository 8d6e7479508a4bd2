"""No shipped French text message has more than two parts, in either telling."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assistant.adapters.content_files import Content, load_content
from assistant.adapters.locales import load_translations
from assistant.domain.messages import ShownChoice, Words
from assistant.domain.placeholders import fill
from assistant.domain.whom import told_both_ways
from assistant.flows.document import texts
from assistant.rendering.sms import PAGE_PARTS, Encoding, count, pages, to_gsm7

CONTENT = load_content()
# What is never sent by SMS: pages of the site, the words of its buttons, the editors' titles.
_WEB_ONLY = ("page.", "article.", "studio.", "console.", "phone.")


def _facts(content: Content) -> Mapping[str, str]:
    return {
        fact.id: fact.sms if fact.sms is not None else fact.value for fact in content.facts.facts
    }


def _sent(content: Content) -> Iterator[tuple[str, str]]:
    """Yield each text that may be sent by SMS: the short form where there is one."""
    for document in (*content.flows.values(), *content.answers.values(), content.glossary):
        told = texts(document)
        for key, text in told.items():
            base, _, variant = key.rpartition("/")
            if variant == "text":
                yield key, told.get(f"{base}/sms", text)
            elif variant in {"simpler", "retry"}:
                yield key, text


SENT = {
    f"{key} · {number}": fill(each, _facts(CONTENT).__getitem__)
    for key, text in _sent(CONTENT)
    for number, each in enumerate(told_both_ways(text), start=1)
}
INTERFACE = {
    f"{key} · {number}": fill(each, _facts(CONTENT).__getitem__)
    for key, text in load_translations("fr").interface.items()
    if not key.startswith(_WEB_ONLY)
    for number, each in enumerate(told_both_ways(text), start=1)
}
LABELS = {
    key: to_gsm7(each)
    for document in (*CONTENT.flows.values(), CONTENT.needs)
    for key, text in texts(document).items()
    if "/option/" in key or key.startswith("need/")
    for each in told_both_ways(text)
}


def test_there_is_something_to_measure() -> None:
    assert len(SENT) > 300
    assert len(INTERFACE) > 40
    assert len(LABELS) > 100


def _wrong(told: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that are not two parts of GSM-7 at most, with what they take."""
    sizes = {key: count(to_gsm7(text)) for key, text in told.items()}
    return {
        key: f"{size.encoding}, {size.units} signes, {size.parts} parties"
        for key, size in sizes.items()
        if size.encoding is not Encoding.GSM7 or size.parts > PAGE_PARTS
    }


def test_a_shipped_text_message_has_two_parts_at_most() -> None:
    assert _wrong(SENT) == {}


def test_a_sentence_of_the_assistant_has_two_parts_at_most() -> None:
    assert _wrong(INTERFACE) == {}


def test_labels_travel_in_gsm7() -> None:
    assert {key: label for key, label in LABELS.items() if count(label).encoding != "GSM-7"} == {}


def test_the_choices_of_a_step_fit_in_a_message_of_their_own() -> None:
    more = load_translations("fr").interface["sms.more"]
    for flow in CONTENT.flows.values():
        told = texts(flow)
        for step in flow.steps:
            prefix = f"flow/{flow.id}/{step.id}/option/"
            shown = tuple(
                ShownChoice(key, each)
                for key, text in told.items()
                if key.startswith(prefix)
                for each in told_both_ways(text)[:1]
            )
            if shown:
                assert len(pages([Words("", shown)], more)) == 1, f"{flow.id}/{step.id}"
