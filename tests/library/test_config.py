"""The table of settings: ranges, refusals, and what a bundle or a command line makes of it."""

import json
import shlex
from pathlib import Path
from typing import Any

import pytest

from aemodels.__main__ import main, parser
from aemodels.config import SETTINGS, Config, SettingError
from aemodels.families import FAMILIES
from aemodels.models import networks
from aemodels.objectives import corruption
from tests.library.small import NAMES


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family", "gan"),
        ("family", 1),
        ("latent_dim", 0),
        ("latent_dim", 1025),
        ("latent_dim", 2.0),
        ("latent_dim", True),
        ("latent_dim", None),
        ("hidden", ()),
        ("hidden", (512, 0)),
        ("hidden", (4097,)),
        ("hidden", (2.5,)),
        ("hidden", (8,) * 9),
        ("activation", "swish!"),
        ("objective", "elbo"),
        ("hidden", "512"),
        ("body", "transformer"),
        ("code", "softmax"),
        ("output_activation", "tanh"),
        ("tied", True),
        ("pixels", "0.5"),
        ("corruption", "blur"),
        ("level", -0.01),
        ("level", 1.01),
        ("level", float("nan")),
        ("levels", ()),
        ("levels", (0.1, 1.5)),
        ("levels", (0.1, "0.2")),
        ("levels", (0.1,) * 10),
        ("levels", (True,)),
        ("sparsity", "l2"),
        ("penalty", -1.0),
        ("target", 0.0),
        ("target", 1.0),
        ("target", 1e-9),
        ("schedule", "cosine"),
        ("beta", -0.1),
        ("beta", float("nan")),
        ("beta", float("inf")),
        ("beta", 10**400),
        ("epochs", -1),
        ("epochs", 0),
        ("batch_size", 60_001),
        ("learning_rate", 0.0),
        ("weight_decay", -1e-9),
        ("train_images", 0),
        ("seed", -1),
        ("device", "tpu"),
        ("precision", "fp16"),
    ],
)
def test_out_of_range_names_value_limit_and_remedy(name: str, value: Any) -> None:
    with pytest.raises(SettingError) as caught:
        Config(**{name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}=")
    assert SETTINGS[name].limits in message
    assert (
        f"for example {SETTINGS[name].flag} {SETTINGS[name].text(SETTINGS[name].default)}"
        in message
    )
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("latent_dim", "two"),
        ("latent_dim", "2.0"),
        ("latent_dim", ""),
        ("hidden", "512,,128"),
        ("hidden", "512;128"),
        ("beta", "one"),
        ("beta", "nan"),
        ("epochs", "1e3"),
    ],
)
def test_text_that_is_no_value_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}=.*: must be .*; for example --"):
        SETTINGS[name].parse(text)


def test_limits_themselves_are_allowed() -> None:
    for name, setting in SETTINGS.items():
        assert setting.check(setting.default) == setting.default
        for value in setting.choices:
            assert setting.check(value) == value
        if not setting.choices and not isinstance(setting.default, tuple):
            for limit in (setting.low, setting.high):
                assert setting.check(limit) == limit, name


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config.of(hidden=(7,), beta=0.25, learning_rate=1.5e-5, seed=2**32 - 1, latent_dim=1024),
        Config.of(family="ae", activation="silu", reconstruction_loss="mse", weight_decay=0),
        Config.of(
            "sparse",
            sparsity="l1",
            code_activation="relu",
            network="conv",
            reconstruction_loss="l1",
        ),
        Config.of("stacked", hidden=(9,) * 8, layer_corruption=(0.125,) * 9, tied=True),
        Config.of("ae", reconstruction_loss="mse", output_activation="relu", schedule="constant"),
        Config.of(
            "denoising", corruption="gaussian", corruption_level=1, binarisation="stochastic"
        ),
        *(Config.of(family) for family in NAMES),
    ],
    ids=lambda config: config.family,
)
def test_command_and_json_give_the_same_settings_again(config: Config) -> None:
    assert Config.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    words = shlex.split(config.command("--output", "zoo/my model"))
    assert words[:4] == ["python", "-m", "aemodels", "train"]
    arguments = vars(parser().parse_args(words[3:]))
    given = {n: SETTINGS[n].parse(arguments[n]) for n in SETTINGS if arguments[n] is not None}
    assert Config.of(given.pop("family"), **given) == config
    assert str(arguments["output"]) == "zoo/my model"


def test_a_setting_without_effect_is_refused_not_ignored() -> None:
    with pytest.raises(SettingError, match=r"beta=4: has no effect on family ae; .* --family vae"):
        Config.of(family="ae", beta=4.0)
    with pytest.raises(SettingError, match="epochs=5: has no effect on family pca"):
        Config.of(family="pca", epochs=5)


