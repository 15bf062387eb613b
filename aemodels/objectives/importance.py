"""The importance-weighted bound on log p(x), and two estimators of its gradient.

Burda et al. 2016, "Importance weighted autoencoders"; Tucker et al. 2019, "Doubly reparameterized
gradient estimators for Monte Carlo objectives".
"""

import math
from collections.abc import Callable

import torch
from torch import Tensor

from aemodels.objectives.divergences import reparameterise

ESTIMATORS = ("iwae", "dreg")


def importance_weighted(
    mean: Tensor,
    log_var: Tensor,
    log_likelihood: Callable[[Tensor], Tensor],
    samples: int,
    generator: torch.Generator,
    gradient: str = "iwae",
) -> tuple[Tensor, Tensor]:
    """L_k = log 1/k Σ p(x|zᵢ) p(zᵢ) / q(zᵢ|x), zᵢ ~ q(z|x) = N(μ, σ²): Burda et al., equation 8.

    μ and log σ² (N, d); `log_likelihood` maps codes (k, N, d) to log p(x|z) (k, N). Returns L_k
    (N,) and log p(x|zᵢ) (k, N), in nats. Both estimators have the same value and the same gradient
    for the decoder. `iwae` differentiates it all; `dreg` gives μ and σ the gradient of Tucker et
    al., equation 8, which has the same mean and varies less. Raises ValueError for another.
    """
    if gradient not in ESTIMATORS:
        raise ValueError(f"gradient={gradient}: must be {' or '.join(ESTIMATORS)}")
    shape = (samples, *mean.shape)
    codes = reparameterise(mean.expand(shape), log_var.expand(shape), generator)
    if gradient == "dreg":
        # Through q's density there is no gradient, only through the codes.
        mean, log_var = mean.detach(), log_var.detach()
    likelihood = log_likelihood(codes)
    weights = likelihood + log_prior_ratio(codes, mean, log_var)  # (k, N), log w
    if gradient == "dreg" and codes.requires_grad:
        # The gradient of log Σ w at log wᵢ is the share of wᵢ; the codes get its square.
        shares = weights.detach().softmax(0)[..., None]
        codes.register_hook(lambda slope: shares * slope)  # type: ignore[no-untyped-call]
    return weights.logsumexp(0) - math.log(samples), likelihood


def log_prior_ratio(codes: Tensor, mean: Tensor, log_var: Tensor) -> Tensor:
    """log p(z) - log q(z|x) for p = N(0, I), q = N(μ, σ²); codes (…, N, d) -> (…, N) nats."""
    noise = (codes - mean) * torch.exp(-0.5 * log_var)
    return 0.5 * (noise.square() + log_var - codes.square()).sum(-1)
