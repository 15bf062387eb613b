"""The memory that training takes at least, and what this process may still have. Loads no PyTorch.

    memory.check(config)        # SettingError: hidden=4096,4096: training takes at least …

A training that doesn't fit is refused in a sentence before it starts: later, the system may kill
the process, or a library end it, before anything can be said.
"""

import math
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from importlib import import_module
from pathlib import Path

from aemodels.config import Config
from aemodels.data.images import PIXELS
from aemodels.setting import SettingError

FLOAT, HALF = 4, 2
# Of all weights there are gradients, AdamW's two moments and a copy of the last good epoch.
COPIES = 5
# A checkpoint has the weights and both moments once more, when the gradients are gone.
COPIES_WITH_CHECKPOINT = 7
TEST_IMAGES = 10_000
# What PyTorch and the data sets take anyway; a setting that takes less isn't what is too large.
LITTLE = 300 << 20
CGROUP = Path("/sys/fs/cgroup")


def check(config: Config, *, checkpoints: bool = False) -> None:
    """Raise SettingError if training on this machine's CPU can't fit into the memory that is free.

    What it takes is a lower bound, so a training that is let through can still run out of memory.
    """
    free = available()
    weights, batch = network_bytes(config, checkpoints=checkpoints), batch_bytes(config)
    images = (config.data.train_images + TEST_IMAGES) * PIXELS
    need = weights + batch + images
    if free is None or need <= free:
        return
    problem = f"training takes at least {_gigabytes(need)} of memory, of which "
    problem += f"{_gigabytes(max(free, 0))} are free"
    raise SettingError(*too_large(config), problem, remedy(config))


def too_large(config: Config) -> tuple[str, str]:
    """The setting that takes the most memory, by name, and its value as text."""
    if "hidden" in config.network.table() and network_bytes(config) > batch_bytes(config):
        row = config.network.table()["hidden"]
        return "hidden", row.text(config.network.hidden)  # type: ignore[attr-defined]
    return "batch_size", str(config.loop.batch_size)


def is_small(config: Config) -> bool:
    """Whether no setting takes so much that a smaller one would be a remedy."""
    return max(network_bytes(config), batch_bytes(config)) < LITTLE


def remedy(config: Config) -> str:
    """What to do about memory that ran out, as the end of a sentence."""
    if is_small(config):
        return "close other programs, or train on another machine"
    if too_large(config)[0] == "hidden":
        return "try fewer or smaller layers"
    return "try a smaller one"


def weight_count(config: Config) -> int:
    """The numbers in all weights of the network."""
    shapes = config.network.tensor_shapes(config.family.variational)
    return sum(math.prod(shape) for shape in shapes.values())


def network_bytes(config: Config, *, checkpoints: bool = False) -> int:
    """What the weights and all that goes with them take at least while they are trained."""
    copies = COPIES_WITH_CHECKPOINT if checkpoints else COPIES
    if config.family.stages(config.network) > 1:
        copies -= 1  # A stage has gradients of its own layers alone.
    return copies * weight_count(config) * FLOAT


def batch_bytes(config: Config) -> int:
    """What the images of a batch, and each layer's outputs for them, take at least."""
    encoded, decoded = (
        sum(math.prod(shape) for shape in part) * HALF for part in config.network.hidden_shapes()
    )
    batch = min(config.loop.batch_size, config.data.train_images)
    # The image, and what the decoder makes of each of its codes.
    pixels = PIXELS * FLOAT
    return batch * (pixels + encoded + config.family.codes_per_image * (pixels + decoded))


def available() -> int | None:
    """The bytes that this process can still have; None where the system doesn't say.

    The least of what the machine has free, with its swap space, what is left to its control groups,
    and what is left of its own limit on addresses (`ulimit -v`).
    """
    if sys.platform != "linux":
        return None
    rooms = [*_machine(), *_control_groups(), *_addresses()]
    return min(rooms) if rooms else None


def _machine() -> Iterator[int]:
    with suppress(OSError, KeyError, ValueError):
        facts = dict(
            line.split(":") for line in Path("/proc/meminfo").read_text("utf-8").splitlines()
        )
        lines = (facts["MemAvailable"], facts["SwapFree"])
        yield sum(int(line.removesuffix("kB")) << 10 for line in lines)


def _control_groups() -> Iterator[int]:
    """What is left to each control group around this process, of either version."""
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text("utf-8").splitlines():
            _, controllers, inside = line.split(":", 2)
            if not controllers:
                home, names = CGROUP, ("memory.max", "memory.current", "inactive_file")
            elif controllers == "memory":
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
                home = CGROUP / "memory"
            else:
                continue
            group = home / inside.lstrip("/")
            for folder in (group, *group.parents):
                if folder.is_relative_to(home):
                    yield from _control_group(folder, *names)


def _control_group(folder: Path, limit: str, usage: str, cache: str) -> Iterator[int]:
    # "max" is no number, and a group in a container may not be there.
    with suppress(OSError, ValueError, KeyError):
        facts = dict(
            x.split(" ", 1) for x in (folder / "memory.stat").read_text("utf-8").splitlines()
        )
        most, used = (int((folder / name).read_text("utf-8")) for name in (limit, usage))
        # Files that the system may forget at once count as used.
        yield most - used + int(facts[cache])


def _addresses() -> Iterator[int]:
    with suppress(OSError, ValueError):
        resource = import_module("resource")
        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text("utf-8").split()[0])
            yield limit - pages * os.sysconf("SC_PAGE_SIZE")


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB"
