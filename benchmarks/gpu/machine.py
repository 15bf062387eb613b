"""The card and what drives it."""

import platform
import subprocess

import torch

from aemodels.training import hardware


def describe() -> str:
    """Card, driver, CUDA, PyTorch and the machine around them, in one line."""
    properties = torch.cuda.get_device_properties(0)
    return (
        f"{properties.name}, {properties.total_memory / 2**30:.0f} GiB, "
        f"{properties.multi_processor_count} multiprocessors; driver {_driver()}, "
        f"CUDA {torch.version.cuda}, PyTorch {torch.__version__}, Python "
        f"{platform.python_version()}; {hardware.describe_machine()}"
    )


def _driver() -> str:
    words = ["nvidia-smi", "--query-gpu=driver_version", "--format=csv,noheader"]
    try:
        done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=20, check=True)
    except (OSError, subprocess.SubprocessError):
        return "unknown"
    return done.stdout.split("\n")[0].strip()
