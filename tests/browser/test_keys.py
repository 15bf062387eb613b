"""Every task by keyboard alone: each view is opened once, and focus is never lost on the way."""

import re
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Locator, Page

from aemodels import data
from aemodels.analysis import latent_space
from browser.keyboard import Keyboard
from browser.lens import Lens, cross, query
from tests.browser.conftest import Codes, one_tab

# Whatever waits for 600 ms of rest waits for `rest()`: a busy machine may pause a drag for longer.
HOLD = """() => {
    if (window.rest) return;
    const [start, stop] = [window.setTimeout.bind(window), window.clearTimeout.bind(window)];
    const held = new Map();
    window.setTimeout = (act, wait, ...words) => {
        if (wait !== 600) return start(act, wait, ...words);
        const id = start(() => {}, 1e9);
        held.set(id, act);
        return id;
    };
    window.clearTimeout = (id) => {
        held.delete(id);
        stop(id);
    };
    window.rest = () => {
        for (const [id, act] of held) {
            held.delete(id);
            act();
        }
    };
}"""
TITLES = ("PCA", "Autoencoder", "VAE")


@pytest.fixture(scope="module")
def page(app: str, browser: Browser) -> Iterator[Page]:
    with one_tab(browser, app) as tab:
        yield tab.page


@pytest.fixture
def keyboard(page: Page, app: str) -> Keyboard:
    return Keyboard(page, app)


def test_explore(keyboard: Keyboard, codes: Codes) -> None:
    keyboard.open("/")
    map_comes_early(keyboard)
    arrows_and_tips(keyboard, codes("vae-2"))
    zoom_keys(keyboard)
    classes_are_one_stop(keyboard)
    sliders_step_alike(keyboard)
    buttons_keep_the_focus(keyboard)
    help_opens_and_closes(keyboard, "jump to the nearest point")


def map_comes_early(keyboard: Keyboard) -> None:
    passed = keyboard.tab_to("latent map")
    in_lens = passed[passed.index("0") :]
    assert in_lens == ["0", "Points", "Manifold", "Clouds", "Holes"]
    assert not any(name.startswith("z") for name in passed)


def tip(keyboard: Keyboard) -> int | None:
    """The test digit that the tip on the map shows."""
    shown = keyboard.page.locator(".tip:visible")
    return int(shown.inner_text().split()[-1]) if shown.count() else None


def arrows_and_tips(keyboard: Keyboard, codes: np.ndarray) -> None:
    for key, axis, sign in [("ArrowRight", 0, 1), ("ArrowUp", 1, 1), ("ArrowLeft", 0, -1)]:
        coarse = keyboard.move_z(key)
        assert np.sign(coarse[axis]) == sign
        fine = keyboard.move_z(f"Shift+{key}")
        assert np.abs(fine - coarse / 4).max() < 1e-3 * np.abs(coarse).max() + 1e-5
    # A tip shows the digit that Enter jumps to; Escape closes it and the map keeps the focus.
    keyboard.eventually(lambda: wander(keyboard))
    keyboard.press("Escape")
    assert tip(keyboard) is None
    assert keyboard.focused() == "latent map"
    keyboard.eventually(lambda: wander(keyboard))
    number = tip(keyboard)
    assert number is not None
    keyboard.press("Enter")
    keyboard.eventually(lambda: np.abs(keyboard.z() - codes[number]).max() < 1e-6)
    # Far from any digit there still is a nearest one.
    keyboard.press(*["ArrowRight"] * 30, "Space")
    keyboard.eventually(lambda: np.abs(codes - keyboard.z()).max(1).min() < 1e-6)


def wander(keyboard: Keyboard) -> bool:
    keyboard.press("ArrowDown" if keyboard.z()[1] > 0 else "ArrowUp", "Shift+ArrowLeft")
    keyboard.next_frame()
    return tip(keyboard) is not None


def zoom_keys(keyboard: Keyboard) -> None:
    """A step of the cross-hair moves z by less where the map is enlarged."""

    keyboard.press("0")

    def step() -> float:
        return float(np.abs(keyboard.move_z("Shift+ArrowUp")).max())

    wide = step()
    keyboard.press("+", "+")
    assert step() == pytest.approx(0.64 * wide, rel=0.02)
    keyboard.press("-")
    assert step() == pytest.approx(0.8 * wide, rel=0.02)
    keyboard.press("0")
    assert step() == pytest.approx(wide, rel=0.02)
    # An enlarged map follows the cross-hair beyond its edge.
    keyboard.press(*["+"] * 8, *["ArrowUp"] * 60)
    keyboard.next_frame()
    x, y = cross(keyboard.map())
    assert 0 <= x <= 1
    assert 0 <= y < 0.1
    keyboard.press("0")


