"""A run's folder: what is damaged, renamed, or shown to a browser."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aemodels import paths, runs
from aemodels.bundles import atomic
from aemodels.runs import http, process, request, settings
from aemodels.runs import run as run_module
from aemodels.runs.transitions import Action
from tests.library.running import SMALL, work

pytestmark = pytest.mark.usefixtures("home")


def test_damaged_runs_are_shown_as_failed(home: Path) -> None:
    good = runs.create(SMALL)
    facts = json.loads((good.path / "run.json").read_text("utf-8"))
    (home / "empty").mkdir()
    for name, text in {
        "garbage": "{",
        "list": "[]",
        "setting": json.dumps({**facts, "config": {**SMALL.to_dict(), "epochs": 0}}),
        "older": json.dumps({**facts, "format": 1}),
    }.items():
        (home / name).mkdir()
        (home / name / "run.json").write_text(text, "utf-8")
        (home / name / "status.json").write_text(text, "utf-8")
    (home / "a file").touch()
    (home / ".hidden").mkdir()
    (home / "link").symlink_to(good.path)
    found = {run.id: run for run in runs.list_runs()}
    assert found.keys() == {good.id, "empty", "garbage", "list", "setting", "older"}
    for name in ("empty", "garbage", "list", "setting", "older"):
        assert found[name].state == "failed"
        assert "run.json can't be used" in found[name].message
        assert found[name].damaged
        with pytest.raises(runs.RunError, match=r"run\.json can't be used"):
            process.start(found[name])
        runs.delete(found[name])
    assert "epochs=0: must be a whole number" in found["setting"].message
    assert "its format version is 1" in found["older"].message
    assert [run.id for run in runs.list_runs()] == [good.id]
    for outside in ("../x", "link", "", "UP", "none"):
        with pytest.raises(runs.RunError, match="there is no run"):
            runs.read(outside)


def test_ids_are_taken_once_and_names_are_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "_default_id", lambda config: "20250131-120000-vae-2")
    ids = [runs.create(SMALL).id for _ in range(3)]
    assert ids == ["20250131-120000-vae-2" + end for end in ("", "-2", "-3")]
    run = runs.create(SMALL, name="  the\tfirst ", id="mine")
    assert (run.name, run.state, run.message) == (
        "the first",
        "interrupted",
        "It has not started yet.",
    )
    with pytest.raises(runs.RunError, match="run=mine: already exists"):
        runs.create(SMALL, id="mine")
    for wrong in ("", "a/b", "..", "-a", "A", "x" * 65):
        with pytest.raises(runs.RunError, match="must be 1 to 64 lower-case letters"):
            runs.create(SMALL, id=wrong)
    runs.rename(run, "the second, näher")
    assert runs.read("mine").name == "the second, näher"
    for wrong in ("", " ", "x" * 81, "a\x00b"):
        with pytest.raises(runs.RunError, match="must be 1 to 80 visible characters"):
            runs.rename(run, wrong)
    # Three people and the joiners between them.
    runs.rename(run, "\U0001f468\u200d\U0001f469\u200d\U0001f467 lab")
    with pytest.raises(runs.RunError, match="mine is not being trained"):
        request.send(run, Action.STOP)
    with pytest.raises(runs.RunError, match="must be pause, continue or stop"):
        request.send(run, Action.DELETE)


def test_replace_shows_the_old_content_or_the_new(tmp_path: Path) -> None:
    file = tmp_path / "file"
    atomic.replace(file, b"old")
    with pytest.raises(OSError, match="No such file"):
        atomic.replace(file, b"new", scratch=tmp_path / "gone")
    assert file.read_bytes() == b"old"
    atomic.replace(file, b"new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["file"]
    assert file.read_bytes() == b"new"


def test_names_and_phases_change_at_the_same_time_and_both_stay() -> None:
    """Without a lock on run.json the slower writer would undo what the faster one changed."""
    run = runs.create(SMALL, id="both")
    code = """
