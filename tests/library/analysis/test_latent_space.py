"""The geometry of latent spaces against scipy, scikit-learn and torch.distributions."""

from collections.abc import Callable

import numpy as np
import pytest
import torch
from scipy.linalg import orthogonal_procrustes  # type: ignore[import-untyped]
from scipy.spatial import geometric_slerp  # type: ignore[import-untyped]
from scipy.spatial.distance import cdist  # type: ignore[import-untyped]
from scipy.stats import norm  # type: ignore[import-untyped]
from sklearn.decomposition import PCA
from sklearn.neighbors import NearestNeighbors
from torch.distributions import Normal, kl_divergence

from aemodels.analysis import latent_space

Path = Callable[[np.ndarray, np.ndarray, np.ndarray | float], np.ndarray]

SPREAD = np.array([0.5, 3.0, 0.001, 2.0, 1.0])


@pytest.fixture
def codes() -> np.ndarray:
    """(2000, 5) float32, correlated and off-centre; the third latent hardly moves."""
    random = np.random.default_rng(0)
    mix = np.eye(5) + 0.3 * np.triu(np.ones((5, 5)), 1) * (np.arange(5) != 2)
    mix[2] = np.eye(5)[2]
    return (random.normal(size=(2000, 5)) * SPREAD @ mix + 4).astype(np.float32)


def test_information_of_a_vae_is_its_kl_and_a_prior_like_latent_is_inactive() -> None:
    random = np.random.default_rng(0)
    mean = (random.normal(size=(500, 3)) * [0.01, 2, 1]).astype(np.float32)
    log_var = np.full((500, 3), -2, np.float32)
    log_var[:, 0] = 0
    space = latent_space.describe(mean, log_var, "vae")
    posterior = Normal(torch.tensor(mean), torch.tensor(log_var / 2).exp())
    exact = kl_divergence(posterior, Normal(0.0, 1.0)).mean(0)
    np.testing.assert_allclose(space.information, exact.numpy(), rtol=1e-4)
    assert space.order.tolist() == [1, 2, 0]
    assert space.inactive.tolist() == [True, False, False]


def test_information_of_others_is_their_variance(codes: np.ndarray) -> None:
    space = latent_space.describe(codes, None, "ae")
    np.testing.assert_allclose(space.information, codes.var(0), rtol=1e-4)
    assert space.order.tolist() == np.argsort(-codes.var(0)).tolist()
    assert space.inactive.tolist() == [False, False, True, False, False]
    np.testing.assert_allclose(space.mean, codes.mean(0), rtol=1e-5)


@pytest.mark.parametrize("family", ["vae", "ae"])
def test_ranges_hold_every_code(family: str, codes: np.ndarray) -> None:
    log_var = np.zeros_like(codes) if family == "vae" else None
    space = latent_space.describe(codes, log_var, family)
    assert (space.low < codes.min(0)).all()
    assert (space.high > codes.max(0)).all()
    if family == "vae":
        assert (space.low <= -3).all()


def test_a_map_shows_nearly_all_codes_but_not_a_far_outlier(codes: np.ndarray) -> None:
    far = codes.copy()
    far[0] = 1000
    space = latent_space.describe(far, None, "ae")
    flat = (far - space.mean) @ space.plane.T
    inside = ((flat > space.plane_low) & (flat < space.plane_high)).all(1)
    assert not inside[0]
    assert inside.mean() > 0.97


def test_a_collapsed_vaes_map_shows_the_prior_around_its_codes() -> None:
    random = np.random.default_rng(0)
    collapsed = (random.normal(size=(500, 2)) * 0.03 + [0.2, -0.1]).astype(np.float32)
    space = latent_space.describe(collapsed, np.zeros((500, 2), np.float32), "vae")
    assert (space.mean + space.plane_low <= -1.5).all()
    assert (space.mean + space.plane_high >= 1.5).all()
    width, height = space.plane_high - space.plane_low
    assert width == pytest.approx(height)
    other = latent_space.describe(collapsed, None, "ae")
    assert (other.plane_high - other.plane_low < 0.5).all(), "no prior to show"


