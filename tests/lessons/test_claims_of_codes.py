"""Lessons 1 to 4, of codes: what they say happens, measured on the models we ship.

A lesson computes its numbers in the browser, from other draws than here; so what is asserted holds
by a margin that no other thousand draws would close.
"""

import re

import numpy as np
import pytest

from aemodels import paths
from aemodels.analysis import decoder
from aemodels.analysis.evaluation import per_image_sse
from aemodels.analysis.legibility import draw_codes
from tests.lessons.shipped import FIRST, SIZES, Digits, bundle, error, model

LESSONS = paths.lessons() / "en"

# Lesson 1 bottleneck.


def shown_first(key: str) -> list[int]:
    """The test digits in the address of the first step of a lesson."""
    (path,) = LESSONS.glob(f"*-{key}.md")
    found = re.search(r"images=([\d,]+)", path.read_text("utf-8"))
    assert found
    return [int(number) for number in found[1].split(",")]


def test_with_two_numbers_six_of_ten_digits_still_read_as_themselves(digits: Digits) -> None:
    shares = {size: float(kept.mean()) for size, kept in digits.kept.items()}
    assert round(10 * shares[2]) == 6
    # So are the ten on show when it asks.
    assert digits.kept[2][shown_first("bottleneck")].sum() == 6
    assert digits.kept[16][shown_first("bottleneck")].all()
    # The more numbers, the more digits, up to nearly all of those that are read right anyway.
    assert list(shares.values()) == sorted(shares.values())
    assert shares[16] > 0.94
    assert shares[64] > 0.97
    assert (digits.read(digits.images[:FIRST]) == digits.labels[:FIRST]).mean() > 0.98


def test_the_error_falls_with_every_number_more() -> None:
    errors = [error(f"bottleneck-{size}") for size in SIZES]
    assert errors == sorted(errors, reverse=True)


# Lesson 2 nonlinear.


def test_the_network_makes_about_half_of_pca_s_error() -> None:
    ratio = error("ae-2") / error("pca-2")
    assert abs(ratio - 1 / 2) < min(abs(ratio - 1), abs(ratio - 1 / 10))
    assert 0.4 < ratio < 0.6


def test_of_nearly_every_class_it_redraws_most_digits_better(digits: Digits) -> None:
    each = {
        name: per_image_sse(model(name), digits.images, model(name).encode(digits.images))
        for name in ("ae-2", "pca-2")
    }
    better = each["ae-2"] < each["pca-2"]
    assert min(better[digits.labels == label].mean() for label in range(10)) > 0.8


def test_one_step_adds_the_same_picture_everywhere_on_pca_s_map_alone() -> None:
    def changes(name: str) -> np.ndarray:
        """What a step to the right changes at 50 digits, (50, 784)."""
        codes = bundle(name).codes()[0][:50].astype(np.float32)
        step = np.array([codes[:, 0].std(), 0], np.float32)
        return model(name).decode(codes + step) - model(name).decode(codes)

    same, different = changes("pca-2"), changes("ae-2")
    assert np.ptp(same, axis=0).max() < 1e-4
    alike = np.corrcoef(different)
    assert np.median(alike[np.triu_indices(50, 1)]) < 0.5


# Lesson 3 linear.


def test_it_makes_pca_s_error() -> None:
    assert error("linear-2") == pytest.approx(error("pca-2"), rel=1e-3)


def test_it_finds_pca_s_plane() -> None:
    angles = decoder.principal_angles(*(decoder.atoms(bundle(n)) for n in ("linear-2", "pca-2")))
    assert angles.max() < 5


def test_in_other_axes() -> None:
    """Its codes are PCA's, turned and stretched: neither latent is one of PCA's, nor its mirror."""
    pca, linear = (bundle(n).codes()[0].astype(np.float64) for n in ("pca-2", "linear-2"))
    ones = np.ones((len(pca), 1))
    fitted, *_ = np.linalg.lstsq(np.hstack([pca, ones]), linear, rcond=None)
    left = linear - np.hstack([pca, ones]) @ fitted
    assert (left.var(0) / linear.var(0)).max() < 0.01
    alike = np.abs(np.corrcoef(pca.T, linear.T)[:2, 2:])
    assert alike.max() < 0.9


# Lesson 4 holes.


def test_random_numbers_become_digits_in_the_vae_alone(digits: Digits) -> None:
    z = np.random.default_rng(0).standard_normal((1000, 16)).astype(np.float32)
    shares = {name: digits.legible(model(name).decode(z)) for name in ("ae-16", "vae-16")}
    assert shares["vae-16"] > 1 / 2
    assert shares["ae-16"] < 1 / 10


def test_even_from_a_gaussian_fitted_to_its_codes_fewer_do(digits: Digits) -> None:
    codes = bundle("ae-16").codes()[0]
    z = draw_codes(model("ae-16"), codes, 1000)
    fitted = digits.legible(model("ae-16").decode(z))
    prior = np.random.default_rng(1).standard_normal((1000, 16)).astype(np.float32)
    assert 0.3 < fitted < digits.legible(model("vae-16").decode(prior)) - 0.1
