"""Which images a model was not made for: it draws them badly, and the error says how strange.

    from aemodels import anomaly, data, model
    ae = model.load("zoo/ae-16")
    digits, clothes = (data.load_test(name) for name in ("mnist", "fashion-mnist"))
    anomaly.detect(ae, digits.images, clothes.images).auroc        # 1 finds all, 0.5 is guessing

Scores are sums over the 784 pixels of one image; the larger, the stranger.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from scipy.special import entr  # type: ignore[import-untyped]

from aemodels.config import Config
from aemodels.data import Dataset, to_vectors
from aemodels.data.binarisation import binarise
from aemodels.models.autoencoder import BATCH, Autoencoder
from aemodels.objectives.divergences import kl_to_standard_normal, reparameterise

ELBO_SAMPLES = 10
ELBO_SEED = 0

# A model and images (N, 28, 28) uint8 -> scores (N,) float64.
Score = Callable[[Autoencoder, np.ndarray], np.ndarray]
# Settings and a data set to learn from -> the trained model.
Train = Callable[[Config, Dataset], Autoencoder]


@dataclass(frozen=True, eq=False)
class Detection:
    """How well scores tell strange images from normal ones."""

    normal: np.ndarray  # (N,) scores
    strange: np.ndarray  # (M,)
    auroc: float

    @property
    def ranks(self) -> np.ndarray:
        """(M,) `ranks` of the strange images."""
        return ranks(self.strange, self.normal)

    @property
    def found_first(self) -> float:
        """Share of the strange images that score higher than every normal one."""
        return float((self.ranks == 1).mean())


def scores(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) squared error Σ (x̂ - x)² of each, squared grey levels.

    z is the code, for a VAE μ; divide by 784 for what others print as MSE. A model of black and
    white pixels is shown such.
    """
    result = [np.zeros(0)]
    for batch in _batches(model, images):
        pictures = model.decode(model.encode(batch))
        result.append(np.square(pictures.astype(np.float64) - batch).sum(1))
    return np.concatenate(result)


