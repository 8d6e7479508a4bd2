"""The step of the pipeline that reads SMS spelling."""

# Rasa compares the annotations of a component with its own: List[Message], not list[Message].

from __future__ import annotations

from typing import Any, Dict, List, Type

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from components.spelling import plain_spelling


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SmsSpelling(GraphComponent):
    """Gives each token its plain spelling as lemma, which the count featurizers read.

    The text and its offsets stay as written, so that entities keep the words of the person.
    """

    @classmethod
    def required_components(cls) -> List[Type[Any]]:
        """Names what must have run before: a tokenizer."""
        return [Tokenizer]

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SmsSpelling:
        """Build the component; there is nothing to configure."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Write the lemmas of each message."""
        for message in messages:
            for token in message.get(TOKENS_NAMES[TEXT]) or ():
                token.lemma = plain_spelling(token.text)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Write the lemmas of each example."""
        self.process(training_data.training_examples)
        return training_data