def test_pca_needs_as_many_images_as_latents() -> None:
    with pytest.raises(SettingError, match=r"train_images=10: .* --train-images 16"):
        Config.of(family="pca", latent_dim=16, train_images=10)


def test_unknown_setting_of_a_bundle_is_refused() -> None:
    with pytest.raises(SettingError, match="dropout: is no setting"):
        Config.from_dict({"dropout": 0.5})


def test_every_choice_is_built() -> None:
    assert set(SETTINGS["activation"].choices) == set(networks.ACTIVATIONS)
    assert set(SETTINGS["code"].choices) - {"linear"} <= set(networks.ACTIVATIONS)
    assert SETTINGS["corruption"].choices == corruption.KINDS
    assert SETTINGS["family"].choices == tuple(FAMILIES)
    for name, family in FAMILIES.items():
        assert name == family.name
        assert set(family.settings) <= set(SETTINGS)
        assert set(family.defaults) <= set(family.settings)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "denoising --corruption-level 1.5",
            "level=1.5: must be a number from 0 to 1; for example --corruption-level 0",
        ),
        (
            "denoising --corruption-level -0.1",
            "level=-0.1: must be a number from 0 to 1; for example",
        ),
        (
            "stacked --layer-corruption 0.1,2,0.3",
            "levels=0.1,2,0.3: must be 1 to 9 numbers from 0 to 1, sep",
        ),
        (
            "stacked --layer-corruption 0.1,0.2",
            "levels=0.1,0.2: the encoder has 3 layers and each needs its",
        ),
        ("stacked --hidden 64", "levels=0.1,0.2,0.3: the encoder has 2 layers and each needs its"),
        (
            "stacked --reconstruction-loss mse",
            "objective=mse: has no effect on family stacked; leave",
        ),
        ("vae --beta -1", "beta=-1: must be a number from 0 to 1000; for example --beta 1"),
        (
            "vae --code-activation tanh",
            "code=tanh: has no effect on family vae; leave --code-activation out or use",
        ),
        ("ae --hidden ,", "hidden=,: must be 1 to 8 whole numbers from 1 to 4096, separated by"),
        ("ae --hidden ", "hidden=: must be 1 to 8 whole numbers from 1 to 4096, separated by"),
        ("ae --hidden 4097", "hidden=4097: must be 1 to 8 whole numbers from 1 to 4096"),
        ("ae --output-activation relu", "output_activation=relu: cross-entropy asks for pixels"),
        ("ae --output-activation linear", "output_activation=linear: cross-entropy asks for"),
        (
            "ae --network conv --tied yes",
            "tied=yes: has no effect on body conv; leave --tied out or",
        ),
        (
            "ae --network shallow --hidden 9",
            "hidden=9: has no effect on body shallow; leave --hidden",
        ),
        (
            "ae --corruption-level 0.5",
            "level=0.5: has no effect on family ae; leave --corruption-level out or use --fam",
        ),
        (
            "sparse --target-activation 0",
            "target=0: must be a number from 0.001 to 0.999; for example",
        ),
        (
            "sparse --target-activation 1",
            "target=1: must be a number from 0.001 to 0.999; for example",
        ),
        (
            "sparse --code-activation linear",
            "code=linear: the KL penalty compares activations between 0 and",
        ),
        (
            "sparse --code-activation relu",
            "code=relu: the KL penalty compares activations between 0 and 1",
        ),
        (
            "contractive --penalty-weight -2",
            "penalty=-2: must be a number from 0 to 1000; for example",
        ),
        ("recurrent --activation tanh", "activation=tanh: has no effect on family recurrent"),
        ("recurrent --hidden 8", "hidden=8: has no effect on family recurrent; leave --hidden out"),
        (
            "linear --network conv",
            "body=conv: has no effect on family linear; leave --network out or",
        ),
        (
            "linear --code-activation relu",
            "code=relu: has no effect on family linear; leave --code-activation out or",
        ),
        (
            "linear --output-activation relu",
            "output_activation=relu: has no effect on family linear",
        ),
        ("pca --latent-dim 785", "latent_dim=785: pca has at most 784; for example 30"),
    ],
)
@pytest.mark.parametrize("where", [["--output", "new"], []], ids=["bundle", "run"])
def test_command_refuses_before_anything_is_written(
    where: list[str],
    words: str,
    says: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LATENT_LAB_HOME", str(tmp_path))
    assert main(["train", "--family", *words.split(" "), *where]) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(f"aemodels train: {says}")
    assert output.err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("depth", [1, 3, 8])
def test_the_remedy_for_wrong_levels_works(depth: int) -> None:
    hidden = (20,) * depth
    with pytest.raises(SettingError) as caught:
        Config.of("stacked", hidden=hidden, layer_corruption=(0.5,) * depth)
    _, _, remedy = str(caught.value).rpartition(" --layer-corruption ")
    assert Config.of("stacked", hidden=hidden, layer_corruption=SETTINGS["levels"].parse(remedy))