from aemodels import runs
from aemodels.runs import phases
run = runs.read("both")
for epochs in range(1, 101):
    phases.add(run, 3, epochs)
"""
    other = subprocess.Popen([sys.executable, "-c", code], cwd=paths.AROUND)
    number = 0
    while other.poll() is None or not number:
        number += 1
        runs.rename(run, f"name {number}")
        assert runs.read("both").name == f"name {number}"
    assert other.returncode == 0
    found = runs.read("both")
    assert (found.name, found.phases) == (f"name {number}", (3, 100))


def test_a_browser_gets_named_files_and_numbers_of_a_run_and_nothing_else(
    unmeasured: None,
) -> None:
    run = work(runs.create(SMALL, id="mine"))
    assert http.find("mine/decoder.onnx") == run.path / "bundle" / "decoder.onnx"
    snapshot = run.path / "snapshots" / "0003.safetensors"
    assert http.find("mine/snapshots/0003.safetensors") == snapshot
    for path in (
        "run.json",
        "snapshots",
        "snapshots/",
        "snapshots/../run.json",
        "bundle/codes.npy",
    ):
        assert http.find(f"mine/{path}") is None
    for path in (
        "../0003.safetensors",
        "9999.safetensors",
        "000x.safetensors",
        "0000-4.safetensors",
    ):
        assert http.find(f"mine/snapshots/{path}") is None
    snapshot.rename(run.path / "kept")
    snapshot.symlink_to(run.path / "kept")
    assert http.find("mine/snapshots/0003.safetensors") is None
    facts = http.progress("mine")
    assert facts is not None
    moments = [list(moment) for moment in facts["snapshots"]]
    assert json.loads(json.dumps(facts)) == {**facts, "snapshots": moments}
    assert (facts["alive"], facts["state"], facts["done"]) == (False, "finished", 1)
    assert (facts["epoch"], facts["epochs"]) == (3, 3)
    assert facts["snapshots"] == [(0, 0), (0, 1), (0, 2), (0, 4), (1, 0), (2, 0), (3, 0)]
    assert http.find("mine/snapshots/0000-00004.safetensors")
    assert http.progress("../mine") is None


def test_a_run_keeps_its_owner_and_class() -> None:
    run = runs.create(SMALL, "Ada's", owner="a" * 16, group="7b")
    assert (run.owner, run.group) == ("a" * 16, "7b")
    runs.rename(run, "renamed")
    found = runs.read(run.id)
    assert (found.name, found.owner, found.group) == ("renamed", "a" * 16, "7b")
    nobody = runs.create(SMALL)
    assert nobody.owner == nobody.group == ""
    assert "owner" not in json.loads((nobody.path / "run.json").read_text("utf-8"))


def test_settings_are_parsed_again_only_once_they_have_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[str] = []
    parse = settings._parse

    def count(content: bytes) -> settings.RunSettings:
        found = parse(content)
        parsed.append(found.name)
        return found

    monkeypatch.setattr(settings, "_parse", count)
    made = [runs.create(SMALL, name) for name in ("one", "two")]
    assert parsed == ["one", "two"]
    for _ in range(3):
        assert {run.name for run in runs.list_runs()} == {"one", "two"}
    assert parsed == ["one", "two"]
    # As long as the name before, within the same moment.
    runs.rename(made[0], "six")
    assert {run.name for run in runs.list_runs()} == {"six", "two"}
    assert parsed == ["one", "two", "six"]
    (made[1].path / "run.json").write_text("{", "utf-8")
    assert [run.name for run in runs.list_runs() if run.damaged] == [made[1].id]


def test_more_runs_than_are_remembered_are_read_as_well(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "MOST", 2)
    for name in "abcde":
        runs.create(SMALL, name)
    for _ in range(2):
        assert {run.name for run in runs.list_runs()} == set("abcde")
    assert len(settings._known) <= 2
