"""The reader's files: weights.safetensors, reader.onnx, and reader.json, which vouches for both.

Reading them loads no PyTorch.
"""

import json
import struct
from collections.abc import Mapping
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
from aemodels.models.onnx_messages import Stored
from aemodels.reader.layers import graph, shapes

MANIFEST, GRAPH = "reader.json", "reader.onnx"
FILES = (WEIGHTS, GRAPH)
FORMAT = 1
# A picture is legible if the reader gives one class at least this probability.
LEGIBLE = 0.9


class ReaderError(Exception):
    """The reader can't be used; the message is one line: the file, the problem, the remedy."""


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
        The data set whose classes it reads, a key of `aemodels.data.SOURCES`.
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

    def to_bytes(self) -> bytes:
        """The file's content. Raises ValueError if a number is NaN or infinite."""
        records = {
            name: {"sha256": found.sha256, "bytes": found.size}
            for name, found in self.files.items()
        }
        content = {"format": FORMAT, **asdict(self), "files": records}
        return f"{json.dumps(content, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()


def read_manifest(folder: Path | str | None = None) -> Manifest:
    """reader.json of a folder, by default that of the project. Raises ReaderError."""
    content = _bytes(_folder(folder), MANIFEST)
    try:
        found = json.loads(content)
        if found.pop("format") != FORMAT:
            raise ReaderError(f"{MANIFEST}: is not of format {FORMAT}; update Latent Lab")
        files = {
            name: FileRecord(record["bytes"], record["sha256"])
            for name, record in found.pop("files").items()
        }
        return Manifest(**found | {"test": Measured(**found["test"]), "files": files})
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ReaderError(f"{MANIFEST}: is damaged; {_remedy()}") from None


def read(folder: Path | str | None = None) -> tuple[Manifest, dict[str, np.ndarray]]:
    """The manifest, and the weights by name, float32. Raises ReaderError."""
    place = _folder(folder)
    manifest = read_manifest(place)
    content = _bytes(place, WEIGHTS)
    try:
        manifest.files[WEIGHTS].check(WEIGHTS, content)
        weights = safetensors.numpy.load(content)
    except (BundleError, safetensors.SafetensorError, LookupError) as error:
        raise ReaderError(f"{WEIGHTS} of the reader: {error}; {_remedy()}") from None
    if {name: array.shape for name, array in weights.items()} != shapes():
        raise ReaderError(f"{WEIGHTS} of the reader: is of another network; {_remedy()}")
    return manifest, weights


def contents(weights: Mapping[str, np.ndarray]) -> dict[str, bytes]:
    """The bytes of each of `FILES`, by name, from float32 weights by name."""
    content = safetensors.numpy.save(dict(weights))
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    stored = {}
    for name in shapes():
        begin, end = header[name]["data_offsets"]
        stored[name] = Stored(WEIGHTS, 8 + length + begin, end - begin)
    return {WEIGHTS: content, GRAPH: graph(stored)}


def check_output(path: Path, overwrite: bool) -> None:
    """Raise atomic.OutputError if `write` would; leaves nothing behind."""
    atomic.check(path, (*FILES, MANIFEST), overwrite)


def write(path: Path, manifest: Manifest, files: Mapping[str, bytes], overwrite: bool) -> None:
    """Write all three files, or none. Raises atomic.OutputError, or OSError if the disk fails."""
    atomic.write(path, {**files, MANIFEST: manifest.to_bytes()}, overwrite)


def _folder(folder: Path | str | None) -> Path:
    return paths.reader() if folder is None else Path(folder)


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise ReaderError(f"{name} of the reader: {error.strerror}; {_remedy()}") from None


def _remedy() -> str:
    if paths.checkout() is None:
        return "reinstall latent-lab"
    return "restore it with: git checkout -- reader"
