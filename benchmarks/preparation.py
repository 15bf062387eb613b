"""What pictures of digits lose on the way to a model: kNN-5 accuracy of their codes.

python -m benchmarks.preparation [model ...]

Each of the 10,000 test digits is drawn anew at ten times the size in black ink on white, shifted at
random within its square, and put through MNIST's preparation. The neighbours are the codes of the
60,000 training digits.
"""

import sys

import numpy as np
from PIL import Image

import aemodels
from aemodels.analysis.neighbours import NeighbourSearch
from aemodels.data import prepare

MODELS = ("vae-2", "ae-2", "pca-2", "vae-16", "ae-16", "pca-16")
TIMES = 10
# How a grey digit is enlarged: its pixels as squares; smoothly; smoothly, then black or white.
WAYS = ("squares", "grey", "ink")


def draw_anew(digit: np.ndarray, way: str, generator: np.random.Generator) -> np.ndarray:
    """A digit (28, 28) uint8 as a picture (280, 280), black on white, somewhere else in it."""
    resampling = Image.Resampling.NEAREST if way == "squares" else Image.Resampling.BICUBIC
    side = TIMES * len(digit)
    ink = np.asarray(Image.fromarray(digit).resize((side, side), resampling))
    if way == "ink":
        ink = np.where(ink > 127, 255, 0).astype(np.uint8)
    for axis in (0, 1):
        marked = np.flatnonzero(ink.any(1 - axis))
        shift = generator.integers(-marked[0], side - marked[-1])
        ink = np.roll(ink, shift, axis)
    return 255 - ink


def main(names: tuple[str, ...]) -> None:
    """Print a table: one row a model, the accuracy of the originals and of each way."""
    digits = aemodels.load_dataset("mnist")
    generator = np.random.default_rng(0)
    images = {"test digits": digits.test_images / np.float32(255)} | {
        way: np.stack([prepare(draw_anew(digit, way, generator)) for digit in digits.test_images])
        for way in WAYS
    }
    print("| model | " + " | ".join(images) + " |")
    print("|---|" + "--:|" * len(images))
    for name in names:
        model = aemodels.load(name)
        search = NeighbourSearch(model.encode(digits.train_images), digits.train_labels)
        found = [
            search.accuracy(model.encode(each), digits.test_labels, (5,))[5]
            for each in images.values()
        ]
        print(f"| `{name}` | " + " | ".join(f"{share:.2%}" for share in found) + " |", flush=True)


if __name__ == "__main__":
    main(tuple(sys.argv[1:]) or MODELS)
