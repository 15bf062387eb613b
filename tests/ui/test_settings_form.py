"""The form asks for what a family and its network have, and makes the settings that it shows."""

import pytest
from streamlit.testing.v1 import AppTest

from aemodels.bundles import Bundle, bundle, zoo
from aemodels.config import Config, every_setting, table
from aemodels.families import FAMILIES
from ui import markdown

TRAINED = [name for name, family in FAMILIES.items() if not family.closed_form]
BUNDLES = [item for item in bundle.scan(zoo.folder()).bundles if item.family in TRAINED]


def script() -> None:
    import streamlit as st

    from ui import settings_form

    if "start" in st.session_state:
        settings_form.start_from(st.session_state.pop("start"))
    st.session_state.config = settings_form.form()


def drawn(**state: object) -> AppTest:
    """The form, with these values of its fields."""
    found = AppTest.from_function(script)
    for key, value in state.items():
        found.session_state[key] = value
    found.run()
    assert not found.exception
    return found


def labels(found: AppTest) -> list[str]:
    """The titles of its fields, from the top."""
    kinds = ("selectbox", "number_input", "text_input", "toggle")
    return [str(getattr(each, "label", "")) for each in found.main if each.type in kinds]


@pytest.mark.parametrize("family", TRAINED)
def test_it_starts_from_the_familys_defaults(family: str) -> None:
    found = drawn(set_family=family, set_length="own")
    assert not found.error
    assert found.session_state.config == Config.of(family)
    own = [row.label for row in FAMILIES[family].table().values() if not row.advanced]
    assert labels(found)[: 3 + len(own)] == ["Family", "Latents", *own, "Epochs"]
    rows = table(family, FAMILIES[family].networks[0]).values()
    known = {row.label for row in rows if not row.needs}
    networks = {"Network"} if len(FAMILIES[family].networks) > 1 else set()
    assert set(labels(found)) == {"Family"} | known | networks


def test_epochs_are_asked_for_only_if_they_are_set_by_hand() -> None:
    found = drawn(set_family="vae")
    assert [each.value for each in found.segmented_control] == ["minute"]
    assert "Epochs" not in labels(found)
    found.segmented_control[0].set_value("own").run()
    assert "Epochs" in labels(found)


def test_choices_are_shown_in_words() -> None:
    found = drawn(set_family="vae", set_length="own")
    shown = [option for box in found.selectbox for option in box.options]
    assert {"Fully connected", "Cross-entropy", "NVIDIA GPU", "One cycle"} <= set(shown)
    tokens = {choice for row in every_setting().values() for choice in row.choices}
    assert not (tokens - {"tanh"}) & set(shown)


@pytest.mark.slow
@pytest.mark.parametrize("item", BUNDLES, ids=lambda item: item.name)
def test_it_can_start_from_any_model_of_the_zoo(item: Bundle) -> None:
    found = drawn(start=item.config)
    assert not found.error
    assert found.session_state.config == item.config


def test_another_network_has_other_settings() -> None:
    found = drawn(set_family="vae", set_vae_network="conv")
    assert found.session_state.config == Config.of("vae", network="conv")
    assert "Hidden layers" not in labels(found)
    assert "Hidden layers" in labels(drawn(set_family="vae", set_vae_network="mlp"))


def test_what_sets_one_familys_objective_apart_is_among_more_settings() -> None:
    found = labels(drawn(set_family="vae"))
    assert found.index("β") < found.index("Network") < found.index("KL warm-up")


@pytest.mark.parametrize(
    ("needed", "value", "shown"),
    [
        (
            "augmented_share",
            "0.5",
            {"Largest shift, pixels": 2, "Largest rotation, degrees": "10", "Augmented until": "1"},
        ),
        ("kl_warmup", "0.3", {"β at the start": "0"}),
        ("importance_samples", 5, {"Gradient of the bound": "iwae"}),
    ],
)
def test_a_setting_is_shown_only_where_it_has_an_effect(
    needed: str, value: str | int, shown: dict[str, str | int]
) -> None:
    before, after = drawn(set_family="vae"), drawn(set_family="vae", **{f"set_vae_{needed}": value})
    assert set(labels(after)) - set(labels(before)) == set(shown)
    fields = [*after.text_input, *after.number_input, *after.selectbox]
    assert {each.label: each.value for each in fields if each.label in shown} == shown
    row = every_setting()[needed]
    assert after.session_state.config == Config.of("vae", **{needed: row.parse(str(value))})


def test_what_is_hidden_again_has_no_effect_but_is_kept() -> None:
    state = {"set_family": "ae", "set_ae_augmented_share": "0.5", "set_ae_largest_shift": 5}
    found = drawn(**state)
    assert found.session_state.config == Config.of("ae", augmented_share=0.5, largest_shift=5)
    (share,) = (each for each in found.text_input if each.label == "Augmented share")
    share.set_value("0").run()
    assert found.session_state.config == Config.of("ae")
    (share,) = (each for each in found.text_input if each.label == "Augmented share")
    share.set_value("0.25").run()
    assert found.session_state.config == Config.of("ae", augmented_share=0.25, largest_shift=5)


def test_it_can_start_from_settings_of_every_kind() -> None:
    config = Config.of(
        "vae",
        hidden=(30, 20),
        decoder_hidden=(20,),
        dropout=0.1,
        augmented_share=0.5,
        augmented_until=0.9,
        kl_warmup=1,
        beta_start=2,
    )
    assert drawn(start=config).session_state.config == config
    weighted = Config.of("vae", importance_samples=5, gradient="dreg")
    assert drawn(start=weighted).session_state.config == weighted


def test_yes_or_no_is_a_toggle() -> None:
    found = drawn(set_family="ae")
    (tied,) = (each for each in found.toggle if each.label == "Tied weights")
    tied.set_value(True).run()
    assert found.session_state.config == Config.of("ae", tied=True)


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (
            {"set_family": "vae", "set_vae_beta": "2000"},
            "β 2000: must be a number from 0 to 1000; for example β 1",
        ),
        (
            {"set_family": "vae", "set_vae_hidden": "many"},
            "Hidden layers many: must be 1 to 8 whole numbers from 1 to 4096, separated by commas; "
            "for example Hidden layers 512,256,128",
        ),
        (
            {"set_family": "sparse", "set_sparse_code_activation": "relu"},
            "Code activation relu: the KL penalty compares activations between 0 and 1; "
            "use Code activation sigmoid or Sparsity penalty l1",
        ),
        (
            {"set_family": "vae", "set_length": "own", "set_vae_epochs": 0},
            "Epochs 0: must be a whole number from 1 to 10000; for example Epochs 60",
        ),
    ],
)
def test_an_error_names_the_field_as_the_form_does(state: dict[str, object], sentence: str) -> None:
    found = drawn(**state)
    assert found.session_state.config is None
    assert [each.value for each in found.error] == [markdown.escape(sentence)]
