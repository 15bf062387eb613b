"""Two to four models side by side: chosen, named, kept in the address, refused with a reason."""

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from aemodels.bundles import bundle, zoo
from tests.pages import own
from tests.pages.running import run, without_terms, words

SEVERAL = ["compare", "interpolate"]


@pytest.fixture(autouse=True)
def _(home: Path) -> None:
    """No own runs but those that a test makes."""


def popover(found: AppTest) -> str:
    """The words on the button that opens the list, as a reader sees them."""
    assert not found.exception
    (label,) = [
        each.proto.popover.label
        for each in found.main
        if each.type == "popover" and each.proto.popover.label.startswith("Models: ")
    ]
    return label.removeprefix("Models: ").replace("\\", "")


def titles(found: AppTest) -> list[str]:
    """The models side by side, by the head of Compare's table."""
    assert not found.exception, found.exception
    (head,) = [each.value.splitlines()[0] for each in found.markdown if "Test split" in each.value]
    return [cell.strip().replace("\\", "") for cell in head.strip("|").split("|")][1:]


def address(found: AppTest) -> dict[str, str]:
    found_values = {name: found.query_params[name] for name in found.query_params}
    # A list, if the test set it.
    return {k: v[0] if isinstance(v, list) else v for k, v in found_values.items()}


def menu(found: AppTest, label: str) -> list[str]:
    """What a list of models offers."""
    (box,) = [box for box in found.selectbox if box.label == label]
    return list(box.options)


def choose(found: AppTest, label: str, key: str | None) -> AppTest:
    (box,) = [box for box in found.selectbox if box.label == label]
    return box.set_value(key).run()


def test_compare_opens_with_three_models_of_one_size() -> None:
    found = run("compare")
    assert titles(found) == ["PCA", "Autoencoder", "VAE"]
    assert "models" not in address(found)
    assert menu(found, "Model 3")[0] == "VAE · 2 latents"


def test_a_size_is_one_click() -> None:
    found = run("compare", models="pca-2,beta-4")
    assert titles(found) == ["PCA · 2 latents", "VAE · β = 4 · 10 latents"]
    (sizes,) = found.button_group
    assert sizes.value is None
    sizes.set_value(16).run()
    assert titles(found) == ["PCA", "Autoencoder", "VAE"]
    assert address(found) == {"latents": "16"}
    assert found.selectbox[0].value == "pca-16"


@pytest.mark.parametrize("page", SEVERAL)
def test_an_own_run_stands_beside_the_pretrained_model_of_its_family(page: str) -> None:
    own.run("mine", "my first VAE")
    own.run("other", "VAE", "beta-1")
    found = run(page, models="vae-2,run:mine,run:other,vae-16")
    assert not found.warning
    assert address(found)["models"] == "vae-2,run:mine,run:other,vae-16"
    assert popover(found) == (
        "VAE · 2 latents, my first VAE · 2 latents, VAE · own run · 10 latents, VAE · 16 latents"
    )


def test_models_are_added_changed_and_removed() -> None:
    own.run("mine", "first try")
    found = run("compare")
    assert menu(found, "Add a model")[0] == "first try · VAE · 2 latents"
    choose(found, "Add a model", "run:mine")
    assert titles(found) == ["PCA", "Autoencoder", "VAE", "first try · VAE"]
    assert address(found) == {"models": "pca-2,ae-2,vae-2,run:mine"}
    # Four are the most, and none is offered twice.
    assert "Add a model" not in {box.label for box in found.selectbox}
    assert "VAE · 2 latents" not in menu(found, "Model 1")
    choose(found, "Model 1", "denoising-conv")
    assert titles(found)[0] == "Denoising · denoising-conv · 32 latents"
    for _ in range(2):
        choose(found, "Model 1", None)
    assert titles(found) == ["VAE", "first try · VAE"]
    assert address(found) == {"models": "vae-2,run:mine"}
    # Two are the fewest.
    choose(found, "Model 1", None)
    assert titles(found) == ["VAE", "first try · VAE"]
    assert all(box.proto.required for box in found.selectbox if box.label != "Add a model")


def test_the_choice_is_shared_and_kept_without_an_address() -> None:
    found = run("compare", models="vae-2,beta-4")
    del found.query_params["models"]
    found.run()
    assert address(found) == {"models": "vae-2,beta-4"}


@pytest.mark.parametrize(
    ("models", "why"),
    [
        ("vae-2", "must be 2 to 4 different models"),
        ("vae-2,vae-2", "must be 2 to 4 different models"),
        ("vae-2,ae-2,pca-2,beta-1,beta-4", "must be 2 to 4 different models"),
        ("vae-2,gan-2", "isn't available: there is no model gan"),
        ("vae-2,run:mine", "must be models of one data set"),
    ],
)
@pytest.mark.parametrize("page", SEVERAL)
def test_a_wrong_list_is_a_notice(page: str, models: str, why: str) -> None:
    own.run("mine", "clothes", dataset="fashion-mnist")
    found = run(page, models=models)
    assert not found.exception
    (notice,) = found.warning
    assert why in notice.value
    assert "Showing the default." in notice.value
    assert "PCA, Autoencoder, VAE" in popover(found)
    assert "models" not in address(found)


