"""Choices: what is read, what a history keeps, what every model needs."""

import json
import re
import shlex
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aemodels import data, paths
from aemodels.bundles.recipes import RECIPES
from aemodels.config import Config, Loop
from aemodels.training import fit
from benchmarks import zoo
from reproduction import result
from reproduction.choices import history, how, queue, rule, trying
from reproduction.choices.__main__ import main
from reproduction.choices.candidates import CHOICES, WITHOUT
from reproduction.choices.choice import Choice, Settings, flat
from reproduction.choices.history import HistoryError, Trial
from reproduction.choices.measures import decoded
from reproduction.row import Measured, Row
from reproduction.rows import ROWS
from tests.reproduction.tried import BASE, CHOICE, RATES, rate, trial, trials

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def train_files_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder in which there are no test images at all."""
    folder = tmp_path / "data" / "mnist"
    folder.mkdir(parents=True)
    for file in (paths.data() / "mnist").glob("train-*.gz"):
        (folder / file.name).symlink_to(file)
    monkeypatch.setenv("LATENT_LAB_DATA", str(folder.parent))
    with pytest.raises(data.DataError, match="t10k"):
        data.load()
    trying.dataset.cache_clear()
    yield
    trying.dataset.cache_clear()


def test_a_trial_reads_no_test_image_and_measures_the_last_training_digits(
    train_files_alone: None, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(trying.CHOICES, "tried", CHOICE)
    seen: list[data.Dataset] = []

    def noted(config: Config, dataset: data.Dataset, **more: Any) -> fit.Fitted:
        # In earnest, but with as many steps as a test has time for.
        few = config.with_(train_images=600)
        seen.append(dataset)
        fitted.append(true(few, dataset, **more))
        return fitted[-1]

    fitted: list[fit.Fitted] = []
    true = fit.fit
    monkeypatch.setattr(fit, "fit", noted)
    found = trying.attempt("tried", {"learning_rate": 2e-3}, seed=1)
    assert np.array_equal(seen[0].train_images, mnist.train_images[:50_000])
    assert np.array_equal(seen[0].train_labels, mnist.train_labels[:50_000])
    model, pixels = fitted[0].model, data.to_vectors(mnist.train_images[50_000:])
    errors = np.square(model.decode(model.encode(pixels)).astype(np.float64) - pixels).sum(1)
    assert found.figures["sse"] == pytest.approx(errors.mean(), rel=1e-5)
    assert model.config.loop.seed == found.seed == 1
    assert model.config.loop.learning_rate == found.settings["learning_rate"] == 2e-3
    assert (found.device, found.precision, found.epochs) == ("cpu", "fp32", 1)


def test_a_function_of_a_row_is_handed_the_candidate_the_held_out_digits_and_the_seed(
    train_files_alone: None, mnist: data.Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def score(settings: Settings, dataset: data.Dataset, seed: int) -> dict[str, float]:
        assert np.array_equal(dataset.test_labels, mnist.train_labels[-10_000:])
        return {"error": settings["masked"] + seed}

    tried = ({"masked": 0.25}, {"masked": 0.5})
    base = {"masked": 0.25, "layers": (10, 10)}
    choice = Choice("custom", base, tried, "error", score=score)
    monkeypatch.setitem(trying.CHOICES, "custom", choice)
    found = trying.attempt("custom", {"masked": 0.5}, seed=2)
    assert found.figures == {"error": 2.5}
    assert found.settings == {"masked": 0.5, "layers": [10, 10]}


def test_a_history_keeps_every_trial_in_the_order_of_the_candidates(tmp_path: Path) -> None:
    found = trials((3.0, 3.5), (2.0, None), (1.0, 1.0))
    found[2] = replace(found[2], machine="another machine")
    for each in reversed(found):
        history.add(CHOICE, each, tmp_path)
    assert history.read("tried", tmp_path) == found
    written = json.loads((tmp_path / "tried.json").read_text("utf-8"))
    assert "learning_rate" not in written["settings"]
    assert all(each["settings"].keys() == {"learning_rate"} for each in written["trials"])
    assert history.read("another", tmp_path) == []


def test_a_setting_that_is_newer_than_a_history_has_its_default(tmp_path: Path) -> None:
    for each in trials((3.0, 3.5), (2.0, 2.0), (1.0, 1.0)):
        history.add(CHOICE, each, tmp_path)
    file = tmp_path / "tried.json"
    values = json.loads(file.read_text("utf-8"))
    # Not set in BASE, so it is the default.
    del values["settings"]["tied"]
    file.write_text(json.dumps(values), "utf-8")
    assert rate(CHOICE, history.read("tried", tmp_path)) == 4e-3


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "can't be read"),
        ("[]", "must have trials"),
        ('{"format": 9, "choice": "tried"}', "another format"),
        ('{"format": 1, "choice": "other"}', "another choice"),
        ('{"format": 1, "choice": "tried", "trials": [{}]}', "must have trials"),
    ],
)
def test_a_damaged_history_is_refused_in_one_line(text: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "tried.json").write_text(text, "utf-8")
    with pytest.raises(HistoryError, match=problem) as caught:
        history.read("tried", tmp_path)
    assert "\n" not in str(caught.value)


def test_what_the_history_has_is_not_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran: list[tuple[float, int]] = []

    def attempt(name: str, candidate: Settings, seed: int, quick: bool) -> Trial:
        ran.append((candidate["learning_rate"], seed))
        if len(ran) == 2:
            raise RuntimeError("no memory")
        return trial(candidate["learning_rate"], seed, 2.0)

    def threads(jobs: int, mp_context: object) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(1)

    monkeypatch.setattr(queue, "ProcessPoolExecutor", threads)
    monkeypatch.setattr(queue, "_attempt", attempt)
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    history.add(CHOICE, trial(1e-3, 1, 3.0), tmp_path)
    assert queue.run([CHOICE], tmp_path) == 1
    assert ran == [(1e-3, 0), (2e-3, 0), (2e-3, 1), (4e-3, 0), (4e-3, 1)]
    assert "no memory" in capsys.readouterr().err
    assert queue.run([CHOICE], tmp_path) == 0
    assert ran[5:] == [(2e-3, 0)]
    assert queue.run([CHOICE], tmp_path) == 0
    assert len(ran) == 6
    assert rate(CHOICE, history.read("tried", tmp_path)) == 2e-3


def test_a_choice_that_is_no_choice_is_refused() -> None:
    def made(*candidates: Settings, **more: Any) -> Choice:
        return Choice("bad", BASE, candidates, "sse", **({"measure": decoded} | more))

    with pytest.raises(ValueError, match="same names"):
        made({"epochs": 1}, {"batch_size": 10})
    with pytest.raises(ValueError, match="are equal"):
        made({"epochs": 1}, {"epochs": 1})
    with pytest.raises(ValueError, match="either measure or score"):
        made({"epochs": 1}, {"epochs": 2}, measure=None)
    with pytest.raises(ValueError, match="base has no"):
        Choice("bad", {"a": 1}, ({"b": 1}, {"b": 2}), "x", score=lambda *given: {})


def test_the_command_lists_and_refuses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(CHOICES, "tried", CHOICE)
    for each in trials((3.0, 3.0), (2.0, 2.0), (1.0, 1.0)):
        history.add(CHOICE, each, tmp_path)
    assert main(["--list", "tried", "--histories", str(tmp_path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1:] == [
        "  learning_rate=0.001, 3, in use",
        "  learning_rate=0.002, 2",
        "  learning_rate=0.004, 1, chosen",
    ]
    assert main(["nothing"]) == 2
    assert "name=nothing: must be" in capsys.readouterr().err
    assert main([]) == 2


@pytest.mark.parametrize("name", CHOICES)
def test_the_settings_in_use_are_those_chosen(name: str) -> None:
    choice = CHOICES[name]
    assert rule.chosen(choice, history.read(name)) == choice.in_use


@pytest.mark.parametrize("name", CHOICES)
def test_models_that_share_settings_have_them(name: str) -> None:
    choice = CHOICES[name]
    assert choice.models or choice.rows
    for model in choice.models:
        settings = flat(RECIPES[model])
        assert {each: settings[each] for each in choice.varied} == {
            each: choice.in_use[each] for each in choice.varied
        }


def test_every_model_has_a_choice_or_a_reason() -> None:
    had = {model for choice in CHOICES.values() for model in choice.models}
    reasons = WITHOUT.keys() & RECIPES.keys()
    assert had | reasons == RECIPES.keys()
    assert had.isdisjoint(reasons)


@pytest.mark.parametrize("name", ROWS)
def test_every_row_with_models_of_its_own_has_a_choice_or_a_reason(name: str) -> None:
    had = {row for choice in CHOICES.values() for row in choice.rows} | WITHOUT.keys()
    found = result.read(result.committed() / f"{name}.json")
    own = [m.name for m in found.models if m.name not in RECIPES and not _solved(m)]
    assert not own or name in had


def _solved(model: result.Used) -> bool:
    return model.name.startswith("pca-")


def test_every_file_is_the_history_of_a_choice() -> None:
    assert {file.stem for file in history.FOLDER.glob("*.json")} <= CHOICES.keys()


def test_readme_and_the_page_of_the_zoo_say_how_settings_were_chosen() -> None:
    for file, names in (("README.md", zoo.FIRST), ("docs/zoo.md", zoo.REST)):
        text = " ".join((ROOT / file).read_text("utf-8").split())
        sentence = how.of_zoo(names)
        assert f" {sentence} " in text
        # And nothing else.
        assert text.count("ettings were chosen") == 1
    # The settings that are timed.
    benchmarks = (ROOT / "docs" / "benchmarks.md").read_text("utf-8")
    assert ("by their test loss" in benchmarks) != how.is_made(CHOICES["fast-vae"])
    # What these sentences and the report say of all.
    assert all(config.data.train_images == 60_000 for config in RECIPES.values())


def test_words_about_models_follow_from_their_histories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = replace(CHOICE, base=BASE.with_(learning_rate=4e-3), models=("small", "other"))
    custom = Choice("custom", {"a": 1}, ({"a": 1},), "x", score=lambda *given: {}, rows=("own",))
    monkeypatch.setattr(how, "CHOICES", {"tried": made, "custom": custom})
    monkeypatch.setattr(how, "WITHOUT", {"pca": how.SOLVED, "own": "the example's as published"})
    row = Row("own", "t", "s", "r", "d", lambda given: Measured([]), (), ("small", "pca"))
    late = "chosen after looking at test numbers"
    as_published = "the example's as published"
    assert how.of_row(row, tmp_path) == f"{late}: `tried`, `custom`; {as_published}"
    assert "after looking at these test numbers" in how.of_zoo(["small", "pca"], tmp_path)
    for each in trials((3.0, 3.0), (2.0, 2.0), (1.0, 1.0)):
        assert not how.is_made(made, tmp_path)
        history.add(made, each, tmp_path)
    assert how.of_row(row, tmp_path) == (
        f"chosen on held-out training digits: `tried` (6 trials); {late}: `custom`; {as_published}"
    )
    linked = how.linked(how.of_row(row, tmp_path), tmp_path.parent, tmp_path)
    assert f"[`tried`]({tmp_path.name}/tried.json) (6 trials); {late}: `custom`;" in linked
    assert how.of_zoo(["small", "pca"], tmp_path).startswith(
        "Settings were chosen on the last 10,000 training digits, after training on the other "
        "50,000 (6 trials in "
    )
    assert "test numbers" not in how.of_zoo(["small", "other"], tmp_path)
    # Tried, but another candidate is in use.
    monkeypatch.setattr(how, "CHOICES", {"tried": replace(made, base=BASE.with_(**RATES[0]))})
    assert how.of_row(replace(row, id="its"), tmp_path) == f"{late}: `tried`"
    assert how.of_row(replace(row, id="its", recipes=("pca",)), tmp_path) == how.SOLVED


@pytest.mark.parametrize("name", ROWS)
def test_committed_numbers_are_of_models_with_the_settings_in_use(name: str) -> None:
    found = result.read(result.committed() / f"{name}.json")
    configs = [(model.name, made_by(model)) for model in found.models if model.command]
    for model, config in configs:
        if model in RECIPES and config:
            assert config == RECIPES[model], model
    for choice in CHOICES.values():
        if name in choice.rows and found.models:
            wanted = {each: choice.in_use[each] for each in choice.varied}
            pretraining = wanted.pop("pretraining", None)
            settings = [flat(config) for _, config in configs if config]
            words = [model.settings for model in found.models if model.settings]
            settings += [of_words(text) for text in words]
            assert any(wanted.items() <= each.items() for each in settings), choice.name
            if pretraining is not None:
                phases = ", ".join(str(epochs) for epochs in pretraining)
                assert any(text.startswith(f"epochs {phases}, --") for text in words)


def made_by(model: result.Used) -> Config | None:
    """The settings in the command of a model; None if it isn't one of training."""
    words = shlex.split(model.command.partition(" && ")[0])
    if words[3:4] != ["train"]:
        return None
    return Config.parse(_named(words[4:]))


