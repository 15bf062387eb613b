"""A lesson over other views asks, lights the control, waits for the deed and reveals.

The tests go through one lesson, step after step, in one tab.
"""

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, expect

from aemodels import data, views
from aemodels.bundles import bundle, zoo
from browser import server
from browser.lens import Lens
from tests.browser.conftest import Codes, one_tab

LESSON = """---
title: Where things lie
minutes: 1
idea: What looks alike lies **close**.
---

## Guess

```step
view: explore?model=vae-2&digit=3
```

Two numbers stand for each digit.

Which digits lie beside the 4s?

- [ ] the 0s
- [x] the 9s

## Place

```step
sketch: 4
```

Where do you expect the 4s?

### What happened

They lie beside the 9s, in {latents vae-2} latents.

## Chance

```step
light: noise
done: noise
```

Set every ε to 0.

### What happened

z is μ.

## Roll

```step
view: draws?models=ae-2,vae-2
light: roll
done: rolled
times: 3
```

Roll three times.
"""
HEADINGS = ["Guess", "Place", "Chance", "Roll", "The idea"]
RADIUS = 0.12  # of the map's width, as lens/web/lesson/sketch.mjs has it


@pytest.fixture(scope="module")
def tab(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lens]:
    folder = tmp_path_factory.mktemp("own")
    (folder / "places.md").write_text(LESSON, "utf-8")
    log = folder.parent / "app.log"
    with (
        server.app(log, {"LATENT_LAB_LESSONS": str(folder)}) as url,
        one_tab(browser, url) as lens,
    ):
        yield lens


def kept(lens: Lens) -> dict[str, Any]:
    """What the browser keeps of the lesson."""
    words = lens.page.evaluate("() => localStorage.getItem('latent-lab.lessons')")
    found: dict[str, Any] = json.loads(words)["lessons"]["places"]
    return found


def heading(lens: Lens) -> Locator:
    return lens.page.locator(".step-title")


def press(lens: Lens, name: str) -> None:
    lens.page.get_by_role("button", name=name, exact=True).click()


def lit_is_clear(lens: Lens) -> bool:
    """Whether all that is lit lies between the page's bar and the sheet."""
    return bool(
        lens.page.evaluate(
            """() => {
                const inside = root => [root, ...[...root.querySelectorAll("*")]
                    .filter(one => one.shadowRoot).flatMap(one => inside(one.shadowRoot))];
                const roots = inside(document);
                const all = name => roots.flatMap(root => [...root.querySelectorAll(name)]);
                const [sheet] = all(".sheet"), [bar] = all("[data-testid=stHeader]");
                const lit = all("[data-lit]").map(one => one.getBoundingClientRect());
                const {top} = sheet.getBoundingClientRect(), {bottom} = bar.getBoundingClientRect();
                return lit.length > 0 && lit.every(box => box.top >= bottom && box.bottom <= top);
            }"""
        )
    )


def test_a_link_opens_a_step_and_a_prediction_is_kept(tab: Lens) -> None:
    page = tab.open("/learn?lesson=places", 60).page
    expect(heading(tab)).to_have_text("Guess")
    group = page.get_by_role("radiogroup", name="Which digits lie beside the 4s?")
    group.get_by_role("radio", name="the 0s").focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Step 1: Guess, done")).to_be_visible()
    # A guess can be changed as long as nothing is revealed.
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(group.get_by_role("radio", name="the 0s")).to_be_checked()
    step = kept(tab)["steps"][0]
    assert (step["answer"], step["words"], step["right"]) == (0, "the 0s", False)
    expect(page.get_by_text("It was", exact=True)).to_have_count(0)


def test_a_sketch_stands_beside_where_the_class_is(
    tab: Lens, codes: Codes, mnist: data.Dataset
) -> None:
    page = tab.page
    press(tab, "Next")
    expect(heading(tab)).to_have_text("Place")
    expect(heading(tab)).to_be_focused()
    expect(page).to_have_url(f"{tab.url}/learn?lesson=places&step=2")
    square = page.get_by_role("application", name="Where do you expect the 4s?")
    page.keyboard.press("F6")
    expect(square).to_be_focused()
    for key in ("ArrowRight", "ArrowRight", "Shift+ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Step 2: Place, done")).to_be_visible()
    u, v = kept(tab)["steps"][1]["sketch"]
    space = views.model(bundle.read(zoo.folder() / "vae-2"))["space"]
    assert np.allclose(space["plane"], np.eye(2)), "the map's axes are the two latents"
    low, high = (np.add(space["mean"], space[end]) for end in ("plane_low", "plane_high"))
    spans = high - low
    # Two steps of 5 % to the right of the middle, and a fine one of 1 % down.
    np.testing.assert_allclose(([u, v] - (low + high) / 2) / spans, (0.1, -0.01), atol=1e-3)
    fours = codes("vae-2")[mnist.test_labels == 4]

    def near(centre: Any) -> int:
        return int((np.hypot(*((fours - centre) / (RADIUS * spans)).T) <= 1).sum())

    words = f"Your circle holds {near((u, v))} of the {len(fours)} 4s. "
    words += f"The one around their centre holds {near(fours.mean(0))}."
    expect(page.locator(".outcomes")).to_contain_text(words)
    expect(page.get_by_role("img", name=words)).to_be_visible()
    # The prediction stands beside what happened, in the same ink.
    expect(page.locator(".outcome dd")).to_have_text(["the 0s", "the 9s"])
    colours = page.locator(".outcome dd").evaluate_all(
        "all => all.map(one => getComputedStyle(one).color)"
    )
    assert len(set(colours)) == 1
    expect(page.locator(".reveal")).to_contain_text("in 2 latents")
    assert lit_is_clear(tab)


