"""The deep autoencoder, and how a ReLU output harms it."""

import numpy as np

from ui import pictures, results_cache
from ui.family_section import Fold, Section
from ui.parts import Caption, Columns, Part, Picture, Words
from ui.zoo_cache import Zoo


def chart(zoo: Zoo) -> list[Part]:
    """Reconstructions by the published network with a ReLU output, and by the fixed one."""
    found = results_cache.details("flaw")
    if not found:
        return []
    rows = {
        "test digits": "original",
        "as published, with a ReLU output": "example-0",
        "fixed, with a sigmoid output": "repaired-0",
    }
    drawn: list[Part] = []
    for label, name in rows.items():
        greys = pictures.greys(np.array(found["pictures"][name]) / 255, 10)
        drawn += [Caption(label), Picture(greys, f"Ten digits: {label}")]
    dead = np.array(found["dead_pixels"], float)
    pixels: list[Part] = [
        Caption(f"{dead.sum():.0f} dead pixels: inked in real digits, always black in the output"),
        Picture(
            pictures.atoms(dead[None], 1),
            "The 28x28 pixels: dead ones are orange, the others black",
            width=220,
        ),
    ]
    return [
        Words(
            "A tutorial network, 784‑392‑196‑392‑784, ends in a ReLU: where its input is negative, the "
            "pixel is black and the gradient is 0, so that pixel may never learn again. A sigmoid fixes that."
        ),
        Columns([drawn, pixels], shares=(3, 1), gap="large"),
    ]


DEEP = Section(
    title="Deep",
    idea="**Four layers down, four layers up.** With more layers, the network bends PCA's span to follow the digits more closely.",
    drag="click a digit for another of its class, or press *Next digits*.",
    look="thin strokes and loops that survive in one row and not in the other.",
    sentence="With two latents fewer, the deep network redraws digits more exactly than the one with a single layer each way.",
    formula=r"""
Layers with non-linearities between them can bend PCA's span to follow the digits:
$\hat x=f_8(\cdots f_1(x))$, here 784‑1000‑500‑250‑30 and back.
""",
    paper="Hinton and Salakhutdinov 2006, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647)",
    strip={"deep-30": "Four layers · 30", "bottleneck-32": "One layer · 32"},
    example="deep-30",
    folds=(Fold("A flaw in a published network, and its repair", chart),),
    lesson="nonlinear",
    rows=("deep-30", "flaw"),
)
