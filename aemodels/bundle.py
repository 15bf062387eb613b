"""A bundle: one trained model as a folder of five files. This module reads and writes them without PyTorch.

    shelf = bundle.scan("zoo")          # what can be used, and what can't and why
    vae = bundle.read("zoo/vae-2")
    mean, log_var = vae.codes()         # of the 10,000 test images

Reading trusts nothing: hashes, sizes, shapes and numbers are checked, and no format in here can hold code.
"""

import hashlib
import io
import json
import math
import os
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors
import safetensors.numpy

from aemodels import layout
from aemodels.config import FAMILIES, Config, SettingError

FORMAT = 1
MANIFEST = "bundle.json"
WEIGHTS, ENCODER, DECODER, CODES = "weights.safetensors", "encoder.onnx", "decoder.onnx", "codes.npy"
FILES = (WEIGHTS, ENCODER, DECODER, CODES)
TEST_IMAGES = 10_000
LARGEST_MANIFEST = 1 << 20
# More than the weights of eight layers of 4096 and their mirror.
LARGEST_FILE = 1 << 31

# Test split, units as in README: sums over pixels or latents, means over images.
METRICS = {
    "images": "test images measured",
    "sse": "squared error of the picture decoded from the code (μ for a VAE)",
    "sse_by_class": "the same for each digit 0 to 9",
    "bce": "cross-entropy of that picture in nats; none for PCA",
    "kl": "KL term in nats; VAE only",
    "negative_elbo_sample": "bce of pictures decoded from samples of z, plus kl; VAE only",
    "negative_elbo_mean": "bce of the picture decoded from μ, plus kl; VAE only",
    "elbo_samples": "samples of z for each image; VAE only",
    "knn1": "accuracy of 1 nearest neighbour among the codes of the training images",
    "knn5": "accuracy of 5 nearest neighbours",
    "trustworthiness": "of the codes as a map of the pixels, 5 neighbours",
    "trustworthiness_points": "test images that trustworthiness is measured on",
    "explained_variance": "share of the pixels' variance; PCA only",
}


class BundleError(Exception):
    """A bundle can't be read or written; the message is one plain sentence."""


@dataclass(frozen=True)
class Problem:
    """A folder that was left out, and why, in words for people."""

    name: str
    message: str


@dataclass(frozen=True)
class Bundle:
    """A checked bundle. `metrics` has every key of METRICS; None where it doesn't apply or wasn't measured."""

    path: Path
    config: Config
    metrics: dict[str, Any]
    data: dict[str, Any]
    training: dict[str, Any]
    versions: dict[str, str]
    command: str
    digests: dict[str, str]
    mean: np.ndarray = field(repr=False)
    log_var: np.ndarray | None = field(repr=False)

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def family(self) -> str:
        return self.config.family

    @property
    def latent_dim(self) -> int:
        return self.config.latent_dim

    def codes(self) -> tuple[np.ndarray, np.ndarray | None]:
        """Codes of the test images in their order, (10000, latent_dim) float32; for a VAE μ and log σ²."""
        return self.mean, self.log_var

    def weights(self) -> dict[str, np.ndarray]:
        """Tensors by name, read again from disk. Raises BundleError if they have changed since."""
        content = _content(self.path, WEIGHTS, LARGEST_FILE)
        if hashlib.sha256(content).hexdigest() != self.digests[WEIGHTS]:
            raise BundleError(f"{WEIGHTS} has changed since the bundle was read")
        return _weights(content, self.config)


@dataclass(frozen=True)
class Shelf:
    """What a folder of bundles holds."""

    bundles: list[Bundle]
    problems: list[Problem]


def scan(folder: Path | str) -> Shelf:
    """Read every bundle in `folder`, in order of name. Never raises for what it finds inside."""
    folder = Path(folder)
    try:
        entries = sorted(entry for entry in folder.iterdir() if not entry.name.startswith("."))
    except OSError as error:
        return Shelf([], [Problem(folder.name, f"the folder can't be read: {error.strerror}")])
    shelf = Shelf([], [])
    for entry in entries:
        if not entry.is_dir() and not entry.is_symlink():
            continue
        try:
            shelf.bundles.append(read(entry))
        except BundleError as error:
            shelf.problems.append(Problem(entry.name, str(error)))
    return shelf


