"""The test numbers of a model: what each is called and means, read from JSON and written to it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from aemodels.bundles.checks import BundleError

CLASSES = 10
# Larger ones are nonsense, and the largest whole numbers of JSON fit no float.
LARGEST = 1e300


def _metric(meaning: str) -> Any:
    return field(default=None, metadata={"meaning": meaning})


@dataclass(frozen=True)
class Metrics:
    """Numbers of the test split, with pixels binarised as in training.

    Errors and nats are sums over pixels or latents, means over images. None where a number doesn't
    apply to the family or wasn't measured; `glossary` has a line about each.
    """

    images: int | None = _metric("test images measured")
    sse: float | None = _metric("squared error of the picture decoded from the code, for a VAE μ")
    sse_by_class: tuple[float, ...] | None = _metric("the same for each of the ten classes")
    bce: float | None = _metric("cross-entropy of that picture in nats; sigmoid output only")
    kl: float | None = _metric("KL term in nats; VAE only")
    negative_elbo_sample: float | None = _metric(
        "bce of pictures decoded from samples of z, plus kl; VAE only"
    )
    negative_elbo_mean: float | None = _metric(
        "bce of the picture decoded from the mean code, plus kl; VAE only"
    )
    elbo_samples: int | None = _metric("samples of z for each image; VAE only")
    knn1: float | None = _metric(
        "accuracy of the nearest neighbour among the codes of the training images"
    )
    knn5: float | None = _metric("accuracy of the 5 nearest neighbours")
    trustworthiness: float | None = _metric("of the codes as a map of the pixels, 5 neighbours")
    trustworthiness_points: int | None = _metric("test images that trustworthiness is measured on")
    explained_variance: float | None = _metric("share of the pixels' variance; PCA only")

    @classmethod
    def glossary(cls) -> dict[str, str]:
        """One line of meaning for each number, by name."""
        return {row.name: row.metadata["meaning"] for row in fields(cls)}

    def number(self, name: str) -> float:
        """The number of that name. Raises ValueError where there is none."""
        value = getattr(self, name)
        if not isinstance(value, int | float):
            raise ValueError(f"metric {name}: does not apply or was not measured")
        return value

    def to_json(self) -> dict[str, float | list[float] | None]:
        """Every number by name, null where there is none."""
        values = asdict(self)
        if self.sse_by_class is not None:
            values["sse_by_class"] = list(self.sse_by_class)
        return values

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> "Metrics":
        """The numbers of a manifest; other names are left out.

        Raises BundleError if one is no number, absurdly large, or not one of ten classes.
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
