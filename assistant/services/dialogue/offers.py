"""What is offered at this moment, and which of it a message names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.domain.conversation import DialogueState
from assistant.flows import engine, keys
from assistant.flows.answers import read
from assistant.flows.document import AskStep, Expect
from assistant.flows.engine import Library
from assistant.flows.replies import Picked
from assistant.safety.normalise import fold
from assistant.services.dialogue.moves import NEED_PREFIX
from assistant.services.finding.talk import FindHelpTalk
from assistant.services.ports.dialogue import Wording

# The assistant's own questions are read by the same parser as the steps of the flows.
_ANY_CHOICE = AskStep(id="offered", kind="ask", text="?", expect=Expect.CHOICE)


@dataclass(frozen=True)
class Offers:
    """Knows how each choice on offer is called: its label, its other form, its synonyms."""

    library: Library
    wording: Wording
    finding: FindHelpTalk

    def named(self, state: DialogueState, text: str, language: str) -> str | None:
        """Return the offered choice that a message names by number or label, if any."""
        labels = {
            choice.id: self.wording.labels(choice, language, state.whom) for choice in state.offered
        }
        picked = read(_ANY_CHOICE, labels, text, None, language=language)
        return picked.option if isinstance(picked, Picked) else None

    def shown(self, state: DialogueState, text: str, language: str) -> str | None:
        """Return the offered choice whose label, as it was shown, is the whole message."""
        said = fold(text)
        for choice in state.offered:
            if fold(self.wording.labels(choice, language, state.whom)[0]) == said:
                return choice.id
        return None

    def hold(self, state: DialogueState, text: str, language: str) -> bool:
        """Tell whether a message is, word for word, one of the answers to what waits."""
        said = fold(text)
        of_the_step = () if state.question else engine.choices(self.library, state.session)
        return any(
            fold(words) == said
            for choice in dict.fromkeys((*state.offered, *of_the_step))
            for words in self.wording.labels(choice, language, state.whom)
        )

    def answers(self, state: DialogueState, language: str) -> Mapping[str, tuple[str, ...]]:
        """Return how the answers to the waiting step are written, by what they pick."""
        needs = (each for each in state.offered if each.id.startswith(NEED_PREFIX))
        # Places stand before the choices of the step, and numbers follow what is shown.
        places = self.finding.is_open(state)
        first = state.offered if places else ()
        return {
            keys.picked_option(choice.id): self.wording.labels(choice, language, state.whom)
            for choice in (*first, *engine.choices(self.library, state.session), *needs)
        }
