"""How long a training would take on this machine, from half a second of it."""

from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from aemodels import data
from aemodels.config import Config

if TYPE_CHECKING:
    import torch

ESTIMATE_SECONDS = 0.5
WARM_UP_STEPS = 2


@dataclass(frozen=True)
class Estimate:
    """Where a training would run, the number of weights, and the seconds of an epoch and of all."""

    device: str
    precision: str
    parameters: int
    seconds_per_epoch: float
    seconds: float


def estimate(config: Config, dataset: data.Dataset) -> Estimate:
    """Train for half a second and extrapolate; a model that is solved is solved.

    Raises SettingError if the device isn't there.
    """
    # Pages read an `Estimate` that another process made, and don't wait for PyTorch.
    from aemodels.training import fit, loop

    if config.family.closed_form:
        solved = fit.solve(config, dataset)
        seconds = solved.training.seconds
        return Estimate(
            device=solved.training.device,
            precision=solved.training.precision or "",
            parameters=_parameters(solved.model),
            seconds_per_epoch=seconds,
            seconds=seconds,
        )
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
    return Estimate(
        device=device.type,
        precision=training.precision,
        parameters=_parameters(training.model),
        seconds_per_epoch=epoch_seconds,
        seconds=epoch_seconds * training.epochs,
    )


def _wait(device: "torch.device") -> None:
    """A GPU works on while Python thinks that the step is over."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def _parameters(model: "torch.nn.Module") -> int:
    return sum(parameter.numel() for parameter in model.parameters())
