"""The training loop: one record an epoch, for any model and any objective, and it can be resumed.

    training = Training(model, objective, mnist.train_images, mnist.test_images)
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
from typing import Any

import numpy as np
import safetensors
import safetensors.torch
import torch
from torch import Tensor

from aemodels.data import PIXELS
from aemodels.families import Objective
from aemodels.model import Autoencoder

TEST_BATCH = 2000

# Of the one-cycle schedule, as PyTorch's OneCycleLR has them.
WARM_UP = 0.3
START_DIVISOR, END_DIVISOR = 25.0, 25.0 * 1e4
BETA1_HIGH, BETA1_LOW, BETA2 = 0.95, 0.85, 0.999
EPSILON = 1e-8


@dataclass(frozen=True)
class Record:
    """One epoch: the objective's terms, means over images, and the seconds of training so far."""

    epoch: int
    train: dict[str, float]
    test: dict[str, float]
    seconds: float


class DivergedError(Exception):
    """The loss became NaN or infinite; the model has the weights of the last good epoch again."""

    def __init__(self, epoch: int, loss: float) -> None:
        super().__init__(f"the loss became {loss} in epoch {epoch}")
        self.epoch = epoch


class CheckpointError(Exception):
    """A checkpoint is damaged or of another model; the message is one sentence."""


class Training:
    """Trains `model` in place on images (N, 28, 28) uint8, as `model.config` says.

    AdamW (Loshchilov & Hutter 2019, algorithm 2) with a one-cycle learning rate (Smith & Topin
    2018). Images that fill no whole batch are left out of an epoch, others each time.

    `phases` are the epochs of trainings that follow each other, each with a cycle of its own and
    the weights of the one before; by default the one that the settings ask for. `epoch` whole
    epochs are done, which took `seconds`.
    """

    def __init__(
        self,
        model: Autoencoder,
        objective: Objective,
        images: np.ndarray,
        test_images: np.ndarray,
        precision: str = "fp32",
        phases: Sequence[int] | None = None,
    ) -> None:
        config, device = model.config, model.device
        self.model = model
        self.precision = precision
        self.phases = tuple(phases if phases is not None else (config.epochs,))
        self.epoch = 0
        self.seconds = 0.0
        # Seconds of a step in which nothing was trained, for `on_step` to add to: a pause.
        self.idle = 0.0
        self.batch_size = min(config.batch_size, len(images))
        self.steps = len(images) // self.batch_size
        self._objective = objective
        self._pixels, self._test_pixels = _resident(images, device), _resident(test_images, device)
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

    def run(self, on_step: Callable[[int, int], bool] | None = None) -> Iterator[Record]:
        """Train the epochs that are left and yield a record after each.

        `on_step(done, total)` is called after every step; if it returns True, training ends there
        and the model keeps the weights of that step. Raises DivergedError.
        """
        model, total = self.model, self.steps * self.epochs
        good = _copy(model)
        while self.epoch < self.epochs:
            start, self.idle = perf_counter(), 0.0
            first, epochs = self._phase()
            model.train()
            sums: dict[str, Tensor] = {}
            for step, batch in enumerate(self._batches()):
                position = (self.epoch - first) * self.steps + step
                rate, beta1 = one_cycle(position, epochs * self.steps, model.config.learning_rate)
                for name, value in self._step(batch, rate, beta1).items():
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
                raise DivergedError(self.epoch + 1, loss)
            good = _copy(model)
            self.epoch += 1
            self.seconds += perf_counter() - start - self.idle
            yield Record(self.epoch, train, test, self.seconds)

    @torch.inference_mode()
    def measure(self) -> dict[str, float]:
        """The objective's terms on the test images, means over images."""
        # Its own noise, so that measuring never changes what is learnt.
        noise = torch.Generator(self.model.device).manual_seed(0)
        sums: dict[str, float] = {}
        for batch in self._test_pixels.split(TEST_BATCH):
            with self._autocast():
                terms = self._objective(self.model, _grey(batch), noise)
            for name, value in terms.items():
                sums[name] = sums.get(name, 0.0) + float(value) * len(batch)
        return {name: value / len(self._test_pixels) for name, value in sums.items()}

    def checkpoint(self) -> bytes:
        """Everything that decides how training goes on after a whole epoch, as a safetensors file:
        weights, AdamW's moments, both random generators; numbers as JSON in its metadata.
        """
        facts = {
            "epoch": self.epoch,
            "seconds": self.seconds,
            "config": self.model.config.to_dict(),
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
            facts["config"] != self.model.config.to_dict()
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

    def _batches(self) -> Iterator[Tensor]:
        permutation = torch.randperm(len(self._pixels), generator=self._order)
        used = permutation[: self.steps * self.batch_size].to(self._pixels.device)
        for indices in used.split(self.batch_size):
            # index_select, as plain indexing of uint8 is many times slower on a CPU.
            yield _grey(self._pixels.index_select(0, indices))

    def _step(self, batch: Tensor, rate: float, beta1: float) -> dict[str, Tensor]:
        parameters: list[Tensor] = list(self._parameters.values())
        with self._autocast():
            terms = self._objective(self.model, batch, self._noise)
        gradients = list(torch.autograd.grad(terms["loss"], parameters))
        with torch.no_grad():
            torch._foreach_add_(self._moments["step"], 1)
            # What torch.optim.AdamW(fused=True) calls, without the second that its import takes.
            torch._fused_adamw_(
                parameters,
                gradients,
                self._moments["exp_avg"],
                self._moments["exp_avg_sq"],
                [],
                self._moments["step"],
                lr=rate,
                beta1=beta1,
                beta2=BETA2,
                weight_decay=self.model.config.weight_decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )
        return terms

    def _phase(self) -> tuple[int, int]:
        """The first epoch (from 0) of the phase that comes next, and its epochs."""
        ends = list(accumulate(self.phases))
        index = next(index for index, end in enumerate(ends) if self.epoch < end)
        return ends[index] - self.phases[index], self.phases[index]

    def _autocast(self) -> AbstractContextManager[object]:
        if self.precision != "bf16":
            return nullcontext()
        return torch.autocast(self.model.device.type, torch.bfloat16)


def one_cycle(step: int, total: int, peak: float) -> tuple[float, float]:
    """Learning rate and β₁ of step 0 to `total` - 1: up to the peak, then down, in half cosines.

    Smith & Topin 2018, "Super-convergence"; the numbers of PyTorch's OneCycleLR, but from the step
    alone, so that there is no state to save.
    """
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


def _grey(pixels: Tensor) -> Tensor:
    return pixels.float() / 255


def _copy(model: Autoencoder) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def _finite(model: Autoencoder) -> bool:
    return all(bool(value.isfinite().all()) for value in model.state_dict().values())
