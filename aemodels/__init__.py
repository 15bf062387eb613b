"""Autoencoders on MNIST, from linear to variational: train them, load them, measure them.

    import aemodels

    digits = aemodels.load_dataset("mnist")
    vae = aemodels.load("vae-2")                        # a zoo model or a bundle's path
    codes = vae.encode(digits.test_images)              # (10000, 2), a VAE's are the means μ
    mean, log_var = vae.posterior(digits.test_images)   # two of (10000, 2)
    images = vae.decode(codes)                          # (10000, 784) in [0, 1]
    images = vae.reconstruct(digits.test_images)        # the same in one step

    mine = aemodels.fit("vae", latent_dim=2, epochs=5)  # trained on the 60,000 digits

Images are (N, 784) or (N, 28, 28), uint8 or floats in [0, 1]. `AutoencoderTransformer` is a
scikit-learn estimator; `FAMILIES` lists the kinds of autoencoder and `Config` their settings.

Importing this package loads neither NumPy nor PyTorch; the functions load what they need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from aemodels.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aemodels.config import Config
    from aemodels.data import Dataset
    from aemodels.families import FAMILIES
    from aemodels.models.autoencoder import Autoencoder
    from aemodels.training.loop import Record
    from aemodels.training.sklearn import AutoencoderTransformer

__all__ = [
    "FAMILIES",
    "Autoencoder",
    "AutoencoderTransformer",
    "Config",
    "Dataset",
    "Record",
    "__version__",
    "fit",
    "load",
    "load_dataset",
    "recipe",
]

_PLACES = {
    "FAMILIES": "aemodels.families",
    "Autoencoder": "aemodels.models.autoencoder",
    "AutoencoderTransformer": "aemodels.training.sklearn",
    "Config": "aemodels.config",
    "Dataset": "aemodels.data",
    "Record": "aemodels.training.loop",
}


def load(name: str | Path) -> Autoencoder:
    """Load a trained model.

    Parameters
    ----------
    name : str or Path
        A model of the zoo, such as "vae-2", or the path of a bundle's folder.

    Returns
    -------
    Autoencoder
        On the CPU, ready for `encode`, `decode`, `reconstruct` and, for a VAE, `posterior`.

    Raises
    ------
    aemodels.bundles.BundleError
        If there is no such bundle, or it is damaged.

    Examples
    --------
    >>> aemodels.load("vae-2").latent_dim
    2
    """
    from aemodels.bundles import bundle, zoo
    from aemodels.bundles.load import load

    return load(bundle.read_named(zoo.find(name)))


def fit(
    family: str | Config = "vae",
    *,
    dataset: str | Dataset | None = None,
    on_record: Callable[[Record], object] | None = None,
    **settings: Any,
) -> Autoencoder:
    """Train a model on the training images of a data set.

    Parameters
    ----------
    family : str or Config
        A key of `FAMILIES`, or a whole configuration.
    dataset : str or Dataset
        "mnist" (unless `family` names another), "fashion-mnist", or your own images as a `Dataset`.
    on_record : callable
        Called with a `Record` after each epoch: its number, the terms of the objective on training
        and test images, the seconds of training so far.
    **settings
        Any setting that the family has, such as `latent_dim=2`, `epochs=5`, `network="conv"` or
        `beta=4`; `Config` checks their ranges. The others keep the family's defaults.

    Returns
    -------
    Autoencoder
        On the device it was trained on, such as the one that `device="cpu"` selects.

    Raises
    ------
    aemodels.setting.SettingError
        If a setting is out of its range or the family doesn't have it, or the device isn't there.
    aemodels.data.DataError
        If a file of the data set is missing or altered.
    aemodels.training.loop.DivergedError
        If the loss became NaN, infinite or absurdly large.

    Examples
    --------
    >>> records = []
    >>> vae = aemodels.fit("vae", latent_dim=2, epochs=5, on_record=records.append)
    >>> records[-1].test["loss"]  # negative ELBO: nats, sums over pixels, means over images
    """
    from aemodels import data
    from aemodels.config import Config
    from aemodels.training import fit
    from aemodels.training.loop import DivergedError

    if isinstance(dataset, str):
        settings["dataset"] = dataset
    elif dataset is not None and (dataset.source or dataset.name in data.SOURCES):
        settings["dataset"] = dataset.name
    config = (
        family.with_(**settings) if isinstance(family, Config) else Config.of(family, **settings)
    )
    images = dataset if isinstance(dataset, data.Dataset) else data.load(config.data.dataset)
    fitted = fit.fit(config, images, on_record=on_record)
    if fitted.failure:
        raise DivergedError(fitted.failure)
    return fitted.model


def load_dataset(name: str = "mnist", folder: str | Path | None = None) -> Dataset:
    """Read the 60,000 training and 10,000 test images of a data set, with their labels.

    Parameters
    ----------
    name : str
        "mnist" or "fashion-mnist", whose training images are downloaded at first use.
    folder : str or Path
        Where its four files are, if not in the default folder.

    Returns
    -------
    Dataset
        `train_images` and `test_images` (N, 28, 28) uint8, `train_labels` and `test_labels` (N,).

    Raises
    ------
    aemodels.data.DataError
        If a file is missing and can't be downloaded, is cut short or altered.

    Examples
    --------
    >>> aemodels.load_dataset().test_images.shape
    (10000, 28, 28)
    """
    from aemodels import data

    return data.load(name, folder)


def recipe(name: str) -> Config:
    """Look up the settings of a recipe.

    Parameters
    ----------
    name : str
        A recipe of an article, such as "tf-cvae", or of a model of the zoo, such as "vae-2";
        `python -m aemodels recipes` lists them.

    Returns
    -------
    Config
        For `fit`.

    Raises
    ------
    aemodels.setting.SettingError
        If there is no such recipe.

    Examples
    --------
    >>> cvae = aemodels.fit(aemodels.recipe("tf-cvae"), epochs=2)
    """
    from aemodels import recipes

    return recipes.find(name).config


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_PLACES[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
