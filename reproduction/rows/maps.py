"""Maps of two dimensions: do neighbours belong together, and what do pictures lose?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.data import PIXELS
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext

SOURCE = "Sainburg et al. 2021, “Parametric UMAP embeddings”, its published results"
RECIPE = "convolutional networks, fitted on 50,000 digits, 50 epochs; test split"
OURS = "fully connected networks, fitted on 60,000 digits, for more epochs; a VAE's code is μ"
MODELS = {"PCA": "pca-2", "VAE": "vae-2", "AE": "ae-2"}
NEIGHBOURS = {"PCA": (0.3765, 0.4201), "VAE": (0.7241, 0.7649), "AE": (0.7647, 0.7926)}
TRUSTWORTHINESS = {"PCA": 0.7434, "VAE": 0.9203, "AE": 0.9224}
PER_PIXEL = {"PCA": 0.0557, "VAE": 0.0371, "AE": 0.0369}


def _neighbours(context: ReproductionContext) -> Measured:
    figures = []
    for name, published in NEIGHBOURS.items():
        metrics = context.bundle(MODELS[name]).metrics
        figures += [
            Figure(
                f"{name}, kNN-{count}",
                "accuracy",
                (metrics.number(f"knn{count}"),),
                "higher",
                (value,),
            )
            for count, value in zip((1, 5), published, strict=True)
        ]
    return Measured(figures)


def _trustworthiness(context: ReproductionContext) -> Measured:
    figures = []
    for name, value in TRUSTWORTHINESS.items():
        metrics = context.bundle(MODELS[name]).metrics
        note = f"5 neighbours, the first {metrics.trustworthiness_points:,} test digits"
        note += "; published is PCA's on its training digits" if name == "PCA" else ""
        # A linear map has one answer, so that it is asked for; but not of other digits.
        better = "none" if name == "PCA" else "higher"
        figures.append(
            Figure(
                f"{name}, trustworthiness",
                "",
                (metrics.number("trustworthiness"),),
                better,
                (value,),
                note=note,
            )
        )
    return Measured(figures)


def _errors(context: ReproductionContext) -> Measured:
    figures = []
    for name, value in PER_PIXEL.items():
        note = f"the source prints {value} per pixel, times {PIXELS} here"
        sse = context.bundle(MODELS[name]).metrics.number("sse")
        better, margin = ("near", 5e-5 * PIXELS) if name == "PCA" else ("lower", 0.0)
        figures.append(
            Figure(
                name,
                "squared error, sum over pixels",
                (sse,),
                better,
                (value * PIXELS,),
                margin=margin,
                note=note,
            )
        )
    return Measured(figures)


def _row(name: str, title: str, difference: str, measure: object) -> Row:
    return Row(
        id=name,
        title=title,
        source=SOURCE,
        recipe=RECIPE,
        difference=difference,
        measure=measure,  # type: ignore[arg-type]
        families=("pca", "vae", "ae"),
        recipes=tuple(MODELS.values()),
    )


ROWS = (
    _row("maps-neighbours", "Maps of 2 dimensions: nearest neighbours", OURS, _neighbours),
    _row(
        "maps-trustworthiness",
        "Maps of 2 dimensions: trustworthiness",
        f"{OURS}; the number of neighbours is ours, the source's isn't known to us",
        _trustworthiness,
    ),
    _row("maps-error", "Maps of 2 dimensions: squared error", OURS, _errors),
)
