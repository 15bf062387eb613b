"""Settings of models that train in a moment."""

from itertools import product
from typing import Any

from aemodels.config import SETTINGS, Config
from aemodels.families import FAMILIES

NAMES = tuple(FAMILIES)
TRAINED = tuple(name for name, family in FAMILIES.items() if not family.closed_form)


def config(family: str, body: str | None = None, **given: Any) -> Config:
    """One epoch of six steps (of two if the body is convolutional) a stage, 3 latents.

    Without a `body` the one that the family starts from.
    """
    made = FAMILIES[family]
    if made.closed_form:
        return Config.of(family, latent_dim=3, train_images=600)
    values: dict[str, Any] = {
        "latent_dim": 3,
        "epochs": 1,
        "batch_size": 100,
        "train_images": 600,
        "precision": "fp32",
    }
    body = body or made.defaults.get("body", "mlp")
    if made.network is None:
        values["body"] = body
    network = made.network or body
    if network == "mlp":
        values["hidden"] = (16, 8)
    if network in ("conv", "gru"):
        values["train_images"] = 200
    return Config.of(family, **(values | given))


def legal() -> list[Config]:
    """Every family with each body that its settings allow, and one with all else besides."""
    found = []
    for family, made in FAMILIES.items():
        # The network is the same in all families that leave it open.
        names = ("code", "output_activation", "tied") if family == "ae" else ()
        bodies = SETTINGS["body"].choices if "body" in made.settings else (None,)
        choices = (SETTINGS[name].choices for name in names)
        for body, *values in product(bodies, *choices):
            given = dict(zip(names, values, strict=True))
            if given.get("output_activation", "sigmoid") != "sigmoid":
                given["objective"] = "mse"
            if body != "conv" or given.get("tied") != "yes":
                found.append(config(family, body, **given))
    return found


def words(config: Config) -> str:
    """What sets it apart, for the name of a test."""
    names = ("body", "code", "output_activation", "tied")
    said = [str(getattr(config, n)) for n in names if n in config.used()]
    return "-".join([config.family, *said])
