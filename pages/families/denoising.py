"""The denoising autoencoder, which reconstructs clean digits from corrupted ones."""

from ui.family_section import Section

DENOISING = Section(
    title="Denoising",
    idea="**Redraw the clean digit from a damaged one.** Copying doesn't help, so the network has to learn what digits look like.",
    drag="drag the noise from one end to the other, then choose another kind of it.",
    look="who wins with masking, with Gaussian noise, and with none at all.",
    sentence="Each kind of damage is repaired best by a network that was trained on it.",
    formula=r"""
The input is corrupted, $\tilde x\sim q(\tilde x\mid x)$, and the network must return the clean image:
$\min\ \mathbb E\,L\big(x,\mathrm{dec}(\mathrm{enc}(\tilde x))\big)$. Each network was trained on one kind of noise.
""",
    paper="Vincent, Larochelle, Bengio and Manzagol 2008, [Extracting and composing robust features with denoising autoencoders](https://doi.org/10.1145/1390156.1390294)",
    strip={
        "denoising-masking": "Trained on masking",
        "bottleneck-32": "Trained without noise",
        "denoising-gaussian": "Trained on Gaussian",
        "denoising-conv": "Gaussian, convolutional",
    },
    example="denoising-masking",
    lesson="denoising",
    rows=("denoising", "repair"),
    controls="corruption",
    kind="masking",
    level=0.3,
)
