"""The table of settings: ranges, refusals, and what a bundle or a command line makes of it."""

import json
import shlex
from typing import Any

import pytest

from aemodels import families, networks
from aemodels.__main__ import parser
from aemodels.config import FAMILIES, SETTINGS, TRAINED, Config, SettingError


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("family", "gan"),
        ("family", 1),
        ("latent_dim", 0),
        ("latent_dim", 257),
        ("latent_dim", 2.0),
        ("latent_dim", True),
        ("latent_dim", None),
        ("hidden", ()),
        ("hidden", (512, 0)),
        ("hidden", (4097,)),
        ("hidden", (2.5,)),
        ("hidden", (8,) * 9),
        ("hidden", "512"),
        ("activation", "swish!"),
        ("objective", "elbo"),
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
        Config(hidden=(7,), beta=0.25, learning_rate=1.5e-5, seed=2**32 - 1, latent_dim=256),
        Config(family="ae", activation="silu", objective="mse", weight_decay=0),
        Config(family="pca", latent_dim=16),
    ],
    ids=lambda config: config.family,
)
def test_command_and_json_give_the_same_settings_again(config: Config) -> None:
    assert Config.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    words = shlex.split(config.command("--output", "zoo/my model"))
    assert words[:4] == ["python", "-m", "aemodels", "train"]
    arguments = vars(parser().parse_args(words[3:]))
    given = {n: SETTINGS[n].parse(arguments[n]) for n in SETTINGS if arguments[n] is not None}
    assert Config(**given) == config
    assert str(arguments["output"]) == "zoo/my model"


def test_a_setting_without_effect_is_refused_not_ignored() -> None:
    with pytest.raises(SettingError, match=r"beta=4: has no effect on family ae; .* --family vae"):
        Config(family="ae", beta=4.0)
    with pytest.raises(SettingError, match="epochs=5: has no effect on family pca"):
        Config(family="pca", epochs=5)


def test_pca_needs_as_many_images_as_latents() -> None:
    with pytest.raises(SettingError, match=r"train_images=10: .* --train-images 16"):
        Config(family="pca", latent_dim=16, train_images=10)


def test_unknown_setting_of_a_bundle_is_refused() -> None:
    with pytest.raises(SettingError, match="dropout: is no setting"):
        Config.from_dict({"dropout": 0.5})


def test_every_choice_is_built() -> None:
    assert set(SETTINGS["activation"].choices) == set(networks.ACTIVATIONS)
    assert set(TRAINED) == set(families.OBJECTIVES)
    assert set(SETTINGS["family"].choices) == set(FAMILIES)
