"""What pupils get wrong in each lesson, and what to show them.

Every answer is a claim about the models we ship; tests/pages/test_misconceptions.py measures each.
"""

from dataclasses import dataclass
from html import escape


@dataclass(frozen=True)
class Misconception:
    """What is said, and how to meet it."""

    said: str
    answer: str

    @property
    def html(self) -> str:
        """As a paragraph's content."""
        return f"<strong>“{escape(self.said)}”</strong> {escape(self.answer)}"


# By the key of the lesson whose idea it is about.
MISCONCEPTIONS: dict[str, tuple[Misconception, ...]] = {
    "bottleneck": (
        Misconception(
            "Twice as many latents keep twice as much.",
            "From 2 to 4 latents, many more digits come back as the same digit; from 32 to 64, hardly any. "
            "The first few say what most pictures share.",
        ),
    ),
    "nonlinear": (
        Misconception(
            "The network wins because its code is larger.",
            "Both codes have two numbers. PCA has to decode them onto a flat plane; the network may bend it.",
        ),
    ),
    "linear": (
        Misconception(
            "A linear autoencoder's latents are the principal components.",
            "It finds their plane, not the components themselves. Here each of its axes lies between the two components.",
        ),
    ),
    "holes": (
        Misconception(
            "Random codes look like digits in any autoencoder.",
            "With 2 latents, most draws from N(0, I) can be read as digits, in the autoencoder too. "
            "That is why the lesson takes 16: there, most of the VAE's draws can be read and hardly one of the "
            "autoencoder's.",
        ),
        Misconception(
            "A low error means good samples.",
            "With 16 latents, the autoencoder's error is lower than the VAE's, and its draws are scribbles. Nothing in its "
            "loss asks where codes lie.",
        ),
    ),
    "posterior": (
        Misconception(
            "σ is the size of the class.",
            "σ belongs to one digit: how unsure the encoder is of its code. A class is as large as its μ are scattered, "
            "which in vae-2 is more than five times as far for every class.",
        ),
    ),
    "sampling": (
        Misconception(
            "Another sample is another digit.",
            "One cloud covers a small part of the map: nearly all of its samples decode to the class that its μ does.",
        ),
    ),
    "kl": (
        Misconception(
            "The KL pulls all digits to one point.",
            "It pulls each cloud towards the whole bell curve, which is one unit wide. In vae-2, all codes together are 1 to "
            "1.2 units wide, and most of the KL is paid for being narrow, not for being far from 0.",
        ),
    ),
    "beta": (
        Misconception(
            "β > 1 makes the axes meaningful.",
            "It makes the space tidier, but gives no axis a meaning. At β = 4, moving along any one of the ten latents from "
            "−2 to 2 turns at least one digit in seven into another.",
        ),
    ),
    "collapse": (
        Misconception(
            "More latents are always used.",
            "The VAE with 50 latents uses fewer than half of them. A latent that isn't worth its nats stays at the prior, "
            "and the decoder ignores it.",
        ),
    ),
    "interpolation": (
        Misconception(
            "Halfway between a 3 and an 8 lies half of each.",
            "That is the cross-fade, which the reader can hardly ever read. Most of the VAE's pictures halfway are one clear "
            "digit.",
        ),
    ),
    "denoising": (
        Misconception(
            "A network that has met noise is always the better one.",
            "On clean digits, the one that never met noise is better. On noisy ones it's the other way round.",
        ),
    ),
    "anomalies": (
        Misconception(
            "What is strange is unlikely, so the likelihood finds it.",
            "A VAE trained on clothes finds most digits likelier than clothes: a simple picture costs few nats. The squared "
            "error of an autoencoder finds them.",
        ),
    ),
}
