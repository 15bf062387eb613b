"""The stacked denoising autoencoder: layers trained one after another, then all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, cast

from aemodels.architecture import LARGEST_DEPTH, MLP, Network
from aemodels.families.base import (
    CORRUPTED,
    Batch,
    Family,
    code_activation_setting,
    corruption_setting,
)
from aemodels.setting import SettingError, setting

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from aemodels.families.base import Model, Terms


@dataclass(frozen=True)
class Stacked(Family):
    """Vincent et al. 2010, "Stacked denoising autoencoders".

    Stage i trains layer i alone to reconstruct the clean output of the layers below it; the last
    stage trains the whole autoencoder on corrupted images.
    """

    corruption: str = corruption_setting()
    layer_corruption: tuple[float, ...] = setting(
        (0.1, 0.2, 0.3),
        "share of corrupted values, or standard deviation of the noise, for each encoder layer",
        low=0,
        high=1,
        # The code's layer comes after the hidden ones.
        most=LARGEST_DEPTH + 1,
    )
    code_activation: str = code_activation_setting("sigmoid")

    name: ClassVar[str] = "stacked"
    title: ClassVar[str] = "Stacked denoising"
    meaning: ClassVar[str] = "stacked denoising autoencoder, trained layer by layer"
    networks: ClassVar[tuple[str, ...]] = ("mlp",)
    defaults: ClassVar[Mapping[str, Any]] = {
        "latent_dim": 32,
        "hidden": (500, 250),
        "activation": "sigmoid",
        "epochs": 15,
    }

    def check(self, network: Network, train_images: int) -> SettingError | None:
        assert isinstance(network, MLP)
        if self.corruption == "salt-pepper" and network.activation != "sigmoid":
            return SettingError(
                "corruption",
                self.corruption,
                f"sets units to 0 or 1, the range of sigmoid units, not {network.activation}",
                "use {activation} sigmoid or {corruption} masking",
            )
        if network.decoder_hidden:
            return SettingError(
                "decoder_hidden",
                ",".join(map(str, network.decoder_hidden)),
                "each of the encoder's layers is trained with its mirror image",
                "use {decoder_hidden} mirrored",
            )
        if network.dropout:
            return SettingError(
                "dropout",
                f"{network.dropout:g}",
                "corruption takes its place: each layer is trained to repair what it is given",
                "leave {dropout} out or raise {layer_corruption}",
            )
        layers = len(network.hidden) + 1
        if len(self.layer_corruption) == layers:
            return None
        levels = ",".join(f"{level:g}" for level in self.layer_corruption)
        return SettingError(
            "layer_corruption",
            levels,
            f"the encoder has {layers} layers, and each needs a level",
            f"for example {{layer_corruption}} {','.join(['0.1'] * layers)}",
        )

    @property
    def objective_note(self) -> str:
        return CORRUPTED if self.layer_corruption[0] else ""

    def stages(self, network: Network) -> int:
        """One stage for each layer of the encoder, and one for all of them."""
        assert isinstance(network, MLP)
        return len(network.hidden) + 2

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        everything = dict(model.named_parameters())
        depth = len(self.layer_corruption)
        if stage >= depth:
            return everything
        own = (f"encoder.{2 * stage}.", f"decoder.{2 * (depth - 1 - stage)}.")
        return {name: value for name, value in everything.items() if name.startswith(own)}

    def objective(self, model: Model, batch: Batch, generator: torch.Generator) -> Terms:
        """Error of layer i's clean input reconstructed from its corrupted one (Vincent et al. 2010,
        figure 3), a sum over that layer's units; in the last stage that of the image.
        """
        from aemodels.objectives.corruption import corrupt

        if batch.stage >= len(self.layer_corruption):
            level = self.layer_corruption[0]
            corrupted = corrupt(batch.images, self.corruption, level, generator)
            codes, _ = model.encode_parameters(corrupted)  # (N, d)
            error = model.reconstruction_error(codes, batch.images).mean()
        else:
            clean = layer_input(model, batch.images, batch.stage).detach()  # (N, width)
            level = self.layer_corruption[batch.stage]
            corrupted = corrupt(clean, self.corruption, level, generator)
            error = layer_error(model, corrupted, clean, batch.stage).mean()
        return {"loss": error, "reconstruction": error}


def layer_input(model: Model, images: Tensor, layer: int) -> Tensor:
    """Images (N, 784) -> what the encoder's first `layer` layers make of them, (N, width)."""
    from aemodels.objectives.losses import at_least_float32

    encoder = cast("nn.Sequential", model.encoder)
    return at_least_float32(encoder[: 2 * layer](images))


def layer_error(model: Model, corrupted: Tensor, clean: Tensor, layer: int) -> Tensor:
    """Error of one layer of an MLP's encoder (from 0) and its mirror image in the decoder, which
    reconstruct `clean` (N, width) from `corrupted`: (N,) sums over its width.

    The model's reconstruction error for pixels; for hidden units cross-entropy where they are a
    sigmoid's, else squared error.
    """
    from torch import nn

    from aemodels.objectives.losses import at_least_float32, bce, squared_error

    encoder, decoder = cast("nn.Sequential", model.encoder), cast("nn.Sequential", model.decoder)
    # Layers and activations alternate.
    back = len(decoder) - 1 - 2 * layer
    codes = encoder[2 * layer : 2 * layer + 2](corrupted)
    logits = at_least_float32(decoder[back](codes))
    if layer == 0:
        return model.output_error(logits, clean)
    if isinstance(decoder[back + 1], nn.Sigmoid):
        return bce(logits, clean)
    return squared_error(at_least_float32(decoder[back + 1](logits)), clean)
