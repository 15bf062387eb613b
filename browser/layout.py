"""Where the parts of a page are, and how far they jumped while it loaded."""

from playwright.sync_api import Page

# Collects layout shifts from the start of the page; those right after an input don't count.
WATCH = """
    globalThis.shifts = [];
    new PerformanceObserver(list => {
        for (const entry of list.getEntries()) {
            if (entry.hadRecentInput) continue;
            const place = ({y, height}) => `${Math.round(y)}+${Math.round(height)}`;
            const parts = entry.sources.map(({node, previousRect, currentRect}) => {
                const one = node?.nodeType === 1 ? node : node?.parentElement;
                const name = one?.getAttribute("data-testid") || one?.className || node?.nodeName;
                return `${name} ${place(previousRect)} -> ${place(currentRect)}`;
            });
            globalThis.shifts.push({at: entry.startTime, value: entry.value, parts});
        }
    }).observe({type: "layout-shift", buffered: true});
"""
# Every page, and for Families and Uses each part; and whether it has a lens.
PAGES = {
    "/": True,
    "/?latents=16": True,
    "/compare": True,
    "/interpolate": True,
    "/families?family=linear": True,
    "/families?family=deep": True,
    "/families?family=loss": True,
    "/families?family=bottleneck": True,
    "/families?family=sparse": True,
    "/families?family=denoising": True,
    "/families?family=stacked": True,
    "/families?family=contractive": True,
    "/families?family=vae": True,
    "/families?family=beta": True,
    "/families?family=recurrent": True,
    "/uses": True,
    "/uses?use=features": False,
    "/train": False,
    "/results": False,
}
# The page is as it stays: nothing is being fetched or drawn, and its height has not changed lately.
QUIET = 1000  # ms
SETTLED = """
    ({quiet, lens}) => {
        const main = document.querySelector("[data-testid=stMain]");
        const lenses = [...document.querySelectorAll("*")]
            .flatMap(one => one.shadowRoot ? [...one.shadowRoot.querySelectorAll(".lens")] : []);
        const busy = !main || (lens && !lenses.length)
            || document.querySelector("[data-testid=stSkeleton], [data-testid=stStatusWidget]")
            || !main.querySelector("[data-testid=stMarkdown]")
            // Others may wait for a click.
            || (lenses.length && lenses[0].dataset.ready !== "true");
        const now = performance.now(), state = `${busy} ${main?.scrollHeight} ${lenses.length}`;
        if (busy || globalThis.settledState !== state) {
            globalThis.settledState = state;
            globalThis.settledAt = now;
        }
        return now - globalThis.settledAt > quiet;
    }
"""


def settled(page: Page, lens: bool = True, seconds: float = 90) -> None:
    """Wait until everything on the page, with a lens or without, is there and stays where it is."""
    wanted = {"quiet": QUIET, "lens": lens}
    page.wait_for_function(SETTLED, arg=wanted, timeout=1000 * seconds, polling=100)


def measured(page: Page, url: str, address: str) -> None:
    """Open an address of the app and wait until nothing moves, with all layout shifts collected."""
    page.add_init_script(WATCH)
    page.goto(url + address)
    settled(page, PAGES[address])


def shifts(page: Page) -> list[dict]:
    """All layout shifts since the page began, if `WATCH` was among its first scripts."""
    found: list[dict] = page.evaluate("globalThis.shifts")
    return found


def cumulative_shift(page: Page) -> float:
    """CLS: the largest sum of layout shifts in a window of at most 5 s without a gap of 1 s.

    Source: https://web.dev/articles/cls
    """
    best = total = 0.0
    first = last = -1e9
    for shift in shifts(page):
        if shift["at"] - last > 1000 or shift["at"] - first > 5000:
            first, total = shift["at"], 0.0
        last = shift["at"]
        total += shift["value"]
        best = max(best, total)
    return best
