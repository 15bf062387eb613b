"""The groups of settings that families share: their images, how they are trained, and where."""

from dataclasses import dataclass

from aemodels.data.sources import SOURCES
from aemodels.setting import SettingError, Settings, setting


@dataclass(frozen=True)
class DataSettings(Settings):
    """The training images and how they are binarised."""

    dataset: str = setting(
        "mnist",
        "images of digits, of clothes (downloaded once), or your own",
        title="Data set",
        choices={name: source.title for name, source in SOURCES.items()},
        others="the name of your own data set",
    )
    binarisation: str = setting(
        "grey",
        "grey levels, pixels thresholded at 0.5, or pixels drawn at random at each step",
        title="Pixels",
        choices={
            "grey": "Grey levels",
            "threshold": "Black and white, at 0.5",
            "stochastic": "Black and white, drawn at random",
        },
    )
    train_images: int = setting(
        60_000, "train on the first N images only", title="Training images", low=1, high=60_000
    )


@dataclass(frozen=True)
class Augmentation(Settings):
    """The training images that each step moves (`training.augmentation`); none by default."""

    augmented_share: float = setting(
        0.0, "share of each batch that is shifted and rotated at random", low=0, high=1
    )
    largest_shift: int = setting(
        2,
        "pixels by which an augmented image is shifted at most, each way",
        title="Largest shift, pixels",
        low=0,
        high=14,
        needs="augmented_share",
    )
    largest_rotation: float = setting(
        10.0,
        "degrees by which an augmented image is rotated at most, each way",
        title="Largest rotation, degrees",
        low=0,
        high=180,
        needs="augmented_share",
    )
    augmented_until: float = setting(
        1.0,
        "share of the training after which images stay as they are; 1 means never",
        low=0,
        high=1,
        needs="augmented_share",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.augmented_share:
            return
        for name, row in self.table().items():
            value = getattr(self, name)
            if value != row.default:
                problem = "no image is augmented"
                remedy = f"use {{augmented_share}} 0.5 or leave {{{name}}} out"
                raise SettingError(name, row.text(value), problem, remedy)

    @property
    def active(self) -> bool:
        """Whether any image is moved."""
        return bool(self.augmented_share and (self.largest_shift or self.largest_rotation))


@dataclass(frozen=True)
class Loop(Settings):
    """How the weights are trained."""

    epochs: int = setting(60, "passes over the training images", low=1, high=10_000)
    batch_size: int = setting(512, "images per step", low=1, high=60_000)
    learning_rate: float = setting(
        3e-3, "peak of the schedule, or the constant rate", low=1e-6, high=1
    )
    schedule: str = setting(
        "one-cycle",
        "schedule of the learning rate",
        choices={
            "one-cycle": "One cycle",
            "linear": "Short warm-up, linear decay",
            "constant": "Constant",
        },
    )
    beta2: float = setting(
        0.999, "decay of AdamW's mean of squared gradients", title="β₂", low=0.5, high=0.9999
    )
    weight_decay: float = setting(0.01, "decoupled weight decay of AdamW", low=0, high=10)
    seed: int = setting(0, "seed for weights, batch order and noise", low=0, high=2**32 - 1)


@dataclass(frozen=True)
class Machine(Settings):
    """Device and precision: they change a result's speed and last digits, not its meaning."""

    device: str = setting(
        "auto",
        "where to train (auto is cuda, then mps, then cpu)",
        choices={"auto": "Automatic", "cuda": "NVIDIA GPU", "mps": "Apple GPU", "cpu": "CPU"},
    )
    precision: str = setting(
        "auto",
        "precision of matrix multiplications (auto is bf16 where the hardware has it)",
        choices={
            "auto": "Automatic",
            "fp32": "32 bits (float32)",
            "bf16": "16 bits (bfloat16)",
        },
    )