def test_plane_is_that_of_scikit_learns_pca(codes: np.ndarray) -> None:
    plane = latent_space.describe(codes, None, "ae").plane
    theirs = PCA(2).fit(codes).components_
    np.testing.assert_allclose(np.abs(np.sum(plane * theirs, 1)), 1, atol=1e-5)
    np.testing.assert_allclose(plane @ plane.T, np.eye(2), atol=1e-9)
    assert (plane[[0, 1], np.abs(plane).argmax(1)] > 0).all()


def test_plane_of_one_and_two_latents(codes: np.ndarray) -> None:
    assert latent_space.describe(codes[:, :2], None, "ae").plane.tolist() == [[1, 0], [0, 1]]
    one = latent_space.describe(codes[:, :1], None, "ae")
    assert one.plane.tolist() == [[1], [0]]
    assert latent_space.grid(one, 3, "ae").shape == (3, 3, 1)


def test_a_latent_that_never_moves_still_has_a_range(codes: np.ndarray) -> None:
    codes[:, 2] = 7
    space = latent_space.describe(codes, None, "pca")
    assert space.inactive[2]
    assert (space.low[2], space.high[2]) == (6, 8)


@pytest.mark.parametrize("path", [latent_space.lerp, latent_space.slerp])
def test_paths_start_and_end_where_they_should(path: Path, codes: np.ndarray) -> None:
    a, b = codes[0], codes[1]
    frames = path(a, b, np.linspace(0, 1, 11))
    assert frames.shape == (11, 5)
    np.testing.assert_allclose(frames[[0, -1]], [a, b], atol=1e-6)
    np.testing.assert_allclose(path(a, b, 0.3), frames[3])
    # The same question has the same answer: paths go between codes, not between samples.
    np.testing.assert_array_equal(frames, path(a, b, np.linspace(0, 1, 11)))


def test_slerp_is_scipys_with_the_length_in_a_line(codes: np.ndarray) -> None:
    a, b, t = codes[0].astype(float), -2 * codes[5].astype(float), np.linspace(0, 1, 7)
    norms = np.linalg.norm(a), np.linalg.norm(b)
    directions = geometric_slerp(a / norms[0], b / norms[1], t)
    lengths = np.interp(t, [0, 1], norms)
    np.testing.assert_allclose(
        latent_space.slerp(a, b, t), directions * lengths[:, None], atol=1e-9
    )


@pytest.mark.parametrize("b", [[2.0, 4.0], [-1.0, -2.0], [0.0, 0.0]])
def test_slerp_without_a_turn_is_lerp(b: list[float]) -> None:
    a, t = np.array([1.0, 2.0]), np.linspace(0, 1, 5)
    expected = latent_space.lerp(a, np.array(b), t)
    np.testing.assert_allclose(latent_space.slerp(a, np.array(b), t), expected)


def test_grid_of_a_vae_has_equal_probability_between_its_lines(codes: np.ndarray) -> None:
    space = latent_space.describe(codes[:, :2], np.zeros((2000, 2), np.float32), "vae")
    grid = latent_space.grid(space, 20, "vae")
    assert grid.shape == (20, 20, 2)
    np.testing.assert_allclose(np.diff(norm.cdf(grid[0, :, 0])), 1 / 20)
    np.testing.assert_allclose(norm.cdf(grid[0, 0]), [0.5 / 20, 1 - 0.5 / 20])
    assert (np.diff(grid[:, 0, 1]) < 0).all(), "the first row is on top"


