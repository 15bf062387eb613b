"""MNIST, Fashion-MNIST and one's own pictures, whole and checked, or an error with its remedy.

    from aemodels import data
    digits = data.load()
    images = data.to_vectors(digits.test_images)  # (10000, 784) float32 in [0, 1]
    clothes = data.load_test("fashion-mnist")     # `load` downloads its training split too
    mine = data.load("kuzushiji")                 # once `python -m aemodels data add` has added it

Reading all 70,000 images of a data set takes about 0.2 s.
"""

import gzip
import hashlib
import zlib
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np

from aemodels import paths
from aemodels.data import download, own
from aemodels.data.idx import DataError, parse_idx
from aemodels.data.sources import SOURCES, Source

HELD_OUT = 10_000


@dataclass(frozen=True, eq=False)
class Dataset:
    """Both splits of a data set; arrays are read-only.

    Attributes
    ----------
    name : str
        A key of `SOURCES`, which has the names of the ten classes, or the name of one's own.
    train_images, test_images : ndarray
        (N, 28, 28) uint8, from 0 for paper to 255 for ink.
    train_labels, test_labels : ndarray
        (N,) uint8, from 0 to 9; of one's own pictures from 0 to the last class.
    source : Source
        What is known of it; None if the arrays are from elsewhere.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray
    source: Source | None = None


@dataclass(frozen=True)
class Split:
    """One split of a data set, with `class_names` by label; arrays as in `Dataset`."""

    name: str
    images: np.ndarray
    labels: np.ndarray
    class_names: tuple[str, ...]


def load(
    name: str = "mnist", folder: Path | str | None = None, watch: download.Watcher | None = None
) -> Dataset:
    """Read the training and test images: 60,000 and 10,000 of "mnist" and "fashion-mnist".

    Parameters
    ----------
    name : str
        A key of `SOURCES`, or the name of one's own data set (`own.names()`).
    folder : path-like
        Where the four files of a known data set are. By default `paths.data()`; missing files are
        downloaded, once.
    watch : callable
        Called as `watch(file, bytes_done, bytes_in_all)` during a download.

    Returns
    -------
    Dataset

    Raises
    ------
    DataError
        If a file is missing and can't be downloaded, is cut short or altered, by the SHA-256 of the
        compressed file.
    """
    train, test = (_split(name, folder, split, watch) for split in ("train", "t10k"))
    return Dataset(name, *train, *test, own.source(name))


def load_test(name: str = "mnist", folder: Path | str | None = None) -> Split:
    """Read the test images only: 10,000, which are in the repository for both known data sets.

    Raises DataError as `load` does.
    """
    images, labels = _split(name, folder, "t10k")
    return Split(name, images, labels, own.source(name).class_names)


def load_for_choices(
    name: str = "mnist",
    folder: Path | str | None = None,
    watch: download.Watcher | None = None,
    count: int = HELD_OUT,
) -> Dataset:
    """Read the training split only, with its last `count` images held out as the test split.

    Raises DataError as `load` does.
    """
    train = _split(name, folder, "train", watch)
    images, labels = train
    whole = Dataset(name, images, labels, images[:0], labels[:0], own.source(name))
    return hold_out(whole, count)


def hold_out(dataset: Dataset, count: int = HELD_OUT) -> Dataset:
    """The data set with its last `count` training images as the test split, to choose settings on.

    The training split is the rest; the test images are left out. Raises ValueError unless both
    splits have an image.
    """
    images, labels = dataset.train_images, dataset.train_labels
    if not 0 < count < len(images):
        raise ValueError(f"count={count}: must be 1 to {len(images) - 1}")
    source = dataset.source
    if source and source.own:
        # Its examples were test images that are left out.
        first = tuple(range(min(count, len(source.example_digits))))
        source = replace(
            source, train_count=len(images) - count, test_count=count, example_digits=first
        )
    return replace(
        dataset,
        source=source,
        train_images=images[:-count],
        train_labels=labels[:-count],
        test_images=images[-count:],
        test_labels=labels[-count:],
    )


def _split(
    name: str, folder: Path | str | None, split: str, watch: download.Watcher | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Images and labels of the files whose names begin with `split`: "train" or "t10k"."""
    if name not in SOURCES:
        if not own.NAME.fullmatch(name):
            raise own.missing(name)
        if folder is not None:
            known = " or ".join(SOURCES)
            raise DataError(
                f"data set {name}: is read from where it was added; leave the folder out, "
                f"which is for {known}"
            )
        return own.split(name, split)
    find = partial(_find, name, watch) if folder is None else Path(folder).joinpath
    files = [file for file in SOURCES[name].sha256 if file.startswith(split)]
    named = folder is not None
    images, labels = (parse_idx(_read(name, find(file), named), file) for file in files)
    return images, labels


def _find(name: str, watch: download.Watcher | None, file: str) -> Path:
    """The path of `file`, downloaded if necessary."""
    source = SOURCES[name]
    path = paths.data() / name / file
    if path.exists() or file not in source.downloaded:
        return path
    # Where the data folder can't be written to, or is part of an installed package.
    elsewhere = paths.home() / "data" / name / file
    if elsewhere.exists():
        return elsewhere
    installed = path.is_relative_to(paths.INSTALLED)
    here = not installed and download.writable(path.parent)
    folder = path.parent if here else elsewhere.parent
    try:
        return download.fetch(source.address + file, source.sha256[file], folder, watch)
    except download.DownloadError as error:
        raise DataError(
            f"{file} of {source.title}: could not be downloaded from {source.address} ({error}); "
            f"try again, or name a folder with its four files, or copy them into data/{name}"
        ) from None


def _read(name: str, path: Path, named: bool) -> bytes:
    """The unpacked bytes of a file; `named` if the caller named its folder."""
    source = SOURCES[name]
    remedy = f"restore it with: git checkout -- data/{name}"
    if paths.checkout() is None:
        remedy = "reinstall latent-lab"
    if path.name in source.downloaded:
        remedy = f"download it again from {source.address}{path.name}"
    elif named:
        remedy = f"copy the data set's four files there, or leave the folder out to use data/{name}"
    try:
        packed = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{path.name}: missing from {path.parent.name}; {remedy}") from None
    except OSError as error:
        raise DataError(f"{path.name}: can't be read ({error.strerror}); {remedy}") from None
    digest, found = source.sha256[path.name], hashlib.sha256(packed).hexdigest()
    if found != digest:
        others = [other for other in SOURCES if SOURCES[other].sha256.get(path.name) == found]
        if others:
            raise DataError(
                f"{path.name}: belongs to {others[0]}, not {name}; give the folder of {name}"
            )
        raise DataError(
            f"{path.name}: cut short or altered, {len(packed):,} bytes with SHA-256 {found[:12]}…, "
            f"expected {digest[:12]}…; {remedy}"
        )
    try:
        return gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path.name}: can't be unpacked ({error}); {remedy}") from None
