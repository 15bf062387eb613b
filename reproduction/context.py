"""What rows measure with: the data, and models that are trained once and read again after.

Models of the zoo are trained into it where they are missing; others into `reproduction/models`,
which isn't committed. In quick mode everything is small and stays in memory.
"""

import hashlib
import json
import os
import platform
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any, TextIO

import numpy as np
import torch

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.bundles.facts import CurvePoint, TrainingFacts
from aemodels.bundles.load import load
from aemodels.bundles.metrics import Metrics
from aemodels.bundles.recipes import RECIPES
from aemodels.cli import progress
from aemodels.config import Config, Loop, every_setting
from aemodels.data import binarisation
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import classifier, loop
from aemodels.training import fit as fitting
from reproduction.result import Used

# Part of the name under which a trained model is kept: raise it when what a training computes
# changes though its settings don't.
FORMULAS = 2
LIBRARIES = ("torch", "numpy", "scipy", "scikit-learn")

QUICK_TRAIN, QUICK_TEST, QUICK_BATCH = 600, 300, 100


class DivergedError(Exception):
    """A model's loss became NaN or infinite; the message says where."""


@dataclass(frozen=True, eq=False)
class Trained:
    """A model with its `evaluate` numbers, None where they weren't measured, and its curve: of each
    epoch the terms on the training and on the test images.
    """

    name: str
    model: Autoencoder
    metrics: Metrics
    curve: Sequence[CurvePoint]

    @property
    def config(self) -> Config:
        return self.model.config


