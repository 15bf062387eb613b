"""Networks as others publish them, in plain PyTorch: the same names, layers and results."""

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F


class PyTorchVAE(nn.Module):
    """That of https://github.com/pytorch/examples/blob/main/vae/main.py."""

    def __init__(self) -> None:
        super().__init__()
        self.fc1 = nn.Linear(784, 400)
        self.fc21 = nn.Linear(400, 20)
        self.fc22 = nn.Linear(400, 20)
        self.fc3 = nn.Linear(20, 400)
        self.fc4 = nn.Linear(400, 784)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        h1 = F.relu(self.fc1(x))
        return self.fc21(h1), self.fc22(h1)

    def decode(self, z: Tensor) -> Tensor:
        return torch.sigmoid(self.fc4(F.relu(self.fc3(z))))


class PythaeEncoder(nn.Module):
    """Encoder_AE_MLP and Encoder_VAE_MLP of pythae's default_architectures.py."""

    def __init__(self, latent_dim: int, variational: bool) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Sequential(nn.Linear(784, 512), nn.ReLU())])
        self.embedding = nn.Linear(512, latent_dim)
        if variational:
            self.log_var = nn.Linear(512, latent_dim)


class PythaeDecoder(nn.Module):
    """Decoder_AE_MLP of the same file."""

    def __init__(self, latent_dim: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            [
                nn.Sequential(nn.Linear(latent_dim, 512), nn.ReLU()),
                nn.Sequential(nn.Linear(512, 784), nn.Sigmoid()),
            ]
        )


class Pythae(nn.Module):
    """pythae's AE and VAE: an encoder and a decoder."""

    def __init__(self, latent_dim: int, variational: bool) -> None:
        super().__init__()
        self.decoder = PythaeDecoder(latent_dim)
        self.encoder = PythaeEncoder(latent_dim, variational)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor | None]:
        h = self.encoder.layers[0](x.reshape(-1, 784))
        log_var = self.encoder.log_var(h) if hasattr(self.encoder, "log_var") else None
        return self.encoder.embedding(h), log_var

    def decode(self, z: Tensor) -> Tensor:
        for layer in self.decoder.layers:
            z = layer(z)
        return z


class KerasVAE(nn.Module):
    """The network of https://keras.io/examples/generative/vae with PyTorch's paddings."""

    def __init__(self) -> None:
        super().__init__()
        doubling: dict[str, Any] = {"stride": 2, "padding": 1, "output_padding": 1}
        self.encoder = nn.ModuleDict(
            {
                "conv1": nn.Conv2d(1, 32, 3, stride=2, padding=1),
                "conv2": nn.Conv2d(32, 64, 3, stride=2, padding=1),
                "fc": nn.Linear(64 * 7 * 7, 16),
                "fc_mu": nn.Linear(16, 2),
                "fc_logvar": nn.Linear(16, 2),
            }
        )
        self.decoder = nn.ModuleDict(
            {
                "fc": nn.Linear(2, 64 * 7 * 7),
                "deconv1": nn.ConvTranspose2d(64, 64, 3, **doubling),
                "deconv2": nn.ConvTranspose2d(64, 32, 3, **doubling),
                "deconv3": nn.ConvTranspose2d(32, 1, 3, padding=1),
            }
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        layers = self.encoder
        h = F.relu(layers["conv2"](F.relu(layers["conv1"](x.reshape(-1, 1, 28, 28)))))
        h = F.relu(layers["fc"](h.flatten(1)))
        return layers["fc_mu"](h), layers["fc_logvar"](h)

    def decode(self, z: Tensor) -> Tensor:
        layers = self.decoder
        h = F.relu(layers["fc"](z)).reshape(-1, 64, 7, 7)
        h = F.relu(layers["deconv2"](F.relu(layers["deconv1"](h))))
        return torch.sigmoid(layers["deconv3"](h)).flatten(1)


class Convolutional(nn.Module):
    """An autoencoder with two convolutions each way, as tutorials have them."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1),
            nn.ELU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.ELU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 128),
            nn.ELU(),
            nn.Linear(128, 5),
        )
        self.decoder = nn.Sequential(
            nn.Linear(5, 128),
            nn.ELU(),
            nn.Linear(128, 64 * 7 * 7),
            nn.ELU(),
            nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1),
            nn.ELU(),
            nn.ConvTranspose2d(32, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )


CONVOLUTIONAL = {
    "encoder": [
        {"conv": "encoder.0", "stride": 2, "padding": 1},
        "elu",
        {"conv": "encoder.2", "stride": 2, "padding": 1},
        "elu",
        "flatten",
        "encoder.5",
        "elu",
        "encoder.7",
    ],
    "decoder": [
        "decoder.0",
        "elu",
        "decoder.2",
        "elu",
        {"reshape": [64, 7, 7]},
        {"conv_transpose": "decoder.5", "stride": 2, "padding": 1, "output_padding": 1},
        "elu",
        {"conv_transpose": "decoder.7", "stride": 2, "padding": 1, "output_padding": 1},
        "sigmoid",
    ],
    "reconstruction_loss": "mse",
}


class Normalised(nn.Module):
    """Convolutions with batch normalisation, as tutorials have them."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(
            nn.Conv2d(1, 32, 3, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.Conv2d(32, 64, 3, stride=2, padding=1),
            nn.BatchNorm2d(64, eps=1e-3),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(64 * 7 * 7, 128),
            nn.BatchNorm1d(128, affine=False),
            nn.ReLU(),
            nn.Linear(128, 5),
        )
        self.decoder = nn.Sequential(
            nn.Linear(5, 128),
            nn.ReLU(),
            nn.Linear(128, 64 * 7 * 7),
            nn.ReLU(),
            nn.Unflatten(1, (64, 7, 7)),
            nn.ConvTranspose2d(64, 32, 3, stride=2, padding=1, output_padding=1),
            nn.BatchNorm2d(32),
            nn.ReLU(),
            nn.ConvTranspose2d(32, 1, 3, stride=2, padding=1, output_padding=1),
            nn.Sigmoid(),
        )


NORMALISED = {
    "encoder": [
        {"conv": "encoder.0", "stride": 2, "padding": 1},
        {"batch_norm": "encoder.1"},
        "relu",
        {"conv": "encoder.3", "stride": 2, "padding": 1},
        {"batch_norm": "encoder.4", "eps": 1e-3},
        "relu",
        "flatten",
        "encoder.7",
        {"batch_norm": "encoder.8"},
        "relu",
        "encoder.10",
    ],
    "decoder": [
        "decoder.0",
        "relu",
        "decoder.2",
        "relu",
        {"reshape": [64, 7, 7]},
        {"conv_transpose": "decoder.5", "stride": 2, "padding": 1, "output_padding": 1},
        {"batch_norm": "decoder.6"},
        "relu",
        {"conv_transpose": "decoder.8", "stride": 2, "padding": 1, "output_padding": 1},
        "sigmoid",
    ],
}
