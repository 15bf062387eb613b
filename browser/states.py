"""The states of the app that accessibility is checked in: every page, and what opens on it."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Page, ViewportSize
from playwright.sync_api import TimeoutError as TooLong

from browser.lens import Lens

WIDE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 664}
SIZES = {"wide": WIDE, "phone": PHONE}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")

Act = Callable[[Lens], None]


@dataclass(frozen=True)
class State:
    """A page's address, what is done there, and at which of `SIZES` it exists.

    A page without a lens has its words waited for instead.
    """

    name: str
    address: str
    act: Act | None = None
    lens: bool = True
    sizes: tuple[str, ...] = tuple(SIZES)

    def __str__(self) -> str:
        return self.name

    def open(self, lens: Lens) -> None:
        """Bring the tab to this state, wide and light."""
        # Before the page draws anything: what an earlier state has left needn't be drawn anew.
        lens.page.goto(lens.url + self.address, wait_until="commit")
        lens.page.set_viewport_size(WIDE)
        lens.page.emulate_media(color_scheme=SCHEMES[0])
        if self.lens:
            lens.ready(90)
        if self.act:
            settle(lens.page)
            self.act(lens)
        # What the pointer is on looks different.
        lens.page.mouse.move(1, 1)
        settle(lens.page)

    def looks(self, lens: Lens) -> Iterator[tuple[str, str, bool]]:
        """Show the open state at each size, light and dark, one after another, without a reload.

        Each look is a size, a scheme and whether it differs from the one before in colours alone.
        The window is as high as the page: axe-core can't judge colours that are scrolled away.
        """
        schemes = list(SCHEMES)
        for size in self.sizes:
            if lens.page.viewport_size != SIZES[size]:
                lens.page.set_viewport_size(SIZES[size])
                settle(lens.page)
            lens.page.set_viewport_size({**SIZES[size], "height": height(lens.page)})
            for again, scheme in enumerate(schemes):
                lens.page.emulate_media(color_scheme=scheme)
                wait_for_colours(lens.page, scheme)
                settle(lens.page)
                yield size, scheme, bool(again)
            schemes.reverse()


def wait_for_colours(page: Page, scheme: str) -> None:
    """Wait until the page, its folds and the lens all have the colours of the scheme."""
    page.wait_for_function(
        """dark => {
            const level = colour => colour.match(/[\\d.]+/g).slice(0, 3)
                .reduce((sum, part) => sum + Number(part), 0);
            const app = document.querySelector("[data-testid=stApp]");
            const hosts = [...document.querySelectorAll("*")].filter(one => one.shadowRoot);
            const lenses = hosts.flatMap(one => [...one.shadowRoot.querySelectorAll(".lens")]);
            const texts = [app, ...lenses, ...document.querySelectorAll("summary p")];
            const grounds = [app, ...document.querySelectorAll("summary")]
                .map(one => getComputedStyle(one).backgroundColor)
                .filter(colour => !/, 0\\)$/.test(colour));
            return texts.every(one => (level(getComputedStyle(one).color) > 382) === dark)
                && grounds.every(colour => (level(colour) < 382) === dark);
        }""",
        arg=scheme == "dark",
    )


def height(page: Page) -> int:
    """How high a window would show the whole page."""
    found: int = page.evaluate(
        """() => {
            const main = document.querySelector("[data-testid=stMain]");
            return innerHeight + Math.max(0, main.scrollHeight - main.clientHeight);
        }"""
    )
    return found


def settle(page: Page) -> None:
    """Wait until the server has drawn everything and nothing moves or fades."""
    page.wait_for_function(
        """async () => {
            const app = document.querySelector("[data-testid=stApp]");
            const words = () => document.querySelector("[data-testid=stMain]")?.innerText;
            const before = words();
            await new Promise((done) => setTimeout(done, 150));
            if (!before || words() !== before) return false;
            if (app.dataset.testScriptState !== "notRunning") return false;
            if (document.querySelector("[data-testid=stSkeleton], [data-stale=true]")) return false;
            const charts = [...document.querySelectorAll("[data-testid=stPlotlyChart]")];
            if (!charts.every((chart) => chart.querySelector(".main-svg"))) return false;
            return document.getAnimations().every((one) => one.playState !== "running"
                || one.effect.getTiming().iterations === Infinity);
        }"""
    )


def unfold(*summaries: str) -> Act:
    """Opens the folds with these titles, or the first fold if there are none."""

    def act(lens: Lens) -> None:
        folds = lens.page.locator("summary")
        if not summaries:
            folds.first.click()
        for words in summaries:
            folds.filter(has_text=words).first.click()

    return act


def augment(lens: Lens) -> None:
    """Shows every setting; those of augmentation are hidden while no image is augmented."""
    unfold("More settings", "Start from an article's recipe", "Load a bundle")(lens)
    share = lens.page.get_by_role("textbox", name="Augmented share")
    share.fill("0.5")
    share.press("Enter")
    lens.page.get_by_role("textbox", name="Largest rotation, degrees").wait_for()
    # The estimate of other settings is made beside the page's own run, and fades in afterwards.
    spinner = lens.page.get_by_test_id("stSpinner")
    with suppress(TooLong):
        spinner.wait_for(timeout=5000)
    spinner.wait_for(state="detached")


def press(words: str) -> Act:
    """Presses the button whose name has these words."""
    return lambda lens: lens.page.get_by_role("button", name=words).click()


def hide(lens: Lens) -> None:
    """Take two classes off the map."""
    for button in lens.page.locator(".filter button").all()[2:4]:
        button.click()


def pins_and_traversals(lens: Lens) -> None:
    """Two pins, their arithmetic, and a row of frames for each latent."""
    unfold("Traversals", "Pins")(lens)
    for way in ("Next", "Centre"):
        lens.page.get_by_role("button", name="Pin z").click()
        lens.page.get_by_role("button", name=way).first.click()
        lens.page.wait_for_timeout(500)
    lens.page.get_by_role("button", name="Pin z").click()


def draw(lens: Lens) -> None:
    """Draw a stroke, then drag z away from it."""
    lens.page.get_by_role("button", name="Draw", exact=True).click()
    for part in (lens.page.locator(".pen"), lens.map()):
        lens.drag(part, (0.4, 0.2), (0.6, 0.8))
        lens.release()


def holes(lens: Lens) -> None:
    """Wait until a map's holes are there."""
    lens.page.locator(".holes[data-whole]").first.wait_for(state="attached", timeout=60_000)


