"""The file of a command engine: what it may say, and the sentence on what it may not."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from aemodels import runs
from aemodels.config import Config
from aemodels.runs.engines import EngineError, JobState, Needs
from aemodels.runs.engines.command import Command

# Says what it is told, and fails with the code that comes first.
ECHO = "import sys; print(*sys.argv[2:], sep='|'); sys.exit(int(sys.argv[1]))"
PLAIN = {
    "start": ["sbatch", "{command}"],
    "handle": "[0-9]+",
    "state": ["squeue", "{handle}"],
    "queued": "PENDING",
    "begun": "RUNNING",
    "cancel": ["scancel", "{handle}"],
}
NEEDS = Needs(cpus=2, memory=1 << 30)
WORDS = ["resume", "mine", "--job", "0123"]


def written(path: Path, **changes: object) -> Path:
    facts = {name: value for name, value in {**PLAIN, **changes}.items() if value is not None}
    # A list of texts, and a text, are the same in TOML and in Python.
    path.write_text("".join(f"{name} = {value!r}\n" for name, value in facts.items()), "utf-8")
    return path


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"handle": None}, "handle is missing"),
        ({"sbatch": "x"}, "sbatch isn't known; there are start, start_on_gpu, state"),
        ({"start": "sbatch {command}"}, "start must be a list of words"),
        ({"start": []}, "start must be a list of words"),
        ({"start": ["", "{command}"]}, "start must be a list of words"),
        ({"start": ["sbatch"]}, r"start needs \{command\}"),
        ({"start_on_gpu": ["sbatch"]}, r"start_on_gpu needs \{command\}"),
        ({"state": ["squeue"]}, r"state needs \{handle\}"),
        ({"cancel": ["scancel", "{job}"]}, r"cancel: \{job\} isn't known; there are run, handle"),
        ({"start": ["sbatch", "{command.x}"]}, r"start: \{command.x\} isn't known"),
        ({"start": ["sbatch", "{command!r}"]}, r"start: \{command\} isn't known"),
        ({"start": ["sbatch", "{command"]}, r"start: \{command: .*; write \{\{ for a brace"),
        ({"queued": "("}, "queued must be a regular expression: missing"),
        ({"begun": ""}, "begun must be a regular expression: it is empty"),
    ],
)
def test_a_file_that_cannot_be_used(changes: dict[str, object], says: str, tmp_path: Path) -> None:
    path = written(tmp_path / "engine.toml", **changes)
    with pytest.raises(EngineError, match=says) as error:
        Command(f"command:{path}")
    assert "\n" not in str(error.value)
    assert str(path) in str(error.value)


def test_a_file_that_is_not_there_or_no_toml(tmp_path: Path) -> None:
    path = tmp_path / "engine.toml"
    with pytest.raises(EngineError, match="can't be read: No such file"):
        Command(f"command:{path}")
    path.write_text("start = [")
    with pytest.raises(EngineError, match="isn't TOML"):
        Command(f"command:{path}")


def test_no_shell_reads_the_words(home: Path, tmp_path: Path) -> None:
    run = runs.create(Config(), id="mine", owner="ann; rm -rf *")
    echo = [sys.executable, "-c", ECHO, "0"]
    words = ["{owner}", "{cpus}", "{gpus}", "{whole_gpus}", "{memory_mb}", "{log}", "{{x}}"]
    path = written(tmp_path / "engine.toml", start=[*echo, *words, "{command}"], handle="(?s)(.*)")
    said = Command(f"command:{path}").start(run, WORDS, replace(NEEDS, gpus=0.25)).split("|")
    assert said[:5] == ["ann; rm -rf *", "2", "0.25", "1", "1024"]
    assert said[5:7] == [str(run.path / "log.txt"), "{x}"]
    assert said[7].startswith("env PYTHONIOENCODING=utf-8 ")
    assert said[7].endswith(" python -m aemodels resume mine --job 0123")
    assert f" LATENT_LAB_HOME={home.parent} " in said[7]


@pytest.mark.parametrize(
    ("code", "says", "state"),
    [
        (0, "PENDING", JobState.QUEUED),
        (0, "RUNNING", JobState.BEGUN),
        (0, "DONE", JobState.GONE),
        (1, "Invalid job id", JobState.GONE),
        (1, "no controller", None),
        # What a failing command says isn't about the job.
        (1, "the controller isn't RUNNING", None),
    ],
)
def test_the_states(code: int, says: str, state: JobState | None, tmp_path: Path) -> None:
    words = [sys.executable, "-c", ECHO, str(code), says, "{handle}"]
    path = written(tmp_path / "engine.toml", state=words, gone="Invalid job id")
    engine = Command(f"command:{path}")
    if state:
        assert engine.state("mine", "7").state is state
        return
    with pytest.raises(EngineError, match=rf"failed: {says}\|7"):
        engine.state("mine", "7")


def test_what_a_scheduler_that_refuses_says(home: Path, tmp_path: Path) -> None:
    run = runs.create(Config(), id="mine")
    for code, says in (("1", "failed: bad partition"), ("0", "gave no handle; it said: bad")):
        words = [sys.executable, "-c", ECHO, code, "bad partition", "{command}"]
        path = written(tmp_path / f"{code}.toml", start=words, handle="Submitted [0-9]+")
        with pytest.raises(EngineError, match=says):
            Command(f"command:{path}").start(run, WORDS, NEEDS)
    path = written(tmp_path / "none.toml", start=["there-is-no-such-program", "{command}"])
    with pytest.raises(EngineError, match="can't be run: No such file"):
        Command(f"command:{path}").start(run, WORDS, NEEDS)


def test_a_run_that_wants_a_gpu_gets_one_or_is_refused(home: Path, tmp_path: Path) -> None:
    run = runs.create(Config(), id="mine")
    wants = replace(NEEDS, gpus=0.25)
    echo = [sys.executable, "-c", ECHO, "0"]
    plain = [*echo, "anywhere", "{command}"]
    path = written(tmp_path / "plain.toml", start=plain, handle="[a-z]+")
    engine = Command(f"command:{path}")
    assert engine.start(run, WORDS, NEEDS) == "anywhere"
    with pytest.raises(EngineError, match=r"wants a GPU, and /\S+plain.toml has no start_on_gpu"):
        engine.start(run, WORDS, wants)
    for changes in (
        {"start_on_gpu": [*echo, "gpu", "{command}"]},
        {"start": [*echo, "gpu", "{gpus}", "{command}"]},
        {"start": [*echo, "gpu", "{whole_gpus}", "{command}"]},
    ):
        facts = {"start": plain, "handle": "[a-z]+", **changes}
        engine = Command(f"command:{written(tmp_path / 'gpu.toml', **facts)}")
        assert engine.start(run, WORDS, wants) == "gpu"
