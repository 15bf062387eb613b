"""Test numbers of the zoo as the tables of the README and docs/zoo.md.

    python -m benchmarks.zoo

They are those of the bundles; how many of its random codes are legible is counted now, which takes
about a minute.
"""

from collections.abc import Mapping, Sequence

from aemodels import reader
from aemodels.analysis.legibility import legible_share
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.bundles.recipes import RECIPES

COLUMNS = {
    "squared error": ("sse", ".2f"),
    "cross-entropy, nats": ("bce", ".2f"),
    "negative ELBO, z sampled, nats": ("negative_elbo_sample", ".2f"),
    "KL, nats": ("kl", ".2f"),
    "kNN-5 accuracy": ("knn5", ".2%"),
    "trustworthiness, 5,000 digits": ("trustworthiness", ".3f"),
}
LEGIBLE = "legible draws"
FIRST = ("pca-2", "ae-2", "vae-2", "pca-16", "ae-16", "vae-16")
REST = tuple(name for name in RECIPES if name not in FIRST)


def table(names: Sequence[str], legible: Mapping[str, float]) -> str:
    """One row a bundle; a dash where a number isn't defined for the family.

    `legible` has the shares that `legible_draws` counts.
    """
    items = {item.name: item for item in bundle.scan(zoo.folder()).bundles}
    titles = [*COLUMNS, LEGIBLE]
    lines = ["| model | " + " | ".join(titles) + " |", "|---|" + "--:|" * len(titles)]
    for name in names:
        numbers = [(getattr(items[name].metrics, key), form) for key, form in COLUMNS.values()]
        numbers.append((legible[name], ".1%"))
        cells = ["–" if value is None else format(value, form) for value, form in numbers]
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def legible_draws(names: Sequence[str]) -> dict[str, float]:
    """The share of 1,000 random codes of each model that the reader reads with at least 90 %."""
    reads = reader.load()
    folders = {name: zoo.folder() / name for name in names}
    return {
        name: legible_share(load(folder), bundle.read(folder).codes()[0], reads)
        for name, folder in folders.items()
    }


if __name__ == "__main__":
    for each in (FIRST, REST):
        print(f"{table(each, legible_draws(each))}\n")
