"""One interface for every model, PCA included: `encode`, `decode` and, for a VAE, `posterior`.

    from aemodels import data, model
    vae = model.load("zoo/vae-2")
    codes = vae.encode(data.vectors(data.load().test_images))   # (10000, 2), a VAE's are μ
    pictures = vae.decode(codes)                                # (10000, 784) in [0, 1]

Images are (N, 784) float32 in [0, 1], codes (N, latent_dim) float32.
"""

from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from aemodels import bundle, layout
from aemodels.config import FAMILIES, Config
from aemodels.networks import conv_decoder, conv_encoder, linear, mlp

BATCH = 4096


class Autoencoder(nn.Module):
    """An encoder and a decoder as `config` says, untrained; their weights come from its seed.

    Arrays in and out: `encode`, `decode`, `posterior`. Tensors in and out, for training: `head`,
    `logits`, `picture`.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.variational = FAMILIES[config.family].variational
        self.linear = FAMILIES[config.family].closed_form
        generator = torch.Generator().manual_seed(config.seed)
        self.encoder: nn.Module
        self.decoder: nn.Module
        encoder, decoder = layout.encoder_sizes(config), layout.decoder_sizes(config)
        if self.linear:
            self.encoder = linear(encoder[0], encoder[1], generator)
            self.decoder = linear(decoder[0], decoder[1], generator)
        elif config.body == "conv":
            self.encoder = conv_encoder(encoder[-1], config.activation, generator)
            self.decoder = conv_decoder(config.latent_dim, config.activation, generator)
        else:
            self.encoder = mlp(encoder, config.activation, generator)
            self.decoder = mlp(decoder, config.activation, generator)

    def head(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """(N, 784) -> codes (N, latent_dim) and log σ² of the same shape; None if not a VAE."""
        output = _full(self.encoder(images))
        if not self.variational:
            return output, None
        mean, log_var = output.chunk(2, dim=1)
        return mean, log_var

    def logits(self, codes: Tensor) -> Tensor:
        """(N, latent_dim) -> (N, 784), which `picture` turns into grey levels."""
        return _full(self.decoder(codes))

    def picture(self, logits: Tensor) -> Tensor:
        """Their sigmoid. PCA's are grey levels already, some a little outside [0, 1]."""
        return logits if self.linear else torch.sigmoid(logits)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @torch.inference_mode()
    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images (N, 784) -> codes (N, latent_dim); for a VAE the means μ."""
        return _array([self.head(batch)[0] for batch in self._batches(images)])

    @torch.inference_mode()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes (N, latent_dim) -> images (N, 784)."""
        return _array([self.picture(self.logits(batch)) for batch in self._batches(codes)])

    @torch.inference_mode()
    def posterior(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Images (N, 784) -> μ and log σ², each (N, latent_dim). Raises TypeError if not a VAE."""
        if not self.variational:
            raise TypeError(f"a model of family {self.config.family} has no posterior; use encode")
        pairs = [self.head(batch) for batch in self._batches(images)]
        return _array([mean for mean, _ in pairs]), _array([v for _, v in pairs if v is not None])

    def _batches(self, array: np.ndarray) -> list[Tensor]:
        # Copied where it is read-only, which torch.from_numpy doesn't take without a warning.
        tensor = torch.from_numpy(np.require(array, np.float32, ["C", "W"]))
        return [batch.to(self.device) for batch in tensor.split(BATCH)]


def load(source: bundle.Bundle | Path | str) -> Autoencoder:
    """The trained model of a bundle, on the CPU. Raises BundleError if the bundle is damaged."""
    found = source if isinstance(source, bundle.Bundle) else bundle.read(source)
    model = Autoencoder(found.config)
    model.load_state_dict({name: torch.tensor(array) for name, array in found.weights().items()})
    return model.eval()


def tensors(model: Autoencoder) -> dict[str, np.ndarray]:
    """The weights as float32 arrays by name, as weights.safetensors holds them."""
    return {
        name: value.float().cpu().contiguous().numpy() for name, value in model.state_dict().items()
    }


def _full(tensor: Tensor) -> Tensor:
    """At least float32: exp() and sums over pixels of bf16 numbers would lose their digits."""
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor


def _array(parts: list[Tensor]) -> np.ndarray:
    return torch.cat(parts).cpu().numpy()
