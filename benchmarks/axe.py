"""What axe-core finds in every state of the app, light and dark, wide and on a phone, by rule.

    python -m benchmarks.axe [NAME …]

NAME takes only the states whose name begins with it.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import sync_playwright

from browser import axe, chromium, runs, server, states
from browser.lens import Lens
from browser.states import State


def visits(lens: Lens, home: Path, wanted: tuple[str, ...]) -> Iterator[State]:
    """Bring the tab to one state after another."""

    def each(table: tuple[State, ...]) -> Iterator[State]:
        for state in table:
            if state.name.startswith(wanted):
                state.open(lens)
                yield state

    yield from each(states.STATES)
    yield from each(states.WITHOUT_RUNS)
    if not any(x.name.startswith(wanted) for x in states.WITH_RUNS + states.RUNNING):
        return
    runs.make(home)
    yield from each(states.WITH_RUNS)
    with runs.training(home):
        yield from each(states.RUNNING)
    yield from each(states.KILLED)


def main(wanted: tuple[str, ...]) -> None:
    executable = chromium.find()
    if executable is None:
        sys.exit(f"no Chromium found: {chromium.INSTALL}")
    totals: Counter[str] = Counter()
    checks = 0
    with (
        tempfile.TemporaryDirectory() as scratch,
        server.app(Path(scratch) / "app.log", runs.settings(Path(scratch))) as url,
        sync_playwright() as playwright,
    ):
        browser = chromium.launch(playwright, executable)
        lens = Lens(browser.new_page(viewport=states.WIDE), url)
        for state in visits(lens, Path(scratch), wanted):
            for size, scheme, _ in state.looks(lens):
                found = axe.check(lens.page)
                checks += 1
                counts = Counter(one.rule for one in found)
                totals += counts
                words = ", ".join(f"{rule} {count}" for rule, count in counts.items())
                print(f"{state.name}, {size}, {scheme}: {words or 'nothing'}", flush=True)
                if "-v" in sys.argv:
                    print(*found, sep="\n")
        browser.close()
    print(f"{checks} checks: {sum(totals.values())} elements")
    for rule, count in totals.most_common():
        print(f"{count:6} {rule}")


if __name__ == "__main__":
    main(tuple(word for word in sys.argv[1:] if word != "-v") or ("",))
