"""The user's own data sets: where they lie, what they are, and their arrays, checked by hash.

    own.names()                       # ("kuzushiji", …)
    own.find("kuzushiji").class_names
    own.split("kuzushiji", "t10k")    # (10000, 28, 28) images, (10000,) labels

Each is a folder of `paths.own_data()`: MNIST's four files and dataset.json. `aemodels.pictures`
makes them of files from elsewhere.
"""

import gzip
import hashlib
import json
import re
import shutil
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from aemodels import paths
from aemodels.data.idx import DataError, parse_idx, to_idx
from aemodels.data.images import PIXELS, SIDE
from aemodels.data.sources import SOURCES, Source

MANIFEST, FORMAT = "dataset.json", 1
TRAIN, TEST = "train", "t10k"
FILES = tuple(
    f"{split}-{kind}-ubyte.gz" for split in (TRAIN, TEST) for kind in ("images-idx3", "labels-idx1")
)
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
# No file of these names can be made on Windows.
RESERVED = ("con", "prn", "aux", "nul")
# As many as MNIST has, which every page can show.
MOST_TRAIN, MOST_TEST = 60_000, 10_000
# Fewer have no five neighbours in a code's map, by which trustworthiness is measured.
FEWEST = 12
# EMNIST by class: ten digits, 26 capitals and 26 small letters.
MOST_CLASSES = 62
# Ten of the first test images, which are all that the map of a run shows.
EXAMPLES, EXAMPLES_AMONG = 10, 2000
LARGEST_MANIFEST, LONGEST_WORD, LONGEST_SENTENCE = 100_000, 40, 1000


def check_name(name: str) -> str:
    """The name, if one's own data set can have it. Raises DataError."""
    if name in SOURCES:
        raise DataError(f"data set {name}: comes with this project; choose another name")
    if not NAME.fullmatch(name) or name in RESERVED:
        shown = "".join(letter if letter.isprintable() else "?" for letter in name[:40])
        raise DataError(
            f"data set {shown!r}: a name has 1 to 40 small letters, digits and hyphens and starts "
            "with a letter or digit; for example kuzushiji"
        )
    return name


def folder(name: str) -> Path:
    """The folder of a data set of this name. Raises DataError if it can't be one's name."""
    return paths.own_data() / check_name(name)


def names() -> tuple[str, ...]:
    """The names of those that are here, sorted."""
    try:
        entries = [entry.name for entry in paths.own_data().iterdir()]
    except OSError:
        return ()
    return tuple(
        sorted(
            name
            for name in entries
            if NAME.fullmatch(name)
            and name not in SOURCES
            and (paths.own_data() / name / MANIFEST).is_file()
        )
    )


def find(name: str) -> Source:
    """What is known of a data set that is here. Raises DataError if it isn't, or is damaged."""
    path = folder(name) / MANIFEST
    try:
        if path.stat().st_size > LARGEST_MANIFEST:
            raise ValueError
        found = json.loads(path.read_text("utf-8"))
        if found["format"] != FORMAT:
            raise DataError(f"data set {name}: its format isn't {FORMAT}; update Latent Lab")
        files = found["files"]
        if set(files) != set(FILES):
            raise ValueError
        described = describe(found)
        hashes = {file: _hash(files[file]) for file in FILES}
    except FileNotFoundError:
        raise missing(name) from None
    except OSError as error:
        raise DataError(f"data set {name}: can't be read ({error.strerror})") from None
    except (ValueError, LookupError, TypeError, RecursionError):
        raise DataError(f"data set {name}: {MANIFEST} is damaged; {_again(name)}") from None
    return Source(sha256=hashes, **described)


def missing(name: str) -> DataError:
    """The error for a data set that is neither known nor here."""
    name = "".join(letter if letter.isprintable() else "?" for letter in name[:40])
    known = " or ".join(SOURCES)
    own = names()
    words = f", or one of your own: {', '.join(own)}" if own else ""
    return DataError(
        f"data set {name}: must be {known}{words}; `python -m aemodels data add` adds your pictures"
    )


def source(name: str) -> Source:
    """What is known of any data set by name. Raises DataError as `find` does."""
    return SOURCES[name] if name in SOURCES else find(name)


def describe(found: Mapping[str, Any]) -> dict[str, Any]:
    """The words and numbers of JSON about one's own data set, as `Source` takes them.

    Raises ValueError, LookupError or TypeError if one is missing or can't be right.
    """
    train = _count(found["train_count"], MOST_TRAIN)
    test = _count(found["test_count"], MOST_TEST)
    examples = tuple(_list(found["examples"], EXAMPLES))
    if len(examples) != EXAMPLES or not all(
        type(i) is int and 0 <= i < min(test, EXAMPLES_AMONG) for i in examples
    ):
        raise ValueError
    return {
        "title": _word(found["title"]),
        "class_names": class_names(found["class_names"]),
        "noun": _noun(found["noun"]),
        "plural": _noun(found["plural"]),
        "example_digits": examples,
        "train_count": train,
        "test_count": test,
        "pictures_sha256": _hash(found["pictures_sha256"]),
        "about": _word(found["about"], LONGEST_SENTENCE),
    }


