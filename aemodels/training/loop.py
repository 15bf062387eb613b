"""The training loop: one record an epoch, for any model and any task, and it can be resumed.

    training = begin(Config.of("vae"), data.load())     # from aemodels.training.fit
    for record in training.run():
        print(record.epoch, record.test["loss"])
        content = training.checkpoint()     # bytes; another Training.restore(content) continues

All images sit on the model's device; batches are slices of a permutation. The same seed gives the
same weights to the last bit, resumed or not, on one machine's CPU, and on a GPU where its kernels
add in the same order each time, which cuDNN's convolutions in fp32 don't.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter
from typing import Any, Generic

import numpy as np
import torch
from torch import Tensor, nn

from aemodels.config import Augmentation, Loop
from aemodels.families.base import Batch, Terms
from aemodels.models import dropout
from aemodels.training import checkpoint, graphs, hardware
from aemodels.training.checkpoint import CheckpointError
from aemodels.training.graphs import CaptureError
from aemodels.training.low_precision import copy_in_bf16
from aemodels.training.optimizer import AdamW, rates
from aemodels.training.resident import Resident
from aemodels.training.steps import EagerSteps, RecordedSteps, Steps
from aemodels.training.task import ModelT, Task

TEST_BATCH = 2000


@dataclass(frozen=True)
class Images:
    """The images to train and test on, (N, 28, 28) uint8, with labels (N,) if the task needs them.
    `binarisation` is that of `DataSettings`; `augmentation` is of the training images alone.
    """

    train: np.ndarray
    test: np.ndarray
    train_labels: np.ndarray | None = None
    test_labels: np.ndarray | None = None
    binarisation: str = "grey"
    augmentation: Augmentation | None = None


@dataclass(frozen=True)
class Record:
    """One epoch: the objective's terms, means over images, and the seconds of training so far."""

    epoch: int
    train: dict[str, float]
    test: dict[str, float]
    seconds: float


class DivergedError(Exception):
    """The loss became NaN, infinite or absurdly large; the model has the weights of the last good
    epoch again. The message gives the reason and the epoch.
    """


