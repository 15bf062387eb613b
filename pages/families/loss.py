"""One network trained with three reconstruction losses."""

from ui import markdown, results_cache
from ui.family_section import Fold, Section
from ui.parts import Caption, Part, Words
from ui.zoo_cache import Zoo

NAMES = {"loss-l1": "L1", "bottleneck-16": "L2 (MSE)", "loss-bce": "Cross-entropy"}


def chart(zoo: Zoo) -> list[Part]:
    """The error of each network under all three losses, as a table."""
    found = results_cache.details("losses")
    # The errors of a model are squared, cross-entropy and absolute, in this order.
    absolute = {
        name: f"{values[2]:.1f}"
        for name, values in zip(found.get("models", []), found.get("matrix", []), strict=True)
    }
    rows = [
        (
            label,
            absolute.get(name, "–"),
            f"{zoo[name].metrics.sse:.2f}",
            f"{zoo[name].metrics.bce:.1f}",
        )
        for name, label in NAMES.items()
        if name in zoo
    ]
    if not rows:
        return []
    head = ("Trained with", "Absolute", "Squared", "Cross-entropy, nats")
    missing = " A dash means not measured yet; run `python -m reproduction losses`."
    return [
        Words(markdown.table(head, rows)),
        Caption(
            "Test-split errors, summed over 784 pixels and averaged over 10,000 digits."
            + (missing if not absolute else "")
        ),
    ]


LOSS = Section(
    title="Loss",
    idea="**One network, three losses.** The loss decides which mistakes it makes.",
    drag="click a digit for another of its class, or press *Next digits*.",
    look="hard edges and missing strokes with L1; grey, where they are unsure, with L2 and cross-entropy.",
    sentence="A network is good at what its loss counts: L1 wins by the absolute error and loses by the other two.",
    formula=r"""
The same network 784‑128‑16‑128‑784, trained with $\sum|x-\hat x|$ (L1), $\sum(x-\hat x)^2$ (L2, MSE) or cross-entropy
$-\sum x\log\hat x+(1-x)\log(1-\hat x)$. Where it is unsure, L1 settles on the median and draws hard edges or nothing; L2
and cross-entropy settle on the mean and draw grey. Cross-entropy penalises confident mistakes most. L1 easily gets stuck
with strokes missing, because at most pixels black is right more often than not, so that network was trained in smaller
batches than the others.
""",
    paper="Michelucci 2022, [An introduction to autoencoders](https://arxiv.org/abs/2201.03898), section 3",
    strip=NAMES,
    example="loss-bce",
    folds=(Fold("Each network under all three losses", chart),),
)
