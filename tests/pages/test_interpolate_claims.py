"""The claims of Interpolate and the film that it opens with, measured on the shipped models."""

from collections.abc import Callable

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from aemodels import data
from aemodels.analysis.latent_space import lerp, slerp
from aemodels.bundles import bundle, zoo
from aemodels.bundles.load import load
from ui import view_states

Path = Callable[[np.ndarray, np.ndarray, np.ndarray | float], np.ndarray]
PAIRS = 60
START = (51, 110)
LATENTS = 16
BETWEEN = np.linspace(0.2, 0.8, 7)


@pytest.fixture(scope="module")
def mnist() -> data.Dataset:
    return data.load()


@pytest.fixture(scope="module")
def pairs(mnist: data.Dataset) -> np.ndarray:
    """Test images of different classes, (PAIRS, 2)."""
    drawn = np.random.default_rng(0).integers(0, 10_000, (2 * PAIRS, 2))
    return drawn[mnist.test_labels[drawn[:, 0]] != mnist.test_labels[drawn[:, 1]]][:PAIRS]


class Ways:
    """Frames on the way between two test images, and how far they are from real digits."""

    def __init__(self, mnist: data.Dataset) -> None:
        self.images = data.to_vectors(mnist.test_images)
        self.nearest = NearestNeighbors(n_neighbors=3, algorithm="brute").fit(self.images)

    def gaps(self, name: str, path: Path, pairs: np.ndarray) -> np.ndarray:
        """Squared distances (n, 7) to the most similar test image but A and B, of `pairs` (n, 2).

        By the model of that name in the zoo; without a name, of the cross-fade.
        """
        codes = bundle.read(zoo.folder() / name).codes()[0] if name else self.images
        frames = np.concatenate([path(codes[a], codes[b], BETWEEN) for a, b in pairs])
        if name:
            frames = load(zoo.folder() / name).decode(frames.astype(np.float32)).clip(0, 1)
        distances, found = self.nearest.kneighbors(frames)
        ends = np.repeat(pairs, len(BETWEEN), axis=0)
        own = (found[..., None] == ends[:, None]).any(2)
        return (np.where(own, np.inf, distances).min(1) ** 2).reshape(len(pairs), -1)


@pytest.fixture(scope="module")
def ways(mnist: data.Dataset) -> Ways:
    return Ways(mnist)


@pytest.mark.slow
def test_frames_are_most_like_real_digits_along_the_paths_of_the_vae(
    ways: Ways, pairs: np.ndarray
) -> None:
    """With 16 latents, most along the VAE's two paths, least in the cross-fade; with 2, a little
    less along the autoencoder's line.
    """

    def gap(name: str, path: Path = lerp) -> float:
        return float(ways.gaps(name, path, pairs).mean())

    of = {name: gap(name) for name in ("vae-16", "ae-16", "pca-16", "")}
    of["spherical"] = gap("vae-16", slerp)
    assert set(sorted(of, key=lambda name: of[name])[:2]) == {"vae-16", "spherical"}
    assert max(of, key=lambda name: of[name]) == ""
    assert of["ae-16"] > 1.08 * of["vae-16"]
    assert of[""] > 1.2 * of["vae-16"]
    assert gap("vae-2") < gap("ae-2") < 1.2 * gap("vae-2")
    assert gap("ae-2") < 0.75 * of[""]


def test_the_first_film_goes_from_a_3_to_an_8(ways: Ways, mnist: data.Dataset) -> None:
    """Each of the VAE's frames is closer to a real digit than the others'."""
    assert view_states.ends("mnist") == START
    assert view_states.LATENTS["interpolate"] == LATENTS
    assert mnist.test_labels[list(START)].tolist() == [3, 8]
    pair = np.array([START])
    vae = ways.gaps(f"vae-{LATENTS}", lerp, pair)
    for other in (f"ae-{LATENTS}", f"pca-{LATENTS}", ""):
        assert (vae < ways.gaps(other, lerp, pair)).all(), other
    assert ways.gaps("", lerp, pair).mean() > 1.5 * vae.mean()


def test_halfway_is_closer_to_the_centre_than_most_codes(pairs: np.ndarray) -> None:
    """Closer than nine out of ten of its codes, with 16 latents."""
    codes = bundle.read(zoo.folder() / "vae-16").codes()[0]
    from_centre = np.linalg.norm(codes, axis=1)
    halfway = np.linalg.norm(codes[pairs].mean(1), axis=1)
    assert (from_centre > np.median(halfway)).mean() > 0.9
