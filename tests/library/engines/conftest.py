"""The three engines, each with one CPU, and the folder of runs that they share."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic, sleep

import pytest

from aemodels import runs
from aemodels.runs import engines
from aemodels.runs.engine_queue import dispatch, handover, slots
from tests.library.engines import cluster
from tests.library.engines.noted import Noted
from tests.library.running import Processes

ENGINES = ("local", "ray", "command")
TEMPLATE = """
start = [{python}, {script}, {url}, "submit", "{{cpus}}", "exec {{command}} >> {{log}} 2>&1"]
handle = 'batch job (\\d+)'
state = [{python}, {script}, {url}, "state", "{{handle}}"]
queued = 'PENDING'
begun = 'RUNNING'
gone = 'Invalid job id'
cancel = [{python}, {script}, {url}, "cancel", "{{handle}}"]
"""


class Machine:
    """What the tests do to the machine of an engine."""

    def __init__(self, name: str, kill: Callable[[runs.Run], None]) -> None:
        self.name = name
        self.kill = kill


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Looks at the engine without the pauses that spare it."""
    monkeypatch.setattr(dispatch, "ROUND_SECONDS", 0.1)
    monkeypatch.setattr(dispatch, "IDLE_SECONDS", 0.1)
    monkeypatch.setattr(handover, "DOUBT_SECONDS", 0.5)


@pytest.fixture(params=ENGINES)
def machine(
    request: pytest.FixtureRequest,
    home: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    processes: Processes,
    quick: None,
) -> Iterator[Machine]:
    """An engine, which new jobs go to."""
    name = request.param
    monkeypatch.setenv("LATENT_LAB_ENGINE_PYTHON", sys.executable)
    with ExitStack() as stack:
        if name == "local":
            monkeypatch.setenv("LATENT_LAB_ENGINE", "local")

            def kill(run: runs.Run) -> None:
                for process in processes:
                    if isinstance(process.args, list) and run.id in process.args:
                        os.kill(process.pid, signal.SIGKILL)

            yield Machine(name, kill)
            return
        made = cluster.Cluster()
        stack.callback(made.close)
        url = stack.enter_context(cluster.ray_head(made))
        address = f"ray+{url}"
        if name == "command":
            path = tmp_path / "engine.toml"
            words = {"python": sys.executable, "script": cluster.__file__, "url": url}
            quoted = {key: json.dumps(word) for key, word in words.items()}
            path.write_text(TEMPLATE.format(**quoted), "utf-8")
            address = f"command:{path}"
        monkeypatch.setenv("LATENT_LAB_ENGINE", address)
        yield Machine(name, lambda run: made.kill(run.id))
        monkeypatch.delenv("LATENT_LAB_ENGINE")
        rest()


def rest() -> None:
    """Wait until the thread that hands runs over has seen that there is nothing more to do."""
    dispatch._asked.set()
    end = monotonic() + 60
    while dispatch._serving:
        assert monotonic() < end
        sleep(0.01)


@pytest.fixture
def engine(home: Path, monkeypatch: pytest.MonkeyPatch) -> Noted:
    """No thread hands anything over: the tests do a round when they want one."""
    made = Noted()
    monkeypatch.setattr(engines, "current", lambda: made)
    monkeypatch.setattr(dispatch, "serve", lambda: None)
    monkeypatch.setattr(handover, "DOUBT_SECONDS", 0.0)
    monkeypatch.setattr(slots, "_since", {})
    return made
