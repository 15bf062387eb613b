"""PCA, linear and logistic models, and the deep autoencoder that beat them: squared errors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aemodels.analysis import decoder
from aemodels.config import Config
from reproduction.details import as_numbers, reconstructions
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext

SSE = "squared error, sum over pixels"
HINTON = "Hinton & Salakhutdinov 2006, “Reducing the dimensionality of data with neural networks”"
LOGISTIC = Config.of(
    "ae",
    latent_dim=30,
    network="shallow",
    epochs=60,
    batch_size=256,
    learning_rate=1.2e-2,
    weight_decay=0.0,
)


def _pca_30(context: ReproductionContext) -> Measured:
    pca = context.fit("pca-30", Config.of("pca", latent_dim=30))
    figure = Figure(
        "PCA, 30 components", SSE, (pca.metrics.number("sse"),), "near", (13.87,), margin=0.005
    )
    return Measured([figure], {"pictures": reconstructions(context, pca)})


def _deep_30(context: ReproductionContext) -> Measured:
    deep = context.bundle("deep-30")
    pca = context.fit("pca-30", Config.of("pca", latent_dim=30))
    figures = [
        Figure(
            "deep autoencoder, 30 latents",
            SSE,
            (deep.metrics.number("sse"),),
            "lower",
            (3.0,),
            target=3.0,
        )
    ]
    by_digit = {model.name: as_numbers(model.metrics.sse_by_class or ()) for model in (deep, pca)}
    shown = reconstructions(context, deep, pca)
    return Measured(figures, {"pictures": shown, "sse_by_digit": by_digit})


def _logistic_30(context: ReproductionContext) -> Measured:
    model = context.fit("logistic-30", LOGISTIC)
    figure = Figure(
        "logistic PCA, 30 components", SSE, (model.metrics.number("sse"),), "lower", (8.01,)
    )
    return Measured([figure], {"curve": model.curve})


def _pca_2_64(context: ReproductionContext) -> Measured:
    models = [
        context.bundle("pca-2"),
        context.fit("pca-64", Config.of("pca", latent_dim=64)),
    ]
    figures = [
        Figure(
            f"PCA, {model.config.network.latent_dim} components",
            SSE,
            (model.metrics.number("sse"),),
            "near",
            target=expected,
            margin=0.0005,
            note="the target is the error of scikit-learn's PCA on the same files",
        )
        for model, expected in zip(models, (43.645, 7.093), strict=True)
    ]
    return Measured(figures, {"pictures": reconstructions(context, *models)})


def _linear(context: ReproductionContext) -> Measured:
    figures, angles = [], {}
    for size in (2, 16):
        linear, pca = context.bundle(f"linear-{size}"), context.bundle(f"pca-{size}")
        spans = [x.model.state_dict()["decoder.weight"].double().T.numpy() for x in (linear, pca)]
        degrees = decoder.principal_angles(*spans)
        angles[str(size)] = as_numbers(degrees)
        ratio = linear.metrics.number("sse") / pca.metrics.number("sse")
        name = f"{size} latents"
        figures += [
            Figure(f"{name}, largest angle to PCA", "degrees", (degrees[-1],), "lower", target=5.0),
            Figure(f"{name}, squared error / PCA's", "", (ratio,), "near", target=1.0, margin=0.01),
        ]
    return Measured(figures, {"angles_degrees": angles})


ROWS = (
    Row(
        id="pca-30",
        title="PCA with 30 components",
        source=f"{HINTON}, figure 2, as quoted by others",
        recipe="fitted on the 60,000 training digits, grey levels from 0 to 1; squared error on "
        "the test split",
        difference="none; solved exactly from the eigenvectors of the covariance matrix",
        measure=_pca_30,
        families=("pca",),
    ),
    Row(
        id="deep-30",
        title="Deep autoencoder with 30 latents",
        source=f"{HINTON}, as quoted by others",
        recipe="784-1000-500-250-30 with sigmoids and a linear code, pretrained layer by layer as "
        "RBMs, then fine-tuned on cross-entropy by conjugate gradients; squared error on the test "
        "split",
        difference="no pretraining, another activation and loss, AdamW with a one-cycle schedule; "
        "the command has all settings",
        measure=_deep_30,
        families=("ae", "pca"),
        recipes=("deep-30",),
    ),
    Row(
        id="logistic-30",
        title="Logistic PCA with 30 components",
        source=f"{HINTON}, as quoted by others",
        recipe="logistic PCA: the code of each image is optimised directly",
        difference="amortised: one linear layer computes the codes, so it is a shallow autoencoder "
        "with a linear code, sigmoid output and cross-entropy",
        measure=_logistic_30,
        families=("ae",),
    ),
    Row(
        id="pca-2-64",
        title="PCA with 2 and 64 components",
        source="no published number; scikit-learn's PCA, measured before this code was written",
        recipe="fitted on the 60,000 training digits, grey levels from 0 to 1; squared error on "
        "the test split",
        difference="none; a check of our own code against scikit-learn",
        measure=_pca_2_64,
        families=("pca",),
        recipes=("pca-2",),
    ),
    Row(
        id="linear",
        title="A linear autoencoder finds PCA's span",
        source="theorem of Baldi & Hornik 1989, “Neural networks and principal component analysis”",
        recipe="squared error, no activation: at every minimum the decoder spans the leading "
        "components",
        difference="trained by AdamW without weight decay; our own targets, since no number was "
        "published: the largest principal angle below 5 degrees, the test error within 1 % of "
        "PCA's",
        measure=_linear,
        families=("linear", "pca"),
        recipes=("linear-2", "linear-16", "pca-2", "pca-16"),
    ),
)
