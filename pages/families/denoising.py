"""The denoising autoencoder, which reconstructs clean digits from corrupted ones."""

from ui.family_section import Section

DENOISING = Section(
    title="Denoising",
    sentence="**Drag the noise slider.** The networks reconstruct the clean digit from the corrupted one.",
    idea=r"""
The input is corrupted, $\tilde x\sim q(\tilde x\mid x)$, and the network must return the clean image:
$\min\ \mathbb E\,L\big(x,\mathrm{dec}(\mathrm{enc}(\tilde x))\big)$. Copying no longer helps, so it has to learn what
digits look like. Each network was trained on one kind of noise; try it on the others.
""",
    paper="Vincent, Larochelle, Bengio and Manzagol 2008, [Extracting and composing robust features with denoising autoencoders](https://doi.org/10.1145/1390156.1390294)",
    strip={
        "denoising-masking": "Trained on masking",
        "bottleneck-32": "Trained without noise",
        "denoising-gaussian": "Trained on Gaussian",
        "denoising-conv": "Gaussian, convolutional",
    },
    example="denoising-masking",
    rows=("denoising", "repair"),
    controls="corruption",
    kind="masking",
    level=0.3,
)
