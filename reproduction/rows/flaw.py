"""A widespread example of a deep autoencoder, and the flaw in its last layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aemodels import recipes
from aemodels.data import to_vectors
from reproduction.details import reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder
    from reproduction.context import ReproductionContext

SEEDS = (0, 1, 2)
INK = 0.5
EXAMPLE = recipes.find("deep-ae-relu").config
REPAIRED = EXAMPLE.with_(output_activation="sigmoid", schedule="one-cycle")


def _flaw(context: ReproductionContext) -> Measured:
    images = context.images()
    pairs = [
        (
            context.fit(f"example-{seed}", EXAMPLE.with_(seed=seed)),
            context.fit(f"repaired-{seed}", REPAIRED.with_(seed=seed)),
        )
        for seed in SEEDS
    ]
    examples, repaired = zip(*pairs, strict=True)
    blocked = [_blocked(trained.model, images) for trained in examples]
    dead = [_dead(mask, images) for mask in blocked]
    inked = (images > INK).any(0)
    figures = [
        Figure("ReLU output", "squared error", [x.metrics.number("sse") for x in examples]),
        Figure(
            "repaired: sigmoid output, one-cycle schedule",
            "squared error",
            [x.metrics.number("sse") for x in repaired],
            "lower",
            target=float(np.mean([x.metrics.number("sse") for x in examples])),
            note="the target is the error of the network with the flaw",
        ),
        Figure(
            "ReLU output, dead pixels: black in every reconstruction",
            "fraction of the pixels with ink in some test digit",
            [float(mask[inked].mean()) for mask in dead],
            note="no test digit gives the weights of such a pixel a gradient, so it hardly ever "
            "recovers",
        ),
        Figure(
            "ReLU output, ink without a gradient",
            f"fraction of the pixels above {INK}",
            [float(mask[images > INK].mean()) for mask in blocked],
            note="pixels with ink in the digit whose pre-activation is at most 0",
        ),
    ]
    count = context.few(1000, 50)
    for name, models in (("ReLU output", examples), ("repaired", repaired)):
        wrong = [_misclassified(context, trained.model, count) for trained in models]
        figures.append(
            Figure(
                f"{name}, reconstructed as another digit",
                "fraction",
                wrong,
                note=f"of the first {count} test digits, those whose nearest training digit has "
                "the same label while that of their reconstruction has another",
            )
        )
    details = {
        "pictures": reconstructions(context, examples[0], repaired[0]),
        "dead_pixels": dead[0].astype(int).tolist(),
        "curves": {trained.name: trained.curve for trained in (examples[0], repaired[0])},
    }
    return Measured(figures, details, SEEDS)


def _blocked(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """(N, 784) -> where the last ReLU gives 0 and lets no gradient through, (N, 784) bool."""
    import torch

    codes = torch.from_numpy(model.encode(images))
    with torch.inference_mode():
        return (model.logits(codes) <= 0).numpy()


def _dead(blocked: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Pixels (784,) that are 0 in every reconstruction though some image has ink there."""
    return np.logical_and(blocked.all(0), (images > INK).any(0))


def _misclassified(context: ReproductionContext, model: Autoencoder, count: int) -> float:
    from sklearn.neighbors import KNeighborsClassifier

    images, labels = context.images()[:count], context.labels[:count]
    nearest = KNeighborsClassifier(1).fit(
        to_vectors(context.mnist.train_images), context.mnist.train_labels
    )
    known = nearest.predict(images) == labels
    reconstructed = model.decode(model.encode(images[known]))
    return float((nearest.predict(reconstructed) != labels[known]).mean())


ROWS = (
    Row(
        id="flaw",
        title="Deep autoencoder with a ReLU output, and the fix",
        source="a widespread tutorial recipe, which shows only an image, in which a 2 becomes a 3",
        recipe="784-392-196-392-784 with a ReLU after every layer, including the last; squared "
        "error, Adam 0.01, 5 epochs, batch 150",
        difference="none in the example; the repaired network has a sigmoid output and a one-cycle "
        "schedule; our own target: a smaller error than the example's",
        measure=_flaw,
        families=("ae",),
    ),
)
