"""The test metrics of a model: their names and meanings, read from JSON and written to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from aemodels.bundles.checks import BundleError

CLASSES = 10
# Larger ones are nonsense, and JSON's largest whole numbers don't fit a float.
LARGEST = 1e300


def _metric(meaning: str) -> Any:
    return field(default=None, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Metrics:
    """Metrics on the test split, with pixels binarised as in training.

    Errors and nats are sums over pixels or latents, means over images. None where a metric doesn't
    apply to the family or wasn't measured; `glossary` has a line about each.
    """

    images: int | None = _metric("number of test images measured")
    sse: float | None = _metric("squared error of the image decoded from the code, a VAE's μ")
    sse_by_class: tuple[float, ...] | None = _metric("the same for each of the ten classes")
    bce: float | None = _metric("cross-entropy of that image in nats; sigmoid output only")
    kl: float | None = _metric("KL term in nats; VAE only")
    negative_elbo_sample: float | None = _metric(
        "bce of images decoded from samples of z, plus kl; VAE only"
    )
    negative_elbo_mean: float | None = _metric(
        "bce of the image decoded from the mean code, plus kl; VAE only"
    )
    elbo_samples: int | None = _metric("samples of z for each image; VAE only")
    knn1: float | None = _metric(
        "accuracy of the nearest neighbour among the codes of the training images"
    )
    knn5: float | None = _metric("accuracy of the 5 nearest neighbours")
    trustworthiness: float | None = _metric(
        "trustworthiness of the codes as a map of the pixels, 5 neighbours"
    )
    trustworthiness_points: int | None = _metric(
        "number of test images that trustworthiness is measured on"
    )
    explained_variance: float | None = _metric("share of the pixels' variance; PCA only")

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

    def to_json(self) -> dict[str, float | list[float] | None]:
        """Every metric by name; null if it is None."""
        values = asdict(self)
        if self.sse_by_class is not None:
            values["sse_by_class"] = list(self.sse_by_class)
        return values

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Metrics":
        """The metrics of a manifest; unknown names are ignored.

        Raises BundleError if one isn't a number, is absurdly large, or isn't a list of ten.
        """
        values = {name: found.get(name) for name in cls.glossary()}
        for name, value in values.items():
            if value is None:
                continue
            by_class = name == "sse_by_class"
            numbers = value if by_class else [value]
            if not isinstance(numbers, list) or (by_class and len(numbers) != CLASSES):
                raise BundleError(f"its metric {name} is not a list of ten numbers")
            if not all(type(n) in (int, float) and abs(n) < LARGEST for n in numbers):
                raise BundleError(f"its metric {name} is not a number")
            if by_class:
                values[name] = tuple(numbers)
        return cls(**values)
