"""The reader's files: weights.safetensors, reader.onnx, and reader.json, which vouches for both.

Reading them loads no PyTorch.
"""

import json
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from aemodels import paths
from aemodels.bundles import atomic
from aemodels.bundles.checks import BundleError
from aemodels.bundles.manifest import WEIGHTS, FileRecord
from aemodels.data import SOURCES, Source, own
from aemodels.models.onnx_messages import Stored
from aemodels.reader.layers import CLASSES, graph, shapes

MANIFEST, GRAPH = "reader.json", "reader.onnx"
FILES = (WEIGHTS, GRAPH)
FORMAT = 1
DIGITS = SOURCES["mnist"].class_names
# Below the folder of a data set of one's own.
FOLDER = "reader"
# A picture is legible if the reader gives one class at least this probability.
LEGIBLE = 0.9


class ReaderError(Exception):
    """A reader can't be used or trained; the message is one line: what, the problem, the remedy."""


@dataclass(frozen=True)
class Measured:
    """The reader's numbers on the test images, none of which it was trained or calibrated on.

    Attributes
    ----------
    images : int
        How many test images.
    accuracy : float
        The share that is read right.
    calibration_error : float
        The expected calibration error, see `aemodels.reader.calibration`.
    negative_log_likelihood : float
        Mean over images, nats.
    legible : float
        The share that is read with a probability of at least `LEGIBLE`.
    """

    images: int
    accuracy: float
    calibration_error: float
    negative_log_likelihood: float
    legible: float


@dataclass(frozen=True)
class Manifest:
    """The content of reader.json.

    Attributes
    ----------
    dataset : str
        The data set whose classes it reads, a key of `aemodels.data.SOURCES` or the name of one's
        own.
    data_sha256 : dict
        The hashes of the data set's files.
    held_out : int
        How many training images, the last ones, only chose and calibrated it.
    temperature : float
        Fitted on those, and divided into the weights of the last layer.
    training : dict
        Epochs, seconds, device, precision, threads and settings.
    test : Measured
        Its numbers.
    versions : dict
        The versions of the libraries that made it, by name.
    command : str
        The shell command that makes it again.
    files : dict
        Size and SHA-256 of each file, by name.
    class_names : tuple of str
        The classes that it reads, by label; by default the digits.
    pictures_sha256 : str
        Of one's own data set: the hash of its pictures, as in `aemodels.data.Source`.
    """

    dataset: str
    data_sha256: dict[str, str]
    held_out: int
    temperature: float
    training: dict[str, Any]
    test: Measured
    versions: dict[str, str]
    command: str
    files: dict[str, FileRecord]
    class_names: tuple[str, ...] = DIGITS
    pictures_sha256: str = ""

    def to_bytes(self) -> bytes:
        """The file's content. Raises ValueError if a number is NaN or infinite."""
        records = {
            name: {"sha256": found.sha256, "bytes": found.size}
            for name, found in self.files.items()
        }
        content = {"format": FORMAT, **asdict(self), "files": records}
        return f"{json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()


def folder_of(dataset: str) -> Path:
    """Where the reader of a data set's classes is, if it has one: that of the project reads MNIST's
    digits, and each data set of one's own has its own. Raises DataError if it can't be one's name.
    """
    return paths.reader() if dataset in SOURCES else own.folder(dataset) / FOLDER


def find(dataset: str, source: Source, beside: Path | None = None) -> tuple[Path, Manifest] | None:
    """The folder and the manifest of the reader of a data set's classes: that of `folder_of`, or of
    one's own the one that came with a model, in the folder `beside` its bundle; None without one.
    """
    places = [folder_of(dataset)]
    if source.own and beside is not None:
        places.append(beside / FOLDER)
    for place in places:
        try:
            found = read_manifest(place)
        except ReaderError:
            continue
        if (found.dataset, found.pictures_sha256) == (dataset, source.pictures_sha256):
            return place, found
    return None


def read_manifest(folder: Path | str | None = None) -> Manifest:
    """reader.json of a folder, by default that of the project. Raises ReaderError."""
    content = _bytes(_folder(folder), MANIFEST)
    try:
        if len(content) > own.LARGEST_MANIFEST:
            raise ValueError
        found = json.loads(content)
        if found.pop("format") != FORMAT:
            raise ReaderError(f"{MANIFEST}: is not of format {FORMAT}; update Latent Lab")
        files = {
            name: FileRecord(record["bytes"], record["sha256"])
            for name, record in found.pop("files").items()
        }
        names = own.class_names(found.get("class_names", [*DIGITS]))
        known = {"test": Measured(**found["test"]), "files": files, "class_names": names}
        return Manifest(**found | known)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise ReaderError(f"{MANIFEST}: is damaged; {_remedy(folder)}") from None


