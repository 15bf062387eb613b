"""A checkpoint: everything needed to continue training exactly, as one safetensors file."""

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import safetensors
import safetensors.torch
from torch import Tensor


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


def pack(tensors: Mapping[str, Tensor], facts: Facts) -> bytes:
    """Tensors by name, and the facts as JSON in the file's metadata."""
    whole = {name: value.contiguous() for name, value in tensors.items()}
    content: bytes = safetensors.torch.save(whole, {"training": json.dumps(asdict(facts))})
    return content


def read_facts(content: bytes) -> Facts:
    """The facts alone. Raises CheckpointError if the file is damaged."""
    try:
        # Raises where the file isn't whole.
        safetensors.deserialize(content)  # type: ignore[no-untyped-call]
        (length,) = struct.unpack("<Q", content[:8])
        facts = json.loads(json.loads(content[8 : 8 + length])["__metadata__"]["training"])
        return Facts(
            int(facts["epoch"]),
            float(facts["seconds"]),
            str(facts["device"]),
            dict(facts["settings"]),
        )
    except (safetensors.SafetensorError, ValueError, KeyError, TypeError, struct.error):
        raise CheckpointError("the checkpoint is damaged") from None


def unpack(content: bytes) -> tuple[dict[str, Tensor], Facts]:
    """Tensors by name, on the CPU, and the facts. Raises CheckpointError if it is damaged."""
    facts = read_facts(content)
    return safetensors.torch.load(content), facts
