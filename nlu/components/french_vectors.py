"""spaCy's French word vectors, without the components that nobody reads."""

from __future__ import annotations

import spacy
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.utils.spacy_utils import SpacyModel, SpacyNLP
from spacy.util import get_installed_models, get_package_path, load_meta


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MODEL_LOADER,
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
    ],
    is_trainable=False,
    model_from="FrenchVectors",
)
class FrenchVectors(SpacyNLP):
    """Provides the tokenizer and the vectors of a spaCy model; SpacyNLP runs its taggers too."""

    @staticmethod
    def load_model(spacy_model_name: str) -> SpacyModel:
        """Load the model with none of its pipes."""
        if spacy_model_name not in get_installed_models():
            return SpacyNLP.load_model(spacy_model_name)  # explains what is missing
        pipes = load_meta(get_package_path(spacy_model_name) / "meta.json")["pipeline"]
        return SpacyModel(
            model=spacy.load(spacy_model_name, exclude=pipes), model_name=spacy_model_name
        )
