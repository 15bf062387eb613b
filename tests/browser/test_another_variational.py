"""Explore with a variational family that isn't called "vae": it is shown as a VAE is."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from playwright.sync_api import Browser, expect

from aemodels import views
from aemodels.bundles import bundle, zoo
from aemodels.families import FAMILIES
from aemodels.families.base import Family
from aemodels.setting import setting
from aemodels.views.markup import html
from browser.lens import Lens
from tests.browser.conftest import one_tab

MOUNT = """async ([html, data]) => {
    document.body.innerHTML = html;
    const { mount } = await import("/lens/mount.mjs");
    await mount({ data, setStateValue() {} }, document.querySelector(".lens"));
}"""


@dataclass(frozen=True)
class Capacity(Family):
    """Another variational family than the VAE, and none of its subclasses."""

    beta: float = setting(4.0, "weight of the KL term", low=0, high=1000)

    name: ClassVar[str] = "capacity"
    title: ClassVar[str] = "Capacity autoencoder"
    meaning: ClassVar[str] = "variational autoencoder of another name"
    variational: ClassVar[bool] = True


@pytest.fixture
def item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bundle.Bundle:
    """The weights and codes of vae-2 as a model of that family."""
    monkeypatch.setitem(FAMILIES, "capacity", Capacity)
    folder = shutil.copytree(zoo.folder() / "vae-2", tmp_path / "capacity-2")
    manifest = json.loads((folder / bundle.MANIFEST).read_text(encoding="utf-8"))
    only_vae = FAMILIES["vae"]().table().keys() - Capacity().table().keys()
    kept = {name: value for name, value in manifest["config"].items() if name not in only_vae}
    manifest["family"] = "capacity"
    manifest["config"] = {**kept, "family": "capacity", "beta": 4.0}
    (folder / bundle.MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return bundle.read(folder)


@pytest.fixture
def explore(app: str, browser: Browser, item: bundle.Bundle) -> Iterator[Lens]:
    model = views.model(item, url="/zoo/vae-2")
    data = {
        "view": "explore",
        "base": "",
        "dataset": views.dataset("mnist"),
        "model": model,
        "state": None,
    }
    with one_tab(browser, app) as lens:
        lens.page.goto(f"{app}/lens/views/explore.html")
        lens.page.evaluate(MOUNT, [html("explore"), data])
        lens.ready()
        yield lens


def test_it_has_a_prior_a_posterior_and_a_kl(explore: Lens) -> None:
    page = explore.page
    expect(page.locator(".distribution")).to_have_value("prior")
    expect(page.locator(".posterior-buttons")).to_be_visible()
    expect(page.locator(".posterior-words")).not_to_contain_text("there is no posterior")
    expect(page.locator(".cost-sum .kl")).to_be_visible()
    expect(page.locator(".kl-latents")).to_be_visible()
    expect(page.locator(".sliders .information").first).to_contain_text("nats")
    expect(page.locator(".hint.place")).to_contain_text("Means μ")
    page.locator(".centre").click()
    explore.eventually(lambda: bool((explore.z() == 0).all()))


def test_its_weight_of_the_kl_is_told(explore: Lens) -> None:
    expect(explore.page.locator(".cost-words")).to_contain_text("With β = 4, as in training")
