"""The training loop: a generator of one record an epoch, for any model and any objective.

    for record in training.train(model, objective, mnist.train_images, mnist.test_images):
        print(record.epoch, record.test["loss"])

All images sit on the model's device; batches are slices of a permutation. The same seed gives the
same weights to the last bit, on one machine's CPU.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import torch
from torch import Tensor

from aemodels.data import PIXELS
from aemodels.families import Objective
from aemodels.model import Autoencoder

TEST_BATCH = 2000


@dataclass(frozen=True)
class Record:
    """One epoch: the objective's terms, means over images, and the seconds since training began."""

    epoch: int
    train: dict[str, float]
    test: dict[str, float]
    seconds: float


class DivergedError(Exception):
    """The loss became NaN or infinite; the model has the weights of the last good epoch again."""

    def __init__(self, epoch: int, loss: float) -> None:
        super().__init__(f"the loss became {loss} in epoch {epoch}")
        self.epoch = epoch


def train(
    model: Autoencoder,
    objective: Objective,
    images: np.ndarray,
    test_images: np.ndarray,
    precision: str = "fp32",
    on_step: Callable[[int, int], bool] | None = None,
) -> Iterator[Record]:
    """Train `model` in place on images (N, 28, 28) uint8, as `model.config` says.

    AdamW (Loshchilov & Hutter 2019, algorithm 2) with a one-cycle learning rate (Smith & Topin
    2018). Images that fill no whole batch are left out of an epoch, others each time.

    `on_step(done, total)` is called after every step; if it returns True, training ends there and
    the model keeps the weights of that step. Raises DivergedError.
    """
    config, device = model.config, model.device
    train_pixels, test_pixels = _resident(images, device), _resident(test_images, device)
    order = torch.Generator().manual_seed(config.seed)
    noise = torch.Generator(device).manual_seed(config.seed)
    batch_size = min(config.batch_size, len(images))
    steps = len(images) // batch_size
    total, done = steps * config.epochs, 0
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=config.learning_rate, weight_decay=config.weight_decay, fused=True
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, config.learning_rate, total)
    good = _copy(model)
    start = perf_counter()
    for epoch in range(1, config.epochs + 1):
        model.train()
        permutation = torch.randperm(len(images), generator=order)[: steps * batch_size]
        sums: dict[str, Tensor] = {}
        for indices in permutation.to(device).split(batch_size):
            # index_select, as plain indexing of uint8 is many times slower on a CPU.
            batch = _grey(train_pixels.index_select(0, indices))
            with _autocast(precision, device):
                terms = objective(model, batch, noise)
            optimizer.zero_grad()
            terms["loss"].backward()
            optimizer.step()
            schedule.step()
            # Summed where they are: reading a number would make a GPU wait at every step.
            for name, value in terms.items():
                sums[name] = sums.get(name, 0) + value.detach()
            done += 1
            if on_step is not None and on_step(done, total) and done < total:
                if not _finite(model):
                    model.load_state_dict(good)
                model.eval()
                return
        model.eval()
        train_terms = {name: float(value) / steps for name, value in sums.items()}
        test_terms = _measure(model, objective, test_pixels, precision)
        losses = (train_terms["loss"], test_terms["loss"])
        if not np.isfinite(losses).all() or not _finite(model):
            model.load_state_dict(good)
            # Where both losses are finite it is the weights that aren't.
            raise DivergedError(epoch, next((x for x in losses if not np.isfinite(x)), np.inf))
        good = _copy(model)
        yield Record(epoch, train_terms, test_terms, perf_counter() - start)


@torch.inference_mode()
def _measure(
    model: Autoencoder, objective: Objective, pixels: Tensor, precision: str
) -> dict[str, float]:
    # Its own noise, so that measuring never changes what is learnt.
    noise = torch.Generator(pixels.device).manual_seed(0)
    sums: dict[str, float] = {}
    for batch in pixels.split(TEST_BATCH):
        with _autocast(precision, pixels.device):
            terms = objective(model, _grey(batch), noise)
        for name, value in terms.items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(batch)
    return {name: value / len(pixels) for name, value in sums.items()}


def _resident(images: np.ndarray, device: torch.device) -> Tensor:
    """(N, 28, 28) -> (N, 784) uint8 on the device, a quarter of what float32 would take."""
    return torch.tensor(images.reshape(len(images), PIXELS), device=device)


def _grey(pixels: Tensor) -> Tensor:
    return pixels.float() / 255


def _autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    return torch.autocast(device.type, torch.bfloat16) if precision == "bf16" else nullcontext()


def _copy(model: Autoencoder) -> dict[str, Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def _finite(model: Autoencoder) -> bool:
    return all(bool(value.isfinite().all()) for value in model.state_dict().values())
