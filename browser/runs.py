"""Runs of every state in a folder, made by the command line as a person would."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from browser.server import ROOT, stop

SMALL = ("--hidden", "16", "--train-images", "2000", "--batch-size", "500")


def settings(home: Path) -> dict[str, str]:
    """The environment in which runs lie in `home` and training leaves the browser a core."""
    return {"LATENT_LAB_HOME": str(home), "OMP_NUM_THREADS": "1"}


def make(home: Path) -> None:
    """Runs `done`, `second` (another to compare with), `fitted` (without curves) and `damaged`."""
    _train(home, "done", "--family", "vae", "--epochs", "3", "--name", "My first VAE", *SMALL)
    _train(home, "second", "--family", "ae", "--epochs", "2", "--name", "An autoencoder", *SMALL)
    _train(home, "fitted", "--family", "pca", "--name", "Fitted at once")
    folder = home / "runs" / "damaged"
    folder.mkdir()
    (folder / "run.json").write_text('{"format": 1,', "utf-8")


@contextlib.contextmanager
def training(home: Path, name: str = "live", seconds: float = 60) -> Iterator[None]:
    """A run that trains, with a map of its first epoch, until the block ends; then it is killed."""
    command = _command(name, "--family", "vae", "--epochs", "1000", "--name", "Trains now", *SMALL)
    with (home / f"{name}.log").open("wb") as log:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=os.environ | settings(home),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        records, end = home / "runs" / name / "records.jsonl", time.monotonic() + seconds
        while not records.exists() or not records.stat().st_size:
            if process.poll() is not None or time.monotonic() > end:
                words = (home / f"{name}.log").read_text("utf-8")
                raise RuntimeError(f"{command} doesn't train: {words}")
            time.sleep(0.05)
        yield
    finally:
        stop(process)


def _train(home: Path, name: str, *words: str) -> None:
    command, environment = _command(name, *words), os.environ | settings(home)
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)


def _command(name: str, *words: str) -> list[str]:
    return [sys.executable, "-m", "aemodels", "train", *words, "--run", name]
