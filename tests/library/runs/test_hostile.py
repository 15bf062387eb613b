"""Bundles from strangers: each is refused in one sentence, or taken and shown to be harmless.

pytest -n 0 -s tests/library/runs/test_hostile.py      # prints how many of each
"""

import json
import os
from collections import Counter
from pathlib import Path

import numpy as np
import onnx
import pytest

from aemodels import runs
from aemodels.analysis import latent_space
from aemodels.bundles import bundle, contents
from aemodels.bundles.metrics import Metrics
from aemodels.runs import archive, http
from tests.library.runs import hostile

LONGEST_SENTENCE = 600
OPERATORS = {
    "Add", "Concat", "Constant", "Conv", "ConvTranspose", "Elu", "Expand", "Flatten", "GRU", "Gelu",
    "Gemm", "Mul", "Relu", "Reshape", "Sigmoid", "Split", "Tanh", "Transpose", "Unsqueeze",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(archive, "LARGEST", 20_000_000)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)
    return tmp_path / "home" / "runs"


def attempt(case: hostile.Case, home: Path, checked: set[tuple[str, ...]]) -> str:
    """How an upload ends: "refused" or "taken"; fails if it does any harm."""
    try:
        run = archive.unpack(case.content, case.filename)
    except archive.ArchiveError as error:
        sentence = str(error)
        assert sentence.isprintable(), case
        assert 10 < len(sentence) < LONGEST_SENTENCE, sentence
        # Nothing is left: no run, no hidden folder, no file elsewhere.
        assert runs.list_runs() == []
        assert not [path for path in home.glob("*") if path.is_dir()]
        return "refused"
    check_harmless(run, checked)
    runs.delete(run)
    return "taken"


def check_harmless(run: runs.Run, checked: set[tuple[str, ...]]) -> None:
    """The run is whole, its graphs are ours, and its numbers can be drawn.

    `checked` are the files that were checked before, by their hashes.
    """
    assert run.bundle_path is not None
    assert (run.state, run.damaged) == ("loaded", False)
    assert run.name.isprintable()
    assert 1 <= len(run.name) <= runs.LONGEST_NAME
    assert run.command.isprintable()
    found = bundle.read(run.bundle_path)
    assert {path.name for path in run.bundle_path.iterdir()} == set(hostile.NAMES)
    check_manifest(found)
    if (digests := tuple(found.digests.values())) not in checked:
        check_graphs(found)
        described = latent_space.describe(*found.codes(), found.family)
        for name, values in vars(described).items():
            assert np.isfinite(values).all(), name
        assert archive.pack(run.bundle_path)
        checked.add(digests)


def check_manifest(found: bundle.Bundle) -> None:
    manifest = (found.path / bundle.MANIFEST).read_bytes()
    assert len(manifest) < 100_000
    # Strict JSON, which a browser reads too: no NaN, no half letters.
    manifest.decode("utf-8")
    json.loads(manifest, parse_constant=pytest.fail)
    for name in Metrics.glossary():
        value = getattr(found.metrics, name)
        for each in value if isinstance(value, tuple) else (value,):
            assert each is None or (np.isfinite(float(each)) and abs(each) <= 1e12)
    assert found.training.epochs <= 1_000_000


def check_graphs(found: bundle.Bundle) -> None:
    weights = (found.path / bundle.WEIGHTS).read_bytes()
    for name, graph in contents.graphs(found.config, weights).items():
        served = http.find(f"{found.path.parent.name}/{name}")
        assert served is not None
        assert served.read_bytes() == graph
        model = onnx.load_model_from_string(graph)
        assert not model.functions
        assert {node.op_type for node in model.graph.node} <= OPERATORS
        assert {node.domain for node in model.graph.node} == {""}
        for tensor in model.graph.initializer:
            place = {entry.key: entry.value for entry in tensor.external_data}
            assert place["location"] == bundle.WEIGHTS
            assert 0 <= int(place["offset"]) < len(weights)


@pytest.mark.slow
@pytest.mark.parametrize(("family", "least"), [("vae", 1200), ("pca", 150), ("recurrent", 150)])
def test_every_hostile_bundle_is_refused_or_harmless(
    family: str, least: int, home: Path, tmp_path: Path
) -> None:
    files = hostile.good(family, tmp_path)
    checked: set[tuple[str, ...]] = set()
    assert attempt(hostile.Case("good", "good", hostile.zipped(files)), home, checked) == "taken"
    counts: dict[str, Counter[str]] = {}
    wrong: list[str] = []
    for case in hostile.cases(files):
        # Of the others only what depends on the family.
        if family != "vae" and case.group in ("values in bundle.json", "zips", "damaged zips"):
            continue
        try:
            outcome = attempt(case, home, checked)
        except Exception as error:
            wrong.append(f"{case.group}: {case.name}: {type(error).__name__}: {str(error)[:200]}")
            continue
        counts.setdefault(case.group, Counter())[outcome] += 1
    for group, found in counts.items():
        print(f"{family}, {group}: {found['refused']} refused, {found['taken']} taken, harmless")
    assert wrong == []
    assert sum(map(Counter.total, counts.values())) >= least
    # One graph after another is replaced, and a name is only a name.
    for group in ("graphs", "file names"):
        assert counts[group]["taken"] > 10
    assert counts["texts instead of it"]["taken"] <= 1
