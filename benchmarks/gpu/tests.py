"""The library's tests of training, families, models, objectives and runs, on the GPU.

Without those marked slow, which kill and restart processes.
"""

import os
import subprocess
import sys

FOLDERS = ("training", "families", "models", "objectives", "runs/test_worker.py")


def main() -> int:
    """Run them; returns pytest's exit code."""
    workers = min(6, os.cpu_count() or 1)
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-o", "addopts="]
    # Other versions of libraries than ours may warn of other things.
    words += ["-o", "filterwarnings=default", "--import-mode=importlib", "--disable-warnings"]
    words += ["-m", "not slow", "-v", "-rf", "--tb=short"]
    words += ["-n", str(workers), "--dist=load", *(f"tests/library/{name}" for name in FOLDERS)]
    return subprocess.run(words, env=os.environ | {"AEMODELS_TEST_DEVICE": "cuda"}).returncode


if __name__ == "__main__":
    sys.exit(main())
