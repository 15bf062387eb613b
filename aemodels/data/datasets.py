"""MNIST and Fashion-MNIST from their IDX files, whole and checked, or an error with its remedy.

    from aemodels import data
    digits = data.load()
    images = data.to_vectors(digits.test_images)  # (10000, 784) float32 in [0, 1]
    clothes = data.load_test("fashion-mnist")     # `load` downloads its training split too

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
from aemodels.data import download
from aemodels.data.idx import DataError, parse_idx

HELD_OUT = 10_000


@dataclass(frozen=True)
class Source:
    """A known data set.

    Attributes
    ----------
    title : str
        Its name in print.
    class_names : tuple of str
        The ten classes, by label.
    sha256 : dict
        The hashes of the four compressed files, by name.
    downloaded : tuple of str
        Which of them aren't in the repository.
    address : str
        The folder on the web where they are.
    noun, plural : str
        The noun for what one image shows, and its plural.
    example_digits : tuple of int
        The first test image of each class, by label.
    """

    title: str
    class_names: tuple[str, ...]
    sha256: dict[str, str]
    downloaded: tuple[str, ...] = ()
    address: str = ""
    noun: str = "image"
    plural: str = "images"
    example_digits: tuple[int, ...] = ()


SOURCES = {
    "mnist": Source(
        title="MNIST",
        class_names=tuple("0123456789"),
        noun="digit",
        plural="digits",
        example_digits=(3, 2, 1, 18, 4, 8, 11, 0, 61, 7),
        sha256={
            "train-images-idx3-ubyte.gz": "0b367032e93c5d0cea0925647cfdb18614af8ee15f83e6f2fc2ad904a6835971",  # noqa: E501
            "train-labels-idx1-ubyte.gz": "1787548bbe0bff1ec2ecdc0ef292b02df999e2d1a6002d27500982c652b17203",  # noqa: E501
            "t10k-images-idx3-ubyte.gz": "1a1a05eab793c14bb050b398624a11b0ffd1a2953baed553b1b9bd079e2a20be",  # noqa: E501
            "t10k-labels-idx1-ubyte.gz": "b91679a0acfe4ba0e50a2437a903084cba1f5f92592b016a25a7dfd00455798b",  # noqa: E501
        },
    ),
    "fashion-mnist": Source(
        title="Fashion-MNIST",
        class_names=(
            "T-shirt/top",
            "Trouser",
            "Pullover",
            "Dress",
            "Coat",
            "Sandal",
            "Shirt",
            "Sneaker",
            "Bag",
            "Ankle boot",
        ),
        noun="garment",
        plural="clothes",
        example_digits=(19, 2, 1, 13, 6, 8, 4, 9, 18, 0),
        sha256={
            "train-images-idx3-ubyte.gz": "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",  # noqa: E501
            "train-labels-idx1-ubyte.gz": "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",  # noqa: E501
            "t10k-images-idx3-ubyte.gz": "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",  # noqa: E501
            "t10k-labels-idx1-ubyte.gz": "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",  # noqa: E501
        },
        downloaded=("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"),
        address="http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
    ),
}


@dataclass(frozen=True)
class Dataset:
    """Both splits of a data set; arrays are read-only.

    Attributes
    ----------
    name : str
        A key of `SOURCES`, which has the names of the ten classes.
    train_images, test_images : ndarray
        (N, 28, 28) uint8, from 0 for paper to 255 for ink.
    train_labels, test_labels : ndarray
        (N,) uint8, from 0 to 9.
    """

    name: str
    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray


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
    """Read all 60,000 training and 10,000 test images of "mnist" or "fashion-mnist".

    Parameters
    ----------
    name : str
        A key of `SOURCES`.
    folder : path-like
        Where its four files are. By default `paths.data()`; missing files are downloaded, once.
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
    return Dataset(name, *train, *test)


def load_test(name: str = "mnist", folder: Path | str | None = None) -> Split:
    """Read the 10,000 test images only, which are in the repository for both data sets.

    Raises DataError as `load` does.
    """
    images, labels = _split(name, folder, "t10k")
    return Split(name, images, labels, SOURCES[name].class_names)


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
    nothing = (array[:0] for array in train)
    return hold_out(Dataset(name, *train, *nothing), count)


def hold_out(dataset: Dataset, count: int = HELD_OUT) -> Dataset:
    """The data set with its last `count` training images as the test split, to choose settings on.

    The training split is the rest; the test images are left out. Raises ValueError unless both
    splits have an image.
    """
    images, labels = dataset.train_images, dataset.train_labels
    if not 0 < count < len(images):
        raise ValueError(f"count={count}: must be 1 to {len(images) - 1}")
    return replace(
        dataset,
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
        raise DataError(f"data set {name}: must be {' or '.join(SOURCES)}")
    find = partial(_find, name, watch) if folder is None else Path(folder).joinpath
    files = [file for file in SOURCES[name].sha256 if file.startswith(split)]
    own = folder is not None
    images, labels = (parse_idx(_read(name, find(file), own), file) for file in files)
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


def _read(name: str, path: Path, own: bool) -> bytes:
    """The unpacked bytes of a file; `own` if the caller named its folder."""
    source = SOURCES[name]
    remedy = f"restore it with: git checkout -- data/{name}"
    if paths.checkout() is None:
        remedy = "reinstall latent-lab"
    if path.name in source.downloaded:
        remedy = f"download it again from {source.address}{path.name}"
    elif own:
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
