"""The models of the first pages and of the published records, which train for minutes."""

from aemodels.bundles.recipes import RECIPES
from aemodels.config import Augmentation
from reproduction.choices.choice import Choice
from reproduction.choices.measures import decoded, mapped, weighed

# Half of each batch, until the last epochs.
MOVED = {
    "augmented_share": 0.5,
    "largest_shift": 1,
    "largest_rotation": 5.0,
    "augmented_until": 0.85,
}
# No augmentation, as by default.
STILL = Augmentation().to_dict()
# The encoder is used once an image, the decoder at each move of a pointer.
WIDE_2 = {"hidden": (1024, 512, 256), "decoder_hidden": (256, 512, 512), "dropout": 0.1}
WIDE_16 = {"hidden": (1024, 512), "decoder_hidden": (256, 512)}

CHOICES = (
    Choice(
        name="ae-2",
        base=RECIPES["ae-2"],
        candidates=(
            {
                **STILL,
                "hidden": (512, 256, 128),
                "decoder_hidden": (),
                "dropout": 0.0,
                "epochs": 80,
            },
            {**MOVED, **WIDE_2, "epochs": 160},
        ),
        criterion="sse",
        measure=mapped,
        excluded={1: "a few codes lie at ±2,000, half of them within 10: no map shows both"},
        models=("ae-2",),
    ),
    Choice(
        name="vae-2",
        base=RECIPES["vae-2"],
        candidates=(
            {
                **STILL,
                "hidden": (512, 256, 128),
                "decoder_hidden": (),
                "dropout": 0.0,
                "beta_start": 0.0,
                "kl_warmup": 0.0,
                "epochs": 120,
                "learning_rate": 3e-3,
            },
            {
                **MOVED,
                **WIDE_2,
                "decoder_hidden": (256, 512),
                "beta_start": 2.0,
                "kl_warmup": 1.0,
                "epochs": 150,
                "learning_rate": 3e-3,
            },
            {
                **MOVED,
                **WIDE_2,
                "beta_start": 2.0,
                "kl_warmup": 1.0,
                "epochs": 250,
                "learning_rate": 3e-3,
            },
            {
                **MOVED,
                **WIDE_2,
                "beta_start": 2.0,
                "kl_warmup": 1.0,
                "epochs": 160,
                "learning_rate": 1.5e-3,
            },
            {
                **MOVED,
                **WIDE_2,
                "beta_start": 2.0,
                "kl_warmup": 1.0,
                "epochs": 250,
                "learning_rate": 1.5e-3,
            },
            {
                **STILL,
                **WIDE_2,
                "beta_start": 0.0,
                "kl_warmup": 0.0,
                "epochs": 160,
                "learning_rate": 1.5e-3,
            },
            {
                **MOVED,
                "hidden": (512, 256, 128),
                "decoder_hidden": (),
                "dropout": 0.0,
                "beta_start": 0.0,
                "kl_warmup": 0.0,
                "epochs": 160,
                "learning_rate": 3e-3,
            },
        ),
        criterion="negative_elbo_sample",
        measure=mapped,
        models=("vae-2",),
    ),
    Choice(
        name="ae-16",
        base=RECIPES["ae-16"],
        candidates=(
            {**STILL, "hidden": (512, 256), "decoder_hidden": (), "epochs": 60},
            {**MOVED, **WIDE_16, "epochs": 90},
        ),
        criterion="sse",
        measure=decoded,
        models=("ae-16",),
    ),
    Choice(
        name="vae-16",
        base=RECIPES["vae-16"],
        candidates=(
            {
                **STILL,
                "hidden": (512, 256),
                "decoder_hidden": (),
                "dropout": 0.0,
                "epochs": 100,
            },
            {**MOVED, **WIDE_16, "dropout": 0.1, "epochs": 110},
        ),
        criterion="negative_elbo_sample",
        measure=decoded,
        models=("vae-16",),
        rows=("anomaly-fashion",),
    ),
    Choice(
        name="deep-30",
        base=RECIPES["deep-30"],
        candidates=(
            {**STILL, "weight_decay": 0.05},
            {**MOVED, "largest_rotation": 0.0, "weight_decay": 0.05},
        ),
        criterion="sse",
        measure=decoded,
        models=("deep-30",),
    ),
    Choice(
        name="vae-50",
        base=RECIPES["vae-50"],
        candidates=(
            {"weight_decay": 0.0, "importance_samples": 1, "gradient": "iwae"},
            {"weight_decay": 0.01, "importance_samples": 1, "gradient": "iwae"},
            {"weight_decay": 0.0, "importance_samples": 5, "gradient": "dreg"},
        ),
        criterion="negative_log_likelihood",
        measure=weighed,
        models=("vae-50",),
    ),
)
