"""Maps of two dimensions: neighbours, trustworthiness and squared error."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.data import PIXELS
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext

SOURCE = "Sainburg et al. 2021, “Parametric UMAP embeddings”, published results"
RECIPE = "convolutional networks, trained on 50,000 digits for 50 epochs; test split"
OURS = "fully connected networks, trained on 60,000 digits for more epochs; the code of a VAE is μ"
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
        note += "; published for PCA's training digits" if name == "PCA" else ""
        # Published for other digits, so there is no target.
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
        note = f"published as {value} per pixel, multiplied by {PIXELS} here"
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
    _row("maps-neighbours", "Two-dimensional maps: nearest neighbours", OURS, _neighbours),
    _row(
        "maps-trustworthiness",
        "Two-dimensional maps: trustworthiness",
        f"{OURS}; 5 neighbours, since the source's number is unknown to us",
        _trustworthiness,
    ),
    _row("maps-error", "Two-dimensional maps: squared error", OURS, _errors),
)
