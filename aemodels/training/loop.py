"""The training loop: one record an epoch, for any model and any task, and it can be resumed.

    training = Training(model, mnist.train_images, mnist.test_images)
    for record in training.run():
        print(record.epoch, record.test["loss"])
        content = training.checkpoint()     # bytes; another Training.restore(content) goes on there

All images sit on the model's device; batches are slices of a permutation. The same seed gives the
same weights to the last bit, on one machine's CPU, resumed or not.
"""

import json
import math
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import accumulate
from time import perf_counter
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor, nn

from aemodels.config import Config
from aemodels.data import PIXELS
from aemodels.families import FAMILIES
from aemodels.families.base import Batch, Terms
from aemodels.objectives.losses import GREY_PAPER

TEST_BATCH = 2000
# Times the error of grey paper: a model that is worse has diverged, though its loss is a number.
SENSELESS = 2

# Of the one-cycle schedule, as PyTorch's OneCycleLR has them.
WARM_UP = 0.3
START_DIVISOR, END_DIVISOR = 25.0, 25.0 * 1e4
BETA1_HIGH, BETA1_LOW = 0.95, 0.85
# Of Adam (Kingma & Ba 2015), for a constant rate.
BETA1, BETA2 = 0.9, 0.999
EPSILON = 1e-8

Model = TypeVar("Model", bound=nn.Module)


@dataclass(frozen=True)
class Record:
    """One epoch: the objective's terms, means over images, and the seconds of training so far."""

    epoch: int
    train: dict[str, float]
    test: dict[str, float]
    seconds: float


class DivergedError(Exception):
    """The loss became NaN, infinite or senseless; the model has the weights of the last good epoch
    again. The message says which, and in what epoch.
    """


class CheckpointError(Exception):
    """A checkpoint is damaged or of another model; the message is one sentence."""


class Task(Protocol):
    """What is learnt: each `Family` is one, and so is a classifier's."""

    def stages(self, config: Config) -> int: ...
    def parameters(self, model: Any, stage: int) -> dict[str, nn.Parameter]: ...
    def objective(self, model: Any, batch: Batch, generator: torch.Generator) -> Terms: ...