@torch.inference_mode()
def elbo_scores(
    model: Autoencoder, images: np.ndarray, samples: int = ELBO_SAMPLES, seed: int = ELBO_SEED
) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) negative ELBO of each in nats: the reconstruction error that
    the model was trained on, mean over `samples` samples of z, plus KL.

    Cross-entropy is -log p(x|z) of black and white pixels; squared error that of normal ones with
    σ² = ½, and absolute error that of Laplace ones with scale 1, both but for a constant. Of grey
    pixels cross-entropy's floor is their entropy, not zero: 46 nats for a digit, 190 for clothes;
    so a VAE of clothes finds digits less strange than clothes, where `scores` is not misled.
    Kingma & Welling 2014, equation 7. Raises TypeError if the model is no VAE.
    """
    generator = torch.Generator().manual_seed(seed)
    result = [np.zeros(0)]
    for batch in _batches(model, images):
        mean, log_var = map(torch.from_numpy, model.posterior(batch))
        total = kl_to_standard_normal(mean.double(), log_var.double()).sum(1)
        target = torch.from_numpy(batch).to(model.device)
        for _ in range(samples):
            code = reparameterise(mean, log_var, generator).to(model.device)
            total += model.reconstruction_error(code, target).cpu().double() / samples
        result.append(total.numpy())
    return np.concatenate(result)


def excess_scores(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """Images (N, 28, 28) uint8 -> (N,) `elbo_scores` less `entropy_floor`, nats: what an image
    costs beyond its own grey levels. Raises TypeError if the model is no VAE, ValueError if it
    wasn't trained on cross-entropy.
    """
    loss = model.config.network.reconstruction_loss
    if loss != "bce":
        raise ValueError(f"reconstruction_loss={loss}: only cross-entropy has that floor")
    seen = binarise(images, model.config.data.binarisation)
    return elbo_scores(model, images) - entropy_floor(seen)


def entropy_floor(images: np.ndarray) -> np.ndarray:
    """Images (N, 28, 28) uint8 or (N, 784) in [0, 1] -> (N,) the least cross-entropy that any model
    can reach, in nats: the entropy -Σ (x log x + (1 - x) log(1 - x)) of the grey levels; 0 where
    all are black or white.

    Cross-entropy compares images fairly only beyond that floor, which is high for grey cloth and
    low for ink on paper.
    """
    grey = to_vectors(images).astype(np.float64)
    return (entr(grey) + entr(1 - grey)).sum(1)


def auroc(normal: np.ndarray, strange: np.ndarray) -> float:
    """Scores (N,) and (M,) -> the area under the ROC curve: the chance that a strange image scores
    higher than a normal one. Raises ValueError if there are none of either, or one is not finite.
    """
    # scikit-learn takes a second to import, which training needn't wait for.
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(*_labelled(normal, strange)))


def ranks(strange: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """Place of each of `strange` (M,), alone among `normal` (N,): (M,) from 1, if none is larger,
    to N + 1; others as large count before it, so that no tie flatters. Raises ValueError if a score
    is not finite.
    """
    _check(strange)
    _check(normal)
    return 1 + len(normal) - np.searchsorted(np.sort(normal), strange, side="left")


def strangest(scores: np.ndarray, count: int) -> np.ndarray:
    """Indices of the `count` largest scores (N,), the largest first."""
    _check(scores)
    return np.argsort(-scores, kind="stable")[:count]


def detect(
    model: Autoencoder, normal: np.ndarray, strange: np.ndarray, score: Score = scores
) -> Detection:
    """Score normal images (N, 28, 28) uint8 and strange ones (M, 28, 28).

    Normal are images like those that the model learnt from, but not those themselves.
    """
    found = score(model, normal), score(model, strange)
    return Detection(*found, auroc=auroc(*found))


def without(mnist: Dataset, digit: int) -> Dataset:
    """The data set with no training image of that label; the test split is whole."""
    kept = mnist.train_labels != digit
    return replace(
        mnist, train_images=mnist.train_images[kept], train_labels=mnist.train_labels[kept]
    )


def left_out(
    train: Train, config: Config, mnist: Dataset, digit: int, score: Score = scores
) -> Detection:
    """A model that never saw `digit` is asked to tell it from the other nine, on all test images.

    An & Cho 2015, "Variational autoencoder based anomaly detection using reconstruction
    probability". The mean AUROC over the ten digits is what others report.
    """
    strange = mnist.test_labels == digit
    trained = train(config, without(mnist, digit))
    return detect(trained, mnist.test_images[~strange], mnist.test_images[strange], score)


def leave_one_out(
    train: Train,
    config: Config,
    mnist: Dataset,
    score: Score = scores,
    on_digit: Callable[[int, Detection], None] = lambda digit, found: None,
) -> np.ndarray:
    """`left_out` of each of the ten digits, told one by one: their AUROC, (10,)."""
    result = []
    for digit in range(10):
        found = left_out(train, config, mnist, digit, score)
        on_digit(digit, found)
        result.append(found.auroc)
    return np.array(result)


def _batches(model: Autoencoder, images: np.ndarray) -> Iterator[np.ndarray]:
    pixels = binarise(images, model.config.data.binarisation)
    for start in range(0, len(pixels), BATCH):
        yield pixels[start : start + BATCH]


def _labelled(normal: np.ndarray, strange: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Truth (0 normal, 1 strange) and score, as scikit-learn wants them."""
    _check(normal)
    _check(strange)
    return np.repeat([0, 1], [len(normal), len(strange)]), np.concatenate([normal, strange])


def _check(scores: np.ndarray) -> None:
    if scores.ndim != 1 or not len(scores):
        raise ValueError(f"scores of shape {scores.shape}: must be (N,), at least one")
    if not np.isfinite(scores).all():
        raise ValueError("scores with nan or infinity: must be finite; leave those images out")