def classes_are_one_stop(keyboard: Keyboard) -> None:
    # Past the four layers of the map.
    for _ in range(5):
        keyboard.press("Shift+Tab")
    assert keyboard.focused() == "0"
    keyboard.press("ArrowRight", "ArrowRight", "Space")
    buttons = keyboard.page.get_by_role("group", name="classes shown").get_by_role("button")
    pressed = [each.get_attribute("aria-pressed") == "true" for each in buttons.all()]
    assert pressed == [label == 2 for label in range(10)]
    # What the pointer's title says, the keyboard can read too.
    words = keyboard.page.locator(".title-tip")
    assert words.inner_text() == "show only 2"
    keyboard.press("Escape")
    assert not words.is_visible()
    keyboard.press("Space", "End")
    assert keyboard.focused() == "9"
    keyboard.press("Tab", "Shift+Tab")
    assert keyboard.focused() == "9"


def sliders_step_alike(keyboard: Keyboard) -> None:
    keyboard.tab_to("z1")
    slider = keyboard.slider("z1")
    low, high = (float(slider.get_attribute(name) or "nan") for name in ("min", "max"))
    keyboard.press("Home")
    assert keyboard.value("z1") == pytest.approx(low)
    for key, steps in [
        ("ArrowRight", 1),
        ("PageUp", 11),
        ("PageDown", 1),
        ("ArrowUp", 2),
        ("ArrowLeft", 1),
    ]:
        keyboard.press(key)
        assert keyboard.value("z1") == pytest.approx(low + steps * (high - low) / 100, abs=1e-6)
    spoken = slider.get_attribute("aria-valuetext") or ""
    assert re.fullmatch(r"−?\d+(\.\d{1,2})?", spoken)
    assert float(spoken.replace("−", "-")) == pytest.approx(keyboard.value("z1"), abs=0.00501)
    keyboard.press("End")
    assert keyboard.value("z1") == pytest.approx(high)


def buttons_keep_the_focus(keyboard: Keyboard) -> None:
    for name in ("Centre", "Random", "Next digit", "a real "):
        keyboard.tab_to(name)
        if name == "a real ":
            # The nearest one is there already.
            keyboard.press("Tab")
        keyboard.change_address("Enter")
        keyboard.page.wait_for_timeout(300)
        assert keyboard.focused().startswith(name)


def test_the_list_of_keys_starts_with_its_first_line_in_a_low_window(lens: Lens) -> None:
    page = lens.open("/").page
    page.set_viewport_size({"width": 1280, "height": 300})
    page.get_by_role("button", name="Keys").press("Enter")
    dialog = page.get_by_role("dialog", name="Keys")
    dialog.wait_for()
    assert dialog.evaluate("e => [e.scrollHeight > e.clientHeight, e.scrollTop]") == [True, 0]


def help_opens_and_closes(keyboard: Keyboard, words: str) -> None:
    """By "?" from wherever the focus is, and by its button; the focus comes back."""
    before = keyboard.focused()
    dialog = keyboard.page.get_by_role("dialog", name="Keys")
    keyboard.press("?")
    assert words in dialog.inner_text()
    keyboard.press("Escape")
    assert not dialog.is_visible()
    assert keyboard.focused() == before
    keyboard.tab_to("Keys")
    keyboard.press("Enter")
    assert dialog.is_visible()
    keyboard.press("Enter")
    assert not dialog.is_visible()
    assert keyboard.focused().startswith("Keys")


def said_by_a_drag(keyboard: Keyboard, target: Locator, seconds: float) -> str:
    """Drag to and fro; nothing is said until it rests, and then one sentence, returned."""
    # By then, what was done before has been said.
    keyboard.page.wait_for_timeout(1000)
    keyboard.page.evaluate(HOLD)
    keyboard.listen()
    keyboard.drag(target, (0.5, 0.5))
    for k in range(int(20 * seconds)):
        angle = k / 10
        keyboard.move(target, (0.5 + 0.2 * np.sin(angle), 0.5 + 0.2 * np.cos(angle)))
        keyboard.page.wait_for_timeout(50)
    keyboard.release()
    keyboard.page.wait_for_timeout(1000)
    assert keyboard.heard() == []
    keyboard.page.evaluate("window.rest()")
    keyboard.page.wait_for_timeout(1000)
    (sentence,) = keyboard.heard()
    return sentence


