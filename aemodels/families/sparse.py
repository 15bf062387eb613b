"""The sparse autoencoder: few latents are active for each image, though there may be many."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aemodels.architecture import Network
from aemodels.families.base import Batch, Family, code_activation_setting, penalty_weight_setting
from aemodels.setting import SettingError, setting

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Model, Terms


@dataclass(frozen=True)
class Sparse(Family):
    """Ng 2011, "Sparse autoencoder", CS294A lecture notes."""

    sparsity: str = setting(
        "kl",
        "KL divergence to a target activation, or L1 norm of the codes",
        title="Sparsity penalty",
        choices={"kl": "KL to a target", "l1": "L1 norm"},
    )
    penalty_weight: float = penalty_weight_setting(8.0)
    target_activation: float = setting(
        0.05, "target mean activation of the KL penalty", low=0.001, high=0.999
    )
    code_activation: str = code_activation_setting("sigmoid")

    name: ClassVar[str] = "sparse"
    title: ClassVar[str] = "Sparse autoencoder"
    meaning: ClassVar[str] = "sparse autoencoder, which keeps most latents near zero"
    networks: ClassVar[tuple[str, ...]] = ("shallow", "mlp", "conv", "conv-asymmetric")
    defaults: ClassVar[Mapping[str, Any]] = {"latent_dim": 196}

    @property
    def objective_note(self) -> str:
        if not self.penalty_weight:
            return ""
        penalty = "on the code's L1 norm, which keeps most latents near zero"
        if self.sparsity == "kl":
            penalty = f"that keeps each latent near {self.target_activation:g} on average"
        return f"Training added a penalty {penalty}; it isn't counted here."

    def check(self, network: Network, train_images: int) -> SettingError | None:
        if self.sparsity == "kl" and self.code_activation != "sigmoid":
            return SettingError(
                "code_activation",
                self.code_activation,
                "the KL penalty compares activations between 0 and 1",
                "use {code_activation} sigmoid or {sparsity} l1",
            )
        if self.sparsity == "l1" and self.target_activation != Sparse.target_activation:
            return SettingError(
                "target_activation",
                f"{self.target_activation:g}",
                "the L1 penalty has no target",
                "leave {target_activation} out or use {sparsity} kl",
            )
        return None

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """Σ error + λ Ω; Ω = Σⱼ |hⱼ| (Olshausen & Field 1996, equation 2) or Ω = Σⱼ KL(ρ ‖ ρ̂ⱼ), ρ̂ⱼ
        the mean activation of latent j over the batch (Ng 2011, section 3).
        """
        from aemodels.objectives.divergences import kl_to_target

        codes, _ = model.encode_parameters(batch.images)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        if self.sparsity == "l1":
            penalty = codes.abs().sum(1).mean()
        else:
            penalty = kl_to_target(codes.mean(0), self.target_activation).sum()
        loss = error + self.penalty_weight * penalty
        return {"loss": loss, "reconstruction": error, "penalty": penalty}
