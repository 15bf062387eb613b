"""Denoising autoencoders, and stacked ones that are fine-tuned as classifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aemodels import data
from aemodels.config import Config, Loop
from aemodels.families.base import Family
from aemodels.families.denoising import Denoising
from aemodels.families.stacked import Stacked
from reproduction.details import as_pictures, first_of_each
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext, Trained

SEED = 0
STACKED = Config.of(
    "stacked",
    latent_dim=1000,
    hidden=(1000, 1000),
    activation="relu",
    code_activation="relu",
    batch_size=256,
    learning_rate=2e-3,
    weight_decay=0.0,
)
PRETRAINING = (10, 10, 10)
FINE_TUNING = Loop(epochs=25, batch_size=256, learning_rate=1.5e-3, weight_decay=0.05)
MASKED = 0.3


def _gaussian(context: ReproductionContext) -> Measured:
    figures, shown = [], {}
    for name, per_pixel in (("denoising-gaussian", 0.1301), ("denoising-conv", 0.0970)):
        trained = context.bundle(name)
        corrupted, shown[name] = _reconstructed(context, trained)
        figures.append(
            Figure(
                f"{name}, clean image from the noisy one",
                "cross-entropy of grey pixels, nats",
                (_cross_entropy(trained, corrupted, context.images()),),
                "lower",
                (per_pixel * data.PIXELS,),
                note=f"published as {per_pixel} per pixel, multiplied by {data.PIXELS} here",
            )
        )
    return Measured(figures, shown)


def _masked(context: ReproductionContext) -> Measured:
    figures, shown, clean = [], {}, context.images()
    for name in ("denoising-masking", "stacked-32"):
        trained = context.bundle(name)
        corrupted, shown[name] = _reconstructed(context, trained)
        restored = trained.model.decode(trained.model.encode(corrupted))
        before, after = (float(np.square(x - clean).sum(1).mean()) for x in (corrupted, restored))
        what = f"{name}, {_noise(trained.config.family)[1]:.0%} of the pixels masked"
        figures.append(
            Figure(
                what,
                "squared error",
                (after,),
                "lower",
                target=before,
                note="the target is the error of the corrupted images themselves",
            )
        )
        figures.append(
            Figure(f"{name}, nothing masked", "squared error", (trained.metrics.number("sse"),))
        )
    return Measured(figures, shown)


def _classifier(context: ReproductionContext) -> Measured:
    from aemodels.models.autoencoder import Autoencoder

    stacked = context.fit("stacked-1000", STACKED, PRETRAINING)
    curves = {
        "pretrained": context.classify("pretrained", stacked.model, FINE_TUNING, MASKED),
        "from scratch": context.classify("from scratch", Autoencoder(STACKED), FINE_TUNING, MASKED),
    }
    errors = {name: 100 * curve[-1]["test"]["error"] for name, curve in curves.items()}
    figures = [
        Figure(
            "pretrained, then fine-tuned",
            "test error, %",
            (errors["pretrained"],),
            "lower",
            (1.3,),
            target=1.3,
            note="error after the last epoch, not the best one",
        ),
        Figure(
            "the same without pretraining",
            "test error, %",
            (errors["from scratch"],),
        ),
    ]
    stages = np.repeat(range(len(PRETRAINING)), PRETRAINING).tolist()
    pretraining = [
        {"stage": stage, **epoch}
        for stage, epoch in zip(stages, stacked.curve, strict=not context.quick)
    ]
    return Measured(figures, {"pretraining": pretraining, "fine_tuning": curves})


def _reconstructed(
    context: ReproductionContext, trained: Trained
) -> tuple[np.ndarray, dict[str, Any]]:
    """All test images (N, 784), corrupted as in the model's training with one fixed noise; and the
    first of each digit, clean, corrupted and reconstructed, as pictures.
    """
    import torch

    from aemodels.objectives.corruption import corrupt

    clean, (kind, level) = context.images(), _noise(trained.config.family)
    generator = torch.Generator().manual_seed(SEED)
    corrupted = corrupt(torch.from_numpy(clean), kind, level, generator).numpy()
    which = first_of_each(context.labels)
    restored = trained.model.decode(trained.model.encode(corrupted[which]))
    pictures = {"clean": clean[which], "corrupted": corrupted[which], "reconstructed": restored}
    return corrupted, {
        "labels": list(range(10)),
        **{name: as_pictures(images) for name, images in pictures.items()},
    }


def _noise(family: Family) -> tuple[str, float]:
    """Kind and level of the noise that a whole autoencoder was trained to remove."""
    if isinstance(family, Stacked):
        return family.corruption, family.layer_corruption[0]
    assert isinstance(family, Denoising)
    return family.corruption, family.corruption_level


def _cross_entropy(trained: Trained, corrupted: np.ndarray, clean: np.ndarray) -> float:
    import torch

    from aemodels.objectives.losses import bce

    codes = torch.from_numpy(trained.model.encode(corrupted))
    with torch.inference_mode():
        return float(bce(trained.model.logits(codes), torch.from_numpy(clean)).double().mean())


ROWS = (
    Row(
        id="denoising",
        title="Denoising: Gaussian noise with standard deviation 0.55, not clipped",
        source="Michelucci 2022, “An introduction to autoencoders”, arXiv:2201.03898, notebooks",
        recipe="an autoencoder with 32 latents, and a convolutional one; cross-entropy of the "
        "clean image, averaged over pixels",
        difference="AdamW with a one-cycle schedule; new noise at every step; our convolutional "
        "network has a code of 32 latents; measured on the test split with one fixed noise",
        measure=_gaussian,
        families=("denoising",),
        recipes=("denoising-gaussian", "denoising-conv"),
    ),
    Row(
        id="repair",
        title="Filling in masked pixels",
        source="Vincent et al. 2008, “Extracting and composing robust features”, and 2010",
        recipe="pixels are masked at random and the clean image is reconstructed; no published "
        "number for these small networks",
        difference="our own networks and target: a smaller error than that of the corrupted images",
        measure=_masked,
        families=("denoising", "stacked"),
        recipes=("denoising-masking", "stacked-32"),
    ),
    Row(
        id="stacked-classifier",
        title="Stacked denoising autoencoder, fine-tuned as a classifier",
        source="deeplearning.net tutorials, “Stacked denoising autoencoders (SdA)”",
        recipe="784-1000-1000-1000 sigmoids, 15 epochs per layer with corruption 0.1, 0.2, 0.3, "
        "then fine-tuned for 36 epochs with batch 1; the epoch with the best validation error "
        "(1.39 %); 585 + 444 minutes on a Xeon E5430",
        difference="10 epochs per layer and 25 of fine-tuning, ReLU, batches of 256, AdamW with a "
        "one-cycle schedule, pixels masked in fine-tuning too; trained on all 60,000 "
        "digits, so results of the last epoch",
        measure=_classifier,
        families=("stacked",),
    ),
)
