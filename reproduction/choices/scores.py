"""Figures of models that rows train in ways of their own, for the `score` of a choice.

Each trains on the training images of a held-out data set and measures on those in the place of its
test images. Loads PyTorch when called.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from aemodels.config import Config, Loop

if TYPE_CHECKING:
    import numpy as np

    from aemodels.data import Dataset
    from aemodels.models.autoencoder import Autoencoder

DIGITS = tuple(range(10))


def trained(
    config: Config, held_out: Dataset, seed: int, phases: Sequence[int] | None = None
) -> Autoencoder:
    """The model with these settings; `phases` as `Training` has them. Raises RuntimeError if its
    loss becomes NaN or infinite.
    """
    from aemodels.training import fit

    config = config.with_(seed=seed, train_images=len(held_out.train_images))
    fitted = fit.run(fit.begin(config, held_out, phases))
    if fitted.failure is not None:
        raise RuntimeError(fitted.failure)
    return fitted.model.cpu()


def classification_error(
    source: Autoencoder, held_out: Dataset, loop: Loop, masking: float = 0.0
) -> float:
    """The share of held-out images that a classifier gets wrong after its last epoch, in %.

    It is fine-tuned from a copy of the model's encoder, with `masking` of the pixels hidden.
    """
    from aemodels.models.autoencoder import Autoencoder
    from aemodels.training import classifier

    network = Autoencoder(source.config)
    network.load_state_dict(source.state_dict())
    training = classifier.begin(classifier.Classifier(network, 10), held_out, loop, masking=masking)
    *_, last = training.run()
    return 100 * last.test["error"]


def left_out(
    config: Config, held_out: Dataset, seed: int, digits: Sequence[int] = DIGITS
) -> np.ndarray:
    """AUROC of the negative ELBO for each of `digits`, of a VAE that was trained without it."""
    import numpy as np

    from aemodels.analysis import anomaly

    def train(config: Config, dataset: Dataset) -> Autoencoder:
        return trained(config, dataset, seed)

    found = [
        anomaly.left_out(train, config, held_out, digit, anomaly.elbo_scores) for digit in digits
    ]
    return np.array([each.auroc for each in found])
