"""A page lists the runs once, and anew after what was done there or elsewhere."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic
from typing import cast

import pytest

from aemodels import runs
from tests.pages import own
from tests.pages.running import run
from tests.pages.visiting import ADA, Coming, of, press
from ui import listed_runs

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


def test_those_who_ask_while_runs_are_listed_share_the_next_list(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not the one that was begun before they asked, which may lack what they have just done."""
    begun, may_end = threading.Semaphore(0), threading.Semaphore(0)
    lists: list[int] = []

    def slow() -> list[runs.Run]:
        lists.append(len(lists))
        begun.release()
        assert may_end.acquire(timeout=60)
        return [cast("runs.Run", lists[-1])]

    monkeypatch.setattr(runs, "list_runs", slow)
    listing = listed_runs.Listing()
    with ThreadPoolExecutor(6) as pool:
        first = pool.submit(listing.since, monotonic())
        assert begun.acquire(timeout=60)
        asked = monotonic()
        others = [pool.submit(listing.since, asked) for _ in range(5)]
        for _ in range(2):
            may_end.release()
        assert first.result(60) == [0]
        assert [each.result(60) for each in others] == [[1]] * 5
    assert lists == [0, 1]