def test_models_of_other_data_stand_with_their_like_only() -> None:
    own.run("one", "shirts", dataset="fashion-mnist")
    found = run("compare")
    everything = {option for box in found.selectbox for option in box.options}
    # One alone can't be compared.
    assert not any("Fashion-MNIST" in option for option in everything)
    own.run("two", "shoes", "ae-2", dataset="fashion-mnist")
    found = run("compare")
    assert "All of one data set, here MNIST" in words(found)
    assert not any("Fashion" in option for option in menu(found, "Model 2"))
    choose(found, "Model 1", "run:one")
    assert set(titles(found)) == {"shirts · VAE", "shoes · Autoencoder"}
    assert "digit" not in words(found).lower()
    assert "Fashion-MNIST" in words(found)


def test_explore_lists_own_runs_and_all_the_zoo() -> None:
    own.run("mine", "my first VAE")
    found = run("explore")
    (box,) = found.selectbox
    assert box.value == "vae-2"
    assert len(box.options) == len(set(box.options))
    assert "my first VAE · 2 latents" in box.options
    assert "VAE · 10 latents · β = 4" in box.options
    box.set_value("run:mine").run()
    assert address(found)["model"] == "run:mine"
    assert len(found.selectbox) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"latents": "16"}, "vae-16"),
        ({"model": "ae", "latents": "16"}, "ae-16"),
        ({"model": "vae", "latents": "2", "variant": "binary-vae-2"}, "binary-vae-2"),
        ({"source": "mine"}, "run:mine"),
        ({"source": "zoo", "model": "pca"}, "pca-2"),
    ],
)
def test_an_older_address_of_explore_opens_the_same_model(old: dict[str, str], new: str) -> None:
    own.run("mine", "my first VAE")
    found = run("explore", **old)
    assert not found.warning
    assert found.selectbox[0].value == new
    assert not {"latents", "variant", "source"} & set(found.query_params)


@pytest.mark.parametrize(
    ("model", "beside"),
    [
        ("run:mine", "pca-2,ae-2,vae-2,run:mine"),
        ("beta-4", "pca-16,ae-16,vae-16,beta-4"),
        ("ae-16", "pca-16,ae-16,vae-16"),
        ("run:shirt", "run:shirt,run:shoe"),
    ],
)
def test_explore_offers_others_of_the_nearest_size(model: str, beside: str) -> None:
    own.run("mine", "my first VAE")
    own.run("shoe", "shoe", dataset="fashion-mnist")
    own.run("shirt", "shirt", dataset="fashion-mnist")
    found = run("explore", model=model)
    from ui import model_catalogue, model_picker, zoo_cache

    zoo = zoo_cache.load()
    catalogue = model_catalogue.of(zoo)
    assert model_picker.beside(zoo, catalogue, model) == beside.split(",")
    assert {"Compare with …", "Morph with it"} <= {each.label for each in found.button}


def test_a_model_without_company_says_so() -> None:
    own.run("alone", "shirts", dataset="fashion-mnist")
    found = run("explore", model="run:alone")
    (button,) = [each for each in found.button if each.label == "Compare with …"]
    assert button.disabled
    assert button.help == "There is no other model of Fashion-MNIST yet."


def test_errors_on_other_pixels_have_rows_of_their_own() -> None:
    """binary-vae-2 was measured on black-and-white pixels: its errors can't be compared."""
    found = run("compare", models="vae-2,binary-vae-2,vae-50")
    (table,) = [each.value for each in found.markdown if "Test split" in each.value]
    table = without_terms(table)
    rows = [line.strip("| ").split(" | ") for line in table.splitlines()]
    known = {name: cells for name, *cells in rows}
    names = ("vae-2", "binary-vae-2", "vae-50")
    grey, thresholded, drawn = (bundle.read(zoo.folder() / each).metrics for each in names)
    assert known["Squared error"] == [f"{grey.sse:.2f}", "–", "–"]
    assert known["Squared error, black-and-white pixels"] == ["–", f"{thresholded.sse:.2f}", "–"]
    assert known["Squared error, randomly binarised pixels"] == ["–", "–", f"{drawn.sse:.2f}"]
    (chart,) = [each.proto.body for each in found.get("html") if "Bar chart:" in each.proto.body]
    assert chart.count('class="bars"') == 1
    numbers = [f"<b>{each:.1f}</b>" for each in grey.sse_by_class or ()]
    assert re.findall(r"<b>.*?</b>", chart) == numbers
    assert "can't be compared with these: VAE · binary-vae-2" in words(found).replace("\\", "")