def play(lens: Lens) -> None:
    """Let the film run."""
    lens.page.get_by_role("button", name="Play").click()


def share(lens: Lens) -> None:
    """Open the Share panel with one control crossed out, at the list of all."""
    lens.page.get_by_role("button", name="Share", exact=True).click()
    lens.page.get_by_role("dialog", name="Share").get_by_text("pins", exact=True).click()


def menu(lens: Lens) -> None:
    """Open the menu of pages, which only a narrow window has."""
    lens.page.set_viewport_size(PHONE)
    lens.page.locator("[data-testid=stExpandSidebarButton]").click()
    lens.page.locator("[data-testid=stSidebar]").get_by_text("Compare").first.wait_for()


def term(lens: Lens) -> None:
    """Rest on a term, until its meaning shows."""
    lens.page.locator('a[href^="glossary#"]:visible').first.hover()
    lens.page.get_by_role("tooltip").wait_for()


FAMILIES = (
    "linear",
    "deep",
    "loss",
    "bottleneck",
    "sparse",
    "denoising",
    "stacked",
    "contractive",
    "vae",
    "beta",
    "recurrent",
)

STATES = (
    State("Explore", "/"),
    State("Explore, PCA, explained", "/?model=pca", unfold("What am I seeing?")),
    State("Explore, 16 latents, unfolded", "/?model=vae&latents=16", pins_and_traversals),
    State("Explore, 50 latents, all", "/?model=vae&latents=50", press("show all")),
    State("Explore, digits hidden", "/?model=ae&latents=16", hide),
    State("Explore, drawing", "/", draw),
    State("Explore, manifold", "/?model=ae&latents=2", press("Manifold")),
    State("Explore, holes, trail", "/?model=ae&latents=2&layer=holes&trail=on", holes),
    State("Explore, computation", "/?computation=open"),
    State(
        "Explore, clouds and samples",
        "/?layer=clouds&samples=7&prior=circles",
        unfold("How much each latent"),
    ),
    State("Explore, a term explained", "/", term, sizes=("wide",)),
    State("Explore, bad address", "/?model=nonsense&latents=3&z=1,2&fancy=1"),
    State("Explore, menu", "/", menu, sizes=("phone",)),
    State("Explore, sharing", "/?layer=holes&hide=cost", share),
    State("Explore, projector", "/?present=1&locked=1"),
    State("Compare", "/compare?digit=7&picture=difference&worst=8"),
    State("Compare, holes", "/compare?layer=holes&latents=16", holes),
    State("Compare, 16 latents, explained", "/compare?latents=16", unfold()),
    State("Interpolate", "/interpolate"),
    State("Interpolate, drawing A", "/interpolate", press("Draw A")),
    State("Interpolate, 16 latents, plays", "/interpolate?latents=16", play),
    *(State(f"Families, {name}", f"/families?family={name}") for name in FAMILIES),
    State("Families, all sizes", "/families?family=bottleneck&rows=all&size=2"),
    State("Uses, anomalies", "/uses"),
    State("Uses, clothes", "/uses?trained=clothes"),
    State("Uses, features", "/uses?use=features", unfold("All numbers"), lens=False),
    State("Learn, receipt", "/learn", press("Receipt")),
    State("Learn, a question", "/learn?lesson=kl"),
    State("Learn, revealed", "/learn?lesson=holes&step=2", press("Show what happens")),
    State("For teachers", "/teachers?plan=own", unfold(), lens=False),
    State("Glossary", "/glossary#kl"),
    State("Results", "/results", unfold(), lens=False),
    State("Results, missed", "/results?show=missed", lens=False),
    State("Results, met", "/results?show=met&family=vae", lens=False),
)

