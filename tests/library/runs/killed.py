"""Kills runs at chosen moments, resumes them, and compares them with runs that weren't killed.

    python -m tests.library.runs.killed [FAMILY …]      # the table; JSON lines with --json

A run is trained by the command line in a child process, which kills itself with SIGKILL just
before, within or just after a write, a rename or a call. The children are forks of one process that
has loaded PyTorch and a part of MNIST, since starting it 80 times would take minutes.
"""

import io
import json
import os
import re
import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

# The commands load these and the worker only when they need them, which is after the fork.
import sklearn.manifold
import sklearn.neighbors  # noqa: F401
import torch

from aemodels import data, runs
from aemodels.analysis import evaluation
from aemodels.bundles import bundle
from aemodels.cli import main
from aemodels.config import Config
from aemodels.runs import worker  # noqa: F401
from aemodels.runs.folder import LOCK
from tests.library import small

ID = "it"
FAMILIES = ("ae", "vae", "stacked")
BEFORE, WITHIN, AFTER = "before", "within", "after"


class Kill(NamedTuple):
    """The moment `when` of the event's `number`th time, in plain order of the run."""

    when: str
    event: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.when} {self.event}" + f" ({self.number})" * (self.number > 1)


class Row(NamedTuple):
    """A run that is killed at each of these moments in turn, before it is resumed to its end."""

    family: str
    kills: tuple[Kill, ...]

    def __str__(self) -> str:
        return f"{self.family}: {', then '.join(map(str, self.kills))}"


def _rows(family: str, *moments: tuple[Kill, ...]) -> list[Row]:
    return [Row(family, kills) for kills in moments]


ROWS = [
    *_rows(
        "ae",
        (Kill(AFTER, "mkdir new run"),),
        (Kill(WITHIN, "write run.json"),),
        (Kill(BEFORE, "rename new run"),),
        (Kill(BEFORE, "status waiting"),),
        (Kill(BEFORE, "replace 0000-00002.safetensors"),),
        (Kill(WITHIN, "write checkpoint.safetensors", 2),),
        (Kill(AFTER, "replace checkpoint.safetensors", 2),),
        (Kill(AFTER, "status saving"),),
        (Kill(WITHIN, "write decoder.onnx"),),
        (Kill(BEFORE, "status measuring"),),
        (Kill(BEFORE, "measure trustworthiness"),),
        (Kill(BEFORE, "status finished"),),
        (Kill(BEFORE, "rename new run"), Kill(WITHIN, "write run.json")),
        (
            Kill(AFTER, "replace checkpoint.safetensors"),
            Kill(BEFORE, "replace checkpoint.safetensors"),
        ),
        (Kill(BEFORE, "measure trustworthiness"), Kill(AFTER, "rename old bundle")),
    ),
    *_rows(
        "vae",
        (Kill(AFTER, "write run.json"),),
        (Kill(BEFORE, "status running"),),
        (Kill(BEFORE, "replace records.jsonl"),),
        (Kill(WITHIN, "append records.jsonl", 2),),
        (Kill(BEFORE, "replace checkpoint.safetensors"),),
        (Kill(WITHIN, "write weights.safetensors"),),
        (Kill(WITHIN, "write codes.npy"),),
        (Kill(AFTER, "rename new bundle"),),
        (Kill(WITHIN, "write bundle.json", 2),),
        (Kill(AFTER, "replace bundle.json"),),
        (Kill(AFTER, "status measuring"), Kill(AFTER, "status measuring")),
    ),
    *_rows(
        "stacked",
        (Kill(AFTER, "rename new run"),),
        (Kill(WITHIN, "write status.json", 3),),
        (Kill(AFTER, "append records.jsonl", 2),),
        (Kill(AFTER, "replace 0002.safetensors"),),
        (Kill(WITHIN, "write encoder.onnx"),),
        (Kill(WITHIN, "write bundle.json"),),
        (Kill(BEFORE, "rename new bundle"),),
        (Kill(AFTER, "status finished"),),
        (Kill(AFTER, "replace 0003.safetensors"), Kill(BEFORE, "measure trustworthiness")),
    ),
]


