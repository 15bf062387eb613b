"""The table of settings: ranges, refusals, and what a bundle or a command line makes of it."""

import json
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from aemodels.architecture import NETWORKS
from aemodels.cli import main
from aemodels.cli.parser import parser
from aemodels.config import Config, every_setting, groups, table, users
from aemodels.families import FAMILIES
from aemodels.models import layers, networks
from aemodels.objectives import corruption, importance
from aemodels.setting import Setting, SettingError, Settings, setting
from tests.library.small import NAMES

SETTINGS = every_setting()


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
        ("decoder_hidden", (0,)),
        ("decoder_hidden", (8,) * 9),
        ("decoder_hidden", "mirrored"),
        ("decoder_hidden", None),
        ("augmented_share", 1.1),
        ("largest_shift", -1),
        ("largest_shift", 15),
        ("largest_shift", 1.5),
        ("largest_rotation", 181),
        ("augmented_until", -0.1),
        ("dropout", -0.1),
        ("dropout", 0.91),
        ("dropout", float("nan")),
        ("activation", "swish!"),
        ("reconstruction_loss", "elbo"),
        ("hidden", "512"),
        ("network", "transformer"),
        ("code_activation", "softmax"),
        ("output_activation", "tanh"),
        ("tied", "yes"),
        ("tied", 1),
        ("binarisation", "0.5"),
        ("corruption", "blur"),
        ("corruption_level", -0.01),
        ("corruption_level", 1.01),
        ("corruption_level", float("nan")),
        ("layer_corruption", ()),
        ("layer_corruption", (0.1, 1.5)),
        ("layer_corruption", (0.1, "0.2")),
        ("layer_corruption", (0.1,) * 10),
        ("layer_corruption", (True,)),
        ("sparsity", "l2"),
        ("penalty_weight", -1.0),
        ("target_activation", 0.0),
        ("target_activation", 1.0),
        ("target_activation", 1e-9),
        ("schedule", "cosine"),
        ("beta", -0.1),
        ("beta", float("nan")),
        ("beta", float("inf")),
        ("beta", 10**400),
        ("kl_warmup", -0.1),
        ("kl_warmup", 1.1),
        ("beta_start", -0.1),
        ("beta_start", 1001),
        ("importance_samples", 0),
        ("importance_samples", 65),
        ("gradient", "vimco"),
        ("free_bits", -0.1),
        ("free_bits", 101),
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
    owner = next(iter(users(name)), "vae")
    usual = table(owner, Config.of(owner).network.kind).get(name, SETTINGS[name])
    with pytest.raises(SettingError) as caught:
        Config.of(**{"family": owner, name: value})
    message = str(caught.value)
    assert message.startswith(f"{name}=")
    assert usual.limits in message
    assert f"for example {usual.flag} {usual.text(usual.default)}" in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("latent_dim", "two"),
        ("latent_dim", "2.0"),
        ("latent_dim", ""),
        ("hidden", "512,,128"),
        ("hidden", "512;128"),
        ("hidden", "mirrored"),
        ("decoder_hidden", ""),
        ("decoder_hidden", "mirror"),
        ("beta", "one"),
        ("beta", "nan"),
        ("epochs", "1e3"),
        ("tied", "true"),
    ],
)
def test_text_that_is_no_value_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingError, match=f"^{name}=.*: must be .*; for example --"):
        SETTINGS[name].parse(text)


def test_limits_themselves_are_allowed() -> None:
    for name, row in SETTINGS.items():
        assert row.check(row.default) == row.default
        for value in row.choices:
            assert row.check(value) == value
        if not row.choices and not isinstance(row.default, tuple | bool):
            for limit in (row.low, row.high):
                assert row.check(limit) == limit, name


