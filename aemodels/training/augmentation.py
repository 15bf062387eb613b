"""Augmentation: images shifted and rotated at random while a model is trained.

    moved = augment(images, Augmentation(augmented_share=0.5), generator, progress=0.3)

Simard et al. 2003, "Best practices for convolutional neural networks applied to visual document
analysis", section 2, has the affine distortions of digits; bilinear interpolation, as there.
"""

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from aemodels.config import Augmentation
from aemodels.data.images import PIXELS, SIDE


def augment(
    images: Tensor, settings: Augmentation, generator: torch.Generator, progress: Tensor | float
) -> Tensor:
    """Shift and rotate the first images of a batch in random order, (N, 784) in [0, 1] -> the same.

    `progress` is that of `Batch`: a number, or a float64 scalar on the device. The draws don't
    depend on it, so that either way the generator continues alike.
    """
    count = round(settings.augmented_share * len(images))
    if not settings.active or not count:
        return images
    device, most = images.device, settings.largest_shift
    shifts = torch.randint(-most, most + 1, (2, count), generator=generator, device=device)
    turns = 2 * torch.rand(count, generator=generator, device=device) - 1
    end = settings.augmented_until
    # Whoever sets no end wants none in a training that is continued either: its progress is 1.
    going_on = True if end == 1 else progress < end
    if going_on is False:
        return images
    angles = turns * math.radians(settings.largest_rotation)
    moved = move(images[:count], shifts[0], shifts[1], angles)
    if isinstance(going_on, Tensor):
        moved = torch.where(going_on, moved, images[:count])
    return torch.cat([moved, images[count:]])


def move(images: Tensor, right: Tensor, down: Tensor, angles: Tensor) -> Tensor:
    """Rotate each image (N, 784) about its centre, then shift it; paper comes in from outside.

    `right` and `down` (N,) are in pixels, `angles` (N,) in radians, clockwise.
    """
    places = torch.arange(SIDE, device=images.device) - (SIDE - 1) / 2
    # x + iy from the centre, in halves of the side: where each pixel's ink comes from.
    turned = torch.polar(torch.full_like(angles, 2 / SIDE), -angles)[:, None]
    columns = turned * (places - right[:, None])  # (N, 28)
    rows = turned * 1j * (places - down[:, None])
    sources = torch.view_as_real(columns[:, None, :] + rows[:, :, None])  # (N, 28, 28, 2)
    pictures = images.reshape(-1, 1, SIDE, SIDE)
    return F.grid_sample(pictures, sources, align_corners=False).reshape(-1, PIXELS)
