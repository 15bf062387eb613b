"""The stacked denoising autoencoder: layers learnt one after another, then all of them together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.families.base import ALWAYS, CODE, LOOP, MACHINE, Batch, Family

if TYPE_CHECKING:
    import torch
    from torch import nn

    from aemodels.config import Config
    from aemodels.families.base import Terms
    from aemodels.models.autoencoder import Autoencoder


class Stacked(Family):
    """Vincent et al. 2010, "Stacked denoising autoencoders".

    Stage i teaches layer i alone to repair the clean output of the layers below it; the last stage
    trains the whole autoencoder on corrupted pictures.
    """

    name = "stacked"
    title = "Stacked denoising"
    meaning = "stacked denoising autoencoder, learnt layer by layer"
    network = "mlp"
    settings = (*ALWAYS, "hidden", "activation", *CODE, "corruption", "levels", *LOOP, *MACHINE)
    defaults = {
        "latent_dim": 32,
        "hidden": (500, 250),
        "activation": "sigmoid",
        "code": "sigmoid",
        "epochs": 15,
    }

    def check(self, config: Config) -> str | None:
        if config.corruption == "salt-pepper" and config.activation != "sigmoid":
            return (
                f"corruption=salt-pepper: makes units 0 or 1, which {config.activation} units "
                "aren't; use --activation sigmoid or --corruption masking"
            )
        layers = _depth(config)
        if len(config.levels) == layers:
            return None
        return (
            f"levels={','.join(f'{level:g}' for level in config.levels)}: the encoder has {layers} "
            f"layers and each needs its level; for example --levels {','.join(['0.1'] * layers)}"
        )

    def stages(self, config: Config) -> int:
        """One for each layer of the encoder, and one for all of them."""
        return _depth(config) + 1

    def parameters(self, model: nn.Module, stage: int) -> dict[str, nn.Parameter]:
        everything = dict(model.named_parameters())
        depth = sum(name.startswith("encoder.") and name.endswith("weight") for name in everything)
        if stage >= depth:
            return everything
        own = (f"encoder.{2 * stage}.", f"decoder.{2 * (depth - 1 - stage)}.")
        return {name: value for name, value in everything.items() if name.startswith(own)}

    def objective(self, model: Autoencoder, batch: Batch, generator: torch.Generator) -> Terms:
        """Error of layer i's clean input rebuilt from its corrupted one (Vincent et al. 2010,
        figure 3), a sum over that layer's units; in the last stage that of the picture.
        """
        from aemodels.objectives.corruption import corrupt

        config = model.config
        if batch.stage >= _depth(config):
            spoilt = corrupt(batch.images, config.corruption, config.levels[0], generator)
            codes, _ = model.head(spoilt)
            error = model.error(codes, batch.images).mean()
        else:
            clean = model.below(batch.images, batch.stage).detach()
            level = config.levels[batch.stage]
            spoilt = corrupt(clean, config.corruption, level, generator)
            error = model.layer_error(spoilt, clean, batch.stage).mean()
        return {"loss": error, "reconstruction": error}


def _depth(config: Config) -> int:
    return len(config.hidden) + 1
