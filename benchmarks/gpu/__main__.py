"""What training does on an NVIDIA GPU, as Markdown: whether it is right, and how fast it is.

    python -m benchmarks.gpu                    # everything, within ten minutes
    python -m benchmarks.gpu --only speed
    python -m benchmarks.gpu --only recipe      # how the recipe was chosen; not part of the rest

Needs PyTorch with CUDA, scikit-learn, safetensors and filelock; for the tests also pytest,
pytest-xdist, onnx, markdown-it-py and the zoo. Each part is a process of its own with a time limit,
so that none takes others with it.
"""

import argparse
import os
import subprocess
import sys
from time import perf_counter

import torch

from aemodels.paths import AROUND
from benchmarks.gpu import machine

# Seconds after which a part has failed.
LIMITS = {"speed": 150, "families": 120, "survival": 90, "tests": 180, "recipe": 240}
USUAL = ("speed", "families", "survival", "tests")


def main() -> int:
    """Print the chosen parts; returns 1 if one failed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    text = f"of {', '.join(LIMITS)} (default {', '.join(USUAL)})"
    parser.add_argument("--only", nargs="+", choices=LIMITS, metavar="PART", help=text)
    chosen = parser.parse_args().only or USUAL
    if not torch.cuda.is_available():
        print("PyTorch finds no CUDA here: nothing was measured.", file=sys.stderr)
        return 1
    print(machine.describe(), flush=True)
    failed = [part for part in chosen if not run(part)]
    print(f"\nFailed: {', '.join(failed) or 'nothing'}.", flush=True)
    return len(failed) > 0


def run(part: str) -> bool:
    """Run that part, which prints as it goes; returns whether it ended well."""
    print(f"\n## {part.capitalize()}\n", flush=True)
    start = perf_counter()
    words = [sys.executable, "-m", f"benchmarks.gpu.{part}"]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(words, cwd=AROUND, env=environment, start_new_session=True)
    try:
        code = process.wait(LIMITS[part])
        how = f"exit code {code}"
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        process.wait()
        code, how = 1, f"took more than {LIMITS[part]} s"
    ending = "" if code == 0 else f" **It failed: {how}.**"
    print(f"\n{part}: {perf_counter() - start:.0f} s.{ending}", flush=True)
    return code == 0


if __name__ == "__main__":
    sys.exit(main())