@pytest.mark.parametrize(
    "config",
    [
        Config(),
        Config.of(hidden=(7,), beta=0.25, learning_rate=1.5e-5, seed=2**32 - 1, latent_dim=1024),
        Config.of(beta=4, kl_warmup=0.25, beta_start=8, free_bits=0.125),
        Config.of(importance_samples=5, gradient="dreg"),
        Config.of(decoder_hidden=(40, 50), dropout=0.125),
        Config.of("ae", augmented_share=1, largest_shift=14, augmented_until=0.625),
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
    ids=lambda config: config.family.name,
)
def test_command_and_json_give_the_same_settings_again(config: Config) -> None:
    assert Config.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    words = shlex.split(config.command("--output", "zoo/my model"))
    assert words[:4] == ["python", "-m", "aemodels", "train"]
    arguments = vars(parser().parse_args(words[3:]))
    assert Config.parse({n: arguments[n] for n in SETTINGS if arguments[n] is not None}) == config
    assert str(arguments["output"]) == "zoo/my model"


def test_a_setting_of_another_family_is_refused_not_ignored() -> None:
    with pytest.raises(SettingError, match=r"beta: family ae .* no such .* use --family vae$"):
        Config.of(family="ae", beta=4.0)
    with pytest.raises(SettingError, match="epochs: family pca with network linear has no such"):
        Config.of(family="pca", epochs=60)


def test_each_group_owns_settings_that_no_other_has() -> None:
    for family in FAMILIES:
        config = Config.of(family)
        trained = [config.augmentation, config.loop, config.machine]
        groups = [config.family, config.network, config.data, *trained]
        names = [name for group in groups for name in group.table()]
        assert len(names) == len(set(names))
        assert {"family", "network"}.isdisjoint(names)
        solved = {name for group in trained for name in group.table()}
        expected = set(names) - solved if config.family.closed_form else set(names)
        assert set(config.to_dict()) == expected | {"family", "network"}


def test_rows_of_one_name_are_of_one_type() -> None:
    for family, made in FAMILIES.items():
        for network in made.networks:
            for name, row in table(family, network).items():
                assert type(row.default) is type(SETTINGS[name].default)
                assert row.title == SETTINGS[name].title


def test_another_family_keeps_what_it_can() -> None:
    vae = Config.of("vae", latent_dim=5, beta=4, hidden=(9,), epochs=3)
    ae = vae.with_(family="ae")
    assert ae == Config.of("ae", latent_dim=5, hidden=(9,), epochs=3)
    assert ae.with_(network="shallow").network.to_dict().keys().isdisjoint({"hidden"})
    assert vae.with_(beta=1.0) == Config.of("vae", latent_dim=5, hidden=(9,), epochs=3)


@dataclass(frozen=True)
class Sheet(Settings):
    ready: bool = setting(False, "whether it is")
    share: float = setting(0.5, "how much", title="Part", low=0, high=1)


def test_a_group_of_ones_own_checks_and_names_its_settings() -> None:
    assert Sheet(share=1).to_dict() == {"ready": False, "share": 1.0}
    assert Sheet.table()["share"].label == "Part"
    assert Sheet.table()["ready"].label == "Ready"
    assert Sheet.table()["ready"].parse("yes") is True
    with pytest.raises(SettingError, match=r"^ready=1: must be yes or no; for example --ready no$"):
        Sheet(ready=1)  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="share=2: must be a number from 0 to 1"):
        Sheet(share=2)
    assert Setting("size", 3, "how many", low=1, high=9).limits == "a whole number from 1 to 9"


def test_a_setting_needs_one_of_its_own_group_that_a_form_asks_for_first() -> None:
    needing = set()
    for family, made in FAMILIES.items():
        for network in made.networks:
            for group in groups(family, network).values():
                names = list(group)
                for name, row in group.items():
                    if row.needs:
                        needing.add(name)
                        assert names.index(row.needs) < names.index(name)
                        assert not group[row.needs].needs
    assert needing > {"largest_shift", "beta_start", "gradient"}


def test_pca_needs_as_many_images_as_latents() -> None:
    with pytest.raises(SettingError, match=r"train_images=10: .* --train-images 16"):
        Config.of(family="pca", latent_dim=16, train_images=10)


def test_unknown_setting_of_a_bundle_is_refused() -> None:
    with pytest.raises(SettingError, match=r"momentum: unknown setting; the nearest are .* and "):
        Config.from_dict({"family": "ae", "network": "mlp", "momentum": 0.5})
    with pytest.raises(SettingError, match="family=None: must be vae"):
        Config.from_dict({})


