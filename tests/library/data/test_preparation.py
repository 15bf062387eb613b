"""MNIST's preparation against NumPy's block means, SciPy's centre of mass, and MNIST itself."""

import numpy as np
import pytest
from PIL import Image
from scipy import ndimage  # type: ignore[import-untyped]

import aemodels
from aemodels import data
from aemodels.analysis.neighbours import NeighbourSearch
from aemodels.data import ImageError
from aemodels.data.preparation import FITS, MIDDLE_OF_MASS, Fit, fit_ink, prepare


@pytest.fixture(scope="module")
def mnist() -> data.Split:
    return data.load_test("mnist")


def drawn_anew(digit: np.ndarray, shift: tuple[int, int] = (0, 0)) -> np.ndarray:
    """A test digit in black ink on white, ten times the size."""
    big = Image.fromarray(digit).resize((280, 280), Image.Resampling.BICUBIC)
    ink = ndimage.shift(np.asarray(big) > 127, shift, order=0)
    return np.where(ink, 0, 255).astype(np.uint8)


def test_a_pixel_is_the_mean_of_the_area_that_it_covers() -> None:
    ink = np.random.default_rng(0).random((97, 97)) + 0.1
    # 28 · 97 pixels can be averaged in blocks of 97.
    expected = np.kron(ink, np.ones((28, 28))).reshape(28, 97, 28, 97).mean((1, 3))
    found = fit_ink(ink, Fit(1, by_mass=False))
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-6)


def test_mnist_itself_is_made_so(mnist: data.Split) -> None:
    """Longer side 20 pixels, centre of mass in the pixel whose middle is ours."""
    sizes = [
        max(part.stop - part.start for part in ndimage.find_objects((digit > 0).astype(int))[0])
        for digit in mnist.images[:2000]
    ]
    assert np.mean(np.array(sizes) == 20) > 0.999
    centres = np.array([ndimage.center_of_mass(digit) for digit in mnist.images])
    assert np.array_equal(np.unique(np.round(centres)), [14])
    # SciPy counts from the middle of the first pixel.
    assert abs(centres.mean() + 0.5 - 28 * MIDDLE_OF_MASS) < 0.01


def test_centre_of_mass_and_longer_side(mnist: data.Split) -> None:
    for digit in mnist.images[:50]:
        image = prepare(drawn_anew(digit))
        assert image.max() == 1
        np.testing.assert_allclose(ndimage.center_of_mass(image), 14, atol=0.02)
        (rows, columns), *_ = ndimage.find_objects((image > 0).astype(int))
        longer = max(rows.stop - rows.start, columns.stop - columns.start)
        # 20 pixels begin and end within one.
        assert longer in (20, 21)


def test_place_size_and_colours_do_not_matter(mnist: data.Split) -> None:
    picture = drawn_anew(mnist.images[0])
    image = prepare(picture)
    shifted = prepare(drawn_anew(mnist.images[0], (-15, -30)))
    colours = np.stack([picture // 2 + 100, picture // 2 + 20, picture], 2)
    clear = np.dstack([np.zeros((280, 280, 3), np.uint8), 255 - picture])
    for other in (shifted, prepare(255 - picture), prepare(colours), prepare(clear)):
        np.testing.assert_allclose(other, image, atol=1e-6)
    twice = picture.repeat(2, 0).repeat(2, 1)
    np.testing.assert_allclose(prepare(twice), image, atol=1e-6)


def test_codes_of_digits_drawn_anew_are_as_good(mnist: data.Split) -> None:
    vae = aemodels.load("vae-2")
    digits, labels = mnist.images[:500], mnist.labels[:500]
    search = NeighbourSearch(vae.encode(mnist.images[500:]), mnist.labels[500:])
    anew = np.stack([prepare(drawn_anew(digit, (-20, 10))) for digit in digits])
    original = search.accuracy(vae.encode(digits), labels, (5,))[5]
    assert search.accuracy(vae.encode(anew), labels, (5,))[5] > original - 0.02


def test_clothes_fill_the_square() -> None:
    coat = data.load_test("fashion-mnist").images[2]
    rows, columns = ndimage.find_objects((prepare(coat, "fashion-mnist") > 0).astype(int))[0]
    assert 28 in (rows.stop - rows.start, columns.stop - columns.start)
    assert set(FITS) == set(data.SOURCES)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.full((40, 30), 255, np.uint8), "a blank picture"),
        (np.zeros((40, 30), np.float32), "type float32: must be uint8"),
        (np.zeros((40, 30, 2), np.uint8), "shape \\(40, 30, 2\\)"),
        (np.zeros((0, 30), np.uint8), "shape \\(0, 30\\)"),
        (np.zeros(784, np.uint8), "shape \\(784,\\)"),
    ],
)
def test_what_is_no_picture_is_refused(picture: np.ndarray, words: str) -> None:
    with pytest.raises(ImageError, match=words):
        prepare(picture)
