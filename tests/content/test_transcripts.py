"""Every transcript leads where it says, and together they exercise every step of every flow."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from assistant.flows.document import FlowDocument, read_flow
from assistant.flows.library import MemoryLibrary
from assistant.flows.transcript import Replay, play, read_transcript, to_cover

HERE = Path(__file__).parent
TRANSCRIPTS = HERE / "transcripts"
SHIPPED = HERE.parents[1] / "assistant" / "content" / "flows"
EXAMPLES = HERE / "flows"

# The general choices as the French catalogue labels them; transcripts may type them.
WORDS = {
    "oui": ("Oui",),
    "non": ("Non",),
    "fait": ("C'est fait",),
    "word/stuck": ("Je suis bloqué",),
    "word/human": ("Parler à quelqu'un",),
    "word/retry": ("Réessayer",),
}


@cache
def flows() -> dict[str, FlowDocument]:
    files = sorted([*SHIPPED.glob("*.yml"), *EXAMPLES.glob("*.yml")])
    return {path.stem: read_flow(path.read_bytes(), path.name) for path in files}


@cache
def library() -> MemoryLibrary:
    return MemoryLibrary.of(flows().values())


@cache
def replayed(path: Path) -> Replay:
    transcript = read_transcript(path.read_bytes(), f"{path.parent.name}/{path.name}")
    return play(library(), path.parent.name, transcript, WORDS)


def missing(slug: str, replays: Iterable[Replay]) -> list[str]:
    covered = frozenset().union(*(replay.covered for replay in replays))
    return sorted(to_cover(flows()[slug]) - covered)


GIVES_UP_WRONGLY = """- {word: bloque, expect: [bouilloire/blocked]}
  - {picks: rien, expect: [voisin], ended: {faire_un_the: done}}"""

TRANSCRIPT_FILES = sorted(TRANSCRIPTS.glob("*/*.yml"))


@pytest.mark.parametrize(
    "path", TRANSCRIPT_FILES, ids=lambda path: f"{path.parent.name}/{path.stem}"
)
def test_the_transcript_leads_where_it_says(path: Path) -> None:
    assert replayed(path).mismatch is None


@pytest.mark.parametrize("slug", sorted(flows()))
def test_every_step_option_and_way_out_is_exercised(slug: str) -> None:
    assert missing(slug, map(replayed, TRANSCRIPT_FILES)) == []


def test_a_flow_without_transcripts_is_not_covered() -> None:
    assert missing("trouver_bouilloire", []) == [
        "trouver_bouilloire/demander",
        "trouver_bouilloire/placard",
        "trouver_bouilloire/placard/blocked",
        "trouver_bouilloire/placard/blocked/pas_de_placard",
        "trouver_bouilloire/placard/non",
        "trouver_bouilloire/placard/oui",
        "trouver_bouilloire/trouvee",
    ]


@pytest.mark.parametrize(
    ("turns", "complaint"),
    [
        ("- {picks: oui, expect: [sorte]}", "turn 1, picks: oui: expected ['sorte'], shown"),
        ("- {picks: peut_etre, expect: []}", "does not offer"),
        ("- {picks: rien, expect: [voisin]}", "does not offer"),
        ("- {word: bloque, expect: [bouilloire]}", "turn 1, word: bloque: expected"),
        (GIVES_UP_WRONGLY, "handed_over"),
    ],
)
def test_a_transcript_that_goes_elsewhere_is_told(turns: str, complaint: str) -> None:
    text = f"about: x\nopens: [bienvenue, bouilloire]\nturns:\n  {turns}\n"
    replay = play(library(), "faire_un_the", read_transcript(text, "x.yml"), WORDS)
    assert complaint in (replay.mismatch or "")
