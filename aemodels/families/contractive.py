"""The contractive autoencoder: the code should barely move when the input changes slightly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from aemodels.architecture import MLP, Network
from aemodels.families.base import Batch, Family, code_activation_setting, penalty_weight_setting
from aemodels.setting import SettingError

if TYPE_CHECKING:
    import torch

    from aemodels.families.base import Model, Terms


@dataclass(frozen=True)
class Contractive(Family):
    """Rifai et al. 2011, "Contractive auto-encoders"."""

    penalty_weight: float = penalty_weight_setting(0.1)
    code_activation: str = code_activation_setting("sigmoid")

    name: ClassVar[str] = "contractive"
    title: ClassVar[str] = "Contractive autoencoder"
    meaning: ClassVar[str] = (
        "contractive autoencoder, whose code barely moves when the input changes slightly"
    )
    networks: ClassVar[tuple[str, ...]] = ("shallow", "mlp", "conv", "conv-asymmetric")
    defaults: ClassVar[Mapping[str, Any]] = {"latent_dim": 128}

    @property
    def objective_note(self) -> str:
        if not self.penalty_weight:
            return ""
        return (
            "Training added a penalty on how far the code moves with the image; "
            "it isn't counted here."
        )

    def check(self, network: Network, train_images: int) -> SettingError | None:
        if not isinstance(network, MLP) or not network.dropout:
            return None
        return SettingError(
            "dropout",
            f"{network.dropout:g}",
            "the penalty is on the Jacobian of the whole encoder",
            "leave {dropout} out or use {family} ae",
        )

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """Σ error + λ ‖J(x)‖²_F, J the encoder's Jacobian: J_CAE of Rifai et al. 2011."""
        from aemodels.objectives.jacobian import of_encoder

        codes, _ = model.encode_parameters(batch.images)  # (N, d)
        error = model.reconstruction_error(codes, batch.images).mean()
        penalty = of_encoder(model.encoder, batch.images).mean()
        loss = error + self.penalty_weight * penalty
        return {"loss": loss, "reconstruction": error, "penalty": penalty}
