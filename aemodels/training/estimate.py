"""How long a training would take on this machine, from half a second of it."""

from contextlib import suppress
from time import perf_counter
from typing import Any

import torch

from aemodels import data
from aemodels.config import Config
from aemodels.training import fit, loop

ESTIMATE_SECONDS = 0.5
WARM_UP_STEPS = 2


def estimate(config: Config, dataset: data.Dataset) -> dict[str, Any]:
    """`device`, `precision`, `parameters`, `seconds_per_epoch` and `seconds` for all epochs.

    For a family that isn't trained the seconds are those of making it. Raises SettingError if the
    device isn't there.
    """
    if config.family.closed_form:
        made = fit.solve(config, dataset)
        seconds = made.training.seconds
        return {
            "device": made.training.device,
            "precision": made.training.precision,
            "parameters": _parameters(made.model),
            "seconds_per_epoch": seconds,
            "seconds": seconds,
        }
    training = fit.begin(config, dataset)
    device = training.device
    warm_up = min(WARM_UP_STEPS, training.steps - 1)
    start, passed, steps = perf_counter(), 0.0, 0

    def on_step(done: int, total: int) -> bool:
        nonlocal start, passed, steps
        _wait(device)
        if done <= warm_up:
            start = perf_counter()
        passed, steps = perf_counter() - start, max(0, done - warm_up)
        return passed > ESTIMATE_SECONDS and steps > 0

    # One epoch at the most: what comes between two of them is no step.
    with suppress(loop.DivergedError):
        # What it would cost is known all the same.
        next(training.run(on_step), None)
    step_seconds = passed / max(steps, 1)
    measured = perf_counter()
    training.measure()
    epoch_seconds = step_seconds * training.steps + perf_counter() - measured
    return {
        "device": device.type,
        "precision": training.precision,
        "parameters": _parameters(training.model),
        "seconds_per_epoch": epoch_seconds,
        "seconds": epoch_seconds * training.epochs,
    }


def _wait(device: torch.device) -> None:
    """A GPU works on while Python thinks that the step is over."""
    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def _parameters(model: torch.nn.Module) -> int:
    return sum(parameter.numel() for parameter in model.parameters())
