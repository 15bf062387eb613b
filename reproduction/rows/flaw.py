"""A common example of a deep autoencoder, and the flaw in its last layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aemodels.config import Config
from aemodels.data import to_vectors
from reproduction.details import reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from aemodels.models.autoencoder import Autoencoder
    from reproduction.context import ReproductionContext

SEEDS = (0, 1, 2)
INK = 0.5
EXAMPLE = Config.of(
    "ae",
    latent_dim=196,
    hidden=(392,),
    code_activation="relu",
    output_activation="relu",
    reconstruction_loss="mse",
    epochs=5,
    batch_size=150,
    learning_rate=0.01,
    schedule="constant",
    weight_decay=0.0,
    precision="fp32",
)
REPAIRED = EXAMPLE.with_(output_activation="sigmoid", schedule="one-cycle", learning_rate=5e-3)


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
    silent = [_silent(trained.model, images) for trained in examples]
    dead = [_dead(mask, images) for mask in silent]
    lit = (images > INK).any(0)
    figures = [
        Figure("ReLU output", "squared error", [x.metrics.number("sse") for x in examples]),
        Figure(
            "repaired: sigmoid output, one-cycle rate",
            "squared error",
            [x.metrics.number("sse") for x in repaired],
            "lower",
            target=float(np.median([x.metrics.number("sse") for x in examples])),
            note="asked for is the error of the network with the flaw",
        ),
        Figure(
            "ReLU output, pixels that are black in every picture it draws",
            "share of the pixels that some test digit inks",
            [float(mask[lit].mean()) for mask in dead],
            note="every picture of a test digit; from none of them do such a pixel's own weights "
            "get a gradient, so it hardly ever comes back",
        ),
        Figure(
            "ReLU output, ink without a gradient",
            f"share of the pixels above {INK}",
            [float(mask[images > INK].mean()) for mask in silent],
            note="the pre-activation is not above 0 where the digit has ink",
        ),
    ]
    count = context.few(1000, 50)
    for name, models in (("ReLU output", examples), ("repaired", repaired)):
        misread = [_misread(context, trained.model, count) for trained in models]
        figures.append(
            Figure(
                f"{name}, redrawn as another digit",
                "share",
                misread,
                note=f"of the first {count} test digits whose own nearest training digit has "
                "their label, those whose reconstruction's hasn't",
            )
        )
    details = {
        "pictures": reconstructions(context, examples[0], repaired[0]),
        "dead_pixels": dead[0].astype(int).tolist(),
        "curves": {trained.name: trained.curve for trained in (examples[0], repaired[0])},
    }
    return Measured(figures, details, SEEDS)


def _silent(model: Autoencoder, images: np.ndarray) -> np.ndarray:
    """(N, 784) -> where the last ReLU gives 0 and lets no gradient through, (N, 784) bool."""
    import torch

    codes = torch.from_numpy(model.encode(images))
    with torch.inference_mode():
        return (model.logits(codes) <= 0).numpy()


def _dead(silent: np.ndarray, images: np.ndarray) -> np.ndarray:
    """Pixels (784,) that are silent in every picture, though some image has ink there."""
    return np.logical_and(silent.all(0), (images > INK).any(0))


def _misread(context: ReproductionContext, model: Autoencoder, count: int) -> float:
    from sklearn.neighbors import KNeighborsClassifier

    images, labels = context.images()[:count], context.labels[:count]
    nearest = KNeighborsClassifier(1).fit(
        to_vectors(context.mnist.train_images), context.mnist.train_labels
    )
    known = nearest.predict(images) == labels
    redrawn = model.decode(model.encode(images[known]))
    return float((nearest.predict(redrawn) != labels[known]).mean())


ROWS = (
    Row(
        id="flaw",
        title="A deep autoencoder with a ReLU on its output, and repaired",
        source="a widespread tutorial recipe; it prints only a picture, in which a 2 becomes a 3",
        recipe="784-392-196-392-784 with a ReLU after every layer, the last too; squared error, "
        "Adam .01, 5 epochs, batch 150",
        difference="none in the example; repaired it has a sigmoid output and a one-cycle rate "
        "that peaks at half of its rate. No published number; the bar is the example's error",
        measure=_flaw,
        families=("ae",),
    ),
)