class Training(Generic[ModelT]):
    """Trains `model` in place, as `loop` specifies, with AdamW.

    Parameters
    ----------
    model : nn.Module
        On the device to train on.
    task : Task
        What to learn.
    loop : Loop
        Batch size, learning rate, schedule, weight decay, seed.
    images : Images
        Images that fill no whole batch are left out of an epoch, others each time.
    phases : sequence of int
        The epochs of each phase. Each phase has its own cycle of the schedule and starts from the
        weights of the one before; by default, `loop.epochs` for each of the task's stages. Phase i
        trains stage i; phases beyond the last stage continue with it.
    precision : str
        "fp32" or "bf16".
    settings, defaults : mapping
        A checkpoint can be restored only if it was made with the same settings; one from a version
        that lacked some was made with the defaults of these.

    Attributes
    ----------
    epoch, seconds
        Whole epochs done, and how long they took.
    idle
        Seconds of a step in which nothing was trained, for `on_step` to add to: a pause.
    unrecorded
        On CUDA, why the steps of a stage couldn't be recorded, so that Python starts each kernel.
    """

    def __init__(
        self,
        model: ModelT,
        task: Task[ModelT],
        loop: Loop,
        images: Images,
        *,
        phases: Sequence[int] | None = None,
        precision: str = "fp32",
        settings: Mapping[str, Any] | None = None,
        defaults: Mapping[str, Any] | None = None,
    ) -> None:
        device = next(model.parameters()).device
        hardware.keep_freed_memory()
        self.model = model
        self.task = task
        self.loop = loop
        self.device = device
        self.precision = precision
        self.phases = tuple(phases if phases is not None else (loop.epochs,) * task.stages)
        self.epoch = 0
        self.seconds = 0.0
        self.idle = 0.0
        self.unrecorded: str | None = None
        self.batch_size = min(loop.batch_size, len(images.train))
        self.steps = len(images.train) // self.batch_size
        self._settings = dict(settings or {})
        self._defaults = {k: v for k, v in (defaults or {}).items() if k in self._settings}
        self._train, self._test = (
            Resident(pixels, labels, images.binarisation, device, augmentation)
            for pixels, labels, augmentation in (
                (images.train, images.train_labels, images.augmentation),
                (images.test, images.test_labels, None),
            )
        )
        self._order = torch.Generator().manual_seed(loop.seed)
        self._noise = torch.Generator(device).manual_seed(loop.seed)
        dropout.draw_from(self._noise, model)
        self._optimizer = AdamW(dict(model.named_parameters()), loop)

    @property
    def epochs(self) -> int:
        """The epochs of all phases together."""
        return sum(self.phases)

    @property
    def stage(self) -> int:
        """The stage of the task, from 0, that the next epoch trains, or the last one."""
        return min(self._phase()[0], self.task.stages - 1)

    def run(self, on_step: Callable[[int, int], bool] | None = None) -> Iterator[Record]:
        """Train the remaining epochs and yield a record after each.

        `on_step(done, total)` is called after every step; if it returns True, training ends there
        and the model keeps the weights of that step. Raises DivergedError.
        """
        model, total = self.model, self.steps * self.epochs
        good = _copy(model)
        stage, steps = self.stage, None
        while self.epoch < self.epochs:
            start, self.idle = perf_counter(), 0.0
            _, first, epochs = self._phase()
            if steps is None or stage != self.stage:
                stage = self.stage
                steps = self._steps(stage)
                update = self._optimizer.of(self.task.parameters(model, stage))
            model.train()
            steps.start(self._draw_batches(), [self._progress(i) for i in range(self.steps)])
            for step in range(self.steps):
                position = (self.epoch - first) * self.steps + step
                rate, beta1 = rates(self.loop, position, epochs * self.steps)
                update(steps.take(step), rate, beta1)
                done = self.epoch * self.steps + step + 1
                if on_step is not None and on_step(done, total) and done < total:
                    if not _finite(model):
                        model.load_state_dict(good)
                    model.eval()
                    self.seconds += perf_counter() - start - self.idle
                    return
            model.eval()
            train = steps.means()
            test = self.measure(self.steps)
            problem = self._problem(train["loss"], test, stage)
            if problem:
                model.load_state_dict(good)
                raise DivergedError(f"epoch {self.epoch + 1}: {problem}")
            good = _copy(model)
            self.epoch += 1
            self.seconds += perf_counter() - start - self.idle
            yield Record(self.epoch, train, test, self.seconds)

    def _problem(self, loss: float, test: dict[str, float], stage: int) -> str | None:
        losses = (loss, test["loss"])
        if not np.isfinite(losses).all() or not _finite(self.model):
            # If both losses are finite, the weights aren't.
            bad = next((x for x in losses if not np.isfinite(x)), np.inf)
            return f"the loss became {bad}"
        return self.task.problem(test, stage)

    # Not inference_mode, in which torch.func can't differentiate.
    @torch.no_grad()
    def measure(self, step: int = 0) -> dict[str, float]:
        """The terms on the test images, means over images, of the objective as it is after `step`
        steps of the epoch.
        """
        # Its own noise, so that measuring never changes training.
        noise, stage = torch.Generator(self.device).manual_seed(0), self.stage
        names: list[str] = []
        found: list[Tensor] = []
        progress = self._progress(step)
        everything = torch.arange(len(self._test), device=self.device)
        parts = torch.split(everything, TEST_BATCH)
        for indices in parts:
            batch = self._batch(self._test, indices, stage, noise, progress)
            with self._autocast():
                terms = self.task.objective(self.model, batch, noise)
            names = list(terms)
            found.append(torch.stack(list(terms.values())))
        sums = dict.fromkeys(names, 0.0)
        # All are read at once, so that a GPU is waited for once.
        for indices, values in zip(parts, torch.stack(found).tolist(), strict=True):
            for name, value in zip(names, values, strict=True):
                sums[name] += value * len(indices)
        return {name: value / len(everything) for name, value in sums.items()}

    def checkpoint(self) -> bytes:
        """Everything that decides how training continues after a whole epoch: weights, AdamW's
        moments, both random generators.
        """
        facts = checkpoint.Facts(self.epoch, self.seconds, self.device.type, self._settings)
        return checkpoint.pack(self._state(), facts)

    @torch.no_grad()
    def restore(self, content: bytes) -> None:
        """Continue where `checkpoint` made these bytes. Raises CheckpointError, changing nothing.

        On another kind of device, the noise restarts from the seed, since the generators of two
        kinds have no state in common.
        """
        found, facts = checkpoint.unpack(content)
        state = self._state()
        same_device = facts.device == self.device.type
        if not same_device:
            del state["noise"]
        checkpoint.check_settings(facts, self._settings, self._defaults)
        if not state.keys() <= found.keys() or any(
            (found[k].shape, found[k].dtype) != (v.shape, v.dtype) for k, v in state.items()
        ):
            raise CheckpointError("the checkpoint is of another model")
        for name, value in state.items():
            value.copy_(found[name])
        self._order.set_state(found["order"])
        if same_device:
            self._noise.set_state(found["noise"])
        self.epoch, self.seconds = facts.epoch, facts.seconds

    def _state(self) -> dict[str, Tensor]:
        """The tensors of a checkpoint: those in use, but copies of the generators' states."""
        weights = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        generators = {"order": self._order.get_state(), "noise": self._noise.get_state()}
        return weights | self._optimizer.state() | generators

    def _steps(self, stage: int) -> Steps:
        model, refresh = self.model, None
        if self.precision == "bf16":
            model, refresh = copy_in_bf16(self.model)
        trained = list(self.task.parameters(model, stage).values())

        def compute(indices: Tensor, progress: Tensor | float) -> tuple[Terms, Sequence[Tensor]]:
            if refresh is not None:
                refresh()
            batch = self._batch(self._train, indices, stage, self._noise, progress)
            with self._autocast():
                terms = self.task.objective(model, batch, self._noise)
            gradients = torch.autograd.grad(terms["loss"], trained)
            return terms, [gradient.float() for gradient in gradients]

        if self.device.type == "cuda":
            return RecordedSteps(compute, self._record)
        return EagerSteps(compute)

    def _record(self, work: Callable[[], None]) -> Callable[[], object]:
        """`work` as a CUDA graph; itself, if that can't hold what its objective does."""
        try:
            return graphs.record(work, self._noise)
        except CaptureError as error:
            self.unrecorded = str(error)
            return work

    def _draw_batches(self) -> Tensor:
        """The indices of an epoch's images, (steps, batch_size)."""
        permutation = torch.randperm(len(self._train), generator=self._order)
        used = permutation[: self.steps * self.batch_size].to(self.device)
        return used.view(self.steps, self.batch_size)

    def _batch(
        self,
        images: Resident,
        indices: Tensor,
        stage: int,
        noise: torch.Generator,
        progress: Tensor | float,
    ) -> Batch:
        return Batch(
            images.take(indices, noise, progress), images.labels_of(indices), stage, progress
        )

    def _phase(self) -> tuple[int, int, int]:
        """The phase of the epoch that comes next, or the last one: its index, its first epoch (from
        0) and its epochs.
        """
        ends = list(accumulate(self.phases))
        index = next((i for i, end in enumerate(ends) if self.epoch < end), len(ends) - 1)
        return index, ends[index] - self.phases[index], self.phases[index]

    def _progress(self, step: int) -> float:
        """The share of the stage that is done after `step` steps of the epoch; 1 in a phase that
        continues it.
        """
        index, first, epochs = self._phase()
        if index >= self.task.stages:
            return 1.0
        return ((self.epoch - first) * self.steps + step) / (epochs * self.steps)

    def _autocast(self) -> AbstractContextManager[object]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)


def _copy(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def _finite(model: nn.Module) -> bool:
    finite = [value.isfinite().all() for value in model.state_dict().values()]
    return bool(torch.stack(finite).all())
