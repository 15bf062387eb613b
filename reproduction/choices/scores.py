"""Figures of models that rows train in ways of their own, for the `score` of a choice.

Each trains on the training images of a held-out data set and measures on those in the place of its
test images. Loads PyTorch when called.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from aemodels.config import Config, Loop
from reproduction.choices.choice import Figures, Settings
from reproduction.rows import contraction, denoising

if TYPE_CHECKING:
    import numpy as np

    from aemodels.data import Dataset
    from aemodels.models.autoencoder import Autoencoder

DIGITS = tuple(range(10))
# Half of them, for half the time.
ODD = (1, 3, 5, 7, 9)
# The layers whose published errors are the hardest to reach.
TUNED = ("CAE", "DAE-g")


def of_layers(settings: Settings, held_out: Dataset, seed: int) -> Figures:
    """Errors in % of classifiers that are fine-tuned with these settings from the layers `TUNED`,
    and `error`, their mean.
    """
    errors = {}
    for name in TUNED:
        config, *_ = contraction.LAYERS[name]
        errors[name] = _tuned(settings, trained(config, held_out, seed), held_out, seed)
    return {**errors, "error": sum(errors.values()) / len(errors)}


def of_a_stack(settings: Settings, held_out: Dataset, seed: int) -> Figures:
    """`error` in % of a classifier that is pretrained layer by layer and fine-tuned like this."""
    phases = tuple(settings["pretraining"])
    stack = trained(denoising.STACKED, held_out, seed, phases)
    return {"error": _tuned(settings, stack, held_out, seed)}


def without_odd_digits(settings: Settings, held_out: Dataset, seed: int) -> Figures:
    """AUROC of each odd digit, left out of the training of a VAE, and `auroc`, their mean."""
    found = left_out(Config.from_dict(settings), held_out, seed, ODD)
    return {f"digit {k}": v for k, v in zip(ODD, found, strict=True)} | {"auroc": found.mean()}


def _tuned(settings: Settings, source: Autoencoder, held_out: Dataset, seed: int) -> float:
    values = {name: settings[name] for name in Loop.table() if name in settings}
    loop = Loop(**values | {"seed": seed})
    return classification_error(source, held_out, loop, settings["masked"])


# A few candidates are fine-tuned from the same model.
@lru_cache(maxsize=4)
def trained(
    config: Config, held_out: Dataset, seed: int, phases: tuple[int, ...] | None = None
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
