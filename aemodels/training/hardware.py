"""The device and precision to train with on this machine, and a description of the machine."""

import ctypes
import os
import platform
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

import torch

from aemodels.setting import SettingError
from aemodels.version import __version__

LIBRARIES = ("torch", "numpy", "scikit-learn", "safetensors")
# As torch.cpu.get_capabilities names them: x86 with AVX-512 or AMX, ARM.
CPU_BF16 = ("avx512_bf16", "amx_bf16", "bf16")

# Of glibc's malloc.h. Before version 2.35 it refuses to keep blocks above 32 MiB.
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
KEPT, KEPT_BEFORE = 1 << 30, 32 << 20

# What PyTorch on a CPU, CUDA, cuBLAS and cuDNN say when there is no memory left.
NO_MEMORY = (
    "not enough memory",
    "can't allocate memory",
    "out of memory",
    "ALLOC_FAILED",
    "ALLOCATION_FAILED",
)


def device(name: str) -> torch.device:
    """`auto` is cuda, then mps, then cpu. Raises SettingError if the named one isn't there."""
    present = {
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
        "cpu": True,
    }
    if name == "auto":
        name = next(kind for kind, there in present.items() if there)
    if not present[name]:
        raise SettingError(
            "device", name, "PyTorch finds none here", "use {device} auto or {device} cpu"
        )
    return torch.device(name)


def precision(name: str, device: torch.device) -> str:
    """`auto` is bf16 where the hardware supports it, else fp32."""
    if name != "auto":
        return name
    fast = False
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device.type == "cpu":
        features = torch.cpu.get_capabilities()
        fast = any(features.get(feature, False) for feature in CPU_BF16)
    return "bf16" if fast else "fp32"


def keep_freed_memory() -> None:
    """Have this process keep the memory that tensors free, for the next ones.

    glibc gives blocks of a few megabytes back to the system, which then clears every page of the
    next block anew: a sixth of a convolutional step on a CPU. Other C libraries are left alone.
    """
    # On Windows, None names no library.
    with suppress(AttributeError, OSError, TypeError):
        libc = ctypes.CDLL(None)
        # The other threshold alone would end their growth, and nothing would be kept.
        if any(libc.mallopt(M_MMAP_THRESHOLD, most) for most in (KEPT, KEPT_BEFORE)):
            libc.mallopt(M_TRIM_THRESHOLD, KEPT)


def out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out, that of the machine or of its GPU, whichever library says so."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(words in str(error) for words in NO_MEMORY)


def describe_machine() -> str:
    """This machine in one line: processor, cores, threads, GPU, system."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    parts = [processor(), _counted(cores, "core"), _counted(torch.get_num_threads(), "thread")]
    if torch.cuda.is_available():
        parts.append(torch.cuda.get_device_name())
    return ", ".join([*parts, platform.system()])


def processor() -> str:
    """The processor's name."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    return next((x.partition(": ")[2] for x in lines if x.startswith("model name")), "a CPU")


def _counted(count: int | None, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def library_versions() -> dict[str, str]:
    """The versions of Latent Lab, Python and the numerical libraries, by name."""
    own = {"latent-lab": __version__, "python": platform.python_version()}
    return own | {name: version(name) for name in LIBRARIES}