class Training(Generic[Model]):
    """Trains `model`, a module with a `config`, in place on images (N, 28, 28) uint8.

    AdamW (Loshchilov & Hutter 2019, algorithm 2) with a one-cycle learning rate (Smith & Topin
    2018). Images that fill no whole batch are left out of an epoch, others each time.

    The task is the config's family if no other is given; `labels` (N,) and `test_labels` are for a
    task that asks for them.

    `phases` are the epochs of trainings that follow each other, each with a cycle of its own and
    the weights of the one before; by default those that the settings ask for. Phase i trains the
    task's stage i, and phases beyond the last stage go on with it. `epoch` whole epochs are done,
    which took `seconds`.
    """

    def __init__(
        self,
        model: Model,
        images: np.ndarray,
        test_images: np.ndarray,
        precision: str = "fp32",
        phases: Sequence[int] | None = None,
        *,
        task: Task | None = None,
        labels: np.ndarray | None = None,
        test_labels: np.ndarray | None = None,
    ) -> None:
        config: Config = model.config  # type: ignore[assignment]
        device = next(model.parameters()).device
        self.model = model
        self.config = config
        self.device = device
        self.precision = precision
        self.task: Task = task or FAMILIES[config.family]
        self.phases = tuple(phases if phases is not None else config.phases)
        self.epoch = 0
        self.seconds = 0.0
        # Seconds of a step in which nothing was trained, for `on_step` to add to: a pause.
        self.idle = 0.0
        self.batch_size = min(config.batch_size, len(images))
        self.steps = len(images) // self.batch_size
        self._pixels, self._test_pixels = _resident(images, device), _resident(test_images, device)
        self._labels, self._test_labels = _classes(labels, device), _classes(test_labels, device)
        self._order = torch.Generator().manual_seed(config.seed)
        self._noise = torch.Generator(device).manual_seed(config.seed)
        self._parameters = dict(model.named_parameters())
        self._moments = {
            "step": [torch.zeros((), device=device) for _ in self._parameters],
            "exp_avg": [torch.zeros_like(value) for value in self._parameters.values()],
            "exp_avg_sq": [torch.zeros_like(value) for value in self._parameters.values()],
        }

    @property
    def epochs(self) -> int:
        """Of all phases together."""
        return sum(self.phases)

    @property
    def stage(self) -> int:
        """Of the task, from 0: that of the epoch that comes next, or of the last one."""
        return min(self._phase()[0], self.task.stages(self.config) - 1)

    def run(self, on_step: Callable[[int, int], bool] | None = None) -> Iterator[Record]:
        """Train the epochs that are left and yield a record after each.

        `on_step(done, total)` is called after every step; if it returns True, training ends there
        and the model keeps the weights of that step. Raises DivergedError.
        """
        model, total = self.model, self.steps * self.epochs
        constant = self.config.schedule == "constant"
        good = _copy(model)
        while self.epoch < self.epochs:
            start, self.idle = perf_counter(), 0.0
            _, first, epochs = self._phase()
            stage = self.stage
            parameters = self.task.parameters(model, stage)
            model.train()
            sums: dict[str, Tensor] = {}
            for step, batch in enumerate(self._batches(stage)):
                position = (self.epoch - first) * self.steps + step
                rate, beta1 = self.config.learning_rate, BETA1
                if not constant:
                    rate, beta1 = one_cycle(position, epochs * self.steps, rate)
                for name, value in self._step(batch, parameters, rate, beta1).items():
                    # Summed where they are: reading a number would make a GPU wait at every step.
                    sums[name] = sums.get(name, 0) + value.detach()
                done = self.epoch * self.steps + step + 1
                if on_step is not None and on_step(done, total) and done < total:
                    if not _finite(model):
                        model.load_state_dict(good)
                    model.eval()
                    self.seconds += perf_counter() - start - self.idle
                    return
            model.eval()
            train = {name: float(value) / self.steps for name, value in sums.items()}
            test = self.measure()
            losses = (train["loss"], test["loss"])
            if not np.isfinite(losses).all() or not _finite(model):
                model.load_state_dict(good)
                # Where both losses are finite it is the weights that aren't.
                loss = next((x for x in losses if not np.isfinite(x)), np.inf)
                raise DivergedError(f"the loss became {loss} in epoch {self.epoch + 1}")
            # A KL that costs little may be as large as it likes.
            kl = min(1.0, self.config.beta) * test.get("kl", 0.0)
            error, most = test.get("reconstruction", 0.0) + kl, self._most(stage)
            if error > most:
                model.load_state_dict(good)
                raise DivergedError(
                    f"the test error grew to {error:.3g} in epoch {self.epoch + 1}, where grey "
                    f"paper has {most / SENSELESS:.3g}"
                )
            good = _copy(model)
            self.epoch += 1
            self.seconds += perf_counter() - start - self.idle
            yield Record(self.epoch, train, test, self.seconds)

    def _most(self, stage: int) -> float:
        """The reconstruction error, of a VAE with its KL, above which a model is no result. Of a
        stage that trains hidden layers it is infinite: their errors have another scale.
        """
        if stage < self.task.stages(self.config) - 1:
            return math.inf
        linear = self.config.network == "linear"
        return SENSELESS * GREY_PAPER["mse" if linear else self.config.objective]

    # Not inference_mode, in which torch.func can't differentiate.
    @torch.no_grad()
    def measure(self) -> dict[str, float]:
        """The objective's terms on the test images, means over images."""
        # Its own noise, so that measuring never changes what is learnt.
        noise, stage = torch.Generator(self.device).manual_seed(0), self.stage
        sums: dict[str, float] = {}
        for indices in torch.arange(len(self._test_pixels), device=self.device).split(TEST_BATCH):
            batch = self._batch(self._test_pixels, self._test_labels, indices, stage, noise)
            with self._autocast():
                terms = self.task.objective(self.model, batch, noise)
            for name, value in terms.items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(indices)
        return {name: value / len(self._test_pixels) for name, value in sums.items()}

    def checkpoint(self) -> bytes:
        """Everything that decides how training goes on after a whole epoch, as a safetensors file:
        weights, AdamW's moments, both random generators; numbers as JSON in its metadata.
        """
        facts = {
            "epoch": self.epoch,
            "seconds": self.seconds,
            "config": self.config.to_dict(),
        }
        tensors = {name: value.contiguous() for name, value in self._state().items()}
        content: bytes = safetensors.torch.save(tensors, {"training": json.dumps(facts)})
        return content

    @torch.no_grad()
    def restore(self, content: bytes) -> None:
        """Go on where `checkpoint` made these bytes. Raises CheckpointError, changing nothing."""
        facts = checkpoint_facts(content)
        found, state = safetensors.torch.load(content), self._state()
        if (
            facts["config"] != self.config.to_dict()
            or found.keys() != state.keys()
            or any((found[k].shape, found[k].dtype) != (v.shape, v.dtype) for k, v in state.items())
        ):
            raise CheckpointError("the checkpoint is of another model or another device")
        for name, value in state.items():
            value.copy_(found[name])
        self._order.set_state(found["order"])
        self._noise.set_state(found["noise"])
        self.epoch, self.seconds = facts["epoch"], facts["seconds"]

    def _state(self) -> dict[str, Tensor]:
        """The tensors of a checkpoint: the live ones, but of the generators copies."""
        tensors = {f"model.{name}": value for name, value in self.model.state_dict().items()}
        for moment, values in self._moments.items():
            names = (f"{moment}.{name}" for name in self._parameters)
            tensors |= dict(zip(names, values, strict=True))
        return tensors | {"order": self._order.get_state(), "noise": self._noise.get_state()}

    def _batches(self, stage: int) -> Iterator[Batch]:
        permutation = torch.randperm(len(self._pixels), generator=self._order)
        used = permutation[: self.steps * self.batch_size].to(self._pixels.device)
        for indices in used.split(self.batch_size):
            yield self._batch(self._pixels, self._labels, indices, stage, self._noise)

    def _batch(
        self,
        pixels: Tensor,
        labels: Tensor | None,
        indices: Tensor,
        stage: int,
        noise: torch.Generator,
    ) -> Batch:
        # index_select, as plain indexing of uint8 is many times slower on a CPU.
        images = pixels.index_select(0, indices).float() / 255
        if self.config.pixels == "threshold":
            images = (images > 0.5).float()
        elif self.config.pixels == "dynamic":
            images = torch.bernoulli(images, generator=noise)
        return Batch(images, None if labels is None else labels[indices], stage)

    def _step(
        self, batch: Batch, trained: dict[str, nn.Parameter], rate: float, beta1: float
    ) -> Terms:
        parameters: list[Tensor] = list(trained.values())
        with self._autocast():
            terms = self.task.objective(self.model, batch, self._noise)
        gradients = list(torch.autograd.grad(terms["loss"], parameters))
        step, average, square = (
            [m for name, m in zip(self._parameters, moments, strict=True) if name in trained]
            for moments in self._moments.values()
        )
        with torch.no_grad():
            torch._foreach_add_(step, 1)
            # What torch.optim.AdamW(fused=True) calls, without the second that its import takes.
            torch._fused_adamw_(
                parameters,
                gradients,
                average,
                square,
                [],
                step,
                lr=rate,
                beta1=beta1,
                beta2=BETA2,
                weight_decay=self.config.weight_decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )
        return terms

    def _phase(self) -> tuple[int, int, int]:
        """The phase of the epoch that comes next, or the last one: its index, its first epoch (from
        0) and its epochs.
        """
        ends = list(accumulate(self.phases))
        index = next((i for i, end in enumerate(ends) if self.epoch < end), len(ends) - 1)
        return index, ends[index] - self.phases[index], self.phases[index]

    def _autocast(self) -> AbstractContextManager[object]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.device.type, torch.bfloat16)


