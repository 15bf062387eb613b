"""Images that stay where the model is, as bytes, until a batch of them is needed."""

import numpy as np
import torch
from torch import Tensor

from aemodels.config import Augmentation
from aemodels.data.images import PIXELS
from aemodels.training.augmentation import augment


class Resident:
    """Images (N, 784) uint8 on the device, a quarter of float32's size, and labels (N,).

    `binarisation` is that of `DataSettings`; augmented are only images to train on.
    """

    def __init__(
        self,
        images: np.ndarray,
        labels: np.ndarray | None,
        binarisation: str,
        device: torch.device,
        augmentation: Augmentation | None = None,
    ) -> None:
        self._pixels = torch.tensor(images.reshape(len(images), PIXELS), device=device)
        self._labels = (
            None if labels is None else torch.tensor(labels, dtype=torch.int64, device=device)
        )
        self._binarisation = binarisation
        self._augmentation = augmentation

    def __len__(self) -> int:
        return len(self._pixels)

    def take(
        self, indices: Tensor, noise: torch.Generator, progress: Tensor | float = 1.0
    ) -> Tensor:
        """Those images (n, 784) float32 in [0, 1]; augmented and stochastic ones are drawn anew
        each time. `progress` is that of `Batch`.
        """
        # index_select, as plain indexing of uint8 is many times slower on a CPU.
        pixels = self._pixels.index_select(0, indices).float().div_(255)
        if self._augmentation is not None:
            pixels = augment(pixels, self._augmentation, noise, progress)
        if self._binarisation == "threshold":
            return (pixels > 0.5).float()
        if self._binarisation == "stochastic":
            return torch.bernoulli(pixels, generator=noise)
        return pixels

    def labels_of(self, indices: Tensor) -> Tensor | None:
        """Their labels (n,), if there are any."""
        return None if self._labels is None else self._labels[indices]
