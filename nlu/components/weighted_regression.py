"""The intent classifier: a logistic regression over weighted counts and word vectors."""

# Rasa compares the annotations of a component with its own: List[Message], not list[Message].

from __future__ import annotations

from typing import Any, Dict, List

import numpy as np
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.logistic_regression_classifier import LogisticRegressionClassifier
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix, hstack, vstack
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class WeightedRegressionClassifier(LogisticRegressionClassifier):
    """Rasa's logistic regression with TF-IDF weights and a chosen strength of regularisation.

    Raw counts, as the parent reads them, make long messages louder than short ones: with them
    the accuracy falls and the confidence of short messages means little.
    """

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        """Add `C` (inverse of the regularisation) and `dense_weight` (share of the vectors)."""
        return {**LogisticRegressionClassifier.get_default_config(), "C": 1.0, "dense_weight": 0.5}

    def __init__(
        self, config: Dict[str, Any], name: str, model_storage: ModelStorage, resource: Resource
    ) -> None:
        """Build an untrained classifier."""
        super().__init__(config, name, model_storage, resource)
        self.clf.set_params(C=self.config["C"])
        self.weights = TfidfTransformer(sublinear_tf=True)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the weights of the counts, then the regression."""
        self.weights.fit(vstack([_counts(example) for example in training_data.intent_examples]))
        return super().train(training_data)

    def _create_X(self, messages: List[Message]) -> csr_matrix:  # noqa: N802 (the parent's name)
        counts = self.weights.transform(vstack([_counts(message) for message in messages]))
        vectors = normalize(np.vstack([_vector(message) for message in messages]))
        return hstack([counts, csr_matrix(vectors * self.config["dense_weight"])]).tocsr()

    def persist(self) -> None:
        """Save the regression and the weights, neither as a pickle."""
        super().persist()
        with self._model_storage.write_to(self._resource) as directory:
            np.save(directory / f"{self._resource.name}.weights.npy", self.weights.idf_)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WeightedRegressionClassifier:
        """Load what `persist` saved."""
        component = super().load(config, model_storage, resource, execution_context, **kwargs)
        with model_storage.read_from(resource) as directory:
            component.weights.idf_ = np.load(directory / f"{resource.name}.weights.npy")
        return component


def _counts(message: Message) -> csr_matrix:
    """Return the counts of words and letters of a whole message."""
    return message.get_sparse_features(TEXT)[1].features


def _vector(message: Message) -> np.ndarray:
    """Return the mean word vector of a whole message."""
    return message.get_dense_features(TEXT)[1].features
