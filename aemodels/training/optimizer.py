"""AdamW and the learning rates of its steps, with state that fits in a checkpoint."""

import math
from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor, nn

from aemodels.config import Loop

# Of the one-cycle schedule, as PyTorch's OneCycleLR has them.
WARM_UP = 0.3
START_DIVISOR, END_DIVISOR = 25.0, 25.0 * 1e4
BETA1_HIGH, BETA1_LOW = 0.95, 0.85
# Of Adam (Kingma & Ba 2015), for a constant rate and the linear schedule.
BETA1 = 0.9
# Of the linear schedule: the share of steps after which the rate is at its peak.
SHORT_WARM_UP = 0.1
EPSILON = 1e-8
# Numbers of a parameter that one block of a GPU updates.
PIECE = 32_768

# Gradients, learning rate and β₁ of a step -> moved parameters.
Update = Callable[[Sequence[Tensor], float, float], None]


class AdamW:
    """Loshchilov & Hutter 2019, "Decoupled weight decay regularization", algorithm 2."""

    def __init__(self, parameters: Mapping[str, nn.Parameter], loop: Loop) -> None:
        self._parameters = dict(parameters)
        self._weight_decay, self._beta2 = loop.weight_decay, loop.beta2
        device = next(iter(self._parameters.values())).device
        self._moments = {
            "step": [torch.zeros((), device=device) for _ in self._parameters],
            "exp_avg": [torch.zeros_like(value) for value in self._parameters.values()],
            "exp_avg_sq": [torch.zeros_like(value) for value in self._parameters.values()],
        }

    def state(self) -> dict[str, Tensor]:
        """The moments themselves, not copies, by moment and parameter."""
        tensors: dict[str, Tensor] = {}
        for moment, values in self._moments.items():
            names = (f"{moment}.{name}" for name in self._parameters)
            tensors |= dict(zip(names, values, strict=True))
        return tensors

    def of(self, trained: Mapping[str, nn.Parameter]) -> Update:
        """What moves the parameters `trained`, given gradients in their order."""
        step, average, square = (
            [m for name, m in zip(self._parameters, moments, strict=True) if name in trained]
            for moments in self._moments.values()
        )
        parameters = [parameter.detach() for parameter in trained.values()]
        # Views, so what moves them moves the model and the state.
        rows = [_rows(parameter) for parameter in parameters]
        pieces = [_split(tensors, rows) for tensors in (parameters, average, square)]
        counts = [len(torch.split(p, count)) for p, count in zip(parameters, rows, strict=True)]
        steps = [one for one, count in zip(step, counts, strict=True) for _ in range(count)]

        @torch.no_grad()
        def update(gradients: Sequence[Tensor], rate: float, beta1: float) -> None:
            torch._foreach_add_(step, 1)
            # What torch.optim.AdamW(fused=True) calls, without the second that its import takes.
            torch._fused_adamw_(
                pieces[0],
                _split(gradients, rows),
                pieces[1],
                pieces[2],
                [],
                steps,
                lr=rate,
                beta1=beta1,
                beta2=self._beta2,
                weight_decay=self._weight_decay,
                eps=EPSILON,
                amsgrad=False,
                maximize=False,
            )

        return update


def _rows(parameter: Tensor) -> int:
    """How many of its rows are updated as one piece.

    CUDA's kernel has a block work through up to 65,536 numbers, so that a few large matrices would
    leave most of the card idle.
    """
    if parameter.device.type != "cuda":
        return len(parameter)
    return max(1, PIECE * len(parameter) // parameter.numel())


def _split(tensors: Sequence[Tensor], rows: Sequence[int]) -> list[Tensor]:
    return [
        piece
        for tensor, count in zip(tensors, rows, strict=True)
        for piece in (torch.split(tensor, count) if count < len(tensor) else (tensor,))
    ]


def rates(loop: Loop, step: int, total: int) -> tuple[float, float]:
    """Learning rate and β₁ of step 0 to `total` - 1, by the loop's schedule."""
    if loop.schedule == "constant":
        return loop.learning_rate, BETA1
    if loop.schedule == "linear":
        return linear(step, total, loop.learning_rate), BETA1
    return one_cycle(step, total, loop.learning_rate)


def linear(step: int, total: int, peak: float) -> float:
    """Learning rate of step 0 to `total` - 1: up to the peak in a tenth of them, then down to 0.

    Goyal et al. 2017, "Accurate, large minibatch SGD", section 2.2, for the warm-up. The last step
    is taken at the last rate above 0.
    """
    top = max(1.0, SHORT_WARM_UP * total)
    return peak * min((step + 1) / top, (total - step) / (total + 1 - top))


def one_cycle(step: int, total: int, peak: float) -> tuple[float, float]:
    """Learning rate and β₁ of step 0 to `total` - 1: up to the peak, then down, in half cosines.

    Smith & Topin 2018, "Super-convergence"; the numbers of PyTorch's OneCycleLR, but from the step
    alone, so that there is no state to save. One step alone is taken at the peak.
    """
    if total == 1:
        return peak, BETA1_LOW
    top = WARM_UP * total - 1
    if step <= top:
        share, ends = step / top, (peak / START_DIVISOR, peak)
        betas = (BETA1_HIGH, BETA1_LOW)
    else:
        share, ends = (step - top) / (total - 1 - top), (peak, peak / END_DIVISOR)
        betas = (BETA1_LOW, BETA1_HIGH)
    rate, beta1 = (
        end + (start - end) / 2 * (1 + math.cos(math.pi * share)) for start, end in (ends, betas)
    )
    return rate, beta1
