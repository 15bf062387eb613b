"""Trains one candidate on the first training digits and measures it on those held out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from time import perf_counter

from aemodels import data
from aemodels.config import Config
from aemodels.training import fit, hardware
from reproduction.choices.candidates import CHOICES
from reproduction.choices.choice import Choice, Settings
from reproduction.choices.history import Trial

QUICK_TRAIN, QUICK_HELD_OUT = 600, 300


@cache
def dataset(name: str) -> data.Dataset:
    """The held-out data set; the test images aren't read. Raises DataError."""
    return data.load_for_choices(name)


def attempt(name: str, candidate: Settings, seed: int, quick: bool = False) -> Trial:
    """One trial of the choice of this name; in quick mode one epoch on few images.

    Raises SettingError if the candidate's settings don't fit together.
    """
    choice = CHOICES[name]
    source = choice.in_use.get("dataset", "mnist")
    held_out = _few(dataset(source)) if quick else dataset(source)
    if choice.score is None:
        return _trained(choice, candidate, held_out, seed, quick)
    start = perf_counter()
    figures = choice.score(choice.settings(candidate), held_out, seed)
    device = hardware.device("auto")
    return _trial(
        choice,
        candidate,
        seed,
        dict(figures),
        perf_counter() - start,
        None,
        device.type,
        hardware.precision("auto", device),
    )


def _trained(
    choice: Choice, candidate: Settings, held_out: data.Dataset, seed: int, quick: bool
) -> Trial:
    assert isinstance(choice.base, Config)
    assert choice.measure is not None
    config = choice.base.with_(**candidate).with_(
        seed=seed, train_images=len(held_out.train_images)
    )
    if quick:
        config = config.with_(epochs=1, batch_size=100)
    last: dict[str, float] = {}
    fitted = fit.fit(config, held_out, on_record=lambda record: last.update(record.test))
    figures: dict[str, float] = {}
    if fitted.failure is None:
        figures = {"objective": last["loss"], **choice.measure(fitted.model.cpu(), held_out)}
    facts = fitted.training
    return _trial(
        choice,
        candidate,
        seed,
        figures,
        facts.seconds,
        facts.epochs,
        facts.device,
        facts.precision or "",
        fitted.failure or "",
    )


def _trial(
    choice: Choice,
    candidate: Settings,
    seed: int,
    figures: dict[str, float],
    seconds: float,
    epochs: int | None,
    device: str,
    precision: str,
    failure: str = "",
) -> Trial:
    return Trial(
        settings=choice.settings(candidate),
        seed=seed,
        figures={name: float(f"{value:.6g}") for name, value in figures.items()},
        seconds=round(seconds, 1),
        epochs=epochs,
        device=device,
        precision=precision,
        machine=hardware.describe_machine(),
        date=date.today().isoformat(),
        versions=hardware.library_versions(),
        failure=failure,
    )


def _few(held_out: data.Dataset) -> data.Dataset:
    return replace(
        held_out,
        train_images=held_out.train_images[:QUICK_TRAIN],
        train_labels=held_out.train_labels[:QUICK_TRAIN],
        test_images=held_out.test_images[:QUICK_HELD_OUT],
        test_labels=held_out.test_labels[:QUICK_HELD_OUT],
    )
