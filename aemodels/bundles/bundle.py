"""A bundle: one trained model as a folder of five files, read and written without PyTorch.

    shelf = bundle.scan("zoo")          # what can be used, and what can't and why
    vae = bundle.read("zoo/vae-2")
    mean, log_var = vae.codes()         # of the 10,000 test images

Reading trusts nothing: hashes, sizes, shapes and numbers are checked, and no format in here can
hold code.
"""

import hashlib
import io
import json
import math
import re
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from aemodels.bundles import atomic
from aemodels.config import Config, SettingError
from aemodels.data import SOURCES
from aemodels.families import FAMILIES

FORMAT = 2
MANIFEST = "bundle.json"
WEIGHTS = "weights.safetensors"
ENCODER = "encoder.onnx"
DECODER = "decoder.onnx"
CODES = "codes.npy"
FILES = (WEIGHTS, ENCODER, DECODER, CODES)
TEST_IMAGES = 10_000
LARGEST_FILE = 1 << 30

# Test split, pixels as the model was trained on. Errors and nats are sums over pixels or latents,
# means over images.
METRICS = {
    "images": "test images measured",
    "sse": "squared error of the picture decoded from the code, a VAE's mean code",
    "sse_by_class": "the same for each digit 0 to 9",
    "bce": "cross-entropy of that picture in nats; only of a sigmoid output",
    "kl": "KL term in nats; VAE only",
    "negative_elbo_sample": "bce of pictures decoded from samples of z, plus kl; VAE only",
    "negative_elbo_mean": "bce of the picture decoded from the mean code, plus kl; VAE only",
    "elbo_samples": "samples of z for each image; VAE only",
    "knn1": "accuracy of the nearest neighbour among the codes of 60,000 training images",
    "knn5": "accuracy of the 5 nearest neighbours",
    "trustworthiness": "of the codes as a map of the pixels, 5 neighbours",
    "trustworthiness_points": "test images that trustworthiness is measured on",
    "explained_variance": "share of the pixels' variance; PCA only",
}


class BundleError(Exception):
    """A bundle can't be used; the message is one plain sentence."""


@dataclass(frozen=True)
class Problem:
    """A bundle that was left out, and why, in words for people."""

    name: str
    message: str


