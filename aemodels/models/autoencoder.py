"""One interface for every model, PCA included: `encode`, `decode` and, for a VAE, `posterior`.

    import aemodels
    vae = aemodels.load("vae-2")
    codes = vae.encode(aemodels.load_dataset().test_images)    # (10000, 2), a VAE's are μ
    images = vae.decode(codes)                                  # (10000, 784) in [0, 1]

Images go in as (N, 784) or (N, 28, 28), bytes or floats; inside and out they are (N, 784) float32,
codes (N, latent_dim) float32.
"""

import numpy as np
import torch
from torch import Tensor, nn

from aemodels.config import Config
from aemodels.data.images import to_vectors
from aemodels.models.networks import TiedLinear, build
from aemodels.objectives.losses import absolute_error, at_least_float32, bce, squared_error

BATCH = 4096


class Autoencoder(nn.Module):
    """The encoder and decoder that `config` describes, untrained; their weights come from its seed.

    Arrays in and out: `encode`, `decode`, `posterior`, `reconstruct`. Tensors in and out, for
    training: `encode_parameters`, `logits`, `grey_levels`, `reconstruction_error`.
    """

    def __init__(self, config: Config) -> None:
        super().__init__()
        self.config = config
        self.variational = config.family.variational
        generator = torch.Generator().manual_seed(config.loop.seed)
        self.encoder, self.decoder = build(
            config.network, self.variational, config.family.code_activation, generator
        )

    @property
    def latent_dim(self) -> int:
        """Size of a code."""
        return self.config.network.latent_dim

    def encode_parameters(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """(N, 784) -> codes (N, latent_dim) and log σ² of the same shape; None if not a VAE."""
        output = at_least_float32(self.encoder(images))
        if not self.variational:
            return output, None
        mean, log_var = output.chunk(2, dim=1)
        return mean, log_var

    def logits(self, codes: Tensor) -> Tensor:
        """(N, latent_dim) -> (N, 784), which `grey_levels` turns into pixels."""
        return at_least_float32(self.decoder(codes))

    @property
    def output(self) -> str:
        """The non-linearity that turns logits into grey levels: `sigmoid`, `linear` or `relu`."""
        return self.config.network.output_activation

    def grey_levels(self, logits: Tensor) -> Tensor:
        """Logits -> grey levels, by the output activation; linear ones can lie outside [0, 1]."""
        if self.output == "linear":
            return logits
        return torch.relu(logits) if self.output == "relu" else torch.sigmoid(logits)

    def reconstruction_error(self, codes: Tensor, images: Tensor) -> Tensor:
        """The network's reconstruction loss of decoded codes; (N,)."""
        return self.output_error(self.logits(codes), images)

    def output_error(self, logits: Tensor, images: Tensor) -> Tensor:
        """The network's reconstruction loss of the decoder's output; (N,)."""
        loss = self.config.network.reconstruction_loss
        if loss == "mse":
            return squared_error(self.grey_levels(logits), images)
        if loss == "l1":
            return absolute_error(self.grey_levels(logits), images)
        return bce(logits, images)

    @property
    def device(self) -> torch.device:
        """The device of the weights."""
        return next(self.parameters()).device

    @torch.inference_mode()
    def encode(self, images: np.ndarray) -> np.ndarray:
        """Encode images; a VAE's codes are the means μ.

        Parameters
        ----------
        images : ndarray
            (N, 784) or (N, 28, 28), uint8 from 0 to 255 or floats; noise may reach beyond 0 and 1.

        Returns
        -------
        ndarray
            (N, latent_dim) float32.

        Raises
        ------
        aemodels.data.ImageError
            If the images have another shape or type, or values that are far from [0, 1] or aren't
            finite.
        """
        return _array([self.encode_parameters(batch)[0] for batch in self._images(images)])

    @torch.inference_mode()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Decode codes into images.

        Parameters
        ----------
        codes : ndarray
            (N, latent_dim).

        Returns
        -------
        ndarray
            (N, 784) float32 grey levels; from 0 to 1 unless the output is linear or relu.

        Raises
        ------
        ValueError
            If the codes are no array, have another shape or aren't finite.
        """
        shape = getattr(codes, "shape", type(codes).__name__)
        if not isinstance(codes, np.ndarray) or shape[1:] != (self.latent_dim,):
            wanted = f"(N, {self.latent_dim})"
            raise ValueError(f"codes of shape {shape}: must be {wanted}, as encode gives them")
        if not np.isfinite(codes).all():
            raise ValueError("codes of nan or infinity: must be finite; leave those out")
        return _array([self.grey_levels(self.logits(batch)) for batch in self._batches(codes)])

    @torch.inference_mode()
    def posterior(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The distribution q(z|x) = N(μ, σ²) that a VAE encodes each image as.

        Parameters
        ----------
        images : ndarray
            As for `encode`.

        Returns
        -------
        mean, log_var : ndarray
            μ and log σ², each (N, latent_dim) float32.

        Raises
        ------
        TypeError
            If the model isn't a VAE.
        aemodels.data.ImageError
            As `encode` does.

        References
        ----------
        Kingma & Welling 2014, "Auto-encoding variational Bayes", section 3.
        """
        if not self.variational:
            family = self.config.family.name
            raise TypeError(f"a model of family {family} has no posterior; use encode")
        pairs = [self.encode_parameters(batch) for batch in self._images(images)]
        return _array([mean for mean, _ in pairs]), _array([v for _, v in pairs if v is not None])

    def reconstruct(self, images: np.ndarray) -> np.ndarray:
        """Images -> `decode(encode(images))`, (N, 784) float32. Raises ImageError as `encode`."""
        return self.decode(self.encode(images))

    def _images(self, images: np.ndarray) -> list[Tensor]:
        return self._batches(to_vectors(images, in_range=False))

    def _batches(self, array: np.ndarray) -> list[Tensor]:
        # Copied if it is read-only, which torch.from_numpy warns about.
        tensor = torch.from_numpy(np.require(array, np.float32, ["C", "W"]))
        return [batch.to(self.device) for batch in torch.split(tensor, BATCH)]


def tensors(model: Autoencoder) -> dict[str, np.ndarray]:
    """The weights as float32 arrays by name, as weights.safetensors holds them."""
    state: dict[str, Tensor] = dict(model.state_dict())
    for name, part in model.named_modules():
        if isinstance(part, TiedLinear):
            state[f"{name}.weight"] = part.weight.detach()
    # The architecture's order, which doesn't depend on whether weights are tied.
    return {
        name: state[name].float().cpu().contiguous().numpy()
        for name in model.config.network.tensor_shapes(model.variational)
    }


def _array(parts: list[Tensor]) -> np.ndarray:
    return torch.cat(parts).cpu().numpy()