def read(path: Path | str) -> Bundle:
    """Read and check one bundle. Raises BundleError, one plain sentence, if anything is wrong with it."""
    path = Path(os.path.abspath(path))
    if path.is_symlink():
        raise BundleError("the folder is a symbolic link, which bundles may not be")
    if not path.is_dir():
        raise BundleError("there is no such folder")
    manifest = _manifest(_content(path, MANIFEST, LARGEST_MANIFEST))
    config = _config(manifest)
    digests: dict[str, str] = {}
    contents: dict[str, bytes] = {}
    for name in FILES:
        digests[name], contents[name] = _checked(path, name, manifest)
    _weights(contents[WEIGHTS], config)
    mean, log_var = _codes(contents[CODES], config)
    return Bundle(
        path=path,
        config=config,
        metrics=_metrics(manifest),
        data=_part(manifest, "data", dict),
        training=_part(manifest, "training", dict),
        versions=_part(manifest, "versions", dict),
        command=_part(manifest, "command", str),
        digests=digests,
        mean=mean,
        log_var=log_var,
    )


def check_output(path: Path | str, overwrite: bool) -> None:
    """Refuse now what `write` would refuse after an hour of training. Raises BundleError; leaves nothing behind."""
    path = Path(os.path.abspath(path))
    if path.is_symlink() or path.exists():
        if not overwrite:
            raise BundleError(f"output={path.name}: exists already; use --overwrite or another folder")
        if path.is_symlink() or not path.is_dir():
            raise BundleError(f"output={path.name}: is not a folder; choose another")
        strange = {entry.name for entry in path.iterdir()} - {MANIFEST, *FILES}
        if strange:
            raise BundleError(
                f"output={path.name}: holds {min(strange)}, which is no part of a bundle; "
                "--overwrite replaces only bundles, choose another folder"
            )
    parent = path.parent
    while not parent.exists() and parent != parent.parent:
        parent = parent.parent
    try:
        # Asking the file system beats reading permissions: root, read-only disks, long names.
        os.rmdir(tempfile.mkdtemp(prefix=f".{path.name}.", dir=parent))
    except OSError as error:
        raise BundleError(
            f"output={path.name}: can't be written in {parent.name or parent} ({error.strerror}); "
            "choose a folder that you may write to"
        ) from None


def write(
    path: Path | str,
    config: Config,
    files: Mapping[str, bytes],
    *,
    metrics: Mapping[str, Any],
    data: Mapping[str, Any],
    training: Mapping[str, Any],
    versions: Mapping[str, str],
    command: str,
    overwrite: bool = False,
) -> None:
    """Write a bundle: to a temporary folder beside it, flushed to disk, then renamed; whole or not at all.

    With `overwrite` the old bundle is moved aside first and removed last. Raises BundleError as `check_output`
    does, OSError if the disk fails; the old bundle is then still there.
    """
    check_output(path, overwrite)
    path = Path(os.path.abspath(path))
    manifest = {
        "format": FORMAT,
        "family": config.family,
        "config": config.to_dict(),
        "data": dict(data),
        "training": dict(training),
        "versions": dict(versions),
        "command": command,
        "metrics": {name: metrics.get(name) for name in METRICS},
        "files": {
            name: {"sha256": hashlib.sha256(files[name]).hexdigest(), "bytes": len(files[name])}
            for name in FILES
        },
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False) + "\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    new = Path(tempfile.mkdtemp(prefix=f".{path.name}.new-", dir=path.parent))
    try:
        os.chmod(new, 0o755)
        for name in FILES:
            _flush(new / name, files[name])
        _flush(new / MANIFEST, text.encode())
        _sync(new)
        _swap(new, path)
    finally:
        _remove(new)


def array_file(array: np.ndarray) -> bytes:
    """An array as the bytes of a .npy file: float32, C order."""
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(array, "<f4"), allow_pickle=False)
    return stream.getvalue()


def _swap(new: Path, path: Path) -> None:
    old = path.with_name(new.name.replace(".new-", ".old-"))
    replaced = path.exists()
    if replaced:
        os.rename(path, old)
    try:
        os.rename(new, path)
    except BaseException:
        if replaced:
            os.rename(old, path)
        raise
    _sync(path.parent)
    _remove(old)


