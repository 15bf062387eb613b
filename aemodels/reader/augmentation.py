"""What the reader is trained on besides digits as they are: distorted ones, blends, and no digits.

Images are (N, 784) in [0, 1], targets (N, 10) the probability of each class.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from aemodels.data.images import PIXELS, SIDE

TURN = 0.26  # radians, 15 degrees
SCALE, SHEAR, SHIFT = 0.15, 0.15, 2.0  # shares; pixels
PALEST = 0.6  # of the ink
TILE = 7  # pixels
COARSE = (4, 7, 14, 28)  # sides of the grids that noise comes from


def distort(images: Tensor, generator: torch.Generator) -> Tensor:
    """Turn, scale, shear and shift each image; some become softer and paler, as decoders draw."""
    count = len(images)
    angle, shear = (_spread(count, size, generator) for size in (TURN, SHEAR))
    scales = 1 + _spread(count, SCALE, generator), 1 + _spread(count, SCALE, generator)
    cos, sin = angle.cos(), angle.sin()
    # From the place of a pixel to the place that it shows, in halves of the image's side.
    theta = torch.stack(
        [
            torch.stack([cos * scales[0], shear - sin, _spread(count, SHIFT / 14, generator)], 1),
            torch.stack([sin, cos * scales[1], _spread(count, SHIFT / 14, generator)], 1),
        ],
        dim=1,
    )
    shape = (count, 1, SIDE, SIDE)
    grid = F.affine_grid(theta, list(shape), align_corners=False)
    moved = F.grid_sample(images.reshape(shape), grid, align_corners=False)
    # Two means over 2 x 2 pixels weigh 3 x 3 of them as (1, 2, 1) does in both directions.
    soft = F.avg_pool2d(F.avg_pool2d(F.pad(moved, (1, 1, 1, 1)), 2, stride=1), 2, stride=1)
    share = torch.rand(count, 1, 1, 1, generator=generator) * _coin(count, generator)
    ink = 1 - (1 - PALEST) * torch.rand(count, 1, 1, 1, generator=generator)
    return (ink * torch.lerp(moved, soft, share)).reshape(count, PIXELS)


def mix(images: Tensor, targets: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Blend each image with another, and the targets in the same ratio λ ~ U(0, 1).

    Zhang et al. 2018, "mixup: Beyond empirical risk minimization", equation 1 with α = 1. Networks
    trained on blends are less sure of what they don't know (Thulasidasan et al. 2019).
    """
    others = torch.randperm(len(images), generator=generator)
    ratio = torch.rand(len(images), 1, generator=generator)
    return (
        torch.lerp(images[others], images, ratio),
        torch.lerp(targets[others], targets, ratio),
    )


def no_digits(digits: Tensor, generator: torch.Generator) -> Tensor:
    """As many pictures that show no digit: empty, noise of any coarseness, or pieces of `digits`.

    For these the target is the same for all classes: Hendrycks et al. 2019, "Deep anomaly detection
    with outlier exposure", section 3.
    """
    empty, noise, pieces = (len(part) for part in digits.tensor_split(3))
    level = torch.rand(empty, 1, generator=generator) * _coin(empty, generator).reshape(-1, 1)
    return torch.cat(
        [
            level.expand(-1, PIXELS),
            _noise(noise, generator),
            _shuffled_tiles(digits[:pieces], generator),
        ]
    )


def _noise(count: int, generator: torch.Generator) -> Tensor:
    side = COARSE[int(torch.randint(len(COARSE), (), generator=generator))]
    grid = torch.rand(count, 1, side, side, generator=generator)
    # A high power makes most of it paper, as most of a digit is.
    power = 4 * torch.rand(count, 1, 1, 1, generator=generator) + 0.5
    grown = F.interpolate(grid**power, size=(SIDE, SIDE), mode="bilinear", align_corners=False)
    return grown.reshape(count, PIXELS)


def _shuffled_tiles(digits: Tensor, generator: torch.Generator) -> Tensor:
    """Squares of 7 pixels, each from some image and some place."""
    per_side = SIDE // TILE
    tiles = digits.reshape(-1, per_side, TILE, per_side, TILE).transpose(2, 3)
    tiles = tiles.reshape(-1, TILE, TILE)
    tiles = tiles[torch.randperm(len(tiles), generator=generator)]
    back = tiles.reshape(-1, per_side, per_side, TILE, TILE).transpose(2, 3)
    return back.reshape(-1, PIXELS)


def _spread(count: int, size: float, generator: torch.Generator) -> Tensor:
    """(count,) uniform from -size to size."""
    return (2 * torch.rand(count, generator=generator) - 1) * size


def _coin(count: int, generator: torch.Generator) -> Tensor:
    """(count, 1, 1, 1) zeros and ones."""
    return torch.randint(2, (count, 1, 1, 1), generator=generator).float()
