"""Views tell what a person does, once it is done, with the facts that lessons ask for."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, expect

from aemodels.analysis import latent_space
from browser.lens import Lens
from tests.browser.conftest import one_tab
from tests.lens.test_vocabulary import VOCABULARY
from tests.lessons import shipped
from tests.lessons.shipped import Digits, bundle, model

Facts = dict[str, Any]
# Lessons set `heard` of the view that they show; here every view has it from the start.
LISTEN = """async module => {
  const { View } = await import(module);
  window.told = [];
  const heard = (event, facts) => window.told.push([event, facts]);
  Object.defineProperty(View.prototype, "heard", { get: () => heard, set() {} });
}"""
# A mouse that goes over a map, all in one task, however slow the machine is.
PASS = """(map, leaves) => {
  const { left, top, width, height } = map.getBoundingClientRect();
  const mouse = { pointerId: 1, pointerType: "mouse", bubbles: true };
  for (const share of [0.45, 0.5, 0.55]) {
    const [clientX, clientY] = [left + share * width, top + share * height];
    map.dispatchEvent(new PointerEvent("pointermove", { ...mouse, clientX, clientY }));
  }
  if (leaves) map.dispatchEvent(new PointerEvent("pointerleave", mouse));
}"""
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
}


class Ear:
    """A tab in which all that views tell is heard."""

    def __init__(self, lens: Lens) -> None:
        self.lens = lens
        self.page = lens.page
        self.page_name = ""
        self.heard: list[tuple[str, Facts]] = []
        self.view = ""

    def go(self, page: str, view: str) -> None:
        """To a page by the navigation, which keeps what is loaded; stays where it is there."""
        if self.page_name == page:
            return
        self.page_name = page
        # What was done on the page before has been reported.
        self.page.wait_for_timeout(600)
        self.told()
        self.page.get_by_role("link", name=page, exact=True).click()
        self.shows(view)

    def pick(self, family: str, view: str = "reconstruct") -> None:
        """To a section of Families."""
        self.go("Families", "reconstruct")
        self.page.get_by_role("radio", name=family, exact=True).click()
        expect(self.page).to_have_title(f"Families: {family} · Latent Lab", timeout=30_000)
        self.shows(view)

    def shows(self, view: str) -> None:
        self.view = view
        self.page.locator(f".lens.{view}[data-ready=true]").wait_for(timeout=30_000)
        # Nothing that a page does on arrival is a deed.
        self.page.wait_for_timeout(400)
        assert self.told() == []

    def told(self) -> list[tuple[str, Facts]]:
        """What was told since the last time, and not heard yet."""
        self.heard += self.page.evaluate("() => window.told.splice(0)")
        found, self.heard = self.heard, []
        return [(event, facts) for event, facts in found]

    def hear(self, event: str) -> Facts:
        """The facts of an event that will come, of the types that are promised."""

        def there() -> list[tuple[str, Facts]]:
            self.heard = self.told()
            return [each for each in self.heard if each[0] == event]

        first = self.lens.eventually(there, 20)[0]
        self.heard.remove(first)
        _, facts = first
        types = VOCABULARY["views"][self.view]["events"][event]
        assert facts.keys() == types.keys()
        assert all(isinstance(value, TYPES[types[key]]) for key, value in facts.items())
        return facts

    def click(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def press(self, slider: str, *keys: str) -> None:
        self.page.get_by_role("slider", name=slider, exact=True).focus()
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture(scope="module")
def ear(app: str, browser: Browser) -> Iterator[Ear]:
    with one_tab(browser, app) as tab:
        tab.page.goto(f"{app}/results")
        tab.page.locator("h1").wait_for(state="attached")
        tab.page.evaluate(LISTEN, f"{app}/lens/view.mjs")
        yield Ear(tab)


@pytest.fixture(scope="module")
def digits() -> Digits:
    return shipped.digits()


def read(digits: Digits, z: np.ndarray) -> tuple[str, float]:
    """What the reader sees in a picture of vae-2, and how surely."""
    sure = digits.reader.read(model("vae-2").decode(z[None]))[0]
    return str(sure.argmax()), float(sure.max())


def assert_moved(ear: Ear, digits: Digits, by: str) -> None:
    """Told is where z is, and what PyTorch decodes there."""
    facts = ear.hear("moved")
    z = ear.lens.z()
    mean, log_var = bundle("vae-2").codes()
    space = latent_space.describe(mean, log_var, "vae")
    gap = np.linalg.norm(mean - z, axis=1).min() / space.far_gap
    label, confidence = read(digits, z)
    assert (facts["by"], facts["read"]) == (by, label)
    assert facts["gap"] == pytest.approx(gap, rel=1e-3, abs=1e-3)
    assert facts["confidence"] == pytest.approx(confidence, abs=5e-3)


def test_explore_tells_what_becomes_the_input_and_how_it_is_sampled(ear: Ear) -> None:
    ear.go("Explore", "explore")
    page = ear.page
    ear.click("Next digit")
    facts = ear.hear("input")
    shown = page.locator(".input-name").inner_text()
    assert facts == {"class": shown.split(" ")[0], "drawn": False}
    ear.click("Resample")
    assert ear.hear("sampled") == {"count": 1, "class": facts["class"]}
    ear.click("20 samples")
    assert ear.hear("sampled") == {"count": 20, "class": facts["class"]}
    ear.click("Prior's circles")
    assert ear.hear("prior") == {"shown": True}
    ear.click("Clouds")
    assert ear.hear("layer") == {"layer": "clouds"}


def test_explore_tells_where_z_was_moved_once_it_rests(ear: Ear, digits: Digits) -> None:
    ear.go("Explore", "explore")
    ear.press("z2", "ArrowRight")
    order = latent_space.describe(*bundle("vae-2").codes(), "vae").order.tolist()
    assert ear.hear("slid") == {"latent": 2, "rank": 1 + order.index(1), "inactive": False}
    assert_moved(ear, digits, "slider")
    ear.told()
    ear.lens.drag(ear.lens.map(), (0.4, 0.4), (0.45, 0.5), (0.5, 0.6))
    # As long as the button is down, z doesn't rest.
    ear.page.wait_for_timeout(500)
    assert ear.told() == []
    ear.lens.release()
    assert_moved(ear, digits, "map")
    ear.page.keyboard.press("p")
    assert ear.hear("pinned") == {"pins": 1}
    ear.click("Random")
    assert_moved(ear, digits, "random")
    ear.page.keyboard.press("p")
    assert ear.hear("pinned") == {"pins": 2}
    ear.click("Show")
    ear.hear("summed")
    assert_moved(ear, digits, "sum")


def test_explore_tells_what_is_unfolded_and_done_there(ear: Ear, digits: Digits) -> None:
    ear.go("Explore", "explore")
    page = ear.page
    page.get_by_text("Show the computation").press("Enter")
    assert ear.hear("opened") == {"part": "computation"}
    ear.click("ε = 0")
    assert ear.hear("noise") == {"size": 0}
    # Once it has glided there, its slider can go to an end.
    ear.lens.eventually(lambda: abs(ear.lens.value("ε1")) < 0.01, 20)
    ear.press("ε1", "Home")
    assert ear.hear("noise") == {"size": pytest.approx(4, abs=1e-3)}
    ear.click("Draw ε")
    assert ear.hear("sampled")["count"] == 1
    page.get_by_text("Traversals: what each latent changes").click()
    assert ear.hear("opened") == {"part": "traversals"}
    # Its second row is that of the second by information.
    page.locator(".traversal").nth(1).locator("button").first.click()
    facts = ear.hear("traversed")
    order = latent_space.describe(*bundle("vae-2").codes(), "vae").order
    assert facts == {"latent": order[1] + 1, "rank": 2, "inactive": False}
    # Folding it again isn't opening it.
    ear.told()
    page.get_by_text("Show the computation").click()
    page.wait_for_timeout(300)
    assert "opened" not in dict(ear.told())


def test_explore_tells_what_a_drawing_is_read_as(ear: Ear) -> None:
    ear.go("Explore", "explore")
    ear.click("Draw")
    pen = ear.page.locator("canvas.pen")
    # Until it lies still.
    pen.hover()
    ear.told()
    ear.lens.drag(pen, (0.5, 0.2), (0.5, 0.4), (0.5, 0.6), (0.5, 0.8))
    ear.page.wait_for_timeout(500)
    assert ear.told() == []
    ear.lens.release()
    assert ear.hear("input") == {"class": "1", "drawn": True}


def test_compare_tells_what_is_pointed_at_and_chosen(ear: Ear, digits: Digits) -> None:
    ear.go("Compare", "compare")
    ear.click("Next digit")
    assert ear.hear("highlighted") == {"digit": 1, "class": str(digits.labels[1])}
    ear.lens.move(ear.lens.map("PCA"), (0.5, 0.5))
    facts = ear.hear("highlighted")
    assert facts["class"] == str(digits.labels[facts["digit"]])
    ear.lens.drag(ear.lens.map("VAE"), (0.4, 0.4), (0.5, 0.5))
    ear.lens.release()
    assert ear.hear("moved") == {"model": "vae-2"}
    ear.click("Difference")
    assert ear.hear("picture") == {"picture": "difference"}
    ear.page.locator(".worst .classes button").nth(3).click()
    assert ear.hear("worst") == {"class": "3"}
    ear.click("Holes")
    assert ear.hear("layer") == {"layer": "holes"}


def test_a_look_in_passing_is_not_told(ear: Ear) -> None:
    ear.go("Compare", "compare")
    ear.told()
    ear.lens.map("PCA").evaluate(PASS, False)
    ear.hear("highlighted")
    ear.lens.map("PCA").evaluate(PASS, True)
    ear.page.wait_for_timeout(500)
    assert ear.told() == []


def test_draws_tell_each_roll_and_the_distribution(ear: Ear) -> None:
    ear.go("Compare", "compare")
    ear.page.locator(".draws").scroll_into_view_if_needed()
    ear.page.locator(".draws[data-ready=true]").wait_for(timeout=30_000)
    ear.view = "draws"
    ear.told()
    for _ in range(3):
        ear.click("Roll 48")
    assert ear.told() == [("rolled", {})] * 3
    ear.click("Gaussian fitted to the codes")
    assert ear.hear("distribution") == {"from": "fitted"}


def test_interpolate_tells_where_it_is_and_between_what(ear: Ear, digits: Digits) -> None:
    ear.go("Interpolate", "interpolate")
    ear.press("t", "End")
    assert ear.hear("scrubbed") == {"t": 1}
    ear.click("Play")
    ear.hear("played")
    ear.click("Pause")
    ear.click("Swap")
    assert ear.hear("ends") == {"a": str(digits.labels[110]), "b": str(digits.labels[51])}


def test_reconstruct_tells_how_digits_are_corrupted(ear: Ear) -> None:
    ear.pick("Denoising")
    ear.press("noise", "End")
    assert ear.hear("corrupted") == {"kind": "masking", "level": 1}
    ear.click("Salt and pepper")
    assert ear.hear("corrupted") == {"kind": "salt-pepper", "level": 1}
    ear.click("New noise")
    ear.hear("noise")
    ear.click("Next digits")
    ear.hear("digits")


def test_reconstruct_tells_the_size_and_counts_what_is_recognised(ear: Ear, digits: Digits) -> None:
    ear.pick("Bottleneck")
    page = ear.page
    names = page.locator(".line.model:visible .name")
    expect(names).to_have_text(["64 latents"])
    shown = page.locator(".line.model:visible")
    examples = [
        int(title.rsplit(" ", 1)[1])
        for title in page.locator(".line")
        .first.locator("canvas")
        .evaluate_all("all => all.map(one => one.title.split(';')[0])")
    ]
    labels = digits.labels[examples]
    for key, size in (("Home", 2), ("ArrowRight", 4), ("End", 64)):
        ear.press("latents", key)
        assert ear.hear("sized") == {"model": f"bottleneck-{size}", "latents": size}
        expect(names).to_have_text([f"{size} latents"])
        sees = digits.read(model(f"bottleneck-{size}").reconstruct(digits.images[examples]))
        expect(shown.locator(".caption")).to_have_text([str(label) for label in sees])
        words = f"{(sees == labels).sum()} of {len(labels)}"
        expect(shown.locator("[data-number=alike] b")).to_have_text(words)
    ear.press("latents", "ArrowLeft")
    ear.hear("sized")
    page.get_by_label("All sizes").check()
    expect(names).to_have_count(6)
    expect(page.locator(".line.chosen .name")).to_have_text("32 latents")
    ear.lens.eventually(lambda: "size=32" in page.url and "rows=all" in page.url)


def test_beta_tells_the_model_that_is_reached(ear: Ear) -> None:
    ear.pick("β-VAE", "beta")
    ear.press("β", "End")
    assert ear.hear("dragged") == {"beta": 30}
    ear.click("Play")
    ear.hear("played")
    ear.click("Pause")


def test_anomalies_tell_the_rates_that_are_shown(ear: Ear) -> None:
    ear.go("Uses", "anomalies")
    page = ear.page
    page.get_by_role("slider", name="threshold").press("ArrowLeft")
    facts = ear.hear("threshold")
    for name, selector in (("true", ".true-positives"), ("false", ".false-positives")):
        shown = float(page.locator(selector).inner_text().split(" ")[0])
        assert 100 * facts[f"{name}_rate"] == pytest.approx(shown, abs=0.06)
    page.locator(".least-anomalous button").nth(2).click()
    assert ear.hear("looked")["image"].startswith("anomalous-")
