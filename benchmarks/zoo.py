"""Test numbers of the zoo as the tables of the README and docs/zoo.md, from its bundles.

python -m benchmarks.zoo
"""

from collections.abc import Sequence

from aemodels.bundles import bundle, zoo
from aemodels.bundles.recipes import RECIPES

COLUMNS = {
    "squared error": ("sse", ".2f"),
    "cross-entropy, nats": ("bce", ".2f"),
    "negative ELBO, z sampled, nats": ("negative_elbo_sample", ".2f"),
    "KL, nats": ("kl", ".2f"),
    "kNN-5 accuracy": ("knn5", ".2%"),
    "trustworthiness, 5,000 digits": ("trustworthiness", ".3f"),
}
FIRST = ("pca-2", "ae-2", "vae-2", "pca-16", "ae-16", "vae-16")
REST = tuple(name for name in RECIPES if name not in FIRST)


def table(names: Sequence[str]) -> str:
    """One row a bundle; a dash where a number isn't defined for the family."""
    items = {item.name: item for item in bundle.scan(zoo.folder()).bundles}
    lines = ["| model | " + " | ".join(COLUMNS) + " |", "|---|" + "--:|" * len(COLUMNS)]
    for name in names:
        numbers = [(getattr(items[name].metrics, key), form) for key, form in COLUMNS.values()]
        cells = ["–" if value is None else format(value, form) for value, form in numbers]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(f"{table(FIRST)}\n\n{table(REST)}")
