"""Which device and precision to train with, from what this machine has."""

import torch

from aemodels.config import SettingError


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
            f"device={name}: PyTorch finds no such device here; use --device auto or --device cpu"
        )
    return torch.device(name)


def precision(name: str, device: torch.device) -> str:
    """`auto` is bf16 where matrix products in it are fast: CUDA, AVX-512 BF16, AMX or ARM's BF16; else fp32."""
    if name != "auto":
        return name
    if device.type == "cuda":
        return "bf16" if torch.cuda.is_bf16_supported(including_emulation=False) else "fp32"
    if device.type == "cpu":
        features = torch.cpu.get_capabilities()
        fast = any(features.get(name, False) for name in ("avx512_bf16", "amx_bf16", "bf16"))
        return "bf16" if fast else "fp32"
    return "fp32"