def one_cycle(step: int, total: int, peak: float) -> tuple[float, float]:
    """Learning rate and β₁ of step 0 to `total` - 1: up to the peak, then down, in half cosines.

    Smith & Topin 2018, "Super-convergence"; the numbers of PyTorch's OneCycleLR, but from the step
    alone, so that there is no state to save. One step alone is taken at the peak.
    """
    if total == 1:
        return peak, BETA1_LOW
    top = WARM_UP * total - 1
    if step <= top:
        share, rates = step / top, (peak / START_DIVISOR, peak)
        betas = (BETA1_HIGH, BETA1_LOW)
    else:
        share, rates = (step - top) / (total - 1 - top), (peak, peak / END_DIVISOR)
        betas = (BETA1_LOW, BETA1_HIGH)
    rate, beta1 = (
        end + (start - end) / 2 * (1 + math.cos(math.pi * share)) for start, end in (rates, betas)
    )
    return rate, beta1


def checkpoint_facts(content: bytes) -> dict[str, Any]:
    """`epoch`, `seconds` and `config` of a checkpoint. Raises CheckpointError if it is damaged."""
    try:
        safetensors.deserialize(content)
        (length,) = struct.unpack("<Q", content[:8])
        facts = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["training"])
        return {
            "epoch": int(facts["epoch"]),
            "seconds": float(facts["seconds"]),
            "config": dict(facts["config"]),
        }
    except (safetensors.SafetensorError, ValueError, KeyError, TypeError, struct.error):
        raise CheckpointError("the checkpoint is damaged") from None


def _resident(images: np.ndarray, device: torch.device) -> Tensor:
    """(N, 28, 28) -> (N, 784) uint8 on the device, a quarter of what float32 would take."""
    return torch.tensor(images.reshape(len(images), PIXELS), device=device)


def _classes(labels: np.ndarray | None, device: torch.device) -> Tensor | None:
    return None if labels is None else torch.tensor(labels, dtype=torch.int64, device=device)


def _copy(model: nn.Module) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def _finite(model: nn.Module) -> bool:
    return all(bool(value.isfinite().all()) for value in model.state_dict().values())
