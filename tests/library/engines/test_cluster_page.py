"""docs/cluster.md: the files that it shows can be used, and the variables exist."""

import os
import re
import sys
from pathlib import Path

import pytest

from aemodels.runs.engine_queue import slots
from aemodels.runs.engines import EngineError, JobState, command_line, needs, template
from aemodels.runs.engines.command import Command
from aemodels.runs.engines.template import read, values

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8")
FILES = re.findall(r"```toml\n# (\w+)(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "content"), FILES)
def test_the_files_of_schedulers_can_be_used(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_text(f"#{content}", "utf-8")
    found = read(path)
    given = values(
        run="a", owner="", token="t", log="/l", command="c d", needs=needs.Needs(2, 0.5, 1 << 30)
    )
    words = [word.format_map(given) for word in (*found.start, *found.start_on_gpu)]
    assert not any("{" in word for word in words)
    assert any("c d" in word for word in words)
    state = [word.format_map({"run": "a", "handle": "7"}) for word in found.state]
    assert any("7" in word for word in state)


def test_slurms_answers_are_understood(tmp_path: Path) -> None:
    content = dict(FILES)["Slurm"]
    path = tmp_path / "slurm.toml"
    path.write_text(f"#{content}", "utf-8")
    found = read(path)
    # As `sbatch --parsable` prints it in a federation.
    match = found.handle.search("1234;cluster\n")
    assert match
    assert match[0] == "1234"
    assert found.queued.search("PENDING\n")
    assert found.begun.search("RUNNING\n")
    assert found.gone
    assert found.gone.search("slurm_load_jobs error: Invalid job id specified")


# What the commands print, and their exit codes: waiting, begun, ended, not known, and away.
SAID = {
    "Slurm": (
        ("PENDING", 0),
        ("RUNNING", 0),
        ("", 0),
        ("slurm_load_jobs error: Invalid job id specified", 1),
        ("slurm_load_jobs error: Unable to contact slurm controller (connect failure)", 1),
    ),
    "SkyPilot": (
        ("ID TASK NAME STATUS\n6 - a RUNNING\n7 - b PENDING", 0),
        ("ID TASK NAME STATUS\n7 - b RUNNING\n6 - a PENDING", 0),
        ("ID TASK NAME STATUS\n7 - b SUCCEEDED\n6 - a PENDING", 0),
        ("ID TASK NAME STATUS\n6 - a RUNNING", 0),
        ("Could not connect to the API server, which isn't RUNNING", 1),
    ),
    "Kubernetes": (
        ("ready=0 ended=", 0),
        ("ready=1 ended=", 0),
        ("ready=0 ended=1", 0),
        ("", 0),
        ("Error from server (NotFound): the server could not find the requested resource", 1),
    ),
}
STATES = (JobState.QUEUED, JobState.BEGUN, JobState.GONE, JobState.GONE, None)


@pytest.mark.skipif(sys.platform == "win32", reason="schedulers run elsewhere")
@pytest.mark.parametrize(("name", "content"), FILES)
def test_a_scheduler_that_is_away_loses_no_job(
    name: str, content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aemodels.runs.engines.command.FRESH_SECONDS", 0.0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "engine.toml"
    path.write_text(f"#{content}", "utf-8")
    engine = Command(f"command:{path}")
    scheduler = next(
        tmp_path / word for word in ("squeue", "sky", "kubectl") if word in str(engine.template)
    )
    for (said, code), state in zip(SAID[name], STATES, strict=True):
        stream = " >&2" if code else ""
        scheduler.write_text(f"#!/bin/sh\ncat{stream} <<'END'\n{said}\nEND\nexit {code}\n")
        scheduler.chmod(0o755)
        if state is None:
            with pytest.raises(EngineError, match="failed: "):
                engine.state("mine", "7")
        else:
            assert engine.state("mine", "7").state is state, said


def test_the_page_names_the_variables() -> None:
    variables = needs.CPUS, needs.GPU_SHARE, command_line.PYTHON, command_line.CODE, slots.VARIABLE
    for name in variables:
        assert f"`{name}`" in PAGE
    assert len(FILES) == 3
    assert set(template.OF_START) <= set(re.findall(r"\{(\w+)\}", PAGE))