class Result(NamedTuple):
    """What a row came to: what the list of runs said after each kill, and what is wrong at the end,
    or nothing.
    """

    row: str
    said: list[str]
    problems: list[str]


def config(family: str) -> Config:
    """Two epochs of six steps, or one for each of four stages."""
    return small.config(family, epochs=1 if family == "stacked" else 2)


class Killer:
    """Kills this process at a moment."""

    def __init__(self, kill: Kill) -> None:
        self.kill = kill
        self.left = kill.number

    def reach(self, when: str, event: str) -> None:
        """The process is at this moment; it may be its last."""
        if (when, event) == (self.kill.when, self.kill.event):
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)

    def around(self, name: Callable[..., str], function: Callable[..., Any]) -> Callable[..., Any]:
        """The function, with a moment before and one after it; `name` makes the event of the
        arguments.
        """

        def called(*args: Any, **kwargs: Any) -> Any:
            event = name(*args)
            self.reach(BEFORE, event)
            result = function(*args, **kwargs)
            self.reach(AFTER, event)
            return result

        return called

    def open(self, path: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        """As `io.open`; of what is written, half can be on disk."""
        stream = _open(path, mode, *args, **kwargs)
        if mode[0] not in "wxa":
            return stream
        verb = "append" if mode[0] == "a" else "write"
        return _Stream(stream, self, f"{verb} {plain(Path(path))}")

    def install(self) -> None:
        """Watch the files, folders and calls of this process."""
        os.replace = self.around(replaced, os.replace)
        os.rename = self.around(renamed, os.rename)
        os.mkdir = self.around(lambda path, *mode: f"mkdir {plain(Path(path))}", os.mkdir)
        vars(io)["open"] = self.open
        for name in ("knn_accuracy", "trustworthiness"):
            measure = getattr(evaluation, name)
            setattr(evaluation, name, self.around(lambda *_, name=name: f"measure {name}", measure))


_open = io.open


class _Stream:
    """A file that a process may die within writing."""

    def __init__(self, stream: Any, killer: Killer, event: str) -> None:
        self._stream = stream
        self._killer = killer
        self._event = event

    def write(self, content: bytes) -> None:
        half = len(content) // 2
        self._stream.write(content[:half])
        self._stream.flush()
        self._killer.reach(WITHIN, self._event)
        self._stream.write(content[half:])

    def __enter__(self) -> "_Stream":
        self._killer.reach(BEFORE, self._event)
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()
        self._killer.reach(AFTER, self._event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def plain(path: Path) -> str:
    """The name of a file or folder without what is different each time."""
    name = path.name
    if name.startswith(".bundle.new-"):
        return "new bundle"
    if name.startswith(".bundle.old-"):
        return "old bundle"
    if path.parent.name == "runs":
        return "new run"
    return re.sub(r"^\.(.*?)(\.[0-9a-f]{8})?\.new$", r"\1", name)


def replaced(source: Any, target: Any) -> str:
    """`status waiting`, or `replace` and the name of another file."""
    name = plain(Path(target))
    if name != "status.json":
        return f"replace {name}"
    return f"status {json.loads(Path(source).read_bytes())['state']}"


def renamed(source: Any, target: Any) -> str:
    return f"rename {plain(Path(target) if 'old' in Path(target).name else Path(source))}"


def command(home: Path, argv: list[str], kill: Kill | None = None) -> int:
    """The exit code of a command in a forked process, -9 if it was killed."""
    sys.stdout.flush()
    child = os.fork()
    if not child:
        code = 70
        try:
            os.environ["LATENT_LAB_HOME"] = str(home)
            log = os.open(home / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.dup2(log, 1)
            os.dup2(log, 2)
            if kill:
                Killer(kill).install()
            code = main(argv)
        finally:
            os._exit(code)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status)


def carry_on(home: Path, family: str, kill: Kill | None = None) -> int:
    """Resume the run, or train it where there is none."""
    train = ["train", *config(family).options(), "--run", ID]
    listed = [run.id for run in runs.list_runs()]
    return command(home, ["resume", ID] if ID in listed else train, kill)


def content(path: Path) -> dict[str, Any]:
    """All that two runs of the same settings must have in common."""
    run = runs.read(path.name)
    assert run.bundle_path is not None
    files = {name: (run.bundle_path / name).read_bytes() for name in bundle.FILES}
    snapshots = {f.name: f.read_bytes() for f in sorted((path / "snapshots").iterdir())}
    terms = [(record.epoch, record.train, record.test) for record in run.records()]
    found = bundle.read(run.bundle_path)
    return {
        **files,
        **snapshots,
        "state": run.state,
        "epoch": run.status.epoch,
        "records": terms,
        "metrics": found.metrics,
        "finished": found.training.finished,
        # The lease of a process that was killed at its very end names it for ever.
        "files": sorted({file.name for file in path.iterdir()} - {LOCK}),
    }


def result(row: Row, home: Path, whole: dict[str, Any]) -> Result:
    """Kill the run at each moment, carry on to its end, compare it with one that wasn't killed."""
    said, problems = [], []
    for kill in row.kills:
        if carry_on(home, row.family, kill) != -signal.SIGKILL:
            problems.append(f"not killed {kill}")
        found = runs.list_runs()
        said.append(" ".join(f"{run.state}: {run.message}" for run in found) or "no run")
        problems += [f"damaged {kill}" for run in found if run.damaged]
        hidden = [p.name for p in (home / "runs").iterdir() if p.is_dir() and p.name[0] == "."]
        problems += [f"left {name}" for name in hidden if name != ".queue"]
    if runs.list_runs()[:1] == [] or runs.read(ID).state != "finished":
        code = carry_on(home, row.family)
        if code:
            problems.append(f"exit code {code}: {(home / 'log').read_text().splitlines()[-1]}")
    with suppress(runs.RunError, AssertionError, OSError, bundle.BundleError):
        ours = content(home / "runs" / ID)
        problems += [f"another {n}" for n in whole | ours if ours.get(n) != whole.get(n)]
        return Result(str(row), said, problems)
    return Result(str(row), said, [*problems, "nothing usable"])


def results(families: list[str], folder: Path) -> Iterator[Result]:
    """The results of all rows of these families."""
    torch.set_num_threads(1)
    mnist = data.load()
    # With all 60,000 neighbours, measuring takes ten times as long.
    few = replace(
        mnist, train_images=mnist.train_images[:600], train_labels=mnist.train_labels[:600]
    )
    data.load = lambda *given: few
    vars(evaluation)["TRUSTWORTHINESS_POINTS"] = 100
    for family in families:
        reference = folder / family
        reference.mkdir()
        os.environ["LATENT_LAB_HOME"] = str(reference)
        assert carry_on(reference, family) == 0, (reference / "log").read_text()
        whole = content(reference / "runs" / ID)
        assert whole["metrics"].trustworthiness
        for number, row in enumerate(row for row in ROWS if row.family == family):
            home = folder / f"{family}-{number}"
            home.mkdir()
            os.environ["LATENT_LAB_HOME"] = str(home)
            yield result(row, home, whole)


def run(arguments: list[str]) -> int:
    families = [name for name in arguments if name != "--json"] or list(FAMILIES)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for found in results(families, Path(folder)):
            failed += bool(found.problems)
            if "--json" in arguments:
                print(json.dumps(found._asdict()), flush=True)
            else:
                verdict = "; ".join(found.problems) or "whole"
                print(f"{found.row}\n    {' | '.join(found.said)}\n    {verdict}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
