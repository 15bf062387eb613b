"""A student who goes through lessons: predicts, does what is asked by mouse or by keys, and reads
what happened.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page, expect

from browser.keyboard import Keyboard

REST = 500  # ms after which a view has told what happened there
Act = Callable[["Student"], None]


@dataclass
class Effort:
    """What a lesson took."""

    clicks: int = 0
    drags: int = 0
    presses: int = 0
    seconds: list[float] = field(default_factory=list)  # until each step was ready


class Student(Keyboard):
    """One tab. With `keys` nothing is done with a pointer."""

    def __init__(self, page: Page, url: str, *, keys: bool = False) -> None:
        super().__init__(page, url)
        self.keys = keys
        self.effort = Effort()
        self.view = page.locator(".inner")
        self.sheet = page.locator(".sheet")
        self.title = self.sheet.locator(".step-title")
        self.answers = self.sheet.get_by_role("radio")
        self.reveal = self.sheet.locator(".reveal")
        self.deed = self.sheet.locator(".deed")

    def start(self, lesson: str) -> None:
        """Open a lesson at its first step."""
        begun = time.monotonic()
        self.page.goto(f"{self.url}/learn?lesson={lesson}")
        self.wait()
        self.effort.seconds.append(time.monotonic() - begun)

    def wait(self) -> None:
        """Until the step's view is on show."""
        self.view.locator(".lens[data-ready=true]").wait_for(timeout=60_000)
        self.next_frame()

    def predict(self, at: int) -> None:
        """Choose an answer, from 0."""
        if not self.keys:
            self.click(self.answers.nth(at))
            return
        self.sheet_focus()
        while not self.page.evaluate(RADIO):
            self.hit("Tab")
        self.hit("Space", *["ArrowDown"] * at)
        expect(self.answers.nth(at)).to_be_checked()

    def go_on(self) -> None:
        """To the next step."""
        button = self.sheet.get_by_role("button", name="Next", exact=True)
        before = self.title.inner_text()
        begun = time.monotonic()
        if not self.keys:
            self.click(button)
        else:
            self.sheet_focus()
            while self.focused() != "Next":
                self.hit("Shift+Tab")
            self.hit("Enter")
        expect(self.title).not_to_have_text(before)
        self.wait()
        self.effort.seconds.append(time.monotonic() - begun)

    def act(self, deed: "Deed") -> None:
        """Do what the step asks."""
        if not self.keys:
            deed.mouse(self)
            return
        self.sheet_focus()
        # From the lesson to the control that is lit.
        self.hit("F6")
        deed.keys(self)

    def follow(self, lesson: str, title: str) -> None:
        """From a lesson's end to the next one; where another is on show, by the address."""
        button = self.sheet.get_by_role("button", name=f"Next lesson: {title}", exact=True)
        if not button.is_visible():
            self.start(lesson)
            return
        begun = time.monotonic()
        if not self.keys:
            self.click(button)
        else:
            self.sheet_focus()
            self.tab_to("Next lesson")
            self.hit("Enter")
        expect(button).to_be_hidden()
        self.wait()
        self.effort.seconds.append(time.monotonic() - begun)

    def told(self) -> str:
        """The words of the reveal, once every number in it is known."""
        expect(self.reveal).to_be_visible()
        expect(self.sheet.locator("[aria-busy=true]")).to_have_count(0, timeout=60_000)
        return self.reveal.inner_text()

    def sees_light(self) -> bool:
        """Whether what is to be used, or its upper end, is in the window above the sheet."""
        lit = self.view.locator("[data-lit=use]").first.bounding_box()
        sheet, bar = (
            self.sheet.bounding_box(),
            self.page.locator("[data-testid=stHeader]").bounding_box(),
        )
        assert sheet
        top = bar["y"] + bar["height"] if bar else 0
        return lit is not None and top - 1 <= lit["y"] <= sheet["y"] - 20

    def sheet_focus(self) -> None:
        """Make sure that the focus is on the sheet."""
        if not self.page.evaluate(IN_SHEET):
            # At first nothing has it.
            if self.focused():
                self.hit("F6")
            else:
                self.hit("Tab")
                while not self.page.evaluate(IN_SHEET):
                    self.hit("Tab")

    def click(self, target: Locator, times: int = 1) -> None:
        for _ in range(times):
            target.click()
            self.effort.clicks += 1

    def slide(self, target: Locator, *places: tuple[float, float]) -> None:
        """Drag over the target, from the first place to the last."""
        self.drag(target, *places)
        self.release()
        self.effort.drags += 1
        self.page.wait_for_timeout(REST)

    def hit(self, *keys: str) -> None:
        """Press keys, one after another."""
        for key in keys:
            self.page.keyboard.press(key)
        self.effort.presses += len(keys)

    def rest(self) -> None:
        """Let the view tell what happened."""
        self.page.wait_for_timeout(REST)


