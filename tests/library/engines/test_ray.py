"""Ray's REST interface: what the app asks, and what it makes of the answers."""

import json
import os
import re
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aemodels import paths, runs
from aemodels.config import Config
from aemodels.runs.engines import EngineError, JobState, Needs, UnreachableError, chosen
from aemodels.runs.engines.ray import Ray
from tests.library.engines.cluster import FIELDS, MESSAGES, Cluster, ray_head

NEEDS = Needs(cpus=2, gpus=0.25, memory=1 << 30)
WORDS = ["resume", "mine", "--job", "0123456789abcdef"]


@pytest.fixture
def full() -> Iterator[Cluster]:
    """A cluster in which nothing begins."""
    made = Cluster(cpus=0)
    yield made
    made.close()


def test_a_job_has_all_that_a_worker_needs(
    full: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LATENT_LAB_ENGINE_PYTHON", "/opt/the venv/bin/python")
    monkeypatch.setenv("LATENT_LAB_DATA", "/srv/data")
    monkeypatch.setenv("LATENT_LAB_ZOO", "the zoo")
    run = runs.create(Config(), id="mine", name="My run", owner="ann")
    with ray_head(full) as url:
        engine = Ray(f"ray+{url}/")
        handle = engine.start(run, WORDS, NEEDS)
        assert engine.state("mine", handle).state is JobState.QUEUED
        # A lost answer: Ray refuses a second one, and the app has what it wanted.
        assert engine.start(run, WORDS, NEEDS) == handle
        assert len(full.jobs) == 1
    body = full.jobs[handle].body
    assert handle == "latent-lab-mine-0123456789ab"
    log = run.path / "log.txt"
    assert body["entrypoint"] == (
        "exec '/opt/the venv/bin/python' -m aemodels resume mine --job 0123456789abcdef "
        f">> {log} 2>&1"
    )
    assert body["entrypoint_num_cpus"] == 2
    assert body["entrypoint_num_gpus"] == 0.25
    assert body["entrypoint_memory"] == 1 << 30
    assert body["metadata"] == {"run": "mine", "name": "My run", "owner": "ann"}
    env = body["runtime_env"]["env_vars"]
    assert env["LATENT_LAB_HOME"] == str(home.parent)
    assert env["LATENT_LAB_DATA"] == "/srv/data"
    # A job begins in another folder than the app.
    assert env["LATENT_LAB_ZOO"] == str(Path.cwd() / "the zoo")
    assert env["OMP_NUM_THREADS"] == "2"
    assert env["PYTHONPATH"] == str(paths.AROUND)
    assert "CUDA_VISIBLE_DEVICES" not in env
    assert all(isinstance(value, str) for value in env.values())


def test_the_states_of_ray(full: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aemodels.runs.engines.ray.FRESH_SECONDS", 0)
    run = runs.create(Config(), id="mine")
    with ray_head(full) as url:
        engine = Ray(f"ray+{url}")
        handle = engine.start(run, WORDS, NEEDS)
        job = full.jobs[handle]
        for status, state in (
            ("RUNNING", JobState.BEGUN),
            ("SUCCEEDED", JobState.GONE),
            ("STOPPED", JobState.GONE),
            ("FAILED", JobState.GONE),
        ):
            job.status = status
            assert engine.state("mine", handle).state is state
        job.error_type = "JOB_SUPERVISOR_ACTOR_START_TIMEOUT"
        assert engine.state("mine", handle).state is JobState.UNKNOWN
        assert engine.state("mine", "another").state is JobState.UNKNOWN
        engine.cancel("mine", handle)
        assert job.stopping
        engine.cancel("mine", "another")


def test_ray_is_asked_for_one_job_once_in_two_seconds(
    full: Cluster, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = runs.create(Config(), id="mine")
    asked: list[str] = []
    send = Ray._send

    def noted(self: Ray, method: str, path: str, body: Any = None) -> tuple[int, str]:
        asked.append(f"{method} {path}")
        return send(self, method, path, body)

    monkeypatch.setattr(Ray, "_send", noted)
    with ray_head(full) as url:
        engine = Ray(f"ray+{url}")
        handle = engine.start(run, WORDS, NEEDS)
        assert engine.state("mine", handle).state is JobState.QUEUED
        full.jobs.clear()
        assert engine.state("mine", handle).state is JobState.QUEUED
        assert asked == ["POST /api/jobs/", f"GET /api/jobs/{handle}"]
        monkeypatch.setattr("aemodels.runs.engines.ray.FRESH_SECONDS", 0)
        assert engine.state("mine", handle).state is JobState.UNKNOWN


@pytest.mark.parametrize(
    ("status", "text"),
    [(404, "<h1>Not Found</h1>"), (200, "<h1>Welcome</h1>"), (200, "[]"), (200, "{}")],
)
def test_what_is_not_ray_says_nothing_about_a_job(
    status: int, text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Ray("ray+http://head:8265")
    monkeypatch.setattr(engine, "_send", lambda *given: (status, text))
    with pytest.raises(UnreachableError, match="isn't Ray's Jobs interface"):
        engine.state("mine", "handle")


def test_an_address_has_one_spelling(monkeypatch: pytest.MonkeyPatch) -> None:
    for same, spellings in {
        "ray+http://head:8265": ("http://head:8265/", "http://HEAD:8265", "HTTP://head:08265//"),
        "ray+http://head": ("http://head:80", "http://Head/", "http://head:"),
        "ray+https://head/Ray": ("https://head:443/Ray", "https://HEAD/Ray/"),
        "ray+https://Ann:Pass@head:8265": ("https://Ann:Pass@Head:8265/",),
        "ray+http://[fe80::1]:8265": ("http://[FE80::1]:8265/",),
    }.items():
        for spelling in spellings:
            monkeypatch.setenv("LATENT_LAB_ENGINE", f"ray+{spelling}")
            assert chosen.current().address == same
            assert Ray(same).url == same.removeprefix("ray+")


def test_a_head_that_is_away_or_something_else(home: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        away = Ray(f"ray+http://127.0.0.1:{free.getsockname()[1]}")
    with pytest.raises(EngineError, match=r"Ray at http://127\S+ can't be reached; it is tried"):
        away.state("mine", "handle")
    with pytest.raises(EngineError, match="can't be reached"):
        away.start(runs.create(Config()), WORDS, NEEDS)


@pytest.mark.skipif("LATENT_LAB_RAY" not in os.environ, reason="names no folder of Ray's source")
def test_the_fake_is_like_ray() -> None:
    """With LATENT_LAB_RAY=…/site-packages/ray, its source says the same as the fake."""
    folder = Path(os.environ["LATENT_LAB_RAY"]) / "dashboard" / "modules" / "job"
    common = (folder / "common.py").read_text("utf-8")
    request = common.partition("class JobSubmitRequest")[2].partition("def __post_init__")[0]
    assert set(re.findall(r"^    (\w+):", request, re.MULTILINE)) == FIELDS
    for status, message in MESSAGES.items():
        assert f'{status} = "{status}"' in common
        assert message.partition(".")[0] in common
    details = (folder / "pydantic_models.py").read_text("utf-8").partition("class JobDetails")[2]
    with_id = {"submission_id": "1", "entrypoint": ""}
    cluster = Cluster(0)
    cluster.submit(with_id)
    shown = json.loads(json.dumps(cluster.jobs["1"].details()))
    cluster.close()
    assert set(re.findall(r"^        (\w+): ", details, re.MULTILINE)) == shown.keys()
