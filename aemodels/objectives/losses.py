"""Reconstruction errors: sums over the 784 pixels; callers take the mean over images."""

import math
from typing import Any

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable

# The reconstruction error of an image that is 0.5 everywhere, or its largest value.
BASELINE_ERROR = {"bce": 784 * math.log(2), "mse": 784 / 4, "l1": 784 / 2}


def bce(logits: Tensor, images: Tensor) -> Tensor:
    """Binary cross-entropy -Σ x log p + (1-x) log(1-p), p = sigmoid(logits); (N, 784) -> (N,) nats.

    Computed from logits, so it stays finite where p rounds to 0 or 1. With grey pixels its floor is
    not zero but the entropy of the grey levels.
    """
    error: Tensor = _BCE.apply(logits, images)  # type: ignore[no-untyped-call]
    return error


def squared_error(reconstructions: Tensor, images: Tensor) -> Tensor:
    """Sum of squared errors Σ (x̂ - x)²; (N, 784) -> (N,) squared grey levels."""
    return (reconstructions - images).square().sum(1)


def absolute_error(reconstructions: Tensor, images: Tensor) -> Tensor:
    """Sum of absolute errors Σ |x̂ - x|; (N, 784) -> (N,) grey levels."""
    return (reconstructions - images).abs().sum(1)


def at_least_float32(tensor: Tensor) -> Tensor:
    """bfloat16 -> float32, whose exp() and sums over pixels keep their digits; others unchanged."""
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor


class _BCE(torch.autograd.Function):
    """`bce` with its gradient in closed form, p - x, of which PyTorch would compute each part."""

    @staticmethod
    def forward(context: Any, logits: Tensor, images: Tensor) -> Tensor:
        levels = torch.sigmoid(logits)
        # max(l, 0) - x l - log max(p, 1-p): no term is large where the sum is small. Tensors are
        # overwritten, since fetching more of them would take longer than computing them.
        part = 1 - levels
        likely = torch.maximum(levels, part, out=part).log_().sum(1)
        error = torch.clamp(logits, min=0, out=part).addcmul_(logits, images, value=-1).sum(1)
        context.save_for_backward(levels.sub_(images))
        return error - likely

    @staticmethod
    @once_differentiable
    def backward(context: Any, gradient: Tensor) -> tuple[Tensor, Tensor | None]:
        (difference,) = context.saved_tensors
        return difference * gradient[:, None], None
