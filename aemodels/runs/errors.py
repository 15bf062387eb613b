"""The error sentences of failed training."""

import errno
from pathlib import Path

import torch

from aemodels import data
from aemodels.bundles import atomic, bundle
from aemodels.config import Config
from aemodels.setting import SettingError
from aemodels.training import checkpoint

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
    memory = "not enough memory" in str(error) or "can't allocate memory" in str(error)
    if isinstance(error, torch.OutOfMemoryError | MemoryError) or memory:
        return f"Not enough memory for batch_size={config.loop.batch_size}; try a smaller one."
    return None


def diverged(failure: str) -> str:
    """The sentence for a loss that diverged."""
    return f"{failure[:1].upper()}{failure[1:]}; try a smaller learning_rate."