class Bench:
    """Gives rows what they ask for, and notes in `used` which models that were.

    `zoo` and `models` are where trained models lie, `folders` those of data sets that don't lie in
    the usual place, by name.
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
        self.folders = folders or {}
        self.zoo = zoo
        self.models = models
        self.used: dict[str, Used] = {}
        # Seconds of making models since the bench began.
        self.spent = 0.0
        self._stream = stream or sys.stderr
        self._machine = machine()
        self._made: dict[str, tuple[Trained, Used]] = {}
        self._data: dict[str, data.Dataset] = {}

    def say(self, text: str) -> None:
        """One line of progress."""
        print(text, file=self._stream, flush=True)

    def few(self, full: int, quick: int) -> int:
        """A number of images, samples or epochs, smaller in quick mode."""
        return quick if self.quick else full

    @property
    def mnist(self) -> data.Dataset:
        return self.dataset("mnist")

    def dataset(self, name: str) -> data.Dataset:
        """Downloaded if need be. Raises DataError."""
        if name not in self._data:
            found = data.load(name, self.folders.get(name), progress.download)
            self._data[name] = _some(found) if self.quick else found
        return self._data[name]

    @property
    def labels(self) -> np.ndarray:
        """Of the test digits, (10000,)."""
        return self.mnist.test_labels

    def images(self, seen: str = "grey") -> np.ndarray:
        """The test images (N, 784) as a model with this `pixels` setting sees them."""
        return binarisation.binarise(self.mnist.test_images, seen)

    def bundle(self, name: str) -> Trained:
        """A model of the zoo, made by its recipe if it isn't there."""
        return self._get(name, RECIPES[name], lambda: self._from_zoo(name))

    def fit(self, name: str, config: Config, phases: Sequence[int] | None = None) -> Trained:
        """A model that isn't in the zoo; `phases` as `training.Training` has them. Its metrics are
        those of `evaluate.quick`.
        """
        return self._get(name, config, lambda: self._from_cache(name, config, phases), phases)

    def made(self) -> list[Trained]:
        """Every model so far but those of `fit_on`."""
        return [trained for trained, _ in self._made.values()]

    def fit_on(self, name: str, config: Config, dataset: data.Dataset) -> Autoencoder:
        """A model of other images than the bench's, which isn't kept; of several with one name the
        seconds are added up.
        """
        before = self.used.get(name)
        with self._making():
            fitted, _ = self._train(name, self._cut(config), dataset)
        facts = fitted.training
        seconds = facts.seconds + (before.seconds if before else 0)
        # The data set may be a part of one.
        seen = config.with_(train_images=min(config.data.train_images, len(dataset.train_images)))
        self._note(name, replace(facts, seconds=round(seconds, 1)), settings=_settings(seen))
        return fitted.model.cpu()

    def classify(
        self, name: str, source: Autoencoder, loop: Loop, masking: float = 0.0
    ) -> list[CurvePoint]:
        """Fine-tune a classifier on a copy of the model's encoder: of each epoch the cross-entropy
        `loss` (nats) and `error` (share of wrong answers), on training and test images.
        """
        network = Autoencoder(source.config)
        network.load_state_dict(source.state_dict())
        if self.quick:
            loop = replace(loop, epochs=1, batch_size=QUICK_BATCH)
        going = classifier.begin(
            classifier.Classifier(network, 10), self.mnist, loop, masking=masking
        )
        with self._making():
            curve = self._run(name, going)
        facts = TrainingFacts(
            epochs=going.epoch,
            finished=True,
            seconds=round(going.seconds, 1),
            device=going.device.type,
            precision=going.precision,
            machine=self._machine,
        )
        words = " ".join(
            f"{row.flag} {row.text(getattr(loop, key))}" for key, row in Loop.table().items()
        )
        self._note(name, facts, settings=f"fine-tuning, pixels hidden {masking:g}, {words}")
        return curve

    def _get(
        self,
        name: str,
        config: Config,
        find: Callable[[], tuple[Trained, Used]],
        phases: Sequence[int] | None = None,
    ) -> Trained:
        if name not in self._made:
            with self._making():
                self._made[name] = self._small(name, config, phases) if self.quick else find()
        trained, used = self._made[name]
        self.used[name] = used
        return trained

    def _small(
        self, name: str, config: Config, phases: Sequence[int] | None
    ) -> tuple[Trained, Used]:
        dataset = self.dataset(config.data.dataset)
        fitted, curve = self._train(name, self._cut(config), dataset, phases)
        metrics = evaluation.evaluate(fitted.model.cpu(), dataset)
        return Trained(name, fitted.model, metrics, curve), self._note(name, fitted.training)

    def _from_zoo(self, name: str) -> tuple[Trained, Used]:
        path, config = self.zoo / name, RECIPES[name]
        if not path.exists():
            fitted, _ = self._train(name, config, self.mnist)
            self.say(f"{name}: measuring")
            metrics = evaluation.evaluate(fitted.model, self.mnist)
            command = config.command("--output", f"zoo/{name}")
            fitting.save(fitted, metrics, self.mnist, path, command=command)
        return self._read(name, path, config)

    def _from_cache(
        self, name: str, config: Config, phases: Sequence[int] | None
    ) -> tuple[Trained, Used]:
        settings = [FORMULAS, config.to_dict(), phases]
        digest = hashlib.sha256(json.dumps(settings).encode()).hexdigest()[:12]
        path = self.models / f"{name}-{digest}"
        # Before what is kept is looked at: without the data a row has nothing to measure.
        dataset = self.dataset(config.data.dataset)
        if not path.exists():
            fitted, curve = self._train(name, config, dataset, phases)
            fitted = replace(fitted, training=replace(fitted.training, curve=tuple(curve)))
            metrics = evaluation.quick(fitted.model, dataset)
            # The command line has no way to ask for phases.
            command = config.command() if phases is None else ""
            fitting.save(fitted, metrics, dataset, path, command=command or "reproduce")
        return self._read(name, path, config, phases)

    def _read(
        self, name: str, path: Path, config: Config, phases: Sequence[int] | None = None
    ) -> tuple[Trained, Used]:
        found = bundle.read(path)
        if found.config != config:
            raise bundle.BundleError(
                f"{path.name} was made with other settings than its recipe's; "
                f"remove {path.parent.name}/{path.name} to have it made again"
            )
        facts = found.training
        trained = Trained(name, load(found), found.metrics, facts.curve)
        if phases is None:
            return trained, self._note(name, facts, found.command)
        return trained, self._note(name, facts, settings=_settings(config, phases))

    def _train(
        self,
        name: str,
        config: Config,
        mnist: data.Dataset,
        phases: Sequence[int] | None = None,
    ) -> tuple[fitting.Fitted, list[CurvePoint]]:
        """Raises DivergedError."""
        if config.family.closed_form:
            self.say(f"{name}: solving")
            return self._with_machine(fitting.solve(config, mnist)), []
        if self.quick and phases is not None:
            phases = (1,) * len(phases)
        going = fitting.begin(config, mnist, phases)
        curve = self._run(name, going)
        return self._with_machine(fitting.fitted(going)), curve

    def _with_machine(self, fitted: fitting.Fitted) -> fitting.Fitted:
        return replace(fitted, training=replace(fitted.training, machine=self._machine))

    def _run(self, name: str, going: loop.Training[Any]) -> list[CurvePoint]:
        self.say(f"{name}: training {going.epochs} epochs")
        bar = progress.ProgressBar(going.epochs, self._stream)
        curve: list[CurvePoint] = []

        def on_step(done: int, total: int) -> bool:
            bar.step(done, total)
            return False

        try:
            for record in going.run(on_step):
                bar.epoch(record.epoch, record.train["loss"], record.test["loss"])
                curve.append(
                    {
                        "epoch": record.epoch,
                        "train": _rounded(record.train),
                        "test": _rounded(record.test),
                    }
                )
        except loop.DivergedError as error:
            raise DivergedError(f"{name}: {error}") from None
        finally:
            bar.close()
        return curve

    @contextmanager
    def _making(self) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.spent += perf_counter() - start

    def _cut(self, config: Config) -> Config:
        """The same in small, in quick mode."""
        if not self.quick:
            return config
        if config.family.closed_form:
            return config.with_(train_images=QUICK_TRAIN)
        return config.with_(train_images=QUICK_TRAIN, epochs=1, batch_size=QUICK_BATCH)

    def _note(self, name: str, facts: TrainingFacts, command: str = "", settings: str = "") -> Used:
        self.used[name] = Used(
            name=name,
            command=command,
            settings=settings,
            device=facts.device,
            precision=facts.precision or "",
            seconds=facts.seconds,
            machine=facts.machine or "",
        )
        return self.used[name]


def machine() -> str:
    """What the numbers are measured on, in one line: processor, cores, GPU, threads."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [_processor(), f"{cores} cores", f"{torch.get_num_threads()} threads"]
    if torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    return ", ".join([*parts, platform.system()])


def versions() -> dict[str, str]:
    """Of Python and of the libraries that compute."""
    return {"python": platform.python_version()} | {name: version(name) for name in LIBRARIES}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "a CPU")


def _settings(config: Config, phases: Sequence[int] | None = None) -> str:
    """As options, but for the epochs where the phases are given."""
    if phases is None:
        return shlex.join(config.options())
    words = config.options()
    at = words.index(every_setting()["epochs"].flag)
    del words[at : at + 2]
    return f"epochs {', '.join(map(str, phases))}, {shlex.join(words)}"


def _some(mnist: data.Dataset) -> data.Dataset:
    return replace(
        mnist,
        train_images=mnist.train_images[:QUICK_TRAIN],
        train_labels=mnist.train_labels[:QUICK_TRAIN],
        test_images=mnist.test_images[:QUICK_TEST],
        test_labels=mnist.test_labels[:QUICK_TEST],
    )


def _rounded(terms: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in terms.items()}
