"""An estimate of how long training would take on this machine, from half a second of it."""

from contextlib import suppress
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING

from aemodels import data
from aemodels.config import Config
from aemodels.setting import SettingError

if TYPE_CHECKING:
    import torch

ESTIMATE_SECONDS = 0.5
WARM_UP_STEPS = 2


@dataclass(frozen=True)
class Estimate:
    """The device, the number of weights, and the seconds per epoch and in total."""

    device: str
    precision: str
    parameters: int
    seconds_per_epoch: float
    seconds: float


def estimate(config: Config, dataset: data.Dataset) -> Estimate:
    """Train for half a second and extrapolate; a closed form is simply solved.

    Raises SettingError if the device isn't there or has too little memory.
    """
    # Pages read an `Estimate` made by another process, and don't wait for PyTorch.
    from aemodels.training import hardware, memory

    try:
        return _estimate(config, dataset)
    except (RuntimeError, MemoryError) as error:
        if not hardware.out_of_memory(error):
            raise
        problem = "not enough memory" + ", even for a small network" * memory.is_small(config)
        raise SettingError(*memory.too_large(config), problem, memory.remedy(config)) from None


def _estimate(config: Config, dataset: data.Dataset) -> Estimate:
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

    # At most one epoch, since the time between two epochs isn't part of a step.
    with suppress(loop.DivergedError):
        # Its cost is known all the same.
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
    """Wait for a GPU, which may still be working when the step has returned."""
    import torch

    if device.type == "cuda":
        torch.cuda.synchronize()
    elif device.type == "mps":
        torch.mps.synchronize()


def _parameters(model: "torch.nn.Module") -> int:
    return sum(parameter.numel() for parameter in model.parameters())
