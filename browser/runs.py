"""Runs of every state in a folder, made by the commands that a person would give."""

import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from browser.server import ROOT, stop

ONE_BY_ONE = """
import json, sys
from aemodels.cli import main
for words in json.loads(sys.argv[1]):
    if code := main(words):
        sys.exit(code)
"""
SMALL = ("--hidden", "16", "--train-images", "2000", "--batch-size", "500")


def settings(home: Path) -> dict[str, str]:
    """The environment in which runs lie in `home` and training leaves the browser a core."""
    return {"LATENT_LAB_HOME": str(home), "OMP_NUM_THREADS": "1"}


def make(home: Path) -> None:
    """Runs `done`, `second` (another to compare with), `fitted` (without curves) and `damaged`."""
    train(
        settings(home),
        words("done", "--family", "vae", "--epochs", "3", "--name", "My first VAE", *SMALL),
        words("second", "--family", "ae", "--epochs", "2", "--name", "An autoencoder", *SMALL),
        words("fitted", "--family", "pca", "--name", "Fitted at once"),
    )
    folder = home / "runs" / "damaged"
    folder.mkdir()
    (folder / "run.json").write_text('{"format": 1,', "utf-8")


@contextlib.contextmanager
def training(home: Path, name: str = "live", seconds: float = 60) -> Iterator[None]:
    """A run that trains, with a map of its first epoch, until the block ends; then it is killed."""
    command = [sys.executable, "-m", "aemodels"]
    command += words(name, "--family", "vae", "--epochs", "1000", "--name", "Trains now", *SMALL)
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
                said = (home / f"{name}.log").read_text("utf-8")
                raise RuntimeError(f"{command} doesn't train: {said}")
            time.sleep(0.05)
        yield
    finally:
        stop(process)


def words(run: str, *options: str) -> list[str]:
    """What the command line is told to train this run."""
    return ["train", *options, "--run", run]


def train(environment: Mapping[str, str], *commands: Sequence[str]) -> None:
    """Give these to the command line one after another, in one process: it loads PyTorch once.

    Raises RuntimeError, with what it said, if one fails.
    """
    done = subprocess.run(
        [sys.executable, "-c", ONE_BY_ONE, json.dumps(commands)],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{commands}: {done.stdout}{done.stderr}")
