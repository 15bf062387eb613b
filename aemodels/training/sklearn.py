"""Autoencoders as scikit-learn transformers, for pipelines and grid searches.

from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
pipeline = make_pipeline(AutoencoderTransformer("ae", latent_dim=16), KNeighborsClassifier(7))
pipeline.fit(images, labels).score(test_images, test_labels)    # images (n, 784) in [0, 1]
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_array, check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from aemodels.config import Config, table
from aemodels.data.datasets import Dataset
from aemodels.data.images import PIXELS
from aemodels.families import FAMILIES

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder

MOST_SAMPLES = 60_000
# Measured after each epoch, to detect divergence.
MEASURED = 1000
FLOATS = (np.float64, np.float32)


class AutoencoderTransformer(
    ClassNamePrefixFeaturesOutMixin,  # type: ignore[misc]
    TransformerMixin,  # type: ignore[misc]
    BaseEstimator,  # type: ignore[misc]
):
    """An autoencoder that turns images into codes.

    Parameters
    ----------
    family : str
        A key of `aemodels.FAMILIES`, such as "vae", "ae" or "pca".
    latent_dim : int
        Size of a code.
    network : str or None
        "mlp", "shallow", "conv", …; None is the family's default.
    hidden : sequence of int or None
        Sizes of the hidden layers of an "mlp"; None is (512, 256, 128).
    epochs, batch_size, learning_rate
        Of training; they have no effect on PCA, which is solved.
    settings : mapping or None
        Other settings by name, such as `{"beta": 4}`.
    value_range : tuple of float or None
        The values of X that stand for paper and ink, by default (0, 1); X must lie
        between them in `fit`. None takes the least and the largest value of X.
    device : str
        "auto", "cpu", "cuda" or "mps".
    random_state : int, RandomState or None
        Seed of weights, batch order and noise.

    Attributes
    ----------
    model_ : Autoencoder
        The trained model, on the CPU.
    n_features_in_ : int
        Number of features seen in `fit`.
    low_, high_ : float
        The values that stand for 0 and 1.

    Notes
    -----
    Networks see 784 pixels. Fewer features are the first pixels of an otherwise blank image; more
    are refused. Training sees 256 levels between `low_` and `high_`, as images have them.

    Examples
    --------
    >>> from aemodels import load_dataset
    >>> images = load_dataset().train_images.reshape(-1, 784) / 255
    >>> AutoencoderTransformer("vae", latent_dim=2, epochs=5).fit_transform(images).shape
    (60000, 2)
    """

    def __init__(
        self,
        family: str = "vae",
        latent_dim: int = 2,
        *,
        network: str | None = None,
        hidden: Sequence[int] | None = None,
        epochs: int = 60,
        batch_size: int = 512,
        learning_rate: float = 3e-3,
        settings: Mapping[str, Any] | None = None,
        value_range: tuple[float, float] | None = (0.0, 1.0),
        device: str = "auto",
        random_state: int | np.random.RandomState | None = 0,
    ) -> None:
        self.family = family
        self.latent_dim = latent_dim
        self.network = network
        self.hidden = hidden
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.settings = settings
        self.value_range = value_range
        self.device = device
        self.random_state = random_state

    def fit(self, X: np.ndarray, y: object = None) -> Self:  # noqa: N803
        """Train on X (n_samples, n_features), with at most 60,000 samples; y is ignored.

        Raises
        ------
        ValueError
            If X has another shape or lies outside `value_range`; `SettingError`, which is one, if
            a parameter is out of its range.
        aemodels.training.loop.DivergedError
            If the loss became NaN, infinite or absurdly large.
        """
        # PyTorch takes seconds to import, which describing a pipeline needn't wait for.
        from aemodels.training import fit
        from aemodels.training.loop import DivergedError

        X = validate_data(self, X, dtype=FLOATS)  # noqa: N806
        samples, features = X.shape
        if features > PIXELS or samples > MOST_SAMPLES:
            raise ValueError(
                f"X of shape {X.shape}: must be at most {MOST_SAMPLES:,} samples of {PIXELS} "
                "features"
            )
        self.low_, self.high_ = self._find_range(X)
        levels = np.rint(self._vectors(X) * 255).astype(np.uint8)
        labels = np.zeros(samples, np.uint8)
        dataset = Dataset("mnist", levels, labels, levels[:MEASURED], labels[:MEASURED])
        fitted = fit.fit(self._config(), dataset)
        if fitted.failure:
            raise DivergedError(fitted.failure)
        self.model_: Autoencoder = fitted.model.cpu()
        self._n_features_out = self.model_.latent_dim
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        """X (n_samples, n_features) -> codes (n_samples, latent_dim) float32, for a VAE μ."""
        check_is_fitted(self)
        return self.model_.encode(self._vectors(self._validated(X)))

    def inverse_transform(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        """Codes (n_samples, latent_dim) -> reconstructions (n_samples, n_features) float32.

        Raises ValueError if the codes have another shape.
        """
        check_is_fitted(self)
        pictures = self.model_.decode(check_array(X, dtype=np.float32))
        span = np.float32(self.high_ - self.low_)
        result: np.ndarray = pictures[:, : self.n_features_in_] * span + np.float32(self.low_)
        return result

    def score(self, X: np.ndarray, y: object = None) -> float:  # noqa: N803
        """Minus the mean reconstruction error of X (n_samples, n_features); y is ignored.

        The error of a sample is the squared error, summed over its features. The larger the score
        the better, so that grid searches can maximise it.
        """
        X = self._validated(X)  # noqa: N806
        redrawn = self.inverse_transform(self.transform(X)).astype(np.float64)
        return -float(np.square(redrawn - X).sum(1).mean())

    def _config(self) -> Config:
        """Raises SettingError."""
        given: dict[str, Any] = {
            "epochs": self.epochs,
            "batch_size": self.batch_size,
            "learning_rate": self.learning_rate,
            "device": self.device,
            "seed": self._seed(),
        }
        kind = FAMILIES.get(self.family)
        if kind is not None:
            known = table(self.family, self.network or kind.networks[0])
            given = {name: value for name, value in given.items() if name in known}
        if self.network is not None:
            given["network"] = self.network
        if self.hidden is not None:
            given["hidden"] = tuple(self.hidden)
        given |= {"latent_dim": self.latent_dim, **(self.settings or {})}
        return Config.of(self.family, **given)

    def _seed(self) -> int:
        if isinstance(self.random_state, int):
            return self.random_state
        return int(check_random_state(self.random_state).randint(2**31))

    def _find_range(self, X: np.ndarray) -> tuple[float, float]:  # noqa: N803
        low, high = float(X.min()), float(X.max())
        if self.value_range is None:
            return low, high if high > low else low + 1
        wanted_low, wanted_high = map(float, self.value_range)
        if not wanted_low <= low <= high <= wanted_high:
            raise ValueError(
                f"X with values from {low:g} to {high:g}: must be from {wanted_low:g} to "
                f"{wanted_high:g}; scale X, or use value_range=None"
            )
        return wanted_low, wanted_high

    def _validated(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        check_is_fitted(self)
        checked: np.ndarray = validate_data(self, X, dtype=FLOATS, reset=False)
        return checked

    def _vectors(self, X: np.ndarray) -> np.ndarray:  # noqa: N803
        """(n, n_features) -> (n, 784) float32, 0 for paper and 1 for ink."""
        vectors = np.zeros((len(X), PIXELS), np.float32)
        vectors[:, : X.shape[1]] = (X - self.low_) / (self.high_ - self.low_)
        return vectors

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        # Codes are float32, whatever X is.
        tags.transformer_tags.preserves_dtype = ["float32"]
        return tags
