"""The address carries the view; what it says wrong is named, and the default is shown."""

import re

import numpy as np
import pytest

from browser.lens import Lens, query


def test_explore_opens_as_it_was_left(lens, new_lens):
    lens.open("/?model=ae&latents=16")
    start = lens.page.url
    slider = lens.page.get_by_role("slider", name=re.compile(r"z\d+$")).first
    lens.drag(slider, (0.5, 0.5), (0.8, 0.5))
    lens.release()
    lens.eventually(lambda: lens.page.url != start and "z=" in lens.page.url)
    there = new_lens().open(lens.page.url.removeprefix(lens.url))
    assert query(there.page.url)["model"] == "ae-16"
    # The address rounds to three decimals.
    there.eventually(lambda: np.abs(there.z() - lens.z()).max() <= 0.00051)
    there.eventually(lambda: np.abs(there.picture() - lens.picture().astype(int)).max() <= 5)


def choose(lens, label, option):
    """One of a list to open; what is typed filters it."""
    lens.page.get_by_role("combobox", name=label).click()
    lens.page.keyboard.type(option)
    lens.page.get_by_role("option", name=option, exact=True).click()


def test_the_picker_writes_the_address(lens):
    lens.open("/")
    choose(lens, "Model", "PCA · 16 latents")
    lens.eventually(lambda: query(lens.page.url).get("model") == "pca-16")
    lens.eventually(lambda: len(lens.z()) == 16)


def test_the_choice_survives_a_change_of_page(lens):
    lens.open("/?model=ae&latents=16")
    for page in ("Compare", "Interpolate", "Explore"):
        lens.page.get_by_role("link", name=page).click()
        lens.page.locator(f".lens.{page.lower()}[data-ready=true]").wait_for()
        if page == "Compare":
            assert query(lens.page.url)["latents"] == "16"
    assert query(lens.page.url)["model"] == "ae-16"
    assert len(lens.z()) == 16
    before = lens.picture()
    lens.drag(lens.map(), (0.5, 0.5), (0.3, 0.3))
    lens.eventually(lambda: (lens.picture() != before).any())
    lens.release()


@pytest.mark.parametrize(
    "address",
    [
        "/?model=foo&latents=7&z=1,2,3",
        "/?z=nan,nan",
        "/?z=1e9,0",
        "/compare?digit=-1&latents=two",
        "/interpolate?t=abc&a=99999&b=1.5",
        "/interpolate?t=1.5&a=-1",
    ],
)
def test_wrong_values_are_named_and_the_default_shown(lens: Lens, address: str) -> None:
    lens.open(address)
    for name, value in query(address).items():
        notice = lens.page.get_by_role("alert").filter(has_text=f"{name}={value}")
        notice.wait_for()
        assert "default" in notice.inner_text()
    title = {"/": "", "/compare": "VAE", "/interpolate": "VAE, spherical"}[address.split("?")[0]]
    lens.eventually(lambda: lens.picture(title).max() > 127)
