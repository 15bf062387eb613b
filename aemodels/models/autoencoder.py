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

from aemodels import architecture
from aemodels.bundles import bundle
from aemodels.config import Config
from aemodels.data import PIXELS, ImageError
from aemodels.families import FAMILIES
from aemodels.models.networks import (
    ACTIVATIONS,
    GRUDecoder,
    GRUEncoder,
    TiedLinear,
    conv_decoder,
    conv_encoder,
    linear,
    mlp,
    tied,
    widen_for_relu,
)
from aemodels.objectives.losses import absolute_error, bce, squared_error

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
        generator = torch.Generator().manual_seed(config.seed)
        self.encoder, self.decoder = _bodies(config, generator)

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

    @property
    def output(self) -> str:
        """What turns logits into grey levels: `sigmoid`, `linear` or `relu`."""
        return "linear" if self.config.network == "linear" else self.config.output_activation

    def picture(self, logits: Tensor) -> Tensor:
        """Their sigmoid, as a rule. Linear ones are grey levels already, some outside [0, 1]."""
        if self.output == "linear":
            return logits
        return torch.relu(logits) if self.output == "relu" else torch.sigmoid(logits)

    def error(self, codes: Tensor, images: Tensor) -> Tensor:
        """The reconstruction error that the settings choose, of decoded codes; (N,)."""
        logits = self.logits(codes)
        if self.config.network == "linear" or self.config.objective == "mse":
            return squared_error(self.picture(logits), images)
        if self.config.objective == "l1":
            return absolute_error(self.picture(logits), images)
        return bce(logits, images)

    def below(self, images: Tensor, layer: int) -> Tensor:
        """(N, 784) -> what the first `layer` layers of an MLP's encoder make of it."""
        assert isinstance(self.encoder, nn.Sequential)
        return _full(self.encoder[: 2 * layer](images))

    def layer_error(self, spoilt: Tensor, clean: Tensor, layer: int) -> Tensor:
        """Error of an MLP's layer (from 0) and its mirror image that rebuild `clean` (N, width)
        from `spoilt`, a sum over its width; cross-entropy where the values are a sigmoid's.
        """
        assert isinstance(self.encoder, nn.Sequential)
        assert isinstance(self.decoder, nn.Sequential)
        back = 2 * (len(self.config.hidden) - layer)
        logits = _full(self.decoder[back](self.encoder[2 * layer : 2 * layer + 2](spoilt)))
        if layer == 0 or self.config.activation == "sigmoid":
            return bce(logits, clean)
        return squared_error(_full(self.decoder[back + 1](logits)), clean)

    @property
    def device(self) -> torch.device:
        return next(self.parameters()).device

    @torch.inference_mode()
    def encode(self, images: np.ndarray) -> np.ndarray:
        """Images (N, 784) -> codes (N, latent_dim); for a VAE the means μ.

        Raises data.ImageError if they have another shape, are no floats or aren't finite.
        """
        return _array([self.head(batch)[0] for batch in self._batches(_checked(images))])

    @torch.inference_mode()
    def decode(self, codes: np.ndarray) -> np.ndarray:
        """Codes (N, latent_dim) -> images (N, 784). Raises ValueError for another shape."""
        shape = getattr(codes, "shape", type(codes).__name__)
        if not isinstance(codes, np.ndarray) or shape[1:] != (self.config.latent_dim,):
            wanted = f"(N, {self.config.latent_dim})"
            raise ValueError(f"codes of shape {shape}: must be {wanted}, as encode gives them")
        return _array([self.picture(self.logits(batch)) for batch in self._batches(codes)])

    @torch.inference_mode()
    def posterior(self, images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Images (N, 784) -> μ and log σ², each (N, latent_dim). Raises TypeError if not a VAE,
        data.ImageError as `encode` does.
        """
        if not self.variational:
            raise TypeError(f"a model of family {self.config.family} has no posterior; use encode")
        pairs = [self.head(batch) for batch in self._batches(_checked(images))]
        return _array([mean for mean, _ in pairs]), _array([v for _, v in pairs if v is not None])

    def _batches(self, array: np.ndarray) -> list[Tensor]:
        # Copied where it is read-only, which torch.from_numpy doesn't take without a warning.
        tensor = torch.from_numpy(np.require(array, np.float32, ["C", "W"]))
        return [batch.to(self.device) for batch in tensor.split(BATCH)]


def _bodies(config: Config, generator: torch.Generator) -> tuple[nn.Module, nn.Module]:
    """Encoder and decoder, drawn in this order."""
    wide, back = architecture.encoder_sizes(config), architecture.decoder_sizes(config)
    if config.network == "linear":
        return linear(wide[0], wide[1], generator), linear(back[0], back[1], generator)
    if config.network == "gru":
        return GRUEncoder(wide[-1], generator), GRUDecoder(back[0], generator)
    if config.network == "conv":
        encoder = conv_encoder(wide[-1], config.activation, generator)
        decoder = conv_decoder(back[0], config.activation, generator)
    else:
        encoder = mlp(wide, config.activation, generator)
        if config.tied == "yes":
            decoder = tied(encoder, config.activation, generator)
        else:
            decoder = mlp(back, config.activation, generator)
    head = encoder[-1]
    if config.code == "relu" and config.network == "shallow" and isinstance(head, nn.Linear):
        widen_for_relu(head)
    if config.code != "linear":
        encoder.append(ACTIVATIONS[config.code]())
    return encoder, decoder


def load(source: bundle.Bundle | Path | str) -> Autoencoder:
    """The trained model of a bundle, on the CPU. Raises BundleError if the bundle is damaged."""
    found = source if isinstance(source, bundle.Bundle) else bundle.read(source)
    model = Autoencoder(found.config)
    state = {name: torch.tensor(array) for name, array in found.weights().items()}
    model.load_state_dict({name: state[name] for name in model.state_dict()})
    return model.eval()


def tensors(model: Autoencoder) -> dict[str, np.ndarray]:
    """The weights as float32 arrays by name, as weights.safetensors holds them."""
    state: dict[str, Tensor] = dict(model.state_dict())
    for name, part in model.named_modules():
        if isinstance(part, TiedLinear):
            state[f"{name}.weight"] = part.weight.detach()
    # The layout's order, which doesn't depend on what is tied.
    return {
        name: state[name].float().cpu().contiguous().numpy()
        for name in architecture.tensor_shapes(model.config)
    }


def _checked(images: np.ndarray) -> np.ndarray:
    if not isinstance(images, np.ndarray):
        raise ImageError(f"images of type {type(images).__name__}: must be a NumPy array")
    if images.ndim == 2 and images.shape[1] == PIXELS and images.dtype.kind == "f":
        # Their range is left alone: noise may reach beyond 0 and 1.
        if not np.isfinite(images).all():
            raise ImageError("values of nan or infinity: must be finite; leave those images out")
        return images
    raise ImageError(
        f"images of shape {images.shape} and type {images.dtype}: must be (N, {PIXELS}) floats; "
        "data.vectors makes them from (N, 28, 28) bytes"
    )


def _full(tensor: Tensor) -> Tensor:
    """At least float32: exp() and sums over pixels of bf16 numbers would lose their digits."""
    return tensor.float() if tensor.dtype == torch.bfloat16 else tensor


def _array(parts: list[Tensor]) -> np.ndarray:
    return torch.cat(parts).cpu().numpy()
