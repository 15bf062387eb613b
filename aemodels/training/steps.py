"""The steps of an epoch: run one after another, or on a GPU recorded once and replayed.

A step of a small network is a hundred short kernels, which a GPU ends sooner than Python starts
them. So on CUDA only the first step of a stage runs as it does on a CPU. The second is recorded as
a CUDA graph, and all later ones replay it: the same kernels, with the next images, new noise and
the next share of progress, to the same bits. The optimiser's one kernel follows each replay; it
takes β₁ as a number, so it can't be part of the graph.

Nothing here waits for a GPU before `means`, which reads the sums of an epoch at once.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

import torch
from torch import Tensor

from aemodels.families.base import Terms

# The indices of a batch (N,) and the share of its stage done before it -> the objective's terms and
# the gradients of what it trains.
Compute = Callable[[Tensor, Tensor | float], tuple[Terms, Sequence[Tensor]]]
# A function that was called once before -> what runs its kernels again.
Record = Callable[[Callable[[], None]], Callable[[], object]]


class Steps(Protocol):
    """The gradients of one stage, step by step."""

    def start(self, order: Tensor, progress: Sequence[float]) -> None:
        """Begin an epoch of batches (steps, N), indices of images, each with its progress."""

    def take(self, step: int) -> Sequence[Tensor]:
        """The gradients of step 0, 1, 2, …; they are overwritten by the next."""

    def means(self) -> dict[str, float]:
        """The objective's terms, means over the epoch's steps."""


class EagerSteps:
    """Runs the operations of each step as Python comes to them, on any device."""

    def __init__(self, compute: Compute) -> None:
        self._compute = compute

    def start(self, order: Tensor, progress: Sequence[float]) -> None:
        self._order, self._progress = order, progress
        self._sums: dict[str, Tensor] = {}

    def take(self, step: int) -> Sequence[Tensor]:
        terms, gradients = self._compute(self._order[step], self._progress[step])
        for name, value in terms.items():
            # Summed where they are: reading a number would make a GPU wait at every step.
            self._sums[name] = self._sums.get(name, 0) + value.detach()
        return gradients

    def means(self) -> dict[str, float]:
        return _means(self._sums, len(self._order))


class RecordedSteps:
    """Runs the first step, has the second recorded, and replays that.

    What differs between steps lies in tensors that the recorded kernels read: the batches and
    progress of an epoch, the number of the step, which they raise by one, and the sums.
    """

    def __init__(self, compute: Compute, record: Record) -> None:
        self._compute = compute
        self._record = record
        self._sums: dict[str, Tensor] = {}
        self._gradients: Sequence[Tensor] = ()
        self._run: Callable[[], object] | None = None

    def start(self, order: Tensor, progress: Sequence[float]) -> None:
        shares = torch.tensor(progress, dtype=torch.float64)
        if self._run is None:
            self._order, self._progress = order.clone(), shares.to(order.device)
            self._next = torch.zeros(1, dtype=torch.int64, device=order.device)
        else:
            self._order.copy_(order)
            self._progress.copy_(shares)
            self._next.zero_()
        for total in self._sums.values():
            total.zero_()

    def take(self, step: int) -> Sequence[Tensor]:
        if self._run is None and self._sums:
            self._run = self._record(self._step)
        if self._run is None:
            self._step()
        else:
            self._run()
        return self._gradients

    def means(self) -> dict[str, float]:
        return _means(self._sums, len(self._order))

    def _step(self) -> None:
        indices = self._order.index_select(0, self._next)[0]
        progress = self._progress.index_select(0, self._next)[0]
        terms, self._gradients = self._compute(indices, progress)
        for name, value in terms.items():
            if name not in self._sums:
                self._sums[name] = torch.zeros_like(value)
            self._sums[name] += value.detach()
        self._next += 1


def _means(sums: dict[str, Tensor], steps: int) -> dict[str, float]:
    values = torch.stack(list(sums.values())).tolist()
    return {name: value / steps for name, value in zip(sums, values, strict=True)}
