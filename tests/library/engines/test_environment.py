"""Tests of a shell that also serves a class on a cluster."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
SAID = {
    "LATENT_LAB_ENGINE": "ray+http://head:8265",
    "LATENT_LAB_GPU_SHARE": "many",
    "LATENT_LAB_ENGINE_CPUS": "7",
    "LATENT_LAB_ENGINE_QUEUE": "none",
    "LATENT_LAB_ALL_LIVE_RUNS": "0",
}


@pytest.mark.slow
def test_what_the_shell_says_of_engines_changes_no_test() -> None:
    names = ("test_how_many_wait_in_the_engine_is_a_setting", "test_what_a_run_needs")
    tests = [f"tests/library/engines/test_dispatch.py::{name}" for name in names]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", *tests],
        cwd=ROOT,
        env={**os.environ, **SAID},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout
    assert "2 passed" in done.stdout
