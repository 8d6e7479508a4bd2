"""Recognition of messages in which somebody is in danger; it comes before everything else."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from assistant.safety.dangers.distress import DISTRESS_RULES
from assistant.safety.dangers.languages import OTHER_LANGUAGES_RULES
from assistant.safety.dangers.medical import MEDICAL_RULES
from assistant.safety.dangers.rule import Danger, DangerRule
from assistant.safety.dangers.violence import VIOLENCE_RULES
from assistant.safety.phrases import PhraseBook

__all__ = ["Alarm", "Danger", "DangerRule", "DangerRules", "recognise_danger"]


@dataclass(frozen=True, slots=True)
class Alarm:
    """A danger that was recognised, and the id of the rule that did: never the person's words."""

    danger: Danger
    matched: str


class DangerRules:
    """Rules of danger ready to be applied."""

    def __init__(self, rules: tuple[DangerRule, ...]) -> None:
        """Read the phrases of the rules."""
        self._rules = {rule.id: rule for rule in rules}
        if len(self._rules) != len(rules):
            raise ValueError("two rules of danger have the same id")
        self._alarming = PhraseBook({rule.id: rule.phrases for rule in rules})
        self._harmless = PhraseBook({rule.id: rule.unless for rule in rules})

    def recognise(self, text: str) -> Alarm | None:
        """Give the gravest danger that a message tells of, or None.

        A phrase of a rule counts for nothing where a harmless phrase of that rule lies over it.
        """
        said = self._alarming.find(text)
        if not said:
            return None
        covered: dict[str, set[int]] = defaultdict(set)
        for rule_id, start, end in self._harmless.find(text):
            covered[rule_id].update(range(start, end))
        dangers = {
            rule_id: self._rules[rule_id].danger
            for rule_id, start, end in said
            if covered[rule_id].isdisjoint(range(start, end))
        }
        for danger in Danger:
            for rule_id, told in dangers.items():
                if told is danger:
                    return Alarm(danger, rule_id)
        return None


_RULES = DangerRules(MEDICAL_RULES + DISTRESS_RULES + VIOLENCE_RULES + OTHER_LANGUAGES_RULES)


def recognise_danger(text: str) -> Alarm | None:
    """Tell whether somebody is in danger now, in French as people text it and in six languages."""
    return _RULES.recognise(text)