def test_what_is_in_a_closed_fold_is_lit_by_its_line(tab: Lens) -> None:
    page = tab.page
    press(tab, "Next")
    fold = page.locator("summary[data-lit]")
    expect(fold).to_have_text("Show the computation")
    tab.eventually(lambda: lit_is_clear(tab))
    fold.click()
    expect(fold).to_have_count(0)
    expect(page.locator("[data-control=noise][data-lit]")).to_be_visible()
    press(tab, "ε = 0")
    expect(page.locator(".deed")).to_have_text("✓Done")
    expect(page.locator(".reveal")).to_contain_text("z is μ")
    expect(page.locator(".announcement").first).to_contain_text("Done. What happened z is μ.")
    assert kept(tab)["steps"][2]["deed"] == {"event": "noise", "times": 1, "done": True}


def test_a_view_is_replaced_and_keys_alone_do_the_deed(tab: Lens) -> None:
    page = tab.page
    page.get_by_role("button", name="Next", exact=True).press("Enter")
    page.locator(".draws[data-ready=true]").wait_for(timeout=60_000)
    expect(page.locator(".explore")).to_have_count(0)
    expect(heading(tab)).to_be_focused()
    page.keyboard.press("F6")
    expect(page.get_by_role("button", name="Roll 48")).to_be_focused()
    for times in ("1 of 3", "2 of 3"):
        page.keyboard.press("Enter")
        expect(page.locator(".deed")).to_have_text(times)
    page.keyboard.press("Space")
    expect(page.locator(".deed")).to_have_text("✓Done")
    page.keyboard.press("F6")
    expect(heading(tab)).to_be_focused()
    tab.eventually(lambda: lit_is_clear(tab))
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("F6")
    page.keyboard.press("Escape")


def test_back_goes_back_a_step_and_what_was_done_stays_done(tab: Lens) -> None:
    page = tab.page
    page.go_back()
    expect(heading(tab)).to_have_text("Chance")
    expect(page.locator(".deed")).to_have_text("✓Done")
    page.locator(".explore[data-ready=true]").wait_for(timeout=60_000)
    page.go_back()
    expect(heading(tab)).to_have_text("Place")
    # The circle stands where it was.
    expect(page.get_by_role("img", name="Your circle holds")).to_be_visible()
    page.get_by_role("button", name="Step 1: Guess, done").click()
    # It has been revealed: a prediction stays what it was.
    expect(page.get_by_role("radio", name="the 9s")).to_be_disabled()


def test_the_sheet_folds_and_ends_with_the_idea(tab: Lens) -> None:
    page = tab.page
    fold = page.get_by_role("button", name="Words of the lesson")
    fold.click()
    expect(fold).to_have_attribute("aria-expanded", "false")
    expect(page.locator(".words")).to_be_hidden()
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_visible()
    fold.click()
    for title in HEADINGS[1:]:
        press(tab, "Next")
        expect(heading(tab)).to_have_text(title)
    expect(page.locator(".words")).to_have_text("What looks alike lies close.")
    expect(page.get_by_role("button", name="Next", exact=True)).to_be_disabled()
    assert kept(tab)["finished"]
    assert kept(tab)["seconds"] >= 1
    expect(page).to_have_url(f"{tab.url}/learn?lesson=places&step=5")
    page.locator(".end").get_by_role("button", name="All lessons").click()
    card = page.get_by_role("link", name="Where things lie")
    expect(card).to_contain_text("Finished")
    expect(card).to_contain_text("What looks alike lies close.")
    expect(page).to_have_url(f"{tab.url}/learn")
    page.go_back()
    expect(heading(tab)).to_have_text("The idea")
    press(tab, "Start again")
    expect(heading(tab)).to_have_text("Guess")
    assert kept(tab)["steps"][0]["answer"] is None


def test_next_leads_through_without_doing_anything(tab: Lens) -> None:
    for title in HEADINGS[1:]:
        press(tab, "Next")
        expect(heading(tab)).to_have_text(title)
    assert [step["deed"] and step["deed"]["done"] for step in kept(tab)["steps"]] == [
        None,
        None,
        False,
        False,
    ]
