"""A run that memory doesn't suffice for ends in one sentence, wherever it runs out."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import folder, jobs, last_words
from aemodels.runs.status import RunState, RunStatus, write_status

ABORTED = (
    "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc\n"
)
STARTS = """
import json, sys, time
from aemodels import runs
from aemodels.config import Config
from aemodels.runs import process
run = runs.create(Config.of("vae", device="cpu", epochs=1, **json.loads(sys.argv[1])))
process.start(run)
while (found := runs.read(run.id)).alive:
    time.sleep(0.1)
print(json.dumps([found.state, found.message]))
"""


def ended(home: Path, kilobytes: int, **settings: object) -> tuple[str, str]:
    """State and message of a run that an app with so much memory has started."""
    words = ["sh", "-c", f'ulimit -v {kilobytes}; exec "$@"', "sh", sys.executable, "-c", STARTS]
    done = subprocess.run(
        [*words, json.dumps(settings)],
        env=os.environ | {"LATENT_LAB_HOME": str(home), "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    state, message = json.loads(done.stdout)
    return state, message


linux = pytest.mark.skipif(sys.platform != "linux", reason="ulimit -v limits nothing elsewhere")


@linux
def test_a_network_that_is_too_large_is_named(tmp_path: Path) -> None:
    state, message = ended(tmp_path, 3 << 20, hidden=[4096] * 6, batch_size=100)
    assert state == "failed"
    assert message.startswith("hidden=4096,4096,4096,4096,4096,4096: training takes at least ")
    assert message.endswith("GB are free; try fewer or smaller layers.")


@linux
def test_too_little_for_pytorch_itself(tmp_path: Path) -> None:
    state, message = ended(tmp_path, 400 << 10)
    assert state in ("failed", "interrupted")
    assert "not enough memory" in message
    assert message.count(". ") == 0
    assert message.endswith(".")


@pytest.mark.usefixtures("home")
def test_a_process_that_a_library_ended() -> None:
    run = runs.create(Config())
    log = run.path / folder.LOG
    write_status(run.path, RunStatus(RunState.RUNNING))
    log.write_text(f"run {run.id}\n{ABORTED}")
    expected = f"{last_words.OUT_OF_MEMORY}; resuming the run starts from the beginning."
    assert runs.read(run.id).message == expected
    # What an earlier process said doesn't count.
    with log.open("a") as stream:
        stream.write(f"run {run.id}\n")
    assert "unexpectedly" in runs.read(run.id).message
    # Nor where the later one has said nothing yet.
    log.write_text(f"run {run.id}\n{ABORTED}")
    jobs.take(run.path, jobs.order(run.path, jobs.LOCAL, ["resume", run.id]).token)
    assert "unexpectedly" in runs.read(run.id).message
    assert last_words.last_words(run.path, log.stat().st_size) == "The process ended at once."
    # As Slurm says it, in its versions.
    for said in (
        "slurmstepd: error: Detected 1 oom_kill event in StepId=7.batch. Some of the step tasks …",
        "slurmstepd: error: Detected 2 oom-kill event(s) in step 7.batch cgroup.",
    ):
        log.write_text(f"run {run.id}\n{ABORTED}run {run.id}\n{said}\n")
        assert runs.read(run.id).message == expected
    log.unlink()
    assert "unexpectedly" in runs.read(run.id).message
    assert last_words.last_words(run.path) == "The process ended at once."
