"""Known recipes: the names that their published code gives to the layers."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from aemodels.importing.description import Description, parse
from aemodels.importing.layers import ForeignError


@dataclass(frozen=True)
class Layout:
    """A published model: where it comes from, and its layers by the names of their tensors."""

    name: str
    title: str
    source: str
    description: Description


DOUBLING = {"stride": 2, "padding": 1, "output_padding": 1}
LAYOUTS = {
    layout.name: layout
    for layout in (
        Layout(
            "pytorch-vae",
            "the VAE of pytorch/examples, 784-400-20",
            "https://github.com/pytorch/examples/blob/main/vae/main.py",
            parse(
                {
                    "encoder": ["fc1", "relu"],
                    "mean": "fc21",
                    "log_var": "fc22",
                    "decoder": ["fc3", "relu", "fc4", "sigmoid"],
                    "reconstruction_loss": "bce",
                }
            ),
        ),
        Layout(
            "keras-vae",
            "the VAE of Keras' examples, two latents, as written in PyTorch",
            "https://keras.io/examples/generative/vae",
            parse(
                {
                    "encoder": [
                        {"conv": "encoder.conv1", "stride": 2, "padding": 1},
                        "relu",
                        {"conv": "encoder.conv2", "stride": 2, "padding": 1},
                        "relu",
                        "flatten",
                        "encoder.fc",
                        "relu",
                    ],
                    "mean": "encoder.fc_mu",
                    "log_var": "encoder.fc_logvar",
                    "decoder": [
                        "decoder.fc",
                        "relu",
                        {"reshape": [64, 7, 7]},
                        {"conv_transpose": "decoder.deconv1", **DOUBLING},
                        "relu",
                        {"conv_transpose": "decoder.deconv2", **DOUBLING},
                        "relu",
                        {"conv_transpose": "decoder.deconv3", "padding": 1},
                        "sigmoid",
                    ],
                    "reconstruction_loss": "bce",
                }
            ),
        ),
        Layout(
            "pythae-ae",
            "pythae's AE with its default networks, 784-512-code",
            "https://github.com/clementchadebec/benchmark_VAE",
            parse(
                {
                    "encoder": ["encoder.layers.0.0", "relu", "encoder.embedding"],
                    "decoder": ["decoder.layers.0.0", "relu", "decoder.layers.1.0", "sigmoid"],
                    "reconstruction_loss": "mse",
                }
            ),
        ),
        Layout(
            "pythae-vae",
            "pythae's VAE with its default networks, 784-512-code",
            "https://github.com/clementchadebec/benchmark_VAE",
            parse(
                {
                    "encoder": ["encoder.layers.0.0", "relu"],
                    "mean": "encoder.embedding",
                    "log_var": "encoder.log_var",
                    "decoder": ["decoder.layers.0.0", "relu", "decoder.layers.1.0", "sigmoid"],
                    "reconstruction_loss": "mse",
                    # Its loss has half the squared error; see `with_loss`.
                    "beta": 2,
                }
            ),
        ),
    )
}


def with_loss(layout: Description, loss: object) -> Description:
    """A layout for a model that was trained with this loss: its β is that of the published one."""
    if loss is None or loss == layout.settings.get("reconstruction_loss"):
        return layout
    kept = {name: value for name, value in layout.settings.items() if name != "beta"}
    return replace(layout, settings=kept)


def find(name: str) -> Layout:
    """The layout of that name. Raises ForeignError if there is none."""
    if name not in LAYOUTS:
        raise ForeignError(f"there is no layout {name[:40]}; known are {', '.join(LAYOUTS)}")
    return LAYOUTS[name]


def recognise(names: Collection[str]) -> Layout:
    """The layout that has tensors of exactly these names. Raises ForeignError if none has."""
    for layout in LAYOUTS.values():
        if layout.description.tensor_names() == set(names):
            return layout
    raise ForeignError(
        f"its tensors are named as in none of the known layouts ({', '.join(LAYOUTS)}); "
        "needed is a description of its layers, --description FILE"
    )
