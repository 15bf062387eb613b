"""A classifier on an encoder: its terms against scikit-learn's, and what its training changes."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from sklearn.metrics import log_loss, zero_one_loss

from aemodels import data
from aemodels.families.base import Batch
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import classifier
from tests.library import small


@pytest.fixture
def few(mnist: data.Dataset) -> data.Dataset:
    return replace(mnist, test_images=mnist.test_images[:200], test_labels=mnist.test_labels[:200])


def batch(mnist: data.Dataset) -> Batch:
    images = torch.from_numpy(data.to_vectors(mnist.test_images[:200]))
    return Batch(images, torch.from_numpy(mnist.test_labels[:200].astype(np.int64)))


def with_answers(family: str) -> classifier.Classifier:
    """Its new layer no longer zero."""
    network = classifier.Classifier(Autoencoder(small.config(family)), 10)
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        network.top.weight.normal_(generator=generator)
    return network


@pytest.mark.parametrize("family", small.TRAINED)
def test_terms_are_those_of_scikit_learn(family: str, mnist: data.Dataset) -> None:
    network, seen = with_answers(family), batch(mnist)
    with torch.no_grad():
        terms = classifier.Classification().objective(network, seen, torch.Generator())
        shares = network(seen.images).double().softmax(1).numpy()
    assert seen.labels is not None
    labels = seen.labels.numpy()
    assert terms["loss"].item() == pytest.approx(
        log_loss(labels, shares, labels=range(10)), rel=1e-5
    )
    assert terms["error"].item() == pytest.approx(zero_one_loss(labels, shares.argmax(1)))


def test_a_vae_answers_by_its_means(mnist: data.Dataset) -> None:
    network, images = with_answers("vae"), batch(mnist).images
    mean = network.encoder(images)[:, :3]
    torch.testing.assert_close(network(images), network.top(mean))


def test_pixels_are_hidden_in_training_only(mnist: data.Dataset) -> None:
    network, seen, task = with_answers("ae"), batch(mnist), classifier.Classification(masking=0.9)
    network.eval()
    clean = classifier.Classification().objective(network, seen, torch.Generator())["loss"]
    assert torch.equal(task.objective(network, seen, torch.Generator())["loss"], clean)
    network.train()
    generator = torch.Generator().manual_seed(0)
    assert not torch.equal(task.objective(network, seen, generator)["loss"], clean)


def test_fine_tuning_classifies_digits_and_moves_the_encoder(few: data.Dataset) -> None:
    config = small.config("ae").with_(
        latent_dim=16,
        hidden=(64,),
        epochs=5,
        learning_rate=0.01,
        train_images=2000,
    )
    source = Autoencoder(config)
    before = {name: value.clone() for name, value in source.encoder.state_dict().items()}
    training = classifier.begin(
        classifier.Classifier(source, 10),
        replace(few, train_images=few.train_images[:2000], train_labels=few.train_labels[:2000]),
        config.loop,
    )
    records = list(training.run())
    # With zero weights nine of ten are wrong at first; after a hundred steps most are right.
    assert len(records) == 5
    assert records[-1].test["error"] < 0.4
    assert records[-1].test["error"] < records[0].test["error"]
    after = source.encoder.state_dict()
    assert all(not torch.equal(before[name], after[name].cpu()) for name in before)