def read(folder: Path | str | None = None) -> tuple[Manifest, dict[str, np.ndarray]]:
    """The manifest, and the weights by name, float32. Raises ReaderError."""
    place = _folder(folder)
    manifest = read_manifest(place)
    content = _bytes(place, WEIGHTS)
    try:
        manifest.files[WEIGHTS].check(WEIGHTS, content)
        weights = safetensors.numpy.load(content)
    except (BundleError, safetensors.SafetensorError, LookupError) as error:
        raise ReaderError(f"{WEIGHTS} of the reader: {error}; {_remedy(folder)}") from None
    if {name: array.shape for name, array in weights.items()} != shapes(len(manifest.class_names)):
        raise ReaderError(f"{WEIGHTS} of the reader: is of another network; {_remedy(folder)}")
    return manifest, weights


def contents(weights: Mapping[str, np.ndarray], classes: int = CLASSES) -> dict[str, bytes]:
    """The bytes of each of `FILES`, by name, from float32 weights by name."""
    content = safetensors.numpy.save(dict(weights))
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    stored = {}
    for name in shapes(classes):
        begin, end = header[name]["data_offsets"]
        stored[name] = Stored(WEIGHTS, 8 + length + begin, end - begin)
    return {WEIGHTS: content, GRAPH: graph(stored, classes)}


def adopt(source: Path, dataset: str, pictures_sha256: str) -> dict[str, bytes]:
    """The files of a reader from elsewhere, written anew: the graph from the weights, the manifest
    from what was understood of it.

    Raises ReaderError if it is damaged, or doesn't read the classes of the data set with that hash.
    """
    manifest, weights = read(source)
    if (manifest.dataset, manifest.pictures_sha256) != (dataset, pictures_sha256):
        raise ReaderError(f"{MANIFEST}: the reader is of other pictures than the model")
    if not all(
        array.dtype == np.float32 and np.isfinite(array).all() for array in weights.values()
    ):
        raise ReaderError(f"{WEIGHTS} of the reader: holds other numbers than finite float32")
    shares = (manifest.test.accuracy, manifest.test.calibration_error, manifest.test.legible)
    if not all(isinstance(share, float) and 0 <= share <= 1 for share in shares):
        raise ReaderError(f"{MANIFEST}: its numbers aren't shares from 0 to 1")
    files = contents(weights, len(manifest.class_names))
    made = Manifest(
        dataset=dataset,
        data_sha256={},
        held_out=0,
        temperature=1.0,
        training={},
        test=Measured(0, *shares[:2], 0.0, shares[2]),
        versions={},
        command="",
        files={name: FileRecord.of(content) for name, content in files.items()},
        class_names=manifest.class_names,
        pictures_sha256=pictures_sha256,
    )
    return {**files, MANIFEST: made.to_bytes()}


def check_output(path: Path, overwrite: bool) -> None:
    """Raise atomic.OutputError if `write` would; leaves nothing behind."""
    atomic.check(path, (*FILES, MANIFEST), overwrite)


def write(
    path: Path,
    manifest: Manifest,
    files: Mapping[str, bytes],
    overwrite: bool,
    *,
    parents: bool = True,
) -> None:
    """Write all three files, or none; `parents` as in `atomic.write`. Raises atomic.OutputError, or
    OSError if the disk fails.
    """
    atomic.write(path, {**files, MANIFEST: manifest.to_bytes()}, overwrite, parents=parents)


def undo(path: Path) -> None:
    """Delete a reader that was written beside pictures that are gone; and the folder that they were
    in, unless it holds others now. Raises nothing.
    """
    with suppress(OSError):
        for name in (*FILES, MANIFEST):
            (path / name).unlink(missing_ok=True)
        path.rmdir()
        path.parent.rmdir()


def _folder(folder: Path | str | None) -> Path:
    return paths.reader() if folder is None else Path(folder)


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        remedy = _remedy(folder)
        raise ReaderError(f"{name} of the reader: {error.strerror}; {remedy}") from None


def _remedy(folder: Path | str | None) -> str:
    place = _folder(folder)
    if place.is_relative_to(paths.own_data()):
        return f"train it again: python -m aemodels train-reader --dataset {place.parent.name}"
    if place != paths.reader():
        return "save it again where it came from"
    if paths.checkout() is None:
        return "reinstall latent-lab"
    return "restore it with: git checkout -- reader"
