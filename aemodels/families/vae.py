"""The variational autoencoder, and with β other than 1 the β-VAE."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from aemodels.architecture import Network
from aemodels.families.base import Batch, Family
from aemodels.setting import SettingError, setting

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from aemodels.families.base import Model, Terms

# Codes that are decoded at once.
MOST_DECODED = 8192


@dataclass(frozen=True)
class VAE(Family):
    """Kingma & Welling 2014, "Auto-encoding variational Bayes".

    `kl_warmup`: the share of training in which the weight of the KL term goes linearly from
    `beta_start` to β, a little at each step. From 0, as in Sønderby et al. 2016, "Ladder
    variational autoencoders", and, as a sigmoid, in Bowman et al. 2016, "Generating sentences from
    a continuous space"; or from above β, which lets the codes hold more and more, as does the
    growing capacity of Burgess et al. 2018, "Understanding disentangling in β-VAE".

    `free_bits`: nats of KL that each latent has free, as a mean over the batch. Kingma et al. 2016,
    "Improved variational inference with inverse autoregressive flow", appendix C.8.

    `importance_samples`: k of the bound L_k on log p(x), which is tighter, the larger k. Burda et
    al. 2016, "Importance weighted autoencoders". Its plain gradient tells the encoder less, the
    larger k; that of Tucker et al. 2019 doesn't (`objectives.importance`).
    """

    beta: float = setting(1.0, "weight of the KL term", title="β", low=0, high=1000)
    kl_warmup: float = setting(
        0.0,
        "share of training in which the weight of the KL term goes from its start to β",
        title="KL warm-up",
        low=0,
        high=1,
        advanced=True,
    )
    beta_start: float = setting(
        0.0,
        "weight of the KL term at the start of the KL warm-up, below β or above it",
        title="β at the start",
        low=0,
        high=1000,
        advanced=True,
        needs="kl_warmup",
    )
    free_bits: float = setting(
        0.0,
        "nats below which the KL of a latent is not lowered any further",
        low=0,
        high=100,
        advanced=True,
    )
    importance_samples: int = setting(
        1,
        "samples of z for each image in the importance-weighted bound; 1 means the ELBO",
        low=1,
        high=64,
        advanced=True,
    )
    gradient: str = setting(
        "iwae",
        "gradient of the importance-weighted bound: plain, or doubly reparameterised",
        title="Gradient of the bound",
        choices={"iwae": "Plain (IWAE)", "dreg": "Doubly reparameterised (DReG)"},
        advanced=True,
        needs="importance_samples",
    )

    name: ClassVar[str] = "vae"
    title: ClassVar[str] = "VAE"
    meaning: ClassVar[str] = "variational autoencoder, which encodes each image as a distribution"
    networks: ClassVar[tuple[str, ...]] = (*Family.networks, "conv-narrow")
    variational: ClassVar[bool] = True

    @property
    def codes_per_image(self) -> int:
        return self.importance_samples

    @property
    def objective_note(self) -> str:
        if self.importance_samples > 1:
            count = self.importance_samples
            how = ", with a doubly reparameterised gradient" if self.gradient == "dreg" else ""
            return (
                f"Training minimised −L{subscript(count)}, the importance-weighted bound "
                f"of {count} samples{how}; it is at most [−ELBO](elbo)."
            )
        sentences = []
        if self.kl_warmup:
            share = f"In the first {100 * self.kl_warmup:g} % of training"
            when = share if self.kl_warmup < 1 else "During training"
            sentences.append(
                f"{when}, the weight of the [KL](kl) went from {self.beta_start:g} to "
                f"{self.beta:g}."
            )
        if self.free_bits and self.beta:
            sentences.append(
                f"Training counted the mean [KL](kl) of a latent as {self.free_bits:g} nats "
                "where it was less."
            )
        return " ".join(sentences)

    def check(self, network: Network, train_images: int) -> SettingError | None:
        if self.beta_start and not self.kl_warmup:
            problem = "without a KL warm-up, the weight is β from the start"
            remedy = "use {kl_warmup} 1 or leave {beta_start} out"
            return SettingError("beta_start", f"{self.beta_start:g}", problem, remedy)
        if self.importance_samples == 1:
            if self.gradient == VAE.gradient:
                return None
            problem = "with one sample, the KL term and its gradient are exact"
            remedy = "leave {gradient} out or use {importance_samples} 5"
            return SettingError("gradient", self.gradient, problem, remedy)
        if network.reconstruction_loss != "bce":
            return SettingError(
                "importance_samples",
                str(self.importance_samples),
                "weighs samples by their likelihood, of which only cross-entropy is the logarithm",
                "use {importance_samples} 1 or {reconstruction_loss} bce",
            )
        for name in ("beta", "kl_warmup", "free_bits"):
            row, value = self.table()[name], getattr(self, name)
            if value != row.default:
                problem = "the importance-weighted bound has no KL term to change"
                remedy = f"use {{{name}}} {row.text(row.default)} or {{importance_samples}} 1"
                return SettingError(name, row.text(value), problem, remedy)
        return None

    def kl_weight(self, progress: Tensor | float) -> Tensor:
        """The weight of a KL term that warms up, after that share of training; a float64 scalar.

        It is start + (β - start) min(1, progress / warm-up).
        """
        import torch

        share = torch.as_tensor(progress, dtype=torch.float64)
        change = self.beta - self.beta_start
        return self.beta_start + change * (share / self.kl_warmup).clamp(max=1)

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """The negative ELBO with its KL term weighted by β, and one sample of z for each image.

        Kingma & Welling 2014, equation 10 (β = 1); Higgins et al. 2017, "β-VAE", equation 4. With
        free bits λ, the KL term is Σⱼ max(λ, KLⱼ), KLⱼ the mean over the batch (Kingma et al. 2016,
        appendix C.8); `kl` is the KL itself in any case.

        With k > 1 importance samples it is -L_k (Burda et al. 2016, equation 8). `reconstruction`
        is then the mean error over the samples; its sum with `kl` is the negative ELBO, which in
        the mean is at least -L_k.
        """
        import torch

        from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise

        mean, log_var = model.encode_parameters(batch.images)  # (N, d), (N, d)
        assert log_var is not None
        if self.importance_samples > 1:
            return self._importance_weighted(model, batch.images, mean, log_var, generator)
        codes = reparameterise(mean, log_var, generator)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        each = kl_to_standard_normal(mean, log_var)  # (N, d)
        kl = each.sum(1).mean()
        charged = each.mean(0).clamp(min=self.free_bits).sum() if self.free_bits else kl
        if not self.kl_warmup:
            return {"loss": error + self.beta * charged, "reconstruction": error, "kl": kl}
        weight = self.kl_weight(batch.progress).to(kl.dtype) * torch.ones_like(kl)
        loss = error + weight * charged
        return {"loss": loss, "reconstruction": error, "kl": kl, "kl_weight": weight}

    def _importance_weighted(
        self,
        model: Model,
        images: Tensor,
        mean: Tensor,
        log_var: Tensor,
        generator: torch.Generator,
    ) -> Terms:
        import torch

        from aemodels.objectives.divergences import kl_to_standard_normal
        from aemodels.objectives.importance import importance_weighted

        def log_likelihood(codes: Tensor) -> Tensor:
            """Codes (k, N, d) -> (k, N), of some samples at a time: many images are measured."""
            parts = torch.split(codes, max(1, MOST_DECODED // len(images)))
            errors = [
                model.reconstruction_error(part.flatten(0, 1), images.repeat(len(part), 1))
                for part in parts
            ]
            return -torch.cat(errors).view(codes.shape[:2])

        bound, likelihood = importance_weighted(
            mean, log_var, log_likelihood, self.importance_samples, generator, self.gradient
        )
        kl = kl_to_standard_normal(mean, log_var).sum(1).mean()
        return {"loss": -bound.mean(), "reconstruction": -likelihood.mean(), "kl": kl}

    def cost(self, terms: Mapping[str, float]) -> float:
        """The error plus the KL, weighted by at most 1: with a small weight, it can be large."""
        weight = min(1.0, terms.get("kl_weight", self.beta))
        return super().cost(terms) + weight * terms.get("kl", 0.0)


def subscript(number: int) -> str:
    """A whole number in small figures below the line."""
    return str(number).translate(str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉"))
