"""The command `recipes` and `train --recipe`: what is listed, trained, replaced and refused."""

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from aemodels.analysis import evaluation
from aemodels.bundles import bundle, zoo
from aemodels.bundles.metrics import Metrics
from aemodels.cli import main
from aemodels.cli.output import number, summary
from aemodels.cli.parser import parser
from aemodels.config import Config, every_setting
from aemodels.recipes import PUBLISHED, Recipe, every_recipe, trained
from aemodels.setting import SettingError

Capsys = pytest.CaptureFixture[str]


def printed(capsys: Capsys, *argv: str) -> str:
    assert main(["recipes", *argv]) == 0
    return capsys.readouterr().out


def config_of(command: str) -> Config:
    """The settings that a command trains with."""
    _, _, program, *words = shlex.split(command)
    assert program == "aemodels"
    given = vars(parser().parse_args(words))
    texts = {name: given[name] for name in every_setting() if given[name] is not None}
    if given["recipe"] is None:
        return Config.parse(texts)
    return every_recipe()[given["recipe"]].with_(texts)


def test_all_are_listed(capsys: Capsys) -> None:
    text = printed(capsys)
    for recipe in every_recipe().values():
        assert f"\n{recipe.name}: {recipe.title}\n" in text
        assert recipe.source in text
        assert recipe.address in text
    for recipe in PUBLISHED:
        assert f"\n    {recipe.command}\n" in text


@pytest.mark.parametrize(
    "name", [*(recipe.name for recipe in PUBLISHED), "pca-2", "sparse-l1", "stacked-32", "vae-50"]
)
def test_the_commands_that_are_printed_have_its_settings(name: str, capsys: Capsys) -> None:
    recipe = every_recipe()[name]
    parts = re.split(r"^(?=\S)", printed(capsys, recipe.name), flags=re.MULTILINE)
    found = {part[:12].strip(): " ".join(part[12:].split()) for part in parts}
    assert config_of(found["train"]) == recipe.config
    assert config_of(f"python -m aemodels train {found['settings']}") == recipe.config


@pytest.mark.parametrize("recipe", PUBLISHED, ids=lambda recipe: recipe.name)
def test_numbers_are_those_of_the_bundles(recipe: Recipe, capsys: Capsys) -> None:
    text = " ".join(printed(capsys, recipe.name).split())
    found = trained.read(recipe.name)
    assert found is not None
    assert f"it gave {summary(found.metrics)}; " in text
    for name in recipe.ours:
        ours = bundle.read(zoo.folder() / name)
        same = ours.config.data.binarisation == recipe.config.data.binarisation
        numbers = summary(ours.metrics) if same else f"knn5 {number(ours.metrics.knn5)}"
        assert re.search(rf"ours {name}, [^:]+: {re.escape(numbers)}", text)
        # Errors on grey pixels and on binarised ones can't be compared.
        assert same or "grey levels: knn5" in text


def test_a_recipe_of_the_zoo_shows_its_model(capsys: Capsys) -> None:
    text = " ".join(printed(capsys, "vae-2").split())
    numbers = summary(bundle.read(zoo.folder() / "vae-2").metrics)
    assert f"in the zoo vae-2, 2 latents: {numbers}" in text
    assert "source" not in text


def test_models_that_are_not_installed_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.setenv("LATENT_LAB_ZOO", str(tmp_path))
    text = printed(capsys, "tf-cvae") + printed(capsys, "vae-2")
    assert "ours" not in text
    assert "in the zoo" not in text


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["recipes", "vae"], "recipe=vae: there is no such recipe; choose from tf-cvae, deep-ae-r"),
        (["train", "--recipe", "vae"], "recipe=vae: there is no such recipe; choose from tf-cvae"),
        (
            ["train", "--recipe", "tf-cvae", "--family", "ae"],
            "family=ae: recipe tf-cvae has family vae; leave out --family or --recipe",
        ),
        (
            ["estimate", "--recipe", "tf-cvae", "--network", "conv"],
            "network=conv: recipe tf-cvae has network conv-asymmetric; leave out --net",
        ),
        (
            ["train", "--recipe", "tf-cvae", "--hidden", "9"],
            "hidden: family vae with network conv-asymmetric has no such setting; leave it out",
        ),
        (["train", "--recipe", "tf-cvae", "--epochs", "0"], "epochs=0: must be a whole number"),
        (["train", "--recipe", "pca-2", "--epochs", "3"], "epochs: family pca with network linear"),
    ],
)
def test_refusals_are_one_line(
    argv: list[str], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    assert main(argv) == 2
    output = capsys.readouterr()
    assert says in output.err
    assert output.err.count("\n") == 1
    assert output.out == ""
    assert list(tmp_path.iterdir()) == []


def test_options_replace_single_settings() -> None:
    found = every_recipe()["tf-cvae"]
    assert found.with_({"epochs": "2", "family": "vae"}) == found.config.with_(epochs=2)
    assert found.with_({}) == found.config
    stacked = every_recipe()["sda-1000"]
    with pytest.raises(SettingError, match=r"layer_corruption=0\.1,0\.2: the encoder has 3 layers"):
        stacked.with_({"layer_corruption": "0.1,0.2"})


def test_training_ends_with_the_models_of_the_zoo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capsys
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(evaluation, "evaluate", lambda *given, **more: Metrics(sse=40.0))
    few: list[Any] = ["--train-images", "150", "--epochs", "1", "--learning-rate", "1e-4"]
    assert main(["train", "--recipe", "deep-ae-relu", *few, "--output", "new"]) == 0
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "new: sse 40"
    ours = bundle.read(zoo.folder() / "deep-30")
    assert f"ours: deep-30, 30 latents: {summary(ours.metrics)}" in others
    values = json.loads((tmp_path / "new" / bundle.MANIFEST).read_text("utf-8"))["config"]
    expected = every_recipe()["deep-ae-relu"].config
    assert values == expected.with_(train_images=150, epochs=1, learning_rate=1e-4).to_dict()
