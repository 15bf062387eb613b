"""The data and models that every row measures; in quick mode everything is small."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TextIO

import numpy as np

from aemodels import data
from aemodels.bundles import CurvePoint, TrainingFacts
from aemodels.cli import progress
from aemodels.config import Config, Loop
from aemodels.data import binarisation
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import classifier
from reproduction.model_cache import ModelCache, settings_text
from reproduction.result import Used
from reproduction.trainer import QUICK_TRAIN, DivergedError, Trained, Trainer, used

__all__ = ["DivergedError", "ReproductionContext", "Trained"]

QUICK_TEST = 300


class ReproductionContext:
    """Gives rows data and models, and records the models in `used`.

    Parameters
    ----------
    zoo, models : Path
        Folders of trained models: those with a recipe, and the others.
    quick : bool
        Whether to use few images and one epoch, and to keep models in memory only.
    stream : text file
        Where progress is shown; by default stderr.
    folders : mapping
        Folders of data sets that aren't in the usual place, by name.
    """

    def __init__(
        self,
        zoo: Path,
        models: Path,
        quick: bool = False,
        stream: TextIO | None = None,
        folders: Mapping[str, Path] | None = None,
    ) -> None:
        self.quick = quick
        self.used: dict[str, Used] = {}
        self.trainer = Trainer(quick, stream)
        self.cache = ModelCache(zoo, models, self.trainer, self.dataset)
        self._folders = folders or {}
        self._data: dict[str, data.Dataset] = {}

    def say(self, text: str) -> None:
        """Print one line of progress."""
        self.trainer.say(text)

    def few(self, full: int, quick: int) -> int:
        """A number of images, samples or epochs, smaller in quick mode."""
        return quick if self.quick else full

    @property
    def mnist(self) -> data.Dataset:
        return self.dataset("mnist")

    def dataset(self, name: str) -> data.Dataset:
        """The data set, downloaded if necessary. Raises DataError."""
        if name not in self._data:
            found = data.load(name, self._folders.get(name), progress.download)
            self._data[name] = _first_images(found) if self.quick else found
        return self._data[name]

    @property
    def labels(self) -> np.ndarray:
        """The labels of the test digits, (10000,)."""
        return self.mnist.test_labels

    def images(self, kind: str = "grey") -> np.ndarray:
        """The test images (N, 784) as a model with this `binarisation` sees them."""
        return binarisation.binarise(self.mnist.test_images, kind)

    def bundle(self, name: str) -> Trained:
        """A model of the zoo, made by its recipe if it isn't there."""
        trained, self.used[name] = self.cache.of_zoo(name)
        return trained

    def fit(self, name: str, config: Config, phases: Sequence[int] | None = None) -> Trained:
        """A model that has no recipe; `phases` as `Training` has them."""
        trained, self.used[name] = self.cache.fit(name, config, phases)
        return trained

    def fit_on(self, name: str, config: Config, dataset: data.Dataset) -> Autoencoder:
        """A model trained on images other than a whole data set, which isn't kept; the seconds of
        several models of one name are added up.
        """
        before = self.used.get(name)
        with self.trainer.timed():
            fitted, _ = self.trainer.fit(name, config, dataset)
        seconds = fitted.training.seconds + (before.seconds if before else 0)
        # The data set can be part of one.
        count = min(config.data.train_images, len(dataset.train_images))
        self.used[name] = used(
            name,
            replace(fitted.training, seconds=round(seconds, 1)),
            settings=settings_text(config.with_(train_images=count)),
        )
        return fitted.model.cpu()

    def classify(
        self, name: str, source: Autoencoder, loop: Loop, masking: float = 0.0
    ) -> list[CurvePoint]:
        """Fine-tune a classifier on a copy of the model's encoder. Returns for each epoch `loss`,
        the cross-entropy in nats, and `error`, the share of wrong answers, on training and test
        images.
        """
        network = Autoencoder(source.config)
        network.load_state_dict(source.state_dict())
        loop = self.trainer.shortened_loop(loop)
        training = classifier.begin(
            classifier.Classifier(network, 10), self.mnist, loop, masking=masking
        )
        with self.trainer.timed():
            curve = self.trainer.run(name, training)
        facts = TrainingFacts(
            epochs=training.epoch,
            finished=True,
            seconds=round(training.seconds, 1),
            device=training.device.type,
            precision=training.precision,
            machine=self.trainer.machine,
        )
        words = " ".join(
            f"{row.flag} {row.text(getattr(loop, key))}" for key, row in Loop.table().items()
        )
        text = f"fine-tuning with {masking:.0%} of the pixels masked, {words}"
        self.used[name] = used(name, facts, settings=text)
        return curve


def _first_images(dataset: data.Dataset) -> data.Dataset:
    return replace(
        dataset,
        train_images=dataset.train_images[:QUICK_TRAIN],
        train_labels=dataset.train_labels[:QUICK_TRAIN],
        test_images=dataset.test_images[:QUICK_TEST],
        test_labels=dataset.test_labels[:QUICK_TEST],
    )
