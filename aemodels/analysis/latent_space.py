"""The geometry of a latent space, from codes alone and with NumPy alone.

Each latent's information and range, a plane to show, paths between codes, grids over them.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from aemodels.families import FAMILIES

# Below these a latent carries no information about the image.
INACTIVE_KL = 0.01
INACTIVE_VARIANCE_SHARE = 1e-4
ACTIVE_VARIANCE = 0.01

PRIOR_IN_VIEW = 1.5  # standard deviations of N(0, I) that a VAE's map shows, at least

PROBES = 500  # codes whose nearest neighbour is looked up


@dataclass(frozen=True, eq=False)
class LatentSpace:
    """A latent space of d latents, as described by the codes of many images."""

    information: np.ndarray  # (d,) KL in nats for a VAE, mean over images; for others the variance
    order: np.ndarray  # (d,) indices of the latents, the most informative first
    inactive: np.ndarray  # (d,) bool: KL below 0.01 nats, or variance below 1e-4 of the largest
    low: np.ndarray  # (d,) with `high` a range that holds every code; for a VAE at least -3 to 3
    high: np.ndarray
    mean: np.ndarray  # (d,) of the codes
    plane: np.ndarray  # (2, d) orthonormal rows, see `leading_plane`
    plane_low: np.ndarray  # (2,) with `plane_high` what a map shows of (codes - mean) @ plane.T
    plane_high: np.ndarray
    usual_gap: float  # median distance from an image's z to the nearest other image's code
    far_gap: float  # its 95 % quantile: a place further away than this has no image near it


def describe(codes: np.ndarray, log_var: np.ndarray | None, family: str) -> LatentSpace:
    """Codes (N, d), for a VAE μ with log σ² (N, d), else None -> a description of their space."""
    codes = codes.astype(np.float64)
    mean, variance = codes.mean(0), codes.var(0)
    low, high = _range(codes)
    if FAMILIES[family].variational:
        assert log_var is not None
        information = kl(codes, log_var).mean(0)
        inactive = information < INACTIVE_KL
        low, high = np.minimum(low, -3), np.maximum(high, 3)
    else:
        information = variance
        inactive = variance <= INACTIVE_VARIANCE_SHARE * variance.max()
    usual_gap, far_gap = _gaps(codes, log_var)
    plane = leading_plane(codes)
    plane_low, plane_high = _view((codes - mean) @ plane.T)
    if FAMILIES[family].variational:
        # Codes that have collapsed to a dot would otherwise fill their map as healthy ones do.
        centre = -mean @ plane.T
        plane_low, plane_high = _square(
            np.minimum(plane_low, centre - PRIOR_IN_VIEW),
            np.maximum(plane_high, centre + PRIOR_IN_VIEW),
        )
    return LatentSpace(
        information=information,
        order=np.argsort(-information, kind="stable"),
        inactive=inactive,
        low=low,
        high=high,
        mean=mean,
        plane=plane,
        plane_low=plane_low,
        plane_high=plane_high,
        usual_gap=usual_gap,
        far_gap=far_gap,
    )


def kl(mean: np.ndarray, log_var: np.ndarray) -> np.ndarray:
    """KL(N(μ, σ²) ‖ N(0, 1)) of each image and latent, nats; Kingma & Welling 2014, appendix B."""
    mean, log_var = mean.astype(np.float64), log_var.astype(np.float64)
    result: np.ndarray = 0.5 * (mean**2 + np.exp(log_var) - 1 - log_var)
    return result


def active_units(mean: np.ndarray) -> int:
    """Latents whose posterior mean varies over the data, Var_x E[z] > 0.01; μ (N, d).

    Burda et al. 2016, section 5.2.
    """
    return int((mean.var(0, dtype=np.float64) > ACTIVE_VARIANCE).sum())


def leading_plane(codes: np.ndarray) -> np.ndarray:
    """(N, d) -> (2, d) orthonormal rows: the two directions in which the codes vary most.

    The axes themselves for d = 2; [[1], [0]] for d = 1. The largest entry of a row is positive, so
    the same codes always give the same map.
    """
    latent_dim = codes.shape[1]
    if latent_dim <= 2:
        return np.eye(2, latent_dim)
    _, directions = np.linalg.eigh(np.cov(codes, rowvar=False))
    plane: np.ndarray = directions[:, :-3:-1].T
    largest = np.abs(plane).argmax(1)
    plane *= np.sign(plane[[0, 1], largest])[:, None]
    return plane


def procrustes_align(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Points (N, 2), rotated or mirrored about the origin to lie nearest to `target` (N, 2)."""
    aligned: np.ndarray = points @ procrustes_turn(points, target)
    return aligned


