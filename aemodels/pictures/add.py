"""From files to a data set of one's own: read, brought to 28x28, split, checked, stored whole."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from aemodels.bundles import atomic
from aemodels.data import Source, own
from aemodels.pictures import classes, csv_file, idx_files, image_folder, npz, splits
from aemodels.pictures.budget import Budget
from aemodels.pictures.raw import LARGEST_FILE, Part, PicturesError, Raw, read_bytes, shown
from aemodels.pictures.sizes import PLAIN, WAYS, Bringer

# What stands for a path: the 8x8 digits that come with scikit-learn.
SCIKIT_LEARN = "scikit-learn-digits"
TEST_SHARE = 0.2


def add(
    name: str,
    path: Path | str,
    *,
    test: Path | str | None = None,
    resize: str = PLAIN,
    invert: bool = False,
    test_share: float = TEST_SHARE,
    seed: int = 0,
    class_names: Sequence[str] | None = None,
    title: str = "",
    budget: Budget | None = None,
) -> Source:
    """Make a data set of one's own from pictures elsewhere.

    Parameters
    ----------
    name : str
        Its name: small letters, digits and hyphens.
    path : path-like
        IDX files (the file of training pictures, or the folder), an .npz file, a CSV file, a folder
        of PNG and JPEG pictures; or `SCIKIT_LEARN`.
    test : path-like
        The pictures to test on, if they are in a file or folder of their own.
    resize : str
        How pictures of other sizes than 28x28 are brought to it; see `sizes.Bringer`.
    invert : bool
        Whether dark and light are exchanged, for dark ink on light paper.
    test_share : float
        The share of each class to test on, unless the files have a test split.
    seed : int
        Of that draw.
    class_names : sequence of str
        Names of the classes, in the order of their labels; by default those in the files, else the
        labels.
    title : str
        Its name in print, by default `name`.
    budget : Budget
        How much may be read; by default 1 GiB, unpacked, and any number of pixels.

    Returns
    -------
    Source
        What is known of it from now on; `aemodels.data.load(name)` reads it.

    Raises
    ------
    DataError
        If the pictures can't be used, or there is a data set of this name.
    OSError
        If the disk fails.
    """
    _check_free(name)
    bringer = _bringer(resize, invert, budget or Budget())
    if not 0.01 <= test_share <= 0.9:
        raise PicturesError(f"a test share of {test_share:g}: must be from 0.01 to 0.9")
    raw = _read_both(path, test, bringer)
    parts = [raw.train] if raw.test is None else [raw.train, raw.test]
    names, labels = classes.of(parts, raw.names, class_names)
    bringer.count(part.images for part in parts if not part.brought)
    pictures = [
        splits.Labelled(part.images if part.brought else bringer.all(part.images), found)
        for part, found in zip(parts, labels, strict=True)
    ]
    if len(pictures) == 1:
        made = splits.drawn(pictures[0], test_share, seed)
    else:
        made = splits.given(pictures[0], pictures[1], seed)
    about = " ".join([*(f"{note}." for note in raw.notes), bringer.about(), made.about])
    return _store(name, title or name, names, made, about)


def _check_free(name: str) -> None:
    """Raise DataError if no data set can have this name, or one has it."""
    folder = own.folder(name)
    if name in own.names():
        raise PicturesError(
            f"data set {name}: exists already; choose another name, or remove it first: "
            f"python -m aemodels data remove {name}"
        )
    if folder.is_symlink() or folder.exists():
        raise PicturesError(
            f"data set {name}: its folder exists, but without {own.MANIFEST}; choose another name, "
            f"or delete {name} in {folder.parent.name}"
        )


def _store(
    name: str, title: str, class_names: tuple[str, ...], made: splits.Splits, about: str
) -> Source:
    """Write the data set whole; what is known of it from now on. Raises DataError and OSError."""
    source = Source(
        title=title,
        class_names=class_names,
        sha256={},
        noun="picture",
        plural="pictures",
        example_digits=splits.examples(made.test.labels),
        train_count=len(made.train.labels),
        test_count=len(made.test.labels),
        pictures_sha256="0" * 64,
        about=about,
    )
    arrays = made.train.images, made.train.labels, made.test.images, made.test.labels
    try:
        source, files = own.pack(source, arrays)
    except ValueError:
        raise PicturesError(
            f"the title {title[:60]!r}: up to {own.LONGEST_WORD} letters on one line are needed"
        ) from None
    folder = own.folder(name)
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        atomic.write(folder, files)
    except atomic.OutputError:
        # Another one of this name may have been added while the pictures were read.
        _check_free(name)
        raise PicturesError(
            f"data set {name}: can't be stored, since the folder {folder.parent.name} can't be "
            "written to; permit that, or set LATENT_LAB_HOME to a folder that can"
        ) from None
    return source


def _bringer(resize: str, invert: bool, budget: Budget) -> Bringer:
    if resize not in WAYS:
        raise PicturesError(f"resizing {resize[:40]}: must be {' or '.join(WAYS)}")
    if invert and resize != PLAIN:
        raise PicturesError(
            "MNIST's preparation finds the ink by itself, dark or light; leave inverting out"
        )
    return Bringer(resize, invert, budget)


def _read_both(path: Path | str, test: Path | str | None, bringer: Bringer) -> Raw:
    """The pictures, and those to test on if they are elsewhere, with labels that agree."""
    raw = _read(path, bringer)
    if test is None:
        return raw
    return replace(raw, test=classes.aligned(_read(test, bringer), raw))


def _read(path: Path | str, bringer: Bringer) -> Raw:
    """The pictures, by what the path is: a folder, or a file by its name and first bytes."""
    if str(path) == SCIKIT_LEARN:
        return _scikit_learn()
    path = Path(path)
    if path.is_symlink():
        raise PicturesError(f"{shown(path)}: is a symbolic link; give what it points to")
    if path.is_dir():
        names = list(_some(path))
        if any(each.is_file() and idx_files.is_idx(each) for each in names):
            return idx_files.read(path, bringer.budget)
        return image_folder.read(path, bringer)
    if not path.exists():
        raise PicturesError(
            f"{shown(path)}: there is no such file; a file, a folder or {SCIKIT_LEARN} is needed"
        )
    name = path.name.lower().removesuffix(".gz")
    if name.endswith(".csv"):
        return csv_file.read(path, bringer.budget)
    if name.endswith(".npz"):
        return npz.read(path, bringer.budget)
    start = read_bytes(path)[:4] if path.stat().st_size <= LARGEST_FILE else b""
    if idx_files.is_idx(path) or start[:3] in (b"\0\0\x08", b"\x1f\x8b\x08"):
        return idx_files.read(path, bringer.budget)
    remedy = "; unpack the zip, and give what it holds" * name.endswith(".zip")
    raise PicturesError(
        f"{shown(path)}: IDX files, .npz, .csv or a folder of PNG and JPEG pictures is needed"
        f"{remedy}"
    )


def _some(path: Path) -> list[Path]:
    """The first entries of a folder."""
    found = []
    for entry in path.iterdir():
        found.append(entry)
        if len(found) >= image_folder.MOST_ENTRIES:
            break
    return found


def _scikit_learn() -> Raw:
    """1,797 digits of 8x8 pixels with 17 grey levels; Alpaydin and Kaynak 1998, UCI."""
    from sklearn.datasets import load_digits

    found = load_digits()
    levels = np.rint(found.images * 255 / 16).astype(np.uint8)
    return Raw(Part(levels, [int(label) for label in found.target]))
