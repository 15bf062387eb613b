"""A tab that is used by keyboard alone, and what it says to a screen reader."""

import re

import numpy as np

from browser.lens import Lens

FOCUSED = """() => {
    let found = document.activeElement;
    while (found?.shadowRoot?.activeElement) found = found.shadowRoot.activeElement;
    return found && found !== document.body
        ? found.ariaLabel || found.textContent.trim() || found.className || found.tagName : "";
}"""
# Live regions of the whole page, those in shadow roots too, and how often they change.
LISTEN = """() => {
    window.listening?.disconnect();
    window.heard = [];
    const kinds = "[aria-live]:not([aria-live=off]),[role=status],[role=alert],[role=log],output";
    const find = (root) => [...root.querySelectorAll("*")].flatMap((one) => [
        ...(one.matches(kinds) ? [one] : []),
        ...(one.shadowRoot ? find(one.shadowRoot) : []),
    ]);
    window.listening = new MutationObserver((records) => {
        for (const { target } of records) window.heard.push(target.textContent);
    });
    const found = find(document);
    const changes = { childList: true, characterData: true, subtree: true };
    for (const one of found) window.listening.observe(one, changes);
    return found.length;
}"""


class Keyboard(Lens):
    """A tab whose user has no pointer."""

    def press(self, *keys: str) -> None:
        """Press keys; whatever has the focus afterwards is something of the page."""
        for key in keys:
            self.page.keyboard.press(key)
            assert self.focused(), f"{key} lost the focus"

    def focused(self) -> str:
        """The name of what has the focus, "" without any."""
        found: str = self.page.evaluate(FOCUSED)
        return found

    def tab_to(self, name: str, most: int = 60) -> list[str]:
        """Press Tab until something whose name begins so has the focus; the names on the way.

        Raises AssertionError if it isn't among the next `most`.
        """
        passed: list[str] = []
        for _ in range(most):
            self.page.keyboard.press("Tab")
            found = self.focused()
            if re.match(rf"{re.escape(name)}(\b|(?=\W)|$)", found):
                return passed
            passed.append(found)
        raise AssertionError(f"{name} isn't among {passed}")

    def move_z(self, key: str) -> np.ndarray:
        """Press a key that moves z; how far it went, (latent_dim,)."""
        before = self.z()
        self.press(key)
        return self.eventually(lambda: self.z() - before if (self.z() != before).any() else None)

    def change_address(self, key: str) -> None:
        """Press a key and wait until the address is another one."""
        before = self.page.url
        self.press(key)
        self.eventually(lambda: self.page.url != before)

    def listen(self) -> None:
        """From now on, take down what live regions say."""
        assert self.page.evaluate(LISTEN) > 0

    def heard(self) -> list[str]:
        """What live regions said since then."""
        found: list[str] = self.page.evaluate("window.heard")
        return found