# On an app whose folder for runs is empty.
WITHOUT_RUNS = (State("Train, everything open", "/train", augment, lens=False),)


def popover(name: str) -> Act:
    """Opens the popover of this name."""

    def act(lens: Lens) -> None:
        lens.page.get_by_role("button", name=name, exact=True).click()
        lens.page.locator("[data-testid=stPopoverBody]").wait_for()

    return act


def compare(lens: Lens) -> None:
    """Draw another run's curves too."""
    lens.page.get_by_role("combobox", name="Curves of another run").click()
    lens.page.get_by_role("option").first.click()


# On one with the runs of `browser.runs.make`.
WITH_RUNS = (
    State("Train, finished", "/train?run=done"),
    State("Train, two runs", "/train?run=done", compare),
    State("Train, renaming", "/train?run=done", popover("Rename")),
    State("Train, deleting", "/train?run=done", popover("Delete")),
    State("Train, PCA", "/train?run=fitted", lens=False),
    State("Train, damaged", "/train?run=damaged", lens=False),
    State("Explore, own run", "/?source=done"),
)
# On a shared one with the same runs, which are nobody's, and a teacher's code.
SHARED = (
    State("Train, someone else's", "/train?run=done"),
    State("Train, a teacher's code", "/train?run=done", popover("Teacher")),
)
# While `browser.runs.training` has one that trains.
RUNNING = (State("Train, running", "/train?run=live"),)
# After that.
KILLED = (State("Train, killed", "/train?run=live"),)
