"""The stacked denoising autoencoder: layers trained one after another, then all together."""

from collections.abc import Mapping
from typing import Any

from ui import charts, results_cache
from ui.family_section import Fold, Section
from ui.parts import Caption, Chart, Columns, Heading, Part
from ui.zoo_cache import Zoo


def chart(zoo: Zoo) -> list[Part]:
    """The curve of each layer's pretraining, then fine-tuning with and without it."""
    found = results_cache.details("stacked-classifier")
    if not found:
        return []
    curves = {}
    for name, records in found["fine_tuning"].items():
        errors = [100 * record["test"]["error"] for record in records]
        label = f"{name}, {errors[-1]:.2f} % at the end"
        curves[label] = ([record["epoch"] for record in records], errors)
    # At the end the two differ by a tenth, which only ratios show next to the first epochs.
    ticks = {"type": "log", "tickvals": [1, 1.5, 2, 3, 5, 10, 20]}
    error = {"title": "test error, % (logarithmic)", **ticks}
    return [
        Heading("First, each layer on its own"),
        *pretraining(found),
        Heading("Then all together, to classify the digits"),
        Chart(charts.lines(curves), "fine-tuning", "epoch", error, 280),
    ]


def pretraining(found: Mapping[str, Any]) -> list[Part]:
    """Train and test error of each layer over its epochs."""
    layers: dict[int, list[Any]] = {}
    for record in found["pretraining"]:
        layers.setdefault(record["stage"], []).append(record)
    columns = []
    for stage, records in layers.items():
        epochs = [record["epoch"] for record in records]
        losses = {
            split: (epochs, [record[split]["loss"] for record in records])
            for split in ("test", "train")
        }
        figure = charts.lines(losses, (charts.BLUE, charts.GREY)).update_traces(mode="lines")
        # The output of a ReLU layer has no range for cross-entropy.
        unit = "squared error" if stage else "cross-entropy, nats"
        title = {"text": f"Layer {stage + 1}", "font": {"size": 14}}
        columns.append([Chart(figure, f"layer-{stage}", "epoch", unit, 240, {"title": title})])
    return [
        Columns(columns),
        Caption(
            "Summed over everything that a layer reconstructs: the 784 pixels, then the units of the layer "
            "below."
        ),
    ]


STACKED = Section(
    title="Stacked",
    idea="**Layer by layer, then all together.** Each layer first learns alone to remove noise from its input.",
    drag="drag the noise, and choose other kinds of it.",
    look="two networks that learned to repair: one layer by layer, the other at once.",
    sentence="Layer by layer is a better start, but hardly a better end: after the last epoch both classifiers err almost equally often.",
    formula=r"""
Each layer first learns on its own, as a denoising autoencoder of the layer below it:
$\min\ L\big(h_{k},\,g_k(f_k(\tilde h_{k}))\big)$. Then all layers are trained together; for a classifier, a final layer
predicts the digit. Pretraining was invented for deep sigmoid networks, where it gives a starting point from which the
gradient still reaches the first layer. This network has ReLUs, which hardly need it.
""",
    paper="Vincent, Larochelle, Lajoie, Bengio and Manzagol 2010, [Stacked denoising autoencoders](https://www.jmlr.org/papers/v11/vincent10a.html)",
    strip={
        "stacked-32": "Stacked 256‑128‑32",
        "denoising-masking": "At once 256‑32",
    },
    example="stacked-32",
    folds=(Fold("Learning curves, with pretraining and without", chart),),
    rows=("stacked-classifier",),
    controls="corruption",
    kind="masking",
    level=0.1,
)