def test_a_drag_is_one_sentence(keyboard: Keyboard) -> None:
    keyboard.open("/?model=vae&latents=16")
    sentence = said_by_a_drag(keyboard, keyboard.map(), 3)
    reading = keyboard.page.locator(".reading").inner_text()
    far = "No real digit near. " if keyboard.page.locator(".near.far").count() else ""
    assert sentence == f"{far}{reading[0].upper()}{reading[1:]}."
    assert sentence in (keyboard.canvas().get_attribute("aria-label") or "")


def test_compare(keyboard: Keyboard) -> None:
    keyboard.open("/compare")
    which = keyboard.page.locator(".which")
    keyboard.tab_to("latent map, PCA")
    # What the cursor meets lights up everywhere; Enter keeps it, Escape goes back to it.
    kept = which.inner_text()
    until(keyboard, "ArrowRight", lambda: which.inner_text() != kept)
    assert "digit=" not in keyboard.page.url
    keyboard.press("Escape")
    keyboard.eventually(lambda: which.inner_text() == kept)
    until(keyboard, "ArrowRight", lambda: which.inner_text() != kept)
    keyboard.listen()
    met = which.inner_text()
    keyboard.change_address("Enter")
    assert keyboard.page.url.endswith(f"digit={met.split()[-1]}")
    assert which.inner_text() == met
    errors = dict(zip(TITLES, keyboard.page.locator(".error").all_inner_texts(), strict=True))
    keyboard.eventually(lambda: len(keyboard.heard()) > 0)
    words = ", ".join(f"{title} {error}" for title, error in errors.items())
    assert keyboard.heard() == [f"{met}. Squared error: {words}."]
    name = keyboard.canvas("VAE").get_attribute("aria-label")
    assert name == f"decoded digit, VAE, reconstruction of {met}"
    # D: the model under the cursor decodes there, the others go on showing the digit.
    before = {title: keyboard.picture(title).tobytes() for title in TITLES}
    keyboard.press("d", *["ArrowUp"] * 5)
    keyboard.eventually(lambda: keyboard.picture("PCA").tobytes() != before["PCA"])
    assert (
        keyboard.canvas("PCA").get_attribute("aria-label")
        == "decoded digit, PCA, at the cross-hair"
    )
    assert keyboard.picture("VAE").tobytes() == before["VAE"]
    keyboard.press("Escape")
    keyboard.eventually(lambda: keyboard.picture("PCA").tobytes() == before["PCA"])
    # Each map has a cursor of its own.
    keyboard.tab_to("latent map, Autoencoder")
    until(keyboard, "Shift+ArrowLeft", lambda: which.inner_text() != met)
    keyboard.change_address("Space")
    keyboard.press("+", "-", "0")
    help_opens_and_closes(keyboard, "keep the nearest point")
    sentence = said_by_a_drag(keyboard, keyboard.map("VAE"), 1)
    assert re.match("VAE, at the cross-hair. (No real|Looks like|The nearest)", sentence)


def until(keyboard: Keyboard, key: str, look: Callable[[], bool]) -> None:
    """Press a key again and again until something is seen."""

    def press_and_look() -> bool:
        keyboard.press(key)
        keyboard.next_frame()
        return look()

    keyboard.eventually(press_and_look)


