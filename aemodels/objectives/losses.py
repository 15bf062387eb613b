"""Reconstruction errors: sums over the 784 pixels; callers take the mean over images."""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

# The reconstruction error of an image that is 0.5 everywhere, or its largest value.
BASELINE_ERROR = {"bce": 784 * math.log(2), "mse": 784 / 4, "l1": 784 / 2}


def bce(logits: Tensor, images: Tensor) -> Tensor:
    """Binary cross-entropy -Σ x log p + (1-x) log(1-p), p = sigmoid(logits); (N, 784) -> (N,) nats.

    Computed from logits, so it stays finite where p rounds to 0 or 1. With grey pixels its floor is
    not zero but the entropy of the grey levels.
    """
    return F.binary_cross_entropy_with_logits(logits, images, reduction="none").sum(1)


def squared_error(reconstructions: Tensor, images: Tensor) -> Tensor:
    """Sum of squared errors Σ (x̂ - x)²; (N, 784) -> (N,) squared grey levels."""
    return (reconstructions - images).square().sum(1)


def absolute_error(reconstructions: Tensor, images: Tensor) -> Tensor:
    """Sum of absolute errors Σ |x̂ - x|; (N, 784) -> (N,) grey levels."""
    return (reconstructions - images).abs().sum(1)


def at_least_float32(tensor: Tensor) -> Tensor:
    """bfloat16 -> float32, whose exp() and sums over pixels keep their digits; others unchanged."""
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor
