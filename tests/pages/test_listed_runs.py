"""A page lists the runs once, and anew after what was done there or elsewhere."""

from pathlib import Path

import pytest

from aemodels import runs
from tests.pages import own
from tests.pages.running import run
from tests.pages.visiting import ADA, Coming, of, press

pytestmark = pytest.mark.usefixtures("shared")


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many runs each listing had."""
    found: list[int] = []
    plain = runs.list_runs

    def count() -> list[runs.Run]:
        listed = plain()
        found.append(len(listed))
        return listed

    monkeypatch.setattr(runs, "list_runs", count)
    return found


@pytest.mark.parametrize("page", ["train", "explore", "compare", "interpolate"])
def test_once_for_each_run_of_the_script(
    page: str, home: Path, comes: Coming, lists: list[int]
) -> None:
    comes(ADA)
    own.run("first", "first")
    found = run(page)
    assert lists == [1]
    own.run("second", "second")
    found.run()
    assert lists == [1, 2]


def test_what_was_done_is_seen_at_once(home: Path, comes: Coming, lists: list[int]) -> None:
    comes(ADA)
    own.run("first", "first", owner=of(ADA))
    found = run("train")
    found.text_input(key="name-first").set_value("renamed")
    press(found, "Save")
    assert found.selectbox(key="run").options == ["renamed"]
    press(found, "Delete for good")
    assert not [each for each in found.selectbox if each.key == "run"]