def test_interpolate(keyboard: Keyboard, mnist: data.Dataset) -> None:
    keyboard.open("/interpolate?latents=2&a=5&b=17&t=0.374")
    keyboard.tab_to("t")
    for key, t in [("ArrowRight", 0.384), ("PageUp", 0.484), ("ArrowLeft", 0.474), ("End", 1)]:
        keyboard.press(key)
        assert keyboard.value("t") == pytest.approx(t)
        assert keyboard.slider("t").get_attribute("aria-valuetext") == f"{t:.2g}"
    keyboard.press("Home")
    for name in ("Play", "Pause"):
        if name == "Play":
            keyboard.tab_to(name)
        keyboard.press("Enter")
        keyboard.page.wait_for_timeout(200)
    assert keyboard.focused() == "Play"
    keyboard.tab_to("Swap")
    keyboard.press("Space")
    keyboard.eventually(lambda: query(keyboard.page.url).get("a") == "17")
    # On a map: A, then B.
    keyboard.tab_to("latent map")
    chosen: list[int | None] = []
    for key, arrow in [("Enter", "ArrowLeft"), ("Space", "ArrowUp")]:
        until(keyboard, arrow, lambda: tip(keyboard) not in (None, *chosen))
        chosen.append(tip(keyboard))
        keyboard.listen()
        keyboard.press(key)
    wanted = [str(i) for i in chosen]
    keyboard.eventually(lambda: [query(keyboard.page.url).get(name) for name in "ab"] == wanted)
    keyboard.eventually(lambda: len(keyboard.heard()) > 0)
    (sentence,) = keyboard.heard()
    a, b = (f"an? {mnist.test_labels[i]}, test digit {i}" for i in chosen)
    reads = r"(reads as \d, 9\d %|hard to read, perhaps \d \(\d\d %\))"
    assert re.match(rf"A is {a}\. B is {b}\. t = [\d.]+\. VAE, straight line: {reads};", sentence)
    keyboard.press("Escape")
    assert tip(keyboard) is None
    help_opens_and_closes(keyboard, "becomes A or B")
    sentence = said_by_a_drag(keyboard, keyboard.slider("t"), 1)
    assert re.match(rf"t = 0\.\d+\. VAE, straight line: {reads}; ", sentence)


def test_uses(keyboard: Keyboard) -> None:
    keyboard.open("/uses")
    threshold = keyboard.slider("threshold")

    def place() -> int:
        return int(threshold.get_attribute("aria-valuenow") or -1)

    # The word leads to the glossary, too.
    while not threshold.evaluate("one => one.getRootNode().activeElement === one"):
        keyboard.tab_to("threshold")
    start = place()
    for key, steps in [("ArrowRight", 1), ("PageUp", 11), ("ArrowDown", 10), ("PageDown", 0)]:
        keyboard.press(key)
        assert place() == start + steps
    keyboard.press("Home")
    assert place() == 0
    assert (threshold.get_attribute("aria-valuetext") or "").count("100.0 %") == 2
    # The second of the images below, after terms: its score, and what it is.
    for _ in range(20):
        if ": " in keyboard.focused():
            break
        keyboard.press("Tab")
    keyboard.press("Tab")
    looked = keyboard.focused().split(": ")[1]
    keyboard.listen()
    keyboard.press("Enter")
    keyboard.eventually(lambda: len(keyboard.heard()) > 0)
    (sentence,) = keyboard.heard()
    assert sentence.startswith(f"{looked}. ")
    assert sentence == keyboard.page.locator(".description").inner_text()
    help_opens_and_closes(keyboard, "on the histogram: one bin")


def test_families(keyboard: Keyboard) -> None:
    keyboard.open("/families?family=denoising")
    keyboard.tab_to("noise")
    keyboard.press("Home", "PageUp", "PageUp", "ArrowRight")
    assert keyboard.value("noise") == pytest.approx(0.21)
    keyboard.listen()
    keyboard.press("ArrowRight")
    keyboard.eventually(lambda: len(keyboard.heard()) > 0)
    rows = keyboard.page.locator(".line.model")
    errors = [
        f"{row.locator('.name').inner_text()} {row.locator('.numbers b').first.inner_text()}"
        for row in rows.all()
    ]
    assert keyboard.heard() == [f"Squared error: {', '.join(errors)}."]
    for name in ("New noise", "Next digits", "another image of class"):
        keyboard.tab_to(name)
        keyboard.press("Enter")
        assert keyboard.focused().startswith(name)
    help_opens_and_closes(keyboard, "another of its class")


def test_a_map_says_where_its_classes_lie(
    keyboard: Keyboard, codes: Codes, mnist: data.Dataset
) -> None:
    keyboard.open("/?model=ae&latents=2")
    where = keyboard.map().get_attribute("aria-describedby")
    words = keyboard.eventually(keyboard.page.locator(f"#{where}").inner_text)
    places = latent_space.describe(codes("ae-2"), None, "ae").plane @ codes("ae-2").T
    for label in range(10):
        expected = []
        for axis, (low, high) in ((1, ("bottom|lower", "top|upper")), (0, ("left", "right"))):
            median = np.median(places[axis][mnist.test_labels == label])
            below, above = np.quantile(places[axis], [1 / 3, 2 / 3])
            expected += [low] if median < below else [high] if median > above else []
        (clause,) = [part for part in words.split(";") if f"{label}s" in part]
        assert all(re.search(word, clause) for word in expected or ["in the middle"]), clause
        found = re.findall("left|right|bottom|lower|top|upper", clause)
        assert len(found) == len(expected), clause