@dataclass(frozen=True, eq=False)
class Bundle:
    """A checked bundle.

    `metrics` has every key of METRICS; None where it doesn't apply or wasn't measured. `training`
    has at least `epochs` (whole epochs done), `finished`, `seconds` and `device`; and `failure`, in
    a sentence, if it diverged and this is its last good epoch.
    """

    path: Path
    config: Config
    metrics: dict[str, Any]
    data: dict[str, Any]
    training: dict[str, Any]
    versions: dict[str, Any]
    command: str
    digests: dict[str, str]
    mean: np.ndarray = field(repr=False)
    log_var: np.ndarray | None = field(repr=False)

    @property
    def failure(self) -> str | None:
        """What was wrong when its training diverged; None if it didn't."""
        failure: str | None = self.training.get("failure")
        return failure

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def family(self) -> str:
        return self.config.family.name

    @property
    def latent_dim(self) -> int:
        return self.config.network.latent_dim

    def codes(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Codes of the test images in their order, (10000, latent_dim) float32, read-only.

        For a VAE μ and log σ², for others the code and None.
        """
        return self.mean, self.log_var

    def weights(self) -> dict[str, np.ndarray]:
        """Tensors by name, read again from disk. Raises BundleError if they changed since."""
        content = _content(self.path, WEIGHTS)
        if hashlib.sha256(content).hexdigest() != self.digests[WEIGHTS]:
            raise BundleError(f"{WEIGHTS} has changed since the bundle was read")
        return _weights(content, self.config)


@dataclass(frozen=True)
class Shelf:
    """What a folder of bundles holds."""

    bundles: list[Bundle]
    problems: list[Problem]


def scan(folder: Path | str) -> Shelf:
    """Read every bundle in `folder`, in order of name; one that diverged is a problem, no result.

    Raises nothing, whatever it finds there.
    """
    folder = Path(folder)
    shelf = Shelf([], [])
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        shelf.problems.append(Problem(folder.name, f"can't be read: {error.strerror}"))
        return shelf
    for entry in entries:
        try:
            if entry.is_symlink() or not entry.is_file():
                found = read(entry)
                if found.failure:
                    raise BundleError(f"its training diverged: {found.failure}")
                shelf.bundles.append(found)
        except BundleError as error:
            shelf.problems.append(Problem(entry.name, str(error)))
        except OSError as error:
            shelf.problems.append(Problem(entry.name, f"can't be read: {error.strerror}"))
    for name, hidden in atomic.stranded(folder).items():
        message = f"replacing it was cut off; rename {hidden} to {name} to have it back"
        shelf.problems.append(Problem(name, message))
    return shelf


def read(path: Path | str) -> Bundle:
    """Read and check one bundle.

    Raises BundleError if anything is wrong with it, OSError if the path itself can't be looked at.
    """
    path = Path(path).absolute()
    if path.is_symlink():
        raise BundleError(f"{path.name} is a symbolic link, which a bundle may not be")
    if not path.is_dir():
        raise BundleError(f"there is no folder {path.name}")
    manifest = _manifest(_content(path, MANIFEST))
    config = _config(manifest)
    contents = {name: _content(path, name) for name in FILES}
    digests = {name: _digest(name, content, manifest) for name, content in contents.items()}
    _weights(contents[WEIGHTS], config)
    mean, log_var = _codes(contents[CODES], config)
    data = _part(manifest, "data", dict)
    if (
        data.get("name") != config.data.dataset
        or data.get("sha256") != SOURCES[config.data.dataset].sha256
    ):
        raise BundleError(f"it was trained on other data than data/{config.data.dataset}")
    training = _part(manifest, "training", dict)
    for key, kind in {"epochs": int, "finished": bool, "seconds": float, "device": str}.items():
        _part(training, key, kind)
    if "failure" in training:
        _part(training, "failure", str)
    if training["epochs"] < 0 or training["seconds"] < 0:
        raise BundleError(f"{MANIFEST} speaks of less than no training")
    return Bundle(
        path=path,
        config=config,
        metrics=_metrics(manifest),
        data=data,
        training=training,
        versions=_part(manifest, "versions", dict),
        command=_part(manifest, "command", str),
        digests=digests,
        mean=mean,
        log_var=log_var,
    )


def check_output(path: Path | str, overwrite: bool) -> None:
    """Raise atomic.OutputError if `write` would; leaves nothing behind."""
    atomic.check(Path(path), (*FILES, MANIFEST), overwrite)


def write(
    path: Path | str,
    config: Config,
    files: Mapping[str, bytes],
    *,
    metrics: Mapping[str, Any],
    training: Mapping[str, Any],
    versions: Mapping[str, str],
    command: str,
    overwrite: bool = False,
) -> None:
    """Write a bundle, whole or not at all. `files` has the bytes of each of FILES.

    Raises atomic.OutputError if `path` can't be used, OSError if the disk fails, and ValueError if
    a metric is NaN or infinite.
    """
    manifest = {
        "format": FORMAT,
        "family": config.family.name,
        "config": config.to_dict(),
        "data": {
            "name": config.data.dataset,
            "train_images": config.data.train_images,
            "sha256": SOURCES[config.data.dataset].sha256,
        },
        "training": dict(training),
        "versions": dict(versions),
        "command": command,
        "metrics": {name: metrics.get(name) for name in METRICS},
        "files": {
            name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
            for name in FILES
        },
    }
    atomic.write(Path(path), {**files, MANIFEST: _text(manifest)}, overwrite)


def remeasure(path: Path, metrics: Mapping[str, Any], scratch: Path) -> None:
    """Give the bundle in `path` other metrics, in one rename; its model stays as it is.

    The folder `scratch`, on the same disk, is for a temporary file. Raises BundleError or OSError.
    """
    manifest = _manifest(_content(path, MANIFEST))
    manifest["metrics"] = {name: metrics.get(name) for name in METRICS}
    atomic.replace(path / MANIFEST, _text(manifest), scratch=scratch)


def array_file(array: np.ndarray) -> bytes:
    """An array as the bytes of a .npy file: float32, C order."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array, "<f4"), allow_pickle=False)
    return stream.getvalue()


def _text(manifest: dict[str, Any]) -> bytes:
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def _content(folder: Path, name: str) -> bytes:
    try:
        found = (folder / name).lstat()
        if not stat.S_ISREG(found.st_mode):
            raise BundleError(f"{name} is not an ordinary file")
        if found.st_size > LARGEST_FILE:
            raise BundleError(f"{name} is larger than {LARGEST_FILE:,} bytes")
        return (folder / name).read_bytes()
    except FileNotFoundError:
        raise BundleError(f"{name} is missing") from None
    except OSError as error:
        raise BundleError(f"{name} can't be read: {error.strerror}") from None


def _manifest(content: bytes) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} is no JSON number")

    try:
        manifest = json.loads(content.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise BundleError(f"{MANIFEST} is not valid JSON") from None
    if not isinstance(manifest, dict):
        raise BundleError(f"{MANIFEST} is not a JSON object")
    version = _part(manifest, "format", int)
    if version > FORMAT:
        raise BundleError(
            f"its format version is {version}, newer than the {FORMAT} that this program reads; "
            "update Latent Lab"
        )
    if version < FORMAT:
        raise BundleError(
            f"its format version is {version}, older than the {FORMAT} that this program reads; "
            "make the model again with the command that its bundle.json names, "
            "with today's names of the settings: python -m aemodels train --help"
        )
    return manifest


def _part(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    value = parent.get(key)
    accepted = (int, float) if kind is float else kind
    # True counts as a number in Python, not here.
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
        raise BundleError(f"{MANIFEST} has no {key}, or not one of the right type")
    if isinstance(value, str) and not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            raise BundleError(f"{MANIFEST} has a {key} that is no text") from None
    return value


def _config(manifest: Mapping[str, Any]) -> Config:
    family = _part(manifest, "family", str)
    if family not in FAMILIES:
        raise BundleError(f"its family is {family[:40]}; known are {', '.join(FAMILIES)}")
    try:
        config = Config.from_dict(_part(manifest, "config", dict))
    except SettingError as error:
        raise BundleError(f"its settings are wrong: {error}") from None
    if config.family.name != family:
        raise BundleError(f"its family is {family}, but its settings say {config.family.name}")
    return config


def _digest(name: str, content: bytes, manifest: Mapping[str, Any]) -> str:
    recorded = _part(_part(manifest, "files", dict), name, dict)
    size: int = _part(recorded, "bytes", int)
    digest: str = _part(recorded, "sha256", str)
    if len(content) != size:
        raise BundleError(f"{name} has {len(content):,} bytes where {size:,} were written")
    if hashlib.sha256(content).hexdigest() != digest:
        raise BundleError(f"{name} has the wrong SHA-256: it was altered or damaged")
    return digest


def _weights(content: bytes, config: Config) -> dict[str, np.ndarray]:
    try:
        tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError):
        raise BundleError(f"{WEIGHTS} is not a safetensors file of numbers") from None
    expected = config.network.tensor_shapes(config.family.variational)
    odd = tensors.keys() ^ expected.keys()
    if odd:
        raise BundleError(f"{WEIGHTS} has other tensors than its settings ask for: {min(odd)}")
    for name, shape in expected.items():
        tensor = tensors[name]
        if tensor.dtype != np.float32 or tensor.shape != shape:
            raise BundleError(
                f"{name} in {WEIGHTS} is {tensor.dtype} {tensor.shape}, "
                f"its settings ask for float32 {shape}"
            )
        if not np.isfinite(tensor).all():
            raise BundleError(f"{name} in {WEIGHTS} holds NaN or infinite numbers")
    return tensors


# What np.save writes before float32 numbers in C order. NumPy's own reader would believe any header
# and ask for the memory that it names.
_HEADER = re.compile(
    rb"\x93NUMPY\x01\x00..\{'descr': '<f4', 'fortran_order': False, "
    rb"'shape': \(([\d, ]{1,60})\), \} *\n",
    re.DOTALL,
)


def _codes(content: bytes, config: Config) -> tuple[np.ndarray, np.ndarray | None]:
    variational = config.family.variational
    expected: tuple[int, ...] = (TEST_IMAGES, config.network.latent_dim)
    if variational:
        expected = (2, *expected)
    header = _HEADER.match(content[:1024])
    if header is None:
        raise BundleError(f"{CODES} is not an array file that holds float32 numbers in C order")
    shape = tuple(int(size) for size in re.findall(rb"\d+", header[1]))
    if shape != expected:
        raise BundleError(f"{CODES} has the shape {shape}, its settings ask for {expected}")
    if len(content) != header.end() + 4 * math.prod(expected):
        raise BundleError(f"{CODES} is not an array file: it holds too few or too many numbers")
    codes = np.frombuffer(content, "<f4", offset=header.end()).reshape(expected)
    if not np.isfinite(codes).all():
        raise BundleError(f"{CODES} holds NaN or infinite numbers")
    return (codes[0], codes[1]) if variational else (codes, None)


def _metrics(manifest: Mapping[str, Any]) -> dict[str, Any]:
    found = _part(manifest, "metrics", dict)
    metrics = {name: found.get(name) for name in METRICS}
    for name, value in metrics.items():
        if value is None:
            continue
        numbers = value if name == "sse_by_class" else [value]
        if not isinstance(numbers, list) or (name == "sse_by_class" and len(numbers) != 10):
            raise BundleError(f"its metric {name} is not a list of ten numbers")
        if not all(type(number) in (int, float) and abs(number) < 1e300 for number in numbers):
            raise BundleError(f"its metric {name} is not a number")
    return metrics
