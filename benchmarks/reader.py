"""What the reader says of the test digits, and of pictures that show none, as the README's tables.

python -m benchmarks.reader
"""

from collections.abc import Callable

import numpy as np

from aemodels import data, reader
from aemodels.analysis.legibility import DRAWS, draw_codes, legible
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from aemodels.data.images import PIXELS, SIDE
from aemodels.reader.calibration import expected_calibration_error, reliability

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
MODELS = ("ae-16", "vae-16")
PEN = 1.3  # pixels: the standard deviation of a scribble's line across


def reliability_table(probabilities: np.ndarray, labels: np.ndarray) -> str:
    """How often the reader is right, by how sure it is."""
    lines = [
        "| the reader's confidence | test digits | mean confidence | read right |",
        "|---|--:|--:|--:|",
    ]
    for each in reliability(probabilities, labels, EDGES):
        name = f"{each.low:.0%} to {each.high:.0%}"
        means = f"{each.confidence:.1%} | {each.accuracy:.1%}" if each.count else "– | –"
        lines.append(f"| {name} | {each.count:,} | {means} |")
    return "\n".join(lines)


def pictures() -> dict[str, Callable[[], np.ndarray]]:
    """Pictures (N, 784) by what they are."""
    digits = data.load_test("mnist")
    vectors = data.to_vectors(digits.images)
    generator = np.random.default_rng(0)
    first = np.arange(DRAWS)
    different = [generator.choice(np.flatnonzero(digits.labels != digits.labels[k])) for k in first]
    made: dict[str, Callable[[], np.ndarray]] = {
        "test digits": lambda: vectors,
        "halfway cross-fades of two digits": lambda: (vectors[first] + vectors[different]) / 2,
        "scribbles": lambda: scribbles(DRAWS, generator),
        "Fashion-MNIST's clothes": lambda: data.to_vectors(data.load_test("fashion-mnist").images),
        "uniform noise": lambda: generator.random((DRAWS, PIXELS)),
        "an empty picture": lambda: np.zeros((1, PIXELS)),
    }
    for name in MODELS:
        made[f"draws of `{name}`"] = lambda name=name: draws(name)  # type: ignore[misc]
    return made


def draws(name: str) -> np.ndarray:
    """What a model of the zoo decodes random codes to, (1000, 784)."""
    found = bundle.read(zoo.find(name))
    model = load(found)
    return model.decode(draw_codes(model, found.codes().mean, DRAWS))


def scribbles(count: int, generator: np.random.Generator) -> np.ndarray:
    """(count, 784): lines through four random points, as smooth as a pen draws them."""
    pixel = np.arange(SIDE)
    found = np.zeros((count, SIDE, SIDE))
    for picture in found:
        corners = generator.uniform(4, 24, (5, 2))
        for start, middle, end in zip(corners, corners[1:], corners[2:], strict=False):
            a, b = (start + middle) / 2, (middle + end) / 2
            for t in np.linspace(0, 1, 40):
                x, y = (1 - t) ** 2 * a + 2 * t * (1 - t) * middle + t**2 * b
                across = (pixel - x) ** 2 + (pixel[:, None] - y) ** 2
                np.maximum(picture, np.exp(-across / (2 * PEN**2)), out=picture)
    return found.reshape(count, PIXELS)


def confidence_table(one: reader.Reader) -> str:
    """How sure the reader is of each kind of picture."""
    lines = ["| pictures | read with at least 90 % | mean confidence |", "|---|--:|--:|"]
    for name, make in pictures().items():
        probabilities = one.read(make())
        sure = f"{legible(probabilities).mean():.1%}" if len(probabilities) > 1 else "no"
        lines.append(f"| {name} | {sure} | {probabilities.max(1).mean():.1%} |")
    return "\n".join(lines)


def text() -> str:
    """All of it, as the README has it."""
    digits, one = data.load_test("mnist"), reader.load()
    probabilities = one.read(digits.images)
    accuracy = (probabilities.argmax(1) == digits.labels).mean()
    error = expected_calibration_error(probabilities, digits.labels)
    return (
        f"Of the 10,000 test digits it reads {accuracy:.2%} right; its expected calibration error "
        f"(15 bins) is {error:.2%}.\n\n{reliability_table(probabilities, digits.labels)}\n\n"
        f"{confidence_table(one)}"
    )


if __name__ == "__main__":
    print(text())
