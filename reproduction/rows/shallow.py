"""One-layer autoencoders (784, q, 784) of Michelucci 2022, on digits and on clothes."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np

from aemodels import data
from aemodels.bundles import recipes
from reproduction.details import as_numbers, as_pictures, reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aemodels.analysis.features import Accuracy
    from reproduction.context import ReproductionContext, Trained

SOURCE = "Michelucci 2022, “An introduction to autoencoders”, arXiv:2201.03898, and its notebooks"
NETWORK = (
    "one layer in encoder and decoder, ReLU code, sigmoid output, cross-entropy, Adam, 30 epochs, "
    "batch 256"
)
SETTINGS = (
    "AdamW with a one-cycle schedule; initial weights of the code as in He et al. 2015, and biases "
    "with which it sees pixels less their mean: otherwise, with some seeds, one of 8 latents is 0 "
    "for every digit"
)
SEEDS = (0, 1, 2)


def _cross_entropy(context: ReproductionContext) -> Measured:
    figures, models = [], []
    for size, per_pixel in ((8, 0.1639), (16, 0.1272), (64, 0.0726)):
        same = [_shallow(context, size, seed) for seed in SEEDS]
        models.append(same[0])
        figures.append(
            Figure(
                f"{size} latents",
                "cross-entropy of grey pixels, nats",
                tuple(model.metrics.number("bce") for model in same),
                "lower",
                (per_pixel * data.PIXELS,),
                note=f"published as {per_pixel} per pixel, multiplied by {data.PIXELS} here",
            )
        )
    return Measured(figures, {"pictures": reconstructions(context, *models)}, SEEDS)


def _shallow(context: ReproductionContext, size: int, seed: int = 0) -> Trained:
    name = f"shallow-{size}-{seed}" if seed else f"shallow-{size}"
    if name in recipes.RECIPES:
        return context.bundle(name)
    return context.fit(name, recipes.shallow(size).with_(seed=seed))


def _knn_codes(context: ReproductionContext) -> Measured:
    from aemodels.analysis import features

    raw = features.knn(features.pixels(context.mnist))
    models = [_shallow(context, 8, seed) for seed in SEEDS]
    codes = [
        features.knn(features.codes(each.model, context.mnist, "8 latents")) for each in models
    ]
    figures = [
        _accuracy("raw pixels", [raw], "near", (0.9694,), 0.0005),
        _accuracy("8 latents", codes, "higher", (0.892, 0.899)),
        _seconds("raw pixels", [raw]),
        _seconds("8 latents", codes),
    ]
    return Measured(figures, {"table": [_table_row(row) for row in (raw, *codes)]}, SEEDS)


def _knn_fashion(context: ReproductionContext) -> Measured:
    from aemodels.analysis import features

    clothes = context.dataset("fashion-mnist")
    raw = features.knn(features.pixels(clothes))
    figures, table = [_accuracy("raw pixels", [raw], "near", (0.854,), 0.001)], [_table_row(raw)]
    for size, published in ((8, (0.798, 0.800)), (16, (0.834, 0.838))):
        config = recipes.shallow(size, "fashion-mnist")
        models = [context.fit(f"fashion-{size}-{seed}", config.with_(seed=seed)) for seed in SEEDS]
        codes = [
            features.knn(features.codes(each.model, clothes, f"{size} latents")) for each in models
        ]
        figures.append(_accuracy(f"{size} latents", codes, "higher", published))
        table += [_table_row(row) for row in codes]
    return Measured(figures, {"table": table}, SEEDS)


def _shoe(context: ReproductionContext) -> Measured:
    from aemodels.analysis import anomaly

    model = context.bundle("shallow-64").model
    clothes = data.load_test("fashion-mnist")
    digits = context.mnist.test_images
    boots = clothes.images[clothes.labels == clothes.class_names.index("Ankle boot")]
    found = anomaly.detect(model, digits, boots)
    normal, anomalous = found.normal, found.anomalous
    # The source's shoe is the first test image, which is an ankle boot.
    shoe, following = float(anomalous[0]), float(normal.max())
    worst = anomaly.most_anomalous(normal, 9)
    shown = np.concatenate([data.to_vectors(boots[:1]), data.to_vectors(digits[worst])])
    figures = [
        Figure("rank of the shoe among the digits", "", (found.ranks[0],), "near", (1,)),
        Figure(
            "score of the shoe",
            "squared error",
            (shoe,),
            published=(0.0574 * data.PIXELS,),
            note=f"published as 0.0574 per pixel, multiplied by {data.PIXELS} here",
        ),
        Figure(
            "score of the most anomalous digit",
            "squared error",
            (following,),
            published=(0.0253 * data.PIXELS,),
            note=f"published as 0.0253 per pixel, multiplied by {data.PIXELS} here",
        ),
        Figure(
            "ankle boots more anomalous than every digit",
            "fraction",
            (found.detected_first,),
            note=f"all {len(boots):,} of the test split, each on its own",
        ),
    ]
    top = float(max(normal.max(), anomalous.max()))
    counts = {
        name: np.histogram(x, 60, (0, top))[0]
        for name, x in (("digits", normal), ("boots", anomalous))
    }
    details = {
        "edges": as_numbers(np.linspace(0, top, 61)),
        "digits": counts["digits"].tolist(),
        "boots": counts["boots"].tolist(),
        "most_anomalous": {
            "labels": ["Ankle boot", *(int(label) for label in context.labels[worst])],
            "scores": as_numbers([shoe, *normal[worst]]),
            "original": as_pictures(shown),
            "shallow-64": as_pictures(model.decode(model.encode(shown))),
        },
    }
    return Measured(figures, details)


def _accuracy(
    name: str,
    rows: Sequence[Accuracy],
    better: str,
    published: tuple[float, ...],
    margin: float = 0.0,
) -> Figure:
    ours = tuple(row.accuracy for row in rows)
    title = f"{rows[0].classifier}, {name}"
    return Figure(title, "accuracy", ours, better, published, margin=margin)


def _seconds(name: str, rows: Sequence[Accuracy]) -> Figure:
    ours = tuple(row.encode_seconds + row.fit_seconds + row.predict_seconds for row in rows)
    return Figure(f"{rows[0].classifier}, {name}, encode, fit and predict", "seconds", ours)


def _table_row(row: Accuracy) -> dict[str, Any]:
    return {
        name: round(value, 4) if isinstance(value, float) else value
        for name, value in asdict(row).items()
    }


ROWS = (
    Row(
        id="shallow-bce",
        title="Autoencoder with one layer in encoder and decoder",
        source=SOURCE,
        recipe=NETWORK,
        difference=f"{SETTINGS}; measured on the test split",
        measure=_cross_entropy,
        families=("ae",),
        recipes=("shallow-64",),
    ),
    Row(
        id="knn-codes",
        title="Codes as features: 7 nearest neighbours",
        source=SOURCE,
        recipe=f"{NETWORK}; kNN-7 fitted on all 60,000 digits, on pixels and on 8 latents",
        difference=SETTINGS,
        measure=_knn_codes,
        families=("ae",),
    ),
    Row(
        id="knn-fashion",
        title="Codes as features: Fashion-MNIST",
        source=SOURCE,
        recipe=f"{NETWORK}; kNN-7 fitted on all 60,000 images, on pixels, 8 and 16 latents",
        difference=SETTINGS,
        measure=_knn_fashion,
        families=("ae",),
    ),
    Row(
        id="shoe",
        title="One shoe among 10,000 digits",
        source=SOURCE,
        recipe="an autoencoder (784, 64, 784) trained on digits, mean squared error as the score; "
        "one ankle boot of Fashion-MNIST among the 10,000 test digits",
        difference=f"{SETTINGS}; trained on cross-entropy, scored by squared error",
        measure=_shoe,
        families=("ae",),
        recipes=("shallow-64",),
    ),
)
