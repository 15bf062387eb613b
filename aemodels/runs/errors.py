"""The error sentences of failed training."""

import errno
from pathlib import Path

from aemodels import data
from aemodels.bundles import atomic, bundle
from aemodels.config import Config
from aemodels.setting import SettingError
from aemodels.training import checkpoint, hardware, memory

# Errors whose own message is such a sentence.
EXPECTED = (
    SettingError,
    data.DataError,
    bundle.BundleError,
    atomic.OutputError,
    checkpoint.CheckpointError,
)


def sentence(error: Exception, config: Config, path: Path) -> str | None:
    """A sentence for an error in training the run in `path`; None if the error is unexpected."""
    if isinstance(error, EXPECTED):
        return f"{error}."
    if isinstance(error, OSError):
        if not path.is_dir():
            return "The run's folder was deleted during training."
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return "The disk is full; free some space, then resume the run."
        return f"The run's folder can't be written: {error.strerror or error}."
    if hardware.out_of_memory(error):
        return out_of_memory(error, config)
    return None


def out_of_memory(error: Exception, config: Config) -> str:
    """The sentence for memory that ran out; that of a GPU may be taken by other programs."""
    gpu = " on the GPU" if "CUDA" in str(error) else ""
    if memory.is_small(config):
        words = "free some of it" if gpu else memory.remedy(config)
        return f"Not enough memory{gpu}, even for a small network; {words}."
    free = "free some of it, or " if gpu else ""
    size = "=".join(memory.too_large(config))
    return f"Not enough memory for {size}{gpu}; {free}{memory.remedy(config)}."


def diverged(failure: str) -> str:
    """The sentence for a loss that diverged."""
    return f"{failure[:1].upper()}{failure[1:]}; try a smaller learning_rate."
