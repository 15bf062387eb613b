"""The test metrics of a model: their names and meanings, read from JSON and written to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from aemodels.bundles.checks import LARGEST_NUMBER, BundleError

CLASSES = 10
MOST_IMAGES = 1_000_000
# A sum that is 0 in theory can end up a little below.
_ROUNDING = 1e-3


def _metric(meaning: str, low: float = -_ROUNDING, high: float = LARGEST_NUMBER) -> Any:
    metadata = {"meaning": meaning, "low": low, "high": high, "kinds": (int, float)}
    return field(default=None, metadata=metadata)


def _count(meaning: str) -> Any:
    metadata = {"meaning": meaning, "low": 1, "high": MOST_IMAGES, "kinds": (int,)}
    return field(default=None, metadata=metadata)


def _share(meaning: str) -> Any:
    return _metric(meaning, 0, 1)


@dataclass(frozen=True)
class Metrics:
    """Metrics on the test split, with pixels binarised as in training.

    Errors and nats are sums over pixels or latents, means over images. None where a metric doesn't
    apply to the family or wasn't measured; `glossary` has a line about each.
    """

    images: int | None = _count("number of test images measured")
    sse: float | None = _metric("squared error of the image decoded from the code, a VAE's μ")
    sse_by_class: tuple[float, ...] | None = _metric("the same for each class")
    bce: float | None = _metric("cross-entropy of that image in nats; sigmoid output only")
    kl: float | None = _metric("KL term in nats; VAE only")
    negative_elbo_sample: float | None = _metric(
        "bce of images decoded from samples of z, plus kl; VAE only"
    )
    negative_elbo_mean: float | None = _metric(
        "bce of the image decoded from the mean code, plus kl; VAE only"
    )
    elbo_samples: int | None = _count("samples of z for each image; VAE only")
    knn1: float | None = _share(
        "accuracy of the nearest neighbour among the codes of the training images"
    )
    knn5: float | None = _share("accuracy of the 5 nearest neighbours")
    trustworthiness: float | None = _share(
        "trustworthiness of the codes as a map of the pixels, 5 neighbours"
    )
    trustworthiness_points: int | None = _count(
        "number of test images that trustworthiness is measured on"
    )
    explained_variance: float | None = _metric(
        "share of the pixels' variance; PCA only", low=-LARGEST_NUMBER, high=1
    )

    @classmethod
    def glossary(cls) -> dict[str, str]:
        """One line of meaning for each metric, by name."""
        return {row.name: row.metadata["meaning"] for row in fields(cls)}

    def number(self, name: str) -> float:
        """The metric of that name. Raises ValueError if it is None."""
        value = getattr(self, name)
        if not isinstance(value, int | float):
            raise ValueError(f"metric {name}: does not apply or was not measured")
        return value

    def updated(self, others: "Metrics") -> "Metrics":
        """These with those of `others` that aren't None in their place."""
        return replace(self, **{k: v for k, v in asdict(others).items() if v is not None})

    def to_json(self) -> dict[str, float | list[float] | None]:
        """Every metric by name; null if it is None."""
        values = asdict(self)
        if self.sse_by_class is not None:
            values["sse_by_class"] = list(self.sse_by_class)
        return values

    @classmethod
    def from_json(cls, found: Mapping[str, Any], classes: int = CLASSES) -> "Metrics":
        """The metrics of a manifest; unknown names are ignored.

        Raises BundleError if one isn't a number, can't be that metric's, or isn't a list of as many
        as there are `classes`.
        """
        values = {name: found.get(name) for name in cls.glossary()}
        for row in fields(cls):
            name, value = row.name, values[row.name]
            if value is None:
                continue
            by_class = name == "sse_by_class"
            numbers = value if by_class else [value]
            if not isinstance(numbers, list) or (by_class and len(numbers) != classes):
                words = "ten" if classes == CLASSES else str(classes)
                raise BundleError(f"its metric {name} is not a list of {words} numbers")
            if not all(type(each) in row.metadata["kinds"] for each in numbers):
                raise BundleError(f"its metric {name} is not a number")
            low, high = row.metadata["low"], row.metadata["high"]
            if not all(low <= each <= high for each in numbers):
                raise BundleError(f"its metric {name} is no plausible number")
            if by_class:
                values[name] = tuple(numbers)
        return cls(**values)
