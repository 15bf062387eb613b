"""bundle.json: read, checked and written."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aemodels.bundles.checks import (
    LARGEST_MANIFEST,
    LONGEST_KEY,
    LONGEST_TEXT,
    MANIFEST,
    BundleError,
    check_size,
    number,
    part,
    shown,
    text,
)
from aemodels.bundles.codes import CODES
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.metrics import Metrics
from aemodels.config import Config
from aemodels.data import SOURCES, Source, own
from aemodels.families import FAMILIES
from aemodels.setting import SettingError

FORMAT = 2
WEIGHTS = "weights.safetensors"
ENCODER = "encoder.onnx"
DECODER = "decoder.onnx"
FILES = (WEIGHTS, ENCODER, DECODER, CODES)
LARGEST_FILE = 1 << 30


@dataclass(frozen=True)
class FileRecord:
    """The size and SHA-256 that a file of the bundle must have."""

    size: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "FileRecord":
        """The size and SHA-256 of these bytes."""
        return cls(len(content), hashlib.sha256(content).hexdigest())

    def check(self, name: str, content: bytes) -> None:
        """Raises BundleError if `content` is not what was written as the file `name`."""
        if len(content) != self.size:
            raise BundleError(f"{name} has {len(content):,} bytes where {self.size:,} were written")
        if hashlib.sha256(content).hexdigest() != self.sha256:
            raise BundleError(f"{name} has the wrong SHA-256: it was altered or damaged")


@dataclass(frozen=True)
class Manifest:
    """The content of bundle.json: settings, metrics, provenance, and `files` by name."""

    config: Config
    metrics: Metrics
    training: TrainingFacts
    versions: dict[str, str]
    command: str
    files: dict[str, FileRecord]
    source: Source

    def to_bytes(self) -> bytes:
        """The file's content. Raises ValueError if a number is NaN or infinite."""
        manifest = {
            "format": FORMAT,
            "family": self.config.family.name,
            "config": self.config.to_dict(),
            "data": {
                "name": self.config.data.dataset,
                "train_images": self.config.data.train_images,
                **_data(self.source),
            },
            "training": self.training.to_json(),
            "versions": self.versions,
            "command": self.command,
            "metrics": self.metrics.to_json(),
            "files": {
                file: {"sha256": record.sha256, "bytes": record.size}
                for file, record in self.files.items()
            },
        }
        text = json.dumps(manifest, indent=2, ensure_ascii=False, allow_nan=False)
        return f"{text}\n".encode()


def parse(content: bytes) -> Manifest:
    """The checked manifest. Raises BundleError if anything in it is wrong."""
    found = _json(content)
    _check_format(number(found, "format", int, 0, 1000))
    config = _config(found)
    source = _source(part(found, "data", dict), config)
    versions = part(found, "versions", dict)
    files = part(found, "files", dict)
    return Manifest(
        config=config,
        metrics=Metrics.from_json(part(found, "metrics", dict), len(source.class_names)),
        training=TrainingFacts.from_json(part(found, "training", dict)),
        versions={name: text(versions, name, LONGEST_KEY) for name in versions},
        command=text(found, "command", LONGEST_TEXT),
        files={name: _record(part(files, name, dict)) for name in FILES},
        source=source,
    )


def _json(content: bytes) -> dict[str, Any]:
    def refuse(constant: str) -> None:
        raise ValueError(f"{constant} isn't a JSON number")

    if len(content) > LARGEST_MANIFEST:
        raise BundleError(f"{MANIFEST} is larger than {LARGEST_MANIFEST:,} bytes")
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=refuse)
    except (ValueError, RecursionError):
        raise BundleError(f"{MANIFEST} is not valid JSON") from None
    if not isinstance(found, dict):
        raise BundleError(f"{MANIFEST} is not a JSON object")
    check_size(found)
    return found


def _check_format(version: int) -> None:
    if version > FORMAT:
        raise BundleError(
            f"its format version is {version}, newer than the {FORMAT} that this program reads; "
            "update Latent Lab"
        )
    if version < FORMAT:
        raise BundleError(
            f"its format version is {version}, older than the {FORMAT} that this program reads; "
            "train the model again: its bundle.json has the command, and `python -m aemodels train "
            "--help` shows what each option is called now"
        )


def _config(found: Mapping[str, Any]) -> Config:
    family = text(found, "family", LONGEST_KEY)
    if family not in FAMILIES:
        raise BundleError(f"its family is {shown(family)}; known are {', '.join(FAMILIES)}")
    try:
        config = Config.from_dict(part(found, "config", dict))
    except SettingError as error:
        raise BundleError(f"its settings are wrong: {error}") from None
    if config.family.name != family:
        raise BundleError(f"its family is {family}, but its settings say {config.family.name}")
    return config


def _data(source: Source) -> dict[str, Any]:
    """The hashes of a data set's files; of the user's own, which others lack, all that is known."""
    return {"own": own.facts(source)} if source.own else {"sha256": source.sha256}


def _source(found: Mapping[str, Any], config: Config) -> Source:
    """What the manifest knows of the data that the model was trained on."""
    name = config.data.dataset
    if name in SOURCES:
        if found.get("name") != name or found.get("sha256") != SOURCES[name].sha256:
            raise BundleError(f"it was trained on other data than data/{name}")
        return SOURCES[name]
    if found.get("name") != name:
        raise BundleError(f"its settings name the data set {name}, but {MANIFEST} another")
    try:
        return Source(sha256={}, **own.describe(part(found, "own", dict)))
    except (ValueError, LookupError, TypeError):
        raise BundleError(f"{MANIFEST} doesn't describe its data set, {name}") from None


def _record(found: Mapping[str, Any]) -> FileRecord:
    return FileRecord(number(found, "bytes", int, 0, LARGEST_FILE), text(found, "sha256", 64))