DEEPEST = """
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
"""
RADIO = f"() => {{ {DEEPEST} return found?.type === 'radio'; }}"
IN_SHEET = f"() => {{ {DEEPEST} return Boolean(found?.closest('.sheet')); }}"


@dataclass(frozen=True)
class Deed:
    """What a step asks for, by mouse, and by keys from the control that is lit."""

    mouse: Act
    keys: Act


def clicks(selector: str, times: int = 1) -> Act:
    return lambda student: student.click(student.view.locator(selector), times)


def hits(*keys: str) -> Act:
    return lambda student: student.hit(*keys)


def button(selector: str, times: int = 1) -> Deed:
    """A button that is pressed so often; by keys it has the focus already."""
    return Deed(clicks(selector, times), hits(*["Enter"] * times))


def in_turn(*acts: Act) -> Act:
    """One after the other, each told before the next."""

    def act(student: Student) -> None:
        for each in acts:
            each(student)
            student.rest()

    return act


def slides(selector: str, *places: tuple[float, float]) -> Act:
    return lambda student: student.slide(student.view.locator(selector), *places)


def tabs_to(name: str) -> Act:
    """Tab until something of this name has the focus."""

    def act(student: Student) -> None:
        student.effort.presses += 1 + len(student.tab_to(name))

    return act


ACROSS = ((0.25, 0.5), (0.5, 0.5), (0.75, 0.5))
NEXT = ".next"
# What each step asks for, by lesson and number of the step.
DEEDS: dict[str, dict[int, Deed]] = {
    "bottleneck": {
        2: Deed(slides("[data-control~=size] input", (0.98, 0.5), (0.01, 0.5)), hits("Home")),
        3: Deed(
            slides("[data-control~=size] input", (0.02, 0.5), (0.6, 0.5)),
            hits(*["ArrowRight"] * 3),
        ),
    },
    "nonlinear": {
        2: button(NEXT, 4),
        3: Deed(
            in_turn(*(slides(f".map >> nth={k}", *ACROSS) for k in range(2))),
            in_turn(
                hits("d", "ArrowRight", "ArrowRight"),
                tabs_to("latent map, Autoencoder"),
                hits("d", "ArrowRight"),
            ),
        ),
    },
    "linear": {2: button(NEXT, 3), 4: button(NEXT, 3)},
    "holes": {
        2: button(".roll", 10),
        3: Deed(clicks(".from-fitted"), hits("Tab", "Enter")),
    },
    "posterior": {2: button(NEXT, 4), 3: button(".layer-clouds")},
    "sampling": {
        2: button(".others", 3),
        3: Deed(
            slides("[data-control~=noise] input >> nth=0", (0.5, 0.5), (0.8, 0.5)),
            in_turn(tabs_to("ε1"), hits(*["ArrowRight"] * 3)),
        ),
    },
    "kl": {2: button(NEXT), 3: button(".layer-clouds")},
    "beta": {
        2: Deed(slides(".at", (0.01, 0.5), (0.5, 0.5)), hits(*["ArrowRight"] * 4)),
        3: Deed(slides(".at", (0.5, 0.5), (0.99, 0.5)), hits("End")),
    },
    "collapse": {
        2: button(".traversals summary"),
        3: Deed(
            in_turn(
                clicks(".traversals .all"),
                clicks(".traversal.inactive >> nth=-1 >> button >> nth=9"),
            ),
            in_turn(tabs_to("Show all 16"), hits("Enter"), hits("Shift+Tab", "Enter")),
        ),
    },
    "interpolation": {
        2: button(".play"),
        3: Deed(clicks(".another >> nth=0"), hits("Tab", "Enter")),
    },
    "denoising": {
        2: Deed(slides(".level input", (0.5, 0.5), (0.0, 0.5)), hits("Home")),
        3: Deed(slides(".level input", (0.01, 0.5), (0.25, 0.5)), hits("PageUp", "PageUp")),
    },
    "anomalies": {
        2: Deed(slides(".histogram", (0.2, 0.5), (0.6, 0.5)), hits(*["PageUp"] * 5)),
        3: Deed(slides(".histogram", (0.3, 0.5), (0.5, 0.5)), hits("ArrowRight")),
    },
}
