"""Scores of rows that train in ways of their own, against scikit-learn and the pieces by hand."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from aemodels import data
from aemodels.analysis import anomaly
from aemodels.config import Loop
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import classifier, fit
from reproduction.choices import scores
from tests.library import small


@pytest.fixture(scope="module")
def few(mnist: data.Dataset) -> data.Dataset:
    held = data.hold_out(mnist, 400)
    return replace(held, train_images=held.train_images[:600], train_labels=held.train_labels[:600])


def test_a_classifier_is_fine_tuned_from_a_copy_and_measured_on_held_out_digits(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[classifier.Classifier] = []
    true = classifier.Classifier

    def noted(model: Autoencoder, classes: int) -> classifier.Classifier:
        made.append(true(model, classes))
        return made[0]

    monkeypatch.setattr(classifier, "Classifier", noted)
    source = scores.trained(small.config("ae"), few, seed=3)
    before = {name: value.clone() for name, value in source.state_dict().items()}
    assert source.config.loop.seed == 3
    loop = Loop(epochs=10, batch_size=20, learning_rate=0.02)
    error = scores.classification_error(source, few, loop)
    with torch.no_grad():
        named = made[0](torch.from_numpy(data.to_vectors(few.test_images))).argmax(1).numpy()
    # In bf16, where the machine has it, a few of 400 digits are named otherwise.
    assert error == pytest.approx(100 * (named != few.test_labels).mean(), abs=2)
    # It has learnt something, and the model is what it was.
    assert error < 70
    assert all(torch.equal(before[name], value) for name, value in source.state_dict().items())


def test_a_digit_left_out_of_training_is_looked_for_among_held_out_digits(
    few: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[np.ndarray] = []
    models: list[Autoencoder] = []
    true = fit.begin

    def noted(config: object, dataset: data.Dataset, *more: object) -> object:
        seen.append(dataset.train_labels)
        training = true(config, dataset, *more)  # type: ignore[arg-type]
        models.append(training.model)
        return training

    monkeypatch.setattr(fit, "begin", noted)
    found = scores.left_out(small.config("vae"), few, seed=1, digits=(1, 7))
    assert [7 in labels for labels in seen] == [True, False]
    assert [1 in labels for labels in seen] == [False, True]
    for auroc, model, digit in zip(found, models, (1, 7), strict=True):
        truth = few.test_labels == digit
        # Apart, since each call draws its codes anew.
        parts = [anomaly.elbo_scores(model, few.test_images[which]) for which in (~truth, truth)]
        assert auroc == pytest.approx(roc_auc_score(np.sort(truth), np.concatenate(parts)))
