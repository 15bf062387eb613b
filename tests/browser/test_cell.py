"""A view in what a notebook puts around it: its ground, and who hears a key."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from aemodels.widget import channel
from aemodels.widget.markup import markup
from browser import files
from tests.browser.conftest import SIZE

# As VS Code has it in a dark theme: widgets stand on white, and the window passes keys on.
NOTEBOOK = """<!doctype html><style>
  body { background: rgb(31 31 31); color: rgb(204 204 204); }
  .cell-output-ipywidget-background { background: white !important; }
</style>
<div id="output" class="cell-output-ipywidget-background">
  <div id="ground" class="cell-output-ipywidget-background"><div id="alone"></div></div>
</div>
<div class="cell-output-ipywidget-background"><div id="box"><div id="boxed"></div></div></div>
<div id="narrow" style="width: 600px"></div>
<script type="module">
  import view from "./view.js";
  const state = await (await fetch("state.json")).json();
  const nothing = () => {};
  const model = { get: (name) => state[name], set: nothing, save_changes: nothing };
  Object.assign(model, { send: nothing, on: nothing, off: nothing });
  for (const id of ["alone", "boxed"]) view.render({ model, el: document.getElementById(id) });
  const compare = { ...model, get: (name) => (name === "_markup" ? state.compare : state[name]) };
  view.render({ model: compare, el: document.getElementById("narrow") });
  window.heard = [];
  window.addEventListener("keydown", ({ key }) => window.heard.push(key));
</script>"""


@pytest.fixture
def page(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Explore alone and in a box with what else there is, and Compare in a narrow output."""
    state = {"_markup": markup("explore"), "_version": channel.version(), "_page": {}}
    state["compare"] = markup("compare")
    (tmp_path / "view.js").write_text(channel.script(), "utf-8")
    (tmp_path / "state.json").write_text(json.dumps(state), "utf-8")
    (tmp_path / "index.html").write_text(NOTEBOOK, "utf-8")
    context = browser.new_context(viewport=SIZE)
    found = context.new_page()
    with files.served(tmp_path) as url:
        found.goto(url)
        found.locator("#boxed [data-scheme]").wait_for(state="attached")
        yield found
    context.close()


def ground(page: Page, place: str) -> str:
    """The background of an element."""
    found: str = page.locator(place).evaluate("e => getComputedStyle(e).backgroundColor")
    return found


def scheme(page: Page, place: str) -> str | None:
    """The view's own, "dark" or "light"."""
    return page.locator(f"{place} > div").get_attribute("data-scheme")


def test_a_view_alone_stands_on_the_notebooks_ground(page: Page) -> None:
    assert scheme(page, "#alone") == "dark"
    assert {ground(page, "#ground"), ground(page, "#output")} == {"rgba(0, 0, 0, 0)"}


def test_a_view_among_others_is_light_on_the_white_they_stand_on(page: Page) -> None:
    assert ground(page, "div:has(> #box)") == "rgb(255, 255, 255)"
    assert scheme(page, "#boxed") == "light"


def test_the_notebook_hears_commands_and_what_leads_out_of_the_view(page: Page) -> None:
    page.locator("#alone button:visible").first.focus()
    for key in ("ArrowDown", "d", "Home", "Control+s", "F6", "Escape"):
        page.keyboard.press(key)
    assert page.evaluate("heard") == ["Control", "s", "F6", "Escape"]


def test_what_stays_in_sight_leaves_no_room_for_the_header_of_the_app(page: Page) -> None:
    cells = page.locator("#narrow .cells")
    found = cells.evaluate("e => [getComputedStyle(e).position, getComputedStyle(e).top]")
    assert found == ["sticky", "0px"]
