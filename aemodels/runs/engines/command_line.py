"""The command line of a job and its environment, on whatever machine it begins.

| variable | meaning | default |
|---|---|---|
| `LATENT_LAB_ENGINE_PYTHON` | the Python there, which has PyTorch | `python` |
| `LATENT_LAB_ENGINE_CODE` | the folder there that has `aemodels` in it | this checkout |

The folder of runs has the same path everywhere.
"""

import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from aemodels import paths
from aemodels.runs.engines.needs import Needs

PYTHON, CODE = "LATENT_LAB_ENGINE_PYTHON", "LATENT_LAB_ENGINE_CODE"
# Where data and models are, if it was said here.
PASSED_ON = ("LATENT_LAB_DATA", "LATENT_LAB_ZOO", "LATENT_LAB_READER", "LATENT_LAB_RECORDED")


def here(words: Sequence[str]) -> list[str]:
    """The command for this machine."""
    return [sys.executable, "-m", "aemodels", *words]


def here_environment() -> dict[str, str]:
    """The environment of a child process: its output is UTF-8 whatever the locale."""
    return {**os.environ, "PYTHONIOENCODING": "utf-8"}


def home() -> dict[str, str]:
    """The variable that leads a process to the runs."""
    return {"LATENT_LAB_HOME": str(paths.runs().parent)}


def elsewhere(words: Sequence[str]) -> str:
    """The command for another machine, for a shell there."""
    return shlex.join([os.environ.get(PYTHON) or "python", "-m", "aemodels", *words])


def portable(words: Sequence[str], needs: Needs) -> str:
    """The command for a shell of another machine, with its environment in it."""
    named = [f"{name}={value}" for name, value in elsewhere_environment(needs).items()]
    return f"{shlex.join(['env', *named])} {elsewhere(words)}"


def elsewhere_environment(needs: Needs) -> dict[str, str]:
    """What to add to the environment there."""
    threads = str(needs.cpus)
    found = {"PYTHONIOENCODING": "utf-8", "OMP_NUM_THREADS": threads, **home()}
    # A job begins in another folder.
    found |= {
        name: str(Path(folder).absolute()) for name in PASSED_ON if (folder := os.environ.get(name))
    }
    code = os.environ.get(CODE) or paths.checkout()
    if code:
        found["PYTHONPATH"] = str(code)
    if not needs.gpus:
        # A GPU that nobody was promised would be taken by a run whose device is auto.
        found["CUDA_VISIBLE_DEVICES"] = ""
    return found