def class_names(found: Any) -> tuple[str, ...]:
    """The names of classes in JSON, all different. Raises ValueError if they can't be right."""
    names = tuple(_word(name) for name in _list(found, MOST_CLASSES))
    if len(set(names)) != len(names):
        raise ValueError
    return names


def _noun(found: Any) -> str:
    """Letters alone, since pages put it into sentences of Markdown."""
    word = _word(found)
    if not all(part.isalpha() for part in word.split(" ")):
        raise ValueError
    return word


def facts(one: Source) -> dict[str, Any]:
    """The JSON that `describe` reads."""
    return {
        "title": one.title,
        "class_names": list(one.class_names),
        "noun": one.noun,
        "plural": one.plural,
        "examples": list(one.example_digits),
        "train_count": one.train_count,
        "test_count": one.test_count,
        "pictures_sha256": one.pictures_sha256,
        "about": one.about,
    }


def pack(one: Source, arrays: tuple[np.ndarray, ...]) -> tuple[Source, dict[str, bytes]]:
    """The files of a data set by name, and what is known of it, now with their hashes.

    `arrays` are training images (N, 28, 28), training labels (N,), test images, test labels, uint8.
    """
    contents = {file: to_idx(array) for file, array in zip(FILES, arrays, strict=True)}
    whole = hashlib.sha256()
    for content in contents.values():
        whole.update(content)
    # No time and no name in it: the same pictures make the same files.
    files = {file: gzip.compress(content, 3, mtime=0) for file, content in contents.items()}
    hashes = {file: hashlib.sha256(content).hexdigest() for file, content in files.items()}
    known = {**facts(one), "pictures_sha256": whole.hexdigest()}
    made = Source(sha256=hashes, **describe(known))
    text = json.dumps({"format": FORMAT, **known, "files": hashes}, indent=2, ensure_ascii=False)
    return made, {**files, MANIFEST: f"{text}\n".encode()}


def split(name: str, which: str) -> tuple[np.ndarray, np.ndarray]:
    """Images (N, 28, 28) and labels (N,) of `TRAIN` or `TEST`; labels are 0 where there are none.

    Raises DataError if the data set isn't here, or a file isn't what was added.
    """
    known = find(name)
    count = known.train_count if which == TRAIN else known.test_count
    shapes: tuple[tuple[int, ...], ...] = ((count, SIDE, SIDE), (count,))
    arrays = []
    for file, shape in zip((f for f in FILES if f.startswith(which)), shapes, strict=True):
        found = parse_idx(_unpacked(name, file, known.sha256[file], count), file)
        if found.shape != shape:
            raise DataError(f"{file} of {name}: has the shape {found.shape}; {_again(name)}")
        arrays.append(found)
    images, labels = arrays
    if int(labels.max()) >= max(1, len(known.class_names)):
        raise DataError(f"data set {name}: has labels without a class; {_again(name)}")
    return images, labels


def remove(name: str) -> None:
    """Delete a data set for good. Raises DataError if it isn't here, OSError if the disk fails."""
    path = folder(name)
    if path.is_symlink() or not (path / MANIFEST).is_file():
        raise missing(name)
    # Whatever stops the deletion, no half of it is taken for a data set.
    (path / MANIFEST).unlink()
    for file in FILES:
        (path / file).unlink(missing_ok=True)
    shutil.rmtree(path)


def _unpacked(name: str, file: str, expected: str, count: int) -> bytes:
    try:
        packed = (folder(name) / file).read_bytes()
    except OSError as error:
        raise DataError(f"{file} of {name}: {error.strerror}; {_again(name)}") from None
    if hashlib.sha256(packed).hexdigest() != expected:
        raise DataError(f"{file} of {name}: cut short or altered; {_again(name)}")
    try:
        # A manifest can vouch for a file that unpacks to any size.
        return zlib.decompressobj(wbits=31).decompress(packed, 16 + count * PIXELS + 1)
    except zlib.error:
        raise DataError(f"{file} of {name}: can't be unpacked; {_again(name)}") from None


def _again(name: str) -> str:
    return f"add it again after `python -m aemodels data remove {name}`"


def _word(value: Any, longest: int = LONGEST_WORD) -> str:
    if not isinstance(value, str) or not 0 <= len(value) <= longest or not value.isprintable():
        raise ValueError
    return value


def _list(value: Any, most: int) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise ValueError
    return value


def _count(value: Any, most: int) -> int:
    if type(value) is not int or not FEWEST <= value <= most:
        raise ValueError
    return value


def _hash(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError
    return value