def of_words(settings: str) -> dict[str, Any]:
    """The settings of a model that a row trained on images of its own, or fine-tuned."""
    masked = re.match(r"fine-tuning with (\d+)% of the pixels masked, ", settings)
    if masked:
        texts = _named(shlex.split(settings[masked.end() :]))
        loop = {name: Loop.table()[name].parse(text) for name, text in texts.items()}
        return {**flat(loop), "masked": int(masked[1]) / 100}
    words = shlex.split(settings)
    return flat(Config.parse(_named(words))) if words[:1] == ["--family"] else {}


def _named(words: list[str]) -> dict[str, str]:
    pairs = zip(words[::2], words[1::2], strict=True)
    found = {flag.removeprefix("--").replace("-", "_"): text for flag, text in pairs}
    found.pop("output", None)
    return found


def test_what_rows_that_miss_their_target_say_of_trials_is_so() -> None:
    text = ROWS["leave-one-out"].difference
    trials = history.read("leave-one-out")
    for hidden, words in (
        ([64], "{} with a hidden layer of 64"),
        ([256], "{} with one of 256"),
        ([512, 256], "{} with 512 and 256"),
    ):
        found = max(
            trial.figures["auroc"]
            for trial in trials
            if trial.settings["hidden"] == hidden and trial.settings["epochs"] == 40
        )
        assert words.format(f"{found:.2f}") in text
    text = ROWS["contractive-norms"].difference
    trials = history.read("contractive-norms")
    assert len(trials) == 5
    for name in ("CAE", "DAE-g"):
        least = min(trial.figures[name] for trial in trials)
        assert f"{name} below {least:.2f} %" in text
    assert f"{100 * (0.012 * 0.988 / 10_000) ** 0.5:.2f} points" in text
