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

# The defaults.
USUAL = {"beta2": 0.999, "weight_decay": 0.01, "precision": "auto"}
NARROW_2 = {**STILL, "hidden": (512, 256, 128), "decoder_hidden": (), "dropout": 0.0}
MOVED_2 = {**MOVED, **WIDE_2}
# β from 2 to 1 all along, or 1.
FALLING = {"beta_start": 2.0, "kl_warmup": 1.0}
CONSTANT = {"beta_start": 0.0, "kl_warmup": 0.0}


def _with(rate: float, epochs: int, **other: object) -> dict[str, object]:
    """A slower training: the large networks of two latents diverge at high rates."""
    return {**USUAL, "learning_rate": rate, "epochs": epochs, "beta2": 0.99, **other}


CHOICES = (
    Choice(
        name="ae-2",
        base=RECIPES["ae-2"],
        candidates=(
            {**NARROW_2, **USUAL, "learning_rate": 3e-3, "epochs": 80},
            {**MOVED_2, **USUAL, "learning_rate": 3e-3, "epochs": 160},
            {**MOVED_2, **_with(1e-3, 160)},
            {**MOVED_2, **_with(5e-4, 250)},
            {**MOVED_2, **_with(1e-3, 160, beta2=0.999, precision="fp32")},
            {**MOVED_2, **_with(1.5e-3, 160)},
            {**MOVED_2, **_with(1.5e-3, 160, weight_decay=0.1)},
            {**MOVED_2, **_with(1.5e-3, 160, weight_decay=0.3)},
            {**MOVED_2, **_with(1e-3, 160, weight_decay=0.1)},
            {**MOVED_2, **_with(1.5e-3, 160, dropout=0.0)},
        ),
        criterion="sse",
        measure=mapped,
        excluded={1: "a few codes lie at ±2,000, half of them within 10: no map shows both"},
        models=("ae-2",),
    ),
    Choice(
        name="vae-2",
        base=RECIPES["vae-2"],
        # From 1e-3 on in the order in which they were tried: by length, the one of 350 epochs would
        # have been chosen before that of 500.
        candidates=(
            {**NARROW_2, **CONSTANT, **USUAL, "epochs": 120, "learning_rate": 3e-3},
            {
                **MOVED_2,
                **FALLING,
                **USUAL,
                "decoder_hidden": (256, 512),
                "epochs": 150,
                "learning_rate": 3e-3,
            },
            {**MOVED_2, **FALLING, **USUAL, "epochs": 250, "learning_rate": 3e-3},
            {**MOVED_2, **FALLING, **USUAL, "epochs": 160, "learning_rate": 1.5e-3},
            {**MOVED_2, **FALLING, **USUAL, "epochs": 250, "learning_rate": 1.5e-3},
            {**STILL, **WIDE_2, **CONSTANT, **USUAL, "epochs": 160, "learning_rate": 1.5e-3},
            {**NARROW_2, **MOVED, **CONSTANT, **USUAL, "epochs": 160, "learning_rate": 3e-3},
            {**MOVED_2, **FALLING, **_with(1e-3, 250)},
            {**MOVED_2, **FALLING, **_with(7e-4, 250, beta2=0.999, precision="fp32")},
            {**MOVED_2, **FALLING, **_with(1e-3, 250, precision="fp32")},
            {**MOVED_2, **FALLING, **_with(5e-4, 250)},
            {**MOVED_2, **FALLING, **_with(1e-3, 250, beta2=0.95)},
            {**MOVED_2, **FALLING, **_with(1e-3, 250, dropout=0.2)},
            {**MOVED_2, **FALLING, **_with(1.5e-3, 250)},
            {**MOVED_2, **FALLING, **_with(1e-3, 500)},
            {**STILL, **WIDE_2, **FALLING, **_with(1e-3, 250, dropout=0.2)},
            {**MOVED_2, **FALLING, **_with(2e-3, 250)},
            {**MOVED_2, **FALLING, **_with(1.5e-3, 350)},
            {**MOVED_2, **FALLING, **_with(2e-3, 350)},
            {**MOVED_2, **FALLING, **_with(1.5e-3, 500)},
            {**MOVED_2, **FALLING, **_with(3e-3, 250)},
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