def test_every_choice_is_built() -> None:
    assert set(SETTINGS["activation"].choices) == set(layers.ACTIVATIONS)
    assert set(SETTINGS["code_activation"].choices) - {"linear"} <= set(layers.ACTIVATIONS)
    assert SETTINGS["corruption"].choices == corruption.KINDS
    assert SETTINGS["gradient"].choices == importance.ESTIMATORS
    assert SETTINGS["family"].choices == tuple(FAMILIES)
    assert SETTINGS["network"].choices == tuple(NETWORKS)
    assert set(networks.BUILDERS) == set(NETWORKS)
    for name, family in FAMILIES.items():
        assert name == family.name
        assert set(family.networks) <= set(NETWORKS)
        assert set(family.defaults) <= set(table(name, family.networks[0]))


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "denoising --corruption-level 1.5",
            "corruption_level=1.5: must be a number from 0 to 1; for example --corruption-level",
        ),
        (
            "denoising --corruption-level -0.1",
            "corruption_level=-0.1: must be a number from 0 to 1; for example",
        ),
        (
            "stacked --layer-corruption 0.1,2,0.3",
            "layer_corruption=0.1,2,0.3: must be 1 to 9 numbers from 0 to 1, sep",
        ),
        (
            "stacked --layer-corruption 0.1,0.2",
            "layer_corruption=0.1,0.2: the encoder has 3 layers, and each needs a",
        ),
        (
            "stacked --hidden 64",
            "layer_corruption=0.1,0.2,0.3: the encoder has 2 layers",
        ),
        (
            "ae --tied yes --decoder-hidden 8,9",
            "decoder_hidden=8,9: a decoder with tied weights has the encoder's layers, backwards; "
            "use --decoder-hidden mirrored or --tied no",
        ),
        (
            "stacked --decoder-hidden 250,500",
            "decoder_hidden=250,500: each of the encoder's layers is trained with its mirror "
            "image; use --decoder-hidden mirrored",
        ),
        (
            "stacked --dropout 0.1",
            "dropout=0.1: corruption takes its place: each layer is trained to repair what it is",
        ),
        (
            "contractive --network mlp --dropout 0.1",
            "dropout=0.1: the penalty is on the Jacobian of the whole encoder; leave --dropout out "
            "or use --family ae",
        ),
        (
            "vae --network conv --dropout 0.1",
            "dropout: family vae with network conv has no such setting; leave it out or use "
            "--network mlp",
        ),
        (
            "ae --largest-shift 3",
            "largest_shift=3: no image is augmented; use --augmented-share 0.5 or leave "
            "--largest-shift out",
        ),
        (
            "ae --augmented-until 0.8",
            "augmented_until=0.8: no image is augmented; use --augmented-share 0.5",
        ),
        ("pca --augmented-share 0.5", "augmented_share: family pca with network linear has no"),
        (
            "vae --beta-start 2",
            "beta_start=2: without a KL warm-up, the weight is β from the start; use --kl-warmup 1 "
            "or leave --beta-start out",
        ),
        (
            "vae --importance-samples 5 --beta 2",
            "beta=2: the importance-weighted bound has no KL term to change; use --beta 1 or "
            "--importance-samples 1",
        ),
        (
            "vae --importance-samples 5 --kl-warmup 0.5",
            "kl_warmup=0.5: the importance-weighted bound has no KL term to change; use "
            "--kl-warmup 0 or --importance-samples 1",
        ),
        (
            "vae --importance-samples 5 --free-bits 0.5",
            "free_bits=0.5: the importance-weighted bound has no KL term to change; use "
            "--free-bits 0 or --importance-samples 1",
        ),
        (
            "vae --importance-samples 5 --reconstruction-loss mse",
            "importance_samples=5: weighs samples by their likelihood, of which only cross-entropy",
        ),
        (
            "vae --gradient dreg",
            "gradient=dreg: with one sample, the KL term and its gradient are exact; leave "
            "--gradient out or use --importance-samples 5",
        ),
        ("vae --beta -1", "beta=-1: must be a number from 0 to 1000; for example --beta 1"),
        (
            "vae --code-activation tanh",
            "code_activation: family vae with network mlp has no such setting; leave it out",
        ),
        ("ae --hidden ,", "hidden=,: must be 1 to 8 whole numbers from 1 to 4096, separated by"),
        ("ae --hidden ", "hidden=: must be 1 to 8 whole numbers from 1 to 4096, separated by"),
        ("ae --hidden 4097", "hidden=4097: must be 1 to 8 whole numbers from 1 to 4096"),
        ("ae --output-activation relu", "output_activation=relu: cross-entropy needs pixels"),
        ("ae --output-activation linear", "output_activation=linear: cross-entropy needs pixels"),
        (
            "ae --network conv --tied yes",
            "tied: family ae with network conv has no such setting; leave it out",
        ),
        (
            "ae --network shallow --hidden 9",
            "hidden: family ae with network shallow has no such setting; leave it out",
        ),
        (
            "ae --corruption-level 0.5",
            "corruption_level: family ae with network mlp has no such setting; leave it out",
        ),
        (
            "sparse --target-activation 0",
            "target_activation=0: must be a number from 0.001 to 0.999; for example",
        ),
        (
            "sparse --target-activation 1",
            "target_activation=1: must be a number from 0.001 to 0.999; for example",
        ),
        (
            "sparse --code-activation linear",
            "code_activation=linear: the KL penalty compares activations between 0 and",
        ),
        (
            "sparse --code-activation relu",
            "code_activation=relu: the KL penalty compares activations between 0 and 1",
        ),
        (
            "contractive --penalty-weight -2",
            "penalty_weight=-2: must be a number from 0 to 1000; for example",
        ),
        (
            "recurrent --activation tanh",
            "activation: family recurrent with network gru has no",
        ),
        ("recurrent --hidden 8", "hidden: family recurrent with network gru has no"),
        (
            "linear --network conv",
            "network=conv: family linear has no such network; use --network linear",
        ),
        (
            "linear --code-activation relu",
            "code_activation: family linear with network linear has no such setting",
        ),
        (
            "linear --output-activation relu",
            "output_activation: family linear with network linear has no such setting",
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
    assert Config.of(
        "stacked", hidden=hidden, layer_corruption=SETTINGS["layer_corruption"].parse(remedy)
    )
