"""Every state of the app, light and dark, wide, on a phone and at 320 px.

axe-core finds nothing, nothing scrolls sideways, and each chart says what it shows.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from browser import axe, runs, server, states, terms
from browser.lens import Lens
from browser.states import State
from tests.browser.conftest import one_tab
from ui.terms import all_terms

# A width of 1280 at 400 % zoom; WCAG 2.2, success criterion 1.4.10.
NARROW = 320
# What numbers are called; each of these leads to its meaning wherever it is used.
NAMES = {term.key: term.names for term in all_terms() if term.key in terms.TECHNICAL}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def tab(home: Path, browser: Browser) -> Iterator[Lens]:
    """One tab of an app of its own, for all states one after another."""
    with server.app(home / "app.log", runs.settings(home)) as url, one_tab(browser, url) as tab:
        yield tab


@pytest.fixture(scope="module")
def made(home: Path) -> Path:
    runs.make(home)
    return home


def inspect(lens: Lens, state: State) -> None:
    """Open the state and look at it in every way."""
    state.open(lens)
    check_charts(lens.page)
    assert terms.unexplained(lens.page, NAMES) == []
    for size, scheme, colours_only in state.looks(lens):
        found = axe.check(lens.page, colours_only)
        assert not found, f"{size}, {scheme}\n" + "\n".join(map(str, found))
    lens.page.set_viewport_size({"width": NARROW, "height": 900})
    states.settle(lens.page)
    assert too_wide(lens.page) == []


def test_axe_core_finds_what_is_wrong(tab: Lens) -> None:
    tab.page.goto("about:blank")
    tab.page.set_content(
        '<html lang="en"><title>Bad</title><main><h1>Bad</h1><img src="data:,">'
        '<p style="color: #aaa">pale</p><button></button></main>'
    )
    assert {one.rule for one in axe.check(tab.page)} == {
        "button-name",
        "color-contrast",
        "image-alt",
    }
    assert {one.rule for one in axe.check(tab.page, colours_only=True)} == {"color-contrast"}


def test_a_number_without_its_meaning_is_found(tab: Lens) -> None:
    tab.page.goto("about:blank")
    tab.page.set_content(
        """<main data-testid="stMain"><a href="glossary#kl">KL</a><b title="sure">99 % legible</b>
        <p>7.4 nats of KL</p><p hidden>AUROC 0.9</p></main>"""
    )
    assert terms.unexplained(tab.page, NAMES) == ["nat: 7.4 nats of KL"]


@pytest.mark.parametrize("state", states.STATES + states.WITHOUT_RUNS, ids=str)
def test_a_page(tab: Lens, state: State) -> None:
    inspect(tab, state)


@pytest.mark.parametrize("state", states.WITH_RUNS, ids=str)
def test_runs(tab: Lens, made: Path, state: State) -> None:
    inspect(tab, state)


@pytest.fixture(scope="module")
def shared(made: Path, browser: Browser) -> Iterator[Lens]:
    """One tab of an app that several people share."""
    own = {"LATENT_LAB_SHARED": "yes", "LATENT_LAB_TEACHER": "sesame"}
    environment = runs.settings(made) | own
    with server.app(made / "shared.log", environment) as url, one_tab(browser, url) as tab:
        yield tab


@pytest.mark.parametrize("state", states.SHARED, ids=str)
def test_a_shared_app(shared: Lens, state: State) -> None:
    inspect(shared, state)


def test_a_run_that_trains_and_is_killed(tab: Lens, made: Path) -> None:
    with runs.training(made):
        for state in states.RUNNING:
            inspect(tab, state)
    for state in states.KILLED:
        inspect(tab, state)


def check_charts(page: Page) -> None:
    """Each chart's words and table against the numbers that Plotly has drawn."""
    for chart in page.locator("[data-testid=stPlotlyChart]").all():
        words = chart.get_attribute("aria-label") or ""
        drawn = chart.locator(".js-plotly-plot").evaluate(
            """plot => plot.data.map(({orientation, x, y}) => {
                const all = [...(orientation === "h" ? x : y)];
                return all.filter((value) => value !== null);
            }).filter((values) => values.length)"""
        )
        for values in drawn:
            for value in (min(values), max(values)):
                assert f"{value:.4g}" in words, words
        fold = chart.locator("xpath=following::details[1]")
        assert fold.locator("summary").inner_text().startswith("Numbers")
        numbers = fold.locator("td:nth-child(n + 2)").all_text_contents()
        assert sum(text != "–" for text in numbers) >= max(map(len, drawn), default=0)
    for chart in page.locator(".chart .drawing").all():
        words = chart.get_attribute("aria-label") or ""
        assert words.startswith("Bar chart: ")
        fold = chart.locator("xpath=following::details[1]")
        assert fold.locator("summary").inner_text().startswith("Numbers")
        heights = chart.locator(".bars").evaluate_all(
            "all => all.map(one => [...one.children].map(bar => parseFloat(bar.style.height)))"
        )
        rows = [row.locator("td").all_text_contents() for row in fold.locator("tbody tr").all()]
        highest = max(max(series) for series in heights)
        for series, column in zip(heights, list(zip(*rows, strict=True))[1:], strict=True):
            known = [float(text) for text in column if text != "–"]
            assert f"{max(known):.4g}" in words
            assert f"{min(known):.4g}" in words
            scale = max(float(text) for row in rows for text in row[1:] if text != "–") / highest
            assert [scale * each for each in series] == pytest.approx(
                known, abs=0.01 * scale + 1e-3 * max(known)
            )


def too_wide(page: Page) -> list[str]:
    """What a reader at this width would have to scroll sideways, or can't reach at all."""
    found: list[str] = page.evaluate(
        """() => {
            const main = document.querySelector("[data-testid=stMain]");
            const parts = "table, canvas, button, input, p, summary";
            const hidden = "[data-testid=stHeader], [data-testid=stSidebar], .katex";
            const roots = [main, ...[...main.querySelectorAll("*")]
                .map((one) => one.shadowRoot).filter(Boolean)];
            // A part may scroll on its own if the keyboard reaches it, or all that is in it.
            const scrolls = (one) => {
                const inside = one.closest("button") ?? one;
                for (let at = inside.parentElement; at && at !== main; at = at.parentElement) {
                    const moves = ["auto", "scroll"].includes(getComputedStyle(at).overflowX);
                    if (moves && (at.tabIndex >= 0 || inside.tabIndex >= 0)) return true;
                }
                return false;
            };
            const found = roots.flatMap((root) => [...root.querySelectorAll(parts)])
                .filter((one) => one.checkVisibility() && !one.closest(hidden) && !scrolls(one))
                .map((one) => ({one, box: one.getBoundingClientRect()}))
                .filter(({box}) => box.width && box.height)
                .filter(({box}) => box.right > innerWidth + 1 || box.left < -1)
                .map(({one, box}) => {
                    const words = (one.ariaLabel || one.innerText || "").slice(0, 40);
                    return `${one.tagName} ${words} from ${box.left} to ${box.right}`;
                });
            const wide = main.scrollWidth > main.clientWidth + 1;
            return wide ? [`the page is ${main.scrollWidth} wide`, ...found] : found;
        }"""
    )
    return found
