"""Settings of models that train in a moment."""

from typing import Any

from aemodels.config import Config
from aemodels.families import FAMILIES, TRAINED

NAMES = tuple(FAMILIES)
__all__ = ["NAMES", "TRAINED", "config", "legal", "words"]

OTHER_CONVOLUTIONS = ("conv-asymmetric", "conv-narrow")
# Of an autoencoder's code, output and weights, chosen so that each pair of values of two different
# settings meets in at least one row: (code_activation, output_activation, tied).
PAIRS = (
    ("linear", "sigmoid", False),
    ("linear", "linear", True),
    ("linear", "relu", False),
    ("relu", "sigmoid", True),
    ("relu", "linear", False),
    ("relu", "relu", True),
    ("sigmoid", "sigmoid", False),
    ("sigmoid", "linear", True),
    ("sigmoid", "relu", False),
    ("tanh", "sigmoid", True),
    ("tanh", "linear", False),
    ("tanh", "relu", True),
)


def config(family: str, network: str | None = None, **given: Any) -> Config:
    """One epoch of six steps (of two if convolutional or recurrent) a stage, 3 latents.

    Without a `network` the one that the family starts from.
    """
    made = FAMILIES[family]
    if made.closed_form:
        return Config.of(family, **({"latent_dim": 3, "train_images": 600} | given))
    network = network or made.networks[0]
    values: dict[str, Any] = {
        "network": network,
        "latent_dim": 3,
        "epochs": 1,
        "batch_size": 100,
        "train_images": 200 if network.startswith(("conv", "gru")) else 600,
        "precision": "fp32",
    }
    if network == "mlp":
        values["hidden"] = (16, 8)
    return Config.of(family, **(values | given))


def legal() -> list[Config]:
    """Every family with each of its networks, and autoencoders with each pair of other choices."""
    found = [config(family, network) for family in NAMES for network in FAMILIES[family].networks]
    found += [config("vae", network, tied=True) for network in ("mlp", "shallow")]
    found += [
        config("vae", decoder_hidden=(7,)),
        config("ae", decoder_hidden=(5, 9, 7), dropout=0.2),
    ]
    for network in FAMILIES["ae"].networks:
        # A further convolutional network takes the same activations by the same lines.
        for code, output, tied in PAIRS[::5] if network in OTHER_CONVOLUTIONS else PAIRS:
            given: dict[str, Any] = {"code_activation": code, "output_activation": output}
            if output != "sigmoid":
                given["reconstruction_loss"] = "mse"
            if not network.startswith("conv"):
                given["tied"] = tied
            found.append(config("ae", network, **given))
    return list(dict.fromkeys(found))


def words(config: Config) -> str:
    """What sets it apart, for the name of a test."""
    names = ("network", "code_activation", "output_activation", "tied")
    values = config.to_dict()
    own = [n for n in ("decoder_hidden", "dropout") if values.get(n)]
    own += ["bf16"] * (values.get("precision") == "bf16")
    return "-".join([config.family.name, *(str(values[n]) for n in names if n in values), *own])
