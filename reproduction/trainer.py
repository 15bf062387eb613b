"""Trains the models that rows measure, with a progress bar; records the machine with each model."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import perf_counter
from typing import Any, TextIO

from aemodels import data
from aemodels.bundles import CurvePoint, Metrics, TrainingFacts
from aemodels.cli import progress
from aemodels.config import Config, Loop
from aemodels.models.autoencoder import Autoencoder
from aemodels.training import fit as fitting
from aemodels.training import hardware
from aemodels.training.loop import DivergedError as LoopDivergedError
from aemodels.training.loop import Training
from reproduction.result import Used

QUICK_TRAIN, QUICK_BATCH = 600, 100


class DivergedError(Exception):
    """A model's loss became NaN or infinite; the message gives the model and the epoch."""


@dataclass(frozen=True, eq=False)
class Trained:
    """A model with its test metrics and its curve, the terms of the objective after each epoch."""

    name: str
    model: Autoencoder
    metrics: Metrics
    curve: Sequence[CurvePoint]

    @property
    def config(self) -> Config:
        return self.model.config


class Trainer:
    """Trains models and adds up the time in `seconds`; in quick mode they are small."""

    def __init__(self, quick: bool = False, stream: TextIO | None = None) -> None:
        self.quick = quick
        self.seconds = 0.0
        self.machine = hardware.describe_machine()
        self._stream = stream or sys.stderr

    def say(self, text: str) -> None:
        """Print one line of progress."""
        print(text, file=self._stream, flush=True)

    def fit(
        self,
        name: str,
        config: Config,
        dataset: data.Dataset,
        phases: Sequence[int] | None = None,
    ) -> tuple[fitting.Fitted, list[CurvePoint]]:
        """The model and its curve; `phases` as `Training` has them. Raises DivergedError."""
        config = self.shortened(config)
        if config.family.closed_form:
            self.say(f"{name}: solving")
            return self._with_machine(fitting.solve(config, dataset)), []
        if self.quick and phases is not None:
            phases = (1,) * len(phases)
        training = fitting.begin(config, dataset, phases)
        curve = self.run(name, training)
        return self._with_machine(fitting.fitted(training)), curve

    def run(self, name: str, training: Training[Any]) -> list[CurvePoint]:
        """Train to the end; returns the curve. Raises DivergedError."""
        self.say(f"{name}: training {training.epochs} epochs")
        bar = progress.ProgressBar(training.epochs, self._stream)
        curve: list[CurvePoint] = []

        def on_step(done: int, total: int) -> bool:
            bar.step(done, total)
            return False

        try:
            for record in training.run(on_step):
                bar.epoch(record.epoch, record.train["loss"], record.test["loss"])
                train, test = _rounded(record.train), _rounded(record.test)
                curve.append({"epoch": record.epoch, "train": train, "test": test})
        except LoopDivergedError as error:
            raise DivergedError(f"{name}: {error}") from None
        finally:
            bar.close()
        return curve

    def shortened(self, config: Config) -> Config:
        """The same settings; in quick mode one epoch on few images."""
        if not self.quick:
            return config
        if config.family.closed_form:
            return config.with_(train_images=QUICK_TRAIN)
        return config.with_(train_images=QUICK_TRAIN, epochs=1, batch_size=QUICK_BATCH)

    def shortened_loop(self, loop: Loop) -> Loop:
        """The same for fine-tuning, which only has the settings of a loop."""
        return replace(loop, epochs=1, batch_size=QUICK_BATCH) if self.quick else loop

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count the block as time spent on making models, not on measuring."""
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds += perf_counter() - start

    def _with_machine(self, fitted: fitting.Fitted) -> fitting.Fitted:
        return replace(fitted, training=replace(fitted.training, machine=self.machine))


def used(name: str, facts: TrainingFacts, command: str = "", settings: str = "") -> Used:
    """How a model was made, from the facts about its training."""
    return Used(
        name=name,
        command=command,
        settings=settings,
        device=facts.device,
        precision=facts.precision or "",
        seconds=facts.seconds,
        machine=facts.machine or "",
    )


def _rounded(terms: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 5) for name, value in terms.items()}