def _remove(folder: Path) -> None:
    if folder.is_dir():
        for name in (MANIFEST, *FILES):
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _flush(path: Path, content: bytes) -> None:
    with open(path, "xb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _content(folder: Path, name: str, limit: int) -> bytes:
    try:
        found = os.lstat(folder / name)
        if not stat.S_ISREG(found.st_mode):
            raise BundleError(f"{name} is a link or no ordinary file")
        if found.st_size > limit:
            raise BundleError(f"{name} is larger than {limit:,} bytes")
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
        raise BundleError(f"{MANIFEST} holds no object")
    version = manifest.get("format")
    if type(version) is not int or version < 1:
        raise BundleError(f"{MANIFEST} has no format version")
    if version > FORMAT:
        raise BundleError(
            f"its format version is {version}, newer than the {FORMAT} that this program reads; "
            "update Latent Lab"
        )
    return manifest


def _part(parent: Mapping[str, Any], key: str, kind: type) -> Any:
    value = parent.get(key)
    if not isinstance(value, kind):
        raise BundleError(f"{MANIFEST} has no {key}, or not as it should be")
    return value


def _config(manifest: Mapping[str, Any]) -> Config:
    family = manifest.get("family")
    if family not in FAMILIES:
        raise BundleError(f"its family is {family!r}; known are {', '.join(FAMILIES)}")
    try:
        config = Config.from_dict(_part(manifest, "config", dict))
    except (SettingError, TypeError) as error:
        raise BundleError(f"its settings are wrong: {error}") from None
    if config.family != family:
        raise BundleError(f"its family is {family} but its settings say {config.family}")
    return config


def _checked(folder: Path, name: str, manifest: Mapping[str, Any]) -> tuple[str, bytes]:
    facts = _part(_part(manifest, "files", dict), name, dict)
    digest, size = _part(facts, "sha256", str), _part(facts, "bytes", int)
    content = _content(folder, name, LARGEST_FILE)
    if len(content) != size:
        raise BundleError(f"{name} has {len(content):,} bytes where {size:,} were written")
    if hashlib.sha256(content).hexdigest() != digest:
        raise BundleError(f"{name} has the wrong SHA-256: it was altered or damaged")
    return digest, content


def _weights(content: bytes, config: Config) -> dict[str, np.ndarray]:
    try:
        tensors = safetensors.numpy.load(content)
    except (safetensors.SafetensorError, KeyError, TypeError, ValueError):
        raise BundleError(f"{WEIGHTS} is not a safetensors file") from None
    expected = layout.tensor_shapes(config)
    if tensors.keys() != expected.keys():
        odd = min(tensors.keys() ^ expected.keys())
        raise BundleError(f"{WEIGHTS} has the wrong tensors: {odd} is missing or too many")
    for name, tensor in tensors.items():
        if tensor.dtype != np.float32 or tensor.shape != expected[name]:
            raise BundleError(
                f"{name} in {WEIGHTS} is {tensor.dtype} {tensor.shape}, "
                f"its settings ask for float32 {expected[name]}"
            )
        if not np.isfinite(tensor).all():
            raise BundleError(f"{name} in {WEIGHTS} holds NaN or infinite numbers")
    return tensors


def _codes(content: bytes, config: Config) -> tuple[np.ndarray, np.ndarray | None]:
    try:
        codes = np.load(io.BytesIO(content), allow_pickle=False)
    except (ValueError, EOFError, OSError):
        raise BundleError(f"{CODES} is not an array file") from None
    variational = FAMILIES[config.family].variational
    shape = (TEST_IMAGES, config.latent_dim)
    expected = (2, *shape) if variational else shape
    if not isinstance(codes, np.ndarray) or codes.dtype != np.dtype("<f4"):
        raise BundleError(f"{CODES} does not hold float32 numbers")
    if codes.shape != expected or not codes.flags.c_contiguous:
        raise BundleError(f"{CODES} has the shape {codes.shape}, expected {expected}")
    if not np.isfinite(codes).all():
        raise BundleError(f"{CODES} holds NaN or infinite numbers")
    codes.flags.writeable = False
    return (codes[0], codes[1]) if variational else (codes, None)


def _metrics(manifest: Mapping[str, Any]) -> dict[str, Any]:
    found = _part(manifest, "metrics", dict)
    metrics = {name: found.get(name) for name in METRICS}
    for name, value in metrics.items():
        numbers = value if name == "sse_by_class" and value is not None else [value]
        if not isinstance(numbers, list) or len(numbers) != (10 if numbers is value else 1):
            raise BundleError(f"its metric {name} is not a list of ten numbers")
        if not all(number is None or _is_number(number) for number in numbers):
            raise BundleError(f"its metric {name} is not a number")
    return metrics


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