def procrustes_turn(points: np.ndarray, target: np.ndarray) -> np.ndarray:
    """The orthogonal matrix (d, d) with which points (N, d) @ matrix lie nearest to `target`.

    Schönemann 1966, "A generalized solution of the orthogonal Procrustes problem".
    """
    left, _, right = np.linalg.svd(points.T.astype(np.float64) @ target.astype(np.float64))
    turn: np.ndarray = left @ right
    return turn


def lerp(a: np.ndarray, b: np.ndarray, t: np.ndarray | float) -> np.ndarray:
    """Codes (d,) and t, a number or (T,) -> (d,) or (T, d): (1 - t) a + t b."""
    t = np.asarray(t, np.float64)[..., None]
    path: np.ndarray = (1 - t) * a + t * b
    return path


def slerp(a: np.ndarray, b: np.ndarray, t: np.ndarray | float) -> np.ndarray:
    """Like `lerp`, but the direction turns at constant speed while the length changes linearly.

    Shoemake 1985, "Animating rotation with quaternion curves". The same as `lerp` where no turn is
    defined: a code of zero, or the same or opposite directions.
    """
    lengths = np.linalg.norm(a), np.linalg.norm(b)
    if min(lengths) < 1e-12:
        return lerp(a, b, t)
    from_, to = a / lengths[0], b / lengths[1]
    angle = np.arccos(np.clip(from_ @ to, -1, 1))
    if np.sin(angle) < 1e-6:
        return lerp(a, b, t)
    t = np.asarray(t, np.float64)[..., None]
    direction = (np.sin((1 - t) * angle) * from_ + np.sin(t * angle) * to) / np.sin(angle)
    path: np.ndarray = ((1 - t) * lengths[0] + t * lengths[1]) * direction
    return path


def grid(space: LatentSpace, n: int, family: str) -> np.ndarray:
    """(n, n, d) codes over the plane, laid out as an image of decoded digits: first row on top.

    Columns go along plane[0] from low to high, rows along plane[1] from high to low. For a VAE the
    steps have equal probability under the prior, Φ⁻¹((i + ½)/n) (Kingma & Welling 2014, figure 4);
    for others they are even over the range of the codes.
    """
    middle = (np.arange(n) + 0.5) / n
    if FAMILIES[family].variational:
        across = np.array([NormalDist().inv_cdf(share) for share in middle])
        up, centre = across, np.zeros_like(space.mean)
    else:
        span = space.plane_high - space.plane_low
        across, up = (space.plane_low[i] + span[i] * middle for i in (0, 1))
        centre = space.mean
    columns, rows = across[None, :, None], up[::-1][:, None, None]
    codes: np.ndarray = centre + columns * space.plane[0] + rows * space.plane[1]
    return codes


def _view(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 2) -> a square to show: the middle 99 %, widened by 15 % but not beyond all of them.

    An autoencoder's codes have distant outliers; a map of all of them would be a dot with rays.
    Both axes have one scale, so that a direction in which the codes hardly vary looks like it.
    """
    low, high = np.quantile(values, (0.005, 0.995), axis=0)
    margin = 0.15 * (high - low)
    all_low, all_high = _range(values)
    low, high = np.maximum(low - margin, all_low), np.minimum(high + margin, all_high)
    return _square(low, high)


def _square(low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest (2,) of a rectangle -> those of the square around it, with its middle."""
    middle, half = (low + high) / 2, (high - low).max() / 2
    return middle - half, middle + half


def _range(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, k) -> lowest and highest of each column, 2 % wider; 1 wider where all are the same."""
    low, high = values.min(0), values.max(0)
    margin = np.where(high - low > 1e-9, 0.02 * (high - low), 1.0)
    return low - margin, high + margin


def _gaps(codes: np.ndarray, log_var: np.ndarray | None) -> tuple[float, float]:
    """Codes (N, d) -> median and 95 % quantile of the distance from a z to the nearest other code.

    Measured for up to 500 images, evenly spaced in the order that they come in; z is the image's
    code, for a VAE with log σ² (N, d) a draw from its posterior.
    """
    probes = np.linspace(0, len(codes) - 1, min(PROBES, len(codes))).astype(int)
    z = codes[probes]
    if log_var is not None:
        noise = np.random.default_rng(0).standard_normal(z.shape)
        z = z + np.exp(0.5 * log_var[probes].astype(np.float64)) * noise
    gaps = (z**2).sum(1)[:, None] - 2 * z @ codes.T + (codes**2).sum(1)
    gaps[np.arange(len(probes)), probes] = np.inf
    nearest = np.sqrt(np.maximum(gaps.min(1), 0))
    usual, far = np.quantile(nearest, (0.5, 0.95))
    return float(usual), float(far)
