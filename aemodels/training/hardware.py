"""Which device and precision to train with, from what this machine has."""

import torch

from aemodels.config import SettingError

# As torch.cpu.get_capabilities names them: x86 with AVX-512 or AMX, ARM.
CPU_BF16 = ("avx512_bf16", "amx_bf16", "bf16")


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
            f"device={name}: PyTorch finds none here; use --device auto or --device cpu"
        )
    return torch.device(name)


def precision(name: str, device: torch.device) -> str:
    """`auto` is bf16 where the hardware multiplies in it, else fp32."""
    if name != "auto":
        return name
    fast = False
    if device.type == "cuda":
        fast = torch.cuda.is_bf16_supported(including_emulation=False)
    elif device.type == "cpu":
        features = torch.cpu.get_capabilities()
        fast = any(features.get(feature, False) for feature in CPU_BF16)
    return "bf16" if fast else "fp32"
