"""Finds the name of a commune as it was written."""

# Rasa compares the annotations of a component with its own: List[Message], not list[Message].

from __future__ import annotations

from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.crf_entity_extractor import CRFEntityExtractor
from rasa.shared.nlu.constants import ENTITY_ATTRIBUTE_TYPE, TEXT
from rasa.shared.nlu.training_data.message import Message

from components.named_places import named_places, with_named_places


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CommuneExtractor(CRFEntityExtractor):
    """The gazetteer of France, and a CRF for the names that it does not know.

    It answers for communes only: postcodes are left to a regular expression.
    """

    def extract_entities(self, message: Message) -> List[Dict[str, Any]]:
        """Return the communes of a message, with their place in its text."""
        found = super().extract_entities(message)
        communes = [entity for entity in found if entity[ENTITY_ATTRIBUTE_TYPE] == "commune"]
        return with_named_places(communes, named_places(message.get(TEXT) or ""))