def test_grid_of_others_is_even_over_the_range_of_their_codes(codes: np.ndarray) -> None:
    space = latent_space.describe(codes, None, "ae")
    flat = (latent_space.grid(space, 10, "ae") - space.mean) @ space.plane.T
    across, up = flat[0, :, 0], flat[:, 0, 1]
    np.testing.assert_allclose(np.diff(across), (space.plane_high - space.plane_low)[0] / 10)
    assert space.plane_low[0] < across[0] < across[-1] < space.plane_high[0]
    assert space.plane_low[1] < up[-1] < up[0] < space.plane_high[1]


def test_kl_of_a_vae_is_pytorchs_and_active_units_are_those_that_vary() -> None:
    random = np.random.default_rng(3)
    mean = (random.normal(size=(800, 3)) * [0.05, 2, 1]).astype(np.float32)
    log_var = np.array([[0.0, -3, -1]] * 800, np.float32)
    posterior = Normal(torch.tensor(mean), torch.tensor(log_var / 2).exp())
    expected = kl_divergence(posterior, Normal(0.0, 1.0)).numpy()
    np.testing.assert_allclose(latent_space.kl(mean, log_var), expected, rtol=1e-5, atol=1e-6)
    # Burda et al. 2016, section 5.2: a variance of 0.0025 is below their 0.01.
    assert latent_space.active_units(mean) == 2


def test_gaps_are_those_that_scikit_learn_finds(codes: np.ndarray) -> None:
    # 500 images at most are looked up, so here all of them are.
    some = codes[:400]
    theirs = NearestNeighbors(n_neighbors=2).fit(some).kneighbors(some)[0][:, 1]
    space = latent_space.describe(some, None, "ae")
    np.testing.assert_allclose(space.usual_gap, np.median(theirs), rtol=1e-4)
    np.testing.assert_allclose(space.far_gap, np.quantile(theirs, 0.95), rtol=1e-4)


def test_the_gaps_of_a_vae_are_those_of_draws_from_its_posteriors(codes: np.ndarray) -> None:
    some = codes[1000:1400]  # the first ones are made of the same random numbers
    space = latent_space.describe(some, np.full_like(some, 2 * np.log(3)), "vae")
    draws = some + 3 * np.random.default_rng(1).standard_normal(some.shape)
    distances = cdist(draws, some)
    np.fill_diagonal(distances, np.inf)
    np.testing.assert_allclose(space.usual_gap, np.median(distances.min(1)), rtol=0.1)
    assert space.usual_gap > 2 * latent_space.describe(some, None, "ae").usual_gap


def test_points_are_turned_back_and_mirrored() -> None:
    """Against `scipy.linalg`, whose matrix it is; a third of a turn isn't its own inverse."""
    target = np.random.default_rng(4).standard_normal((50, 2)) * [3, 1]
    cos, sin = np.cos(2 * np.pi / 3), np.sin(2 * np.pi / 3)
    for turn in (np.array([[cos, -sin], [sin, cos]]), np.array([[cos, sin], [sin, -cos]])):
        points = (target @ turn.T).astype(np.float32)
        found = latent_space.procrustes_turn(points, target)
        np.testing.assert_allclose(found, orthogonal_procrustes(points, target)[0], atol=1e-6)
        np.testing.assert_allclose(latent_space.procrustes_align(points, target), target, atol=1e-5)


def test_limits_of_what_counts_as_active_and_as_inactive() -> None:
    """Just below and just above: Var E[z] = 0.01, KL = 0.01 nats, a share of 1e-4 of the largest
    variance.
    """
    signs = np.array([[1.0], [-1.0]] * 50)
    assert latent_space.active_units(signs * np.sqrt([0.0099, 0.0101, 1])) == 2
    # ½ μ² is the KL of a posterior as wide as the prior.
    mean = signs * np.sqrt([2 * 0.0099, 2 * 0.0101, 1])
    space = latent_space.describe(mean, np.zeros_like(mean), "vae")
    assert space.inactive.tolist() == [True, False, False]
    space = latent_space.describe(signs * np.sqrt([0.99e-4, 1.01e-4, 1]), None, "ae")
    assert space.inactive.tolist() == [True, False, False]
