"""One network with codes of six sizes."""

from collections.abc import Sequence

from aemodels.analysis import decoder
from ui import charts, results_cache
from ui.family_section import Fold, Section
from ui.parameters import SIZE
from ui.parts import Caption, Chart, Part
from ui.zoo_cache import Zoo

SIZES = tuple(map(int, SIZE.values))


def chart(zoo: Zoo) -> list[Part]:
    """Error against the number of latents, for the autoencoder and for PCA."""
    sizes = [size for size in SIZES if f"bottleneck-{size}" in zoo]
    if not sizes:
        return []
    errors = [zoo[f"bottleneck-{size}"].metrics.number("sse") for size in sizes]
    curves: dict[str, tuple[Sequence[float], Sequence[float]]] = {
        "autoencoder 784‑128‑d": (sizes, errors)
    }
    found = results_cache.details("bottleneck")
    known = dict(zip(found.get("latents", []), found.get("pca", []), strict=True))
    known |= pca_errors(zoo)
    shared = [size for size in SIZES if size in known]
    if shared:
        curves["PCA"] = (shared, [known[size] for size in shared])
    latents = {"title": "latents (logarithmic)", "type": "log", "tickvals": sizes}
    error = {"title": "squared error per digit", "rangemode": "tozero"}
    return [
        Chart(charts.lines(curves), "bottleneck", latents, error),
        Caption("Test split, summed over 784 pixels and averaged over 10,000 digits."),
    ]


def pca_errors(zoo: Zoo) -> dict[int, float]:
    """PCA's test error with 1, 2, … components, up to those of the largest PCA in the zoo."""
    fitted = [model for model in zoo.values() if model.family == "pca"]
    if not fitted:
        return {}
    largest = max(fitted, key=lambda model: model.latent_dim)
    return {k: float(error) for k, error in enumerate(decoder.truncation_errors(largest), 1)}


BOTTLENECK = Section(
    title="Bottleneck",
    idea="**How few numbers does a digit need?** The same network with shorter and longer codes.",
    drag="drag the number of latents from 64 down to 2, and show all sizes.",
    look="the digit that changes first; with 2 latents some are redrawn as another digit.",
    sentence="A code that is too short keeps what changes the picture most, and loses the rest.",
    formula=r"""
Only the size of the code changes: $z\in\mathbb R^{d}$ with $d=2$ to $64$, in 784‑128‑$d$‑128‑784. PCA needs a longer code
for the same error, because it can only add fixed patterns together.
""",
    paper="Hinton and Salakhutdinov 2006, [Reducing the dimensionality of data with neural networks](https://doi.org/10.1126/science.1127647)",
    strip={f"bottleneck-{size}": f"{size} latents" for size in SIZES},
    example="bottleneck-8",
    controls="size",
    folds=(Fold("Error against code size", chart),),
    lesson="bottleneck",
    rows=("bottleneck",),
)
