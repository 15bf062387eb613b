"""A checkpoint: everything needed to continue training exactly, as one safetensors file.

Its facts can be read without PyTorch.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import safetensors

if TYPE_CHECKING:
    from torch import Tensor


LONGEST_HEADER = 1 << 20
# Among the settings: the SHA-256 of one's own pictures, or nothing. A checkpoint of a version that
# lacked it is taken for one of the same pictures.
PICTURES = "pictures_sha256"


class CheckpointError(Exception):
    """A checkpoint is damaged or of another model; the message is one sentence."""


@dataclass(frozen=True)
class Facts:
    """The facts of a checkpoint: `epoch` whole epochs took `seconds` on a `device` with the flat
    `settings`.
    """

    epoch: int
    seconds: float
    device: str
    settings: dict[str, Any]


def check_settings(facts: Facts, settings: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
    """Raise CheckpointError unless it was made with these settings.

    Of a version that lacked some of them, it was made with their `defaults`.
    """
    found = {**defaults, **facts.settings}
    if PICTURES not in facts.settings and settings.get(PICTURES):
        # It had the number of images that was asked for, where fewer were there.
        asked, there = found.get("train_images", 0), settings.get("train_images", 0)
        found["train_images"] = min(asked, there)
    if found.get(PICTURES) != settings.get(PICTURES):
        raise CheckpointError(
            "the pictures that the run was trained on aren't those that its data set has now"
        )
    if found != settings:
        raise CheckpointError("the checkpoint is of another model")


def pack(tensors: "Mapping[str, Tensor]", facts: Facts) -> bytes:
    """Tensors by name, and the facts as JSON in the file's metadata."""
    import safetensors.torch

    whole = {name: value.contiguous() for name, value in tensors.items()}
    content: bytes = safetensors.torch.save(whole, {"training": json.dumps(asdict(facts))})
    return content


def read_facts(content: bytes) -> Facts:
    """The facts alone. Raises CheckpointError if the file is damaged."""
    try:
        # Raises where the file isn't whole.
        safetensors.deserialize(content)  # type: ignore[no-untyped-call]
        (length,) = struct.unpack("<Q", content[:8])
        return _facts(content[8 : 8 + length])
    except (safetensors.SafetensorError, struct.error):
        raise CheckpointError("the checkpoint is damaged") from None


def epochs_in(path: Path) -> int:
    """The whole epochs of the checkpoint in a file, of which only the header is read.

    Raises CheckpointError if the header is damaged, and OSError.
    """
    with path.open("rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        return _facts(stream.read(min(length, LONGEST_HEADER))).epoch


def unpack(content: bytes) -> "tuple[dict[str, Tensor], Facts]":
    """Tensors by name, on the CPU, and the facts. Raises CheckpointError if it is damaged."""
    import safetensors.torch

    facts = read_facts(content)
    return safetensors.torch.load(content), facts


def _facts(header: bytes) -> Facts:
    try:
        facts = json.loads(json.loads(header)["__metadata__"]["training"])
        return Facts(
            int(facts["epoch"]),
            float(facts["seconds"]),
            str(facts["device"]),
            dict(facts["settings"]),
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise CheckpointError("the checkpoint is damaged") from None
