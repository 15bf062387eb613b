"""Files as others publish them, written by gzip, struct, csv, NumPy and Pillow alone."""

import gzip
import struct
from pathlib import Path

import numpy as np


def pictures(count: int, height: int = 28, width: int = 28, seed: int = 0) -> np.ndarray:
    """(count, height, width) uint8 noise, no two alike."""
    return np.random.default_rng(seed).integers(0, 256, (count, height, width), np.uint8)


def labels(count: int, classes: int = 3) -> np.ndarray:
    """0, 1, 2, 0, 1, …"""
    return (np.arange(count) % classes).astype(np.uint8)


def write_idx(path: Path, array: np.ndarray) -> Path:
    """An IDX file as LeCun's page describes it, packed if its name ends in .gz."""
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    content = header + array.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def write_mnist(folder: Path, train: int = 60, test: int = 30, ending: str = ".gz") -> None:
    """Four files of MNIST's names."""
    folder.mkdir(exist_ok=True)
    for split, count, seed in (("train", train, 1), ("t10k", test, 2)):
        write_idx(folder / f"{split}-images-idx3-ubyte{ending}", pictures(count, seed=seed))
        write_idx(folder / f"{split}-labels-idx1-ubyte{ending}", labels(count))
