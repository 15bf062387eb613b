"""KL divergences, one number per latent, and samples that let gradients through."""

import math

import torch
from torch import Tensor


def kl_to_target(activation: Tensor, target: float) -> Tensor:
    """KL(ρ ‖ ρ̂) = ρ log ρ/ρ̂ + (1-ρ) log (1-ρ)/(1-ρ̂) between coins; ρ̂ (d,) in [0, 1] -> (d,) nats.

    Ng 2011, "Sparse autoencoder", section 3. Where KL would be infinite, it is that of ρ̂ = 1e-30 or
    1 - 1e-6; a bound further from 0 would leave inactive latents without a gradient.
    """
    mean = activation.clamp(1e-30, 1 - 1e-6)
    rest = 1 - target
    return target * (math.log(target) - mean.log()) + rest * (math.log(rest) - (1 - mean).log())


def kl_to_standard_normal(mean: Tensor, log_var: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ (μ² + σ² - 1 - log σ²) of each latent; (N, d) -> (N, d) nats.

    Kingma & Welling 2014, "Auto-Encoding Variational Bayes", appendix B.
    """
    return 0.5 * (mean.square() + log_var.exp() - 1 - log_var)


def reparameterise(mean: Tensor, log_var: Tensor, generator: torch.Generator) -> Tensor:
    """A sample z = μ + σ ε, ε ~ N(0, 1), that lets gradients through; σ = exp(½ log σ²).

    Kingma & Welling 2014, section 2.4.
    """
    noise = torch.randn(mean.shape, generator=generator, device=mean.device, dtype=mean.dtype)
    return mean + torch.exp(0.5 * log_var) * noise
