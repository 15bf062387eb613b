"""The reproduction table: rows in small, what is kept, what is refused, the committed file."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from scipy.ndimage import shift  # type: ignore[import-untyped]
from torch.distributions import Normal, kl_divergence

from aemodels import data
from aemodels.analysis import evaluation
from aemodels.bundles import bundle, zoo
from aemodels.bundles.recipes import RECIPES
from aemodels.config import Config, Loop
from aemodels.families import FAMILIES
from aemodels.training import fit
from reproduction import details, model_cache, report, result, rows, runner
from reproduction.__main__ import main
from reproduction.choices import how
from reproduction.context import ReproductionContext
from reproduction.result import DIVERGED, DONE, MISSING, ROW_IDS, Figure, Result, ResultError, Used
from reproduction.row import Measured, Row
from reproduction.rows import ROWS, contraction, likelihood
from tests.library import small

ROOT = Path(__file__).resolve().parents[2]
# Each step multiplies the weights by about -9.
EXPLODES = Config.of(
    "linear", epochs=2, batch_size=100, train_images=6000, learning_rate=1.0, weight_decay=10.0
)


@pytest.fixture(scope="module")
def quick(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ReproductionContext]:
    """One for all rows, so that each model is made once; digits take the place of clothes."""
    folder = tmp_path_factory.mktemp("quick")
    with pytest.MonkeyPatch.context() as patch:
        digits = data.load()
        patch.setattr(data, "load", lambda name="mnist", folder=None, watch=None: digits)
        yield ReproductionContext(
            folder / "zoo", folder / "models", quick=True, stream=io.StringIO()
        )
    assert not list(folder.iterdir())


@pytest.fixture
def full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ReproductionContext:
    """A context that trains in earnest, though only these two recipes."""
    recipes = {"small": small.config("ae"), "pca": small.config("pca")}
    monkeypatch.setattr(model_cache, "RECIPES", recipes)
    monkeypatch.setattr(evaluation, "TRUSTWORTHINESS_POINTS", 100)
    return ReproductionContext(tmp_path / "zoo", tmp_path / "models", stream=io.StringIO())


def row(measure: Any, name: str = "tried") -> Row:
    facts = ("A row", "a paper", "its recipe", "another seed")
    return Row(name, *facts, measure, families=("ae",))


def exploding(context: ReproductionContext) -> Measured:
    trained = context.fit("explodes", EXPLODES)
    return Measured([Figure("error", "", (trained.metrics.number("sse"),))])


def fine(context: ReproductionContext) -> Measured:
    return Measured([Figure("one", "nats", (1.0,), "lower", (2.0,))], {"list": [1, 2]})


RESULT = Result(
    id="tried",
    title="A row",
    source="a paper",
    recipe="its recipe",
    difference="none",
    chosen="solved exactly",
    status=DONE,
    machine="a machine",
    date="2026-01-31",
    seconds=60.0,
    seeds=(0, 1, 2),
    models=(Used("ae", "python -m aemodels train", "", "cpu", "fp32", 60.0, "another machine"),),
    figures=(
        Figure("error", "nats", (3.0, 1.0, 2.0), "lower", (1.5,)),
        Figure("a|b", "", (0.89,), "higher", (0.88, 0.9), note="a note"),
    ),
    versions={"python": "3.11.7"},
    details={"curve": [1.0, 2.0]},
)


@pytest.mark.slow
@pytest.mark.parametrize("name", ROWS)
def test_every_row_runs_in_small_and_measures_what_it_names(
    name: str, quick: ReproductionContext
) -> None:
    found = runner.measure(ROWS[name], quick)
    assert found.status == DONE, found.reason
    assert set(ROWS[name].recipes) <= quick.used.keys()
    models = [each for each in quick.cache.models() if each.name in quick.used]
    assert {each.config.family.name for each in models} <= set(ROWS[name].families)
    assert json.loads(found.text())["id"] == name
    before = result.read(result.committed() / f"{name}.json")
    if before.status == DONE:
        # The committed numbers are those that the code measures now.
        names = [(figure.name, figure.unit) for figure in found.figures]
        assert names == [(figure.name, figure.unit) for figure in before.figures]
        assert found.details.keys() == before.details.keys()


def test_registry_has_every_family_recipe_and_source() -> None:
    assert {family for row in ROWS.values() for family in row.families} == FAMILIES.keys()
    used = {name for row in ROWS.values() for name in row.recipes} | {"ae-16", "vae-16"}
    assert used == RECIPES.keys()
    for name, entry in ROWS.items():
        assert name == entry.id
        assert all((entry.title, entry.source, entry.recipe, entry.difference))


def test_a_page_reads_the_table_without_heavy_libraries() -> None:
    code = (
        "import sys; from reproduction import report, result;"
        "report.markdown(list(result.read_all(result.ROW_IDS, result.folder()).values()));"
        "sys.exit(bool({'torch', 'sklearn', 'scipy', 'onnx'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=60).returncode == 0


def test_zoo_was_made_by_its_recipes() -> None:
    index = bundle.scan(zoo.folder())
    assert {found.name: found.config for found in index.bundles}.items() <= RECIPES.items()


def test_committed_report_is_what_the_committed_results_give() -> None:
    results = result.read_all(list(ROWS), result.folder())
    assert {path.stem for path in result.folder().glob("*.json")} == results.keys()
    text = (ROOT / "REPRODUCTION.md").read_text("utf-8")
    assert text == report.markdown(list(results.values()))
    for name, found in results.items():
        facts = (found.title, found.source, found.recipe, found.difference)
        assert facts == tuple(getattr(ROWS[name], key) for key in list(asdict(found))[1:5])
        assert found.chosen == how.of_row(ROWS[name])
        assert found.families == ROWS[name].families


def test_result_comes_back_from_its_file(tmp_path: Path) -> None:
    RESULT.save(tmp_path)
    assert result.read(tmp_path / "tried.json") == RESULT
    assert [path.name for path in tmp_path.iterdir()] == ["tried.json"]


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("status", "perfect", "its status must be done, diverged, missing data"),
        ("status", DIVERGED, "only a row that is done has numbers, others a reason"),
        ("figures", [], "only a row that is done has numbers"),
        ("id", "other", "of another format or another row"),
        ("format", 2, "of another format or another row"),
        ("seeds", None, "must be a JSON object with id, title"),
        ("surprise", 1, "must be a JSON object with id, title"),
    ],
)
def test_damaged_result_is_refused(key: str, value: Any, says: str, tmp_path: Path) -> None:
    values = json.loads(RESULT.text())
    path = tmp_path / "tried.json"
    path.write_text(json.dumps(values | {key: value}), "utf-8")
    with pytest.raises(ResultError, match=says):
        result.read(path)


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("met", True, "its verdicts don't follow from its numbers"),
        ("ours", [], "a finite number for each seed"),
        ("ours", [float("nan")], "a finite number for each seed"),
        ("better", "larger", "direction, range or margin"),
        ("published", [], "better=lower needs a target"),
    ],
)
def test_damaged_figure_is_refused(key: str, value: Any, says: str, tmp_path: Path) -> None:
    values = json.loads(RESULT.text())
    values["figures"][0][key] = value
    path = tmp_path / "tried.json"
    path.write_text(json.dumps(values), "utf-8")
    with pytest.raises(ResultError, match=says):
        result.read(path)
    path.write_text("{", "utf-8")
    with pytest.raises(ResultError, match=r"tried\.json: can't be read"):
        result.read(path)


@pytest.mark.parametrize(
    ("ours", "better", "published", "target", "met"),
    [
        ((3.0, 1.0, 2.0), "lower", (2.0,), None, True),
        ((2.1,), "lower", (2.0,), None, False),
        ((2.1,), "lower", (2.0,), 2.2, True),
        ((0.893,), "higher", (0.892, 0.899), None, True),
        ((0.891,), "higher", (0.892, 0.899), None, False),
        ((1.5,), "near", (1.0,), None, True),
        ((1.6,), "near", (1.0,), None, False),
        ((0.4,), "near", (1.0, 2.0), None, False),
        ((1.0,), "none", (2.0,), None, None),
    ],
)
def test_what_counts_as_met(
    ours: tuple[float, ...],
    better: str,
    published: tuple[float, ...],
    target: float | None,
    met: bool | None,
) -> None:
    assert Figure("x", "", ours, better, published, target, margin=0.5).met is met


def test_details_must_be_numbers(tmp_path: Path) -> None:
    with pytest.raises(ResultError, match="tried: can't be written as JSON"):
        replace(RESULT, details={"x": float("inf")}).save(tmp_path)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("figure", "cells"),
    [
        (
            Figure("error", "nats", (3.0, 1.0, 2.0), "lower", (1.5,)),
            ("error, nats", "1.5", "≤ 1.5", "2 ± 1", "missed"),
        ),
        # The mean, not the median; the deviation of a sample, by n - 1.
        (
            Figure("error", "nats", (1.0, 1.0, 4.0), "lower", (1.5,)),
            ("error, nats", "1.5", "≤ 1.5", "2 ± 1.7", "missed"),
        ),
        (
            Figure("a", "", (0.89,), "higher", (0.88, 0.9)),
            ("a", "0.88 to 0.9", "≥ 0.88", "0.89", "met"),
        ),
        (
            Figure("a", "s", (13.866266,), "near", (13.87,), margin=0.005),
            ("a, s", "13.87", "13.87 ± 0.005", "13.866", "met"),
        ),
        (Figure("a", "", (12345.6,), published=(0.07261,)), ("a", "0.07261", "–", "12,346", "–")),
        (
            Figure("Is it?", "1 is yes", (1,), "near", target=1),
            ("Is it?", "–", "yes", "yes", "met"),
        ),
        (
            Figure("Is it?", "1 is yes", (0,), "near", target=1),
            ("Is it?", "–", "yes", "no", "missed"),
        ),
    ],
)
def test_a_figure_is_a_row_of_a_table(figure: Figure, cells: tuple[str, ...]) -> None:
    assert tuple(figure.cells()) == cells


def test_report_shows_what_is_missed() -> None:
    text = report.markdown([RESULT])
    assert (
        "| [A row](#tried) | error, nats | 1.5 | ≤ 1.5 | 2 ± 1 | **missed 1 of 2** | 2.0 min |"
        in text
    )
    assert "| error, nats | 1.5 | ≤ 1.5 | 2 ± 1 | **missed** |" in text
    assert "1 misses at least one target: “A row”" in text
    assert "a\\|b" in text
    assert "`ae`, 60 s on cpu in fp32, another machine: `python -m aemodels train`" in text
    assert "Not measured yet: `pca-30`" in text


def test_report_is_readable() -> None:
    text = (ROOT / "REPRODUCTION.md").read_text("utf-8")
    cells = [cell for line in text.splitlines() if line.startswith("|") for cell in line.split("|")]
    assert max(map(len, cells)) <= 200
    assert "?." not in text
    assert ".." not in text
    assert "1 threads" not in text
    for name, row in ROWS.items():
        assert text.count(f"| [{row.title}](#{name}) |") == 1
        assert text.count(f"\n## {name}\n") == 1
    for found in result.read_all(ROW_IDS, result.committed()).values():
        assert text.count(f"* Source: {found.source}\n") >= 1


def test_a_row_that_diverges_is_no_result(full: ReproductionContext, tmp_path: Path) -> None:
    results, problems = runner.run([row(exploding), row(fine, "after")], full, tmp_path)
    assert problems == []
    assert [found.status for found in results] == [DIVERGED, DONE]
    saved = result.read(tmp_path / "tried.json")
    assert saved.figures == ()
    assert "explodes: epoch 1: the loss became" in saved.reason
    assert "| [A row](#tried) | – | – | – | – | **diverged** |" in report.markdown([saved])
    assert not (tmp_path / "models").exists()


def test_missing_data_are_said_and_undo_nothing(full: ReproductionContext, tmp_path: Path) -> None:
    def missing(context: ReproductionContext) -> Measured:
        raise data.DataError("no clothes here")

    (found,), _ = runner.run([row(missing)], full, tmp_path)
    assert (found.status, found.reason) == (MISSING, "no clothes here")
    # It is tried again without being asked to, and a result stays when data go.
    (found,), _ = runner.run([row(fine)], full, tmp_path)
    assert found.status == DONE
    (found,), _ = runner.run([row(missing)], full, tmp_path, again=True)
    assert found.status == MISSING
    assert result.read(tmp_path / "tried.json").status == DONE


def test_data_come_from_the_folder_that_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, Path | None]] = []

    def load(name: str, folder: Path | None = None, watch: Any = None) -> data.Dataset:
        asked.append((name, folder))
        raise data.DataError("nothing there")

    monkeypatch.setattr(data, "load", load)
    assert main(["knn-fashion", "--quick", "--fashion-mnist", str(tmp_path)]) == 1
    assert main(["pca-30", "--quick", "--fashion-mnist", str(tmp_path)]) == 1
    assert asked == [("fashion-mnist", tmp_path), ("mnist", None)]


def test_a_row_that_breaks_does_not_stop_the_others(
    full: ReproductionContext, tmp_path: Path
) -> None:
    def broken(context: ReproductionContext) -> Measured:
        raise KeyError("gone")

    results, problems = runner.run([row(broken, "broken"), row(fine)], full, tmp_path)
    assert [found.id for found in results] == ["tried"]
    assert problems == ["broken: KeyError: 'gone'"]
    assert [path.name for path in tmp_path.glob("*.json")] == ["tried.json"]


def test_a_row_is_measured_once_unless_again(full: ReproductionContext, tmp_path: Path) -> None:
    runner.run([row(fine)], full, tmp_path)
    before = (tmp_path / "tried.json").read_bytes()
    (found,), _ = runner.run([row(exploding)], full, tmp_path)
    assert found.status == DONE
    assert (tmp_path / "tried.json").read_bytes() == before
    (found,), _ = runner.run([row(exploding)], full, tmp_path, again=True)
    assert found.status == DIVERGED
    (tmp_path / "tried.json").write_text("{", "utf-8")
    assert runner.run([row(fine)], full, tmp_path)[1][0].startswith("tried: ResultError: ")
    (found,), _ = runner.run([row(fine)], full, tmp_path, again=True)
    assert found == result.read(tmp_path / "tried.json")


def test_models_are_trained_once(
    full: ReproductionContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = small.config("ae").with_(seed=3)
    made = full.bundle("small"), full.fit("other", config)
    assert bundle.read(full.cache.zoo / "small").command.endswith("--output zoo/small")
    assert [epoch["epoch"] for epoch in made[1].curve] == [1]
    assert made[0].metrics.number("knn5") > 0.1

    def refuse(*arguments: Any) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr(fit, "begin", refuse)
    later = ReproductionContext(full.cache.zoo, full.cache.folder, stream=io.StringIO())
    again = later.bundle("small"), later.fit("other", config)
    for first, second in zip(made, again, strict=True):
        assert second.metrics == first.metrics
        assert second.curve == first.curve
        for name, value in second.model.state_dict().items():
            torch.testing.assert_close(value, first.model.state_dict()[name], rtol=0, atol=0)
    assert later.used["other"].command == config.command()
    with pytest.raises(AssertionError, match="trained again"):
        later.fit("third", config.with_(seed=4))
    monkeypatch.setattr(model_cache, "RECIPES", {"small": config})
    with pytest.raises(bundle.BundleError, match="aren't those of its recipe; remove zoo/"):
        ReproductionContext(full.cache.zoo, full.cache.folder, stream=io.StringIO()).bundle("small")


def test_phases_train_only_their_stages(full: ReproductionContext) -> None:
    config = small.config("stacked").with_(epochs=1)
    pretrained = full.fit("pretrained", config, (1, 1))
    assert [epoch["epoch"] for epoch in pretrained.curve] == [1, 2]
    untouched = fit.begin(config, full.mnist).model.state_dict()
    changed = {
        name
        for name, value in pretrained.model.state_dict().items()
        if not torch.equal(value, untouched[name])
    }
    assert {name.split(".")[1] for name in changed if name.startswith("encoder")} == {"0", "2"}
    assert full.used["pretrained"].command == ""
    assert full.used["pretrained"].settings.startswith("epochs 1, 1, --family stacked")


def test_classifier_leaves_the_model_as_it_is(quick: ReproductionContext) -> None:
    trained = quick.bundle("bottleneck-16")
    before = {name: value.clone() for name, value in trained.model.state_dict().items()}
    curve = quick.classify("classifier", trained.model, Loop(seed=1))
    assert set(curve[0]["test"]) == {"loss", "error"}
    for name, value in trained.model.state_dict().items():
        assert torch.equal(value, before[name])


def test_shift_and_noise_are_what_they_say() -> None:
    digits = data.to_vectors(data.load_test().images[:100])
    images = digits[:5]
    for down, right in contraction.SHIFTS.values():
        moved = contraction._shifted(images, down, right).reshape(-1, 28, 28)
        expected = shift(images.reshape(-1, 28, 28), (0, down, right), order=0, cval=0)
        np.testing.assert_array_equal(moved, expected)
    assert np.std(contraction._noisy(digits, 0.2) - digits) == pytest.approx(0.2, rel=0.01)


def test_kl_of_each_latent_is_torchs(quick: ReproductionContext) -> None:
    trained, images = quick.bundle("beta-1"), quick.images()
    mean, log_var = (torch.from_numpy(x) for x in trained.model.posterior(images))
    expected = kl_divergence(Normal(mean, torch.exp(0.5 * log_var)), Normal(0.0, 1.0)).mean(0)
    np.testing.assert_allclose(likelihood.kl_per_latent(trained, images), expected, rtol=1e-4)


def test_pictures_are_whole_grey_levels() -> None:
    images = data.load_test().images[:2]
    assert details.as_pictures(data.to_vectors(images)) == images.reshape(2, -1).tolist()
    assert details.as_pictures(np.array([[-0.5, 1.5]])) == [[0, 255]]


def test_command_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "results"
    monkeypatch.setenv("LATENT_LAB_REPRODUCTION", str(folder))
    monkeypatch.setattr(rows, "ROWS", {"tried": row(exploding), "fine": row(fine, "fine")})
    monkeypatch.setattr(report, "ROWS", rows.ROWS)
    committed = (ROOT / "REPRODUCTION.md").read_bytes()
    assert main(["nothing"]) == 2
    assert "row=nothing: must be tried, fine" in capsys.readouterr().err
    assert main(["fine", "--quick"]) == 0
    assert capsys.readouterr().out == "fine: one 1 nats\n"
    assert not list(tmp_path.iterdir())
    assert main([]) == 1
    assert main(["fine"]) == 0
    assert {path.name for path in folder.iterdir()} == {"fine.json", "tried.json", report.NAME}
    text = (folder / report.NAME).read_text("utf-8")
    assert "2 experiments, 1 of them measured; without a number: “A row” (diverged)." in text
    capsys.readouterr()
    assert main(["--list"]) == 0
    assert capsys.readouterr().out == "tried: diverged; A row\nfine: met; A row\n"
    assert (ROOT / "REPRODUCTION.md").read_bytes() == committed
