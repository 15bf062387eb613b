"""What a run needs of the machine that trains it, from its settings: CPUs, memory, part of a GPU.

| variable | meaning | default |
|---|---|---|
| `LATENT_LAB_ENGINE_CPUS` | CPUs, which are also PyTorch's threads | 1 |
| `LATENT_LAB_GPU_SHARE` | part of a GPU for a run that wants one | 1 |

A run wants a GPU if its device is cuda; one with the device auto does if `LATENT_LAB_GPU_SHARE` is
set, since only then there is said to be one.
"""

import os
from dataclasses import dataclass
from itertools import pairwise

from aemodels.config import Config
from aemodels.runs.folder import RunError

CPUS, GPU_SHARE = "LATENT_LAB_ENGINE_CPUS", "LATENT_LAB_GPU_SHARE"
MB = 1 << 20
PIXELS = 784
# Measured: the default VAE takes 1.1 GB on a CPU, two hidden layers of 2048 take 1.4 GB.
# 1.6 GB, in units of 1,000,000,000 bytes.
BASE = 1536 * MB
BYTES_PER_WEIGHT = 40  # weights, gradients, two moments, a checkpoint, and a copy of it
BYTES_PER_UNIT = 32  # of one image: its value and gradient, a few times
BYTES_PER_DRAWN_UNIT = 12  # of a further code of an image; 9 were measured, with 64 codes
UNITS = 32_000  # of a network whose layers aren't listed: feature maps of 28 by 28


@dataclass(frozen=True)
class Needs:
    """CPUs, GPUs (a fraction shares one) and bytes of memory."""

    cpus: int = 1
    gpus: float = 0.0
    memory: int = 0

    @property
    def memory_mb(self) -> int:
        """Memory in units of 1,048,576 bytes."""
        return self.memory // MB


def needs_of(config: Config) -> Needs:
    """What a run with these settings needs. Raises RunError if a variable is no such number."""
    wants = config.machine.device == "cuda" or (
        config.machine.device == "auto" and bool(os.environ.get(GPU_SHARE))
    )
    # Asked even if it isn't wanted: what is wrong is said with the first run.
    share = gpu_share()
    gpus = share if wants and not config.family.closed_form else 0.0
    return Needs(cpus(), gpus, _memory(config))


def cpus() -> int:
    """The CPUs of a run. Raises RunError if the variable is no such number."""
    value = _number(CPUS)
    if not (1 <= value <= 1024 and value == int(value)):
        raise RunError(f"{CPUS}={os.environ[CPUS][:40]}: must be a whole number from 1 to 1024")
    return int(value)


def gpu_share() -> float:
    """The part of a GPU for a run that wants one. Raises RunError if the variable is none."""
    value = _number(GPU_SHARE)
    if not 0 < value <= 1:
        text = os.environ[GPU_SHARE][:40]
        raise RunError(f"{GPU_SHARE}={text}: must be a number above 0 and at most 1")
    return value


def _number(variable: str) -> float:
    """1 if it isn't set, and not a number if it is none."""
    try:
        return float(os.environ.get(variable) or 1)
    except ValueError:
        return float("nan")


def _memory(config: Config) -> int:
    """Bytes, generously: an engine may end a job that takes more."""
    hidden: tuple[int, ...] = getattr(config.network, "hidden", ())
    decoder: tuple[int, ...] = getattr(config.network, "decoder_hidden", ()) or hidden[::-1]
    latents: int = config.network.latent_dim
    sizes = (PIXELS, *hidden, 2 * latents, *decoder, PIXELS)
    weights = sum(before * after for before, after in pairwise(sizes))
    units = sum(sizes) if hidden else UNITS
    drawn = units * (config.family.codes_per_image - 1)
    image = BYTES_PER_UNIT * units + BYTES_PER_DRAWN_UNIT * drawn
    return BASE + BYTES_PER_WEIGHT * weights + image * config.loop.batch_size
