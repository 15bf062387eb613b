"""The handout and its answers, as the server sends them and as another HTML parser reads them."""

import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from starlette.types import ASGIApp

from aemodels import paths
from aemodels.analysis import latent_space
from aemodels.bundles import bundle, zoo
from aemodels.data import load_test
from aemodels.lessons import folder
from pages.teachers import documents, gap, handout, plans
from tests.server.asking import ask

OWN = """---
title: Own & open
minutes: 1
idea: Every teacher knows best, but a class knows <more>.
---

## Ask

```step
view: explore?model=vae-2
```

Is this mine?

- [ ] no
- [x] yes, "mine"

### What happened

It was.
"""


class Elements(HTMLParser):
    """Elements of a page with their attributes, and all its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    def count(self, tag: str, kind: str | None = None) -> int:
        return sum(
            name == tag and kind in (None, attributes.get("class"))
            for name, attributes in self.found
        )

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def asked(front: ASGIApp, address: str) -> Elements:
    answer = ask(front, address)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return Elements(answer.body.decode())


ANSWERS = {"type": "module", "src": "lens/answers.js"}


@pytest.mark.parametrize("page", ["handout", "answers"])
def test_the_usual_lessons_are_those_of_45_minutes(front: ASGIApp, page: str) -> None:
    usual = asked(front, f"/{page}")
    assert usual.count("section") == len(plans.SHORT.keys) + 1
    assert usual.text == asked(front, f"/{page}?lessons={','.join(plans.SHORT.keys)}").text


def test_the_handout_asks_and_the_answers_tell(front: ASGIApp) -> None:
    every = documents.lessons_found()
    keys = ",".join(lesson.key for lesson in every)
    blank, told = (asked(front, f"/{page}?lessons={keys}") for page in ("handout", "answers"))
    answers = [answer for one in every for step in one.steps for answer in step.answers]
    assert blank.count("li") == told.count("li") == len(answers)
    assert blank.count("li", "right") == 0
    assert told.count("li", "right") == sum(answer.right for answer in answers)
    for lesson in every:
        assert lesson.title in blank.text
        assert lesson.title in told.text
        lead, rest = gap.split(Elements(lesson.idea).text)
        assert f"{lead} {rest}" == Elements(lesson.idea).text
        assert 0.25 < len(lead) / len(f"{lead} {rest}") < 0.9
        assert lead in blank.text
        assert f"{lead} {rest}" not in blank.text
        assert f"{lead} {rest}" in told.text
        for step in lesson.steps:
            if step.reveal:
                last = Elements(step.reveal.rpartition("</h3>")[2]).text[-30:]
                assert last in told.text
                assert last not in blank.text


@pytest.mark.parametrize("page", ["handout", "answers"])
def test_nothing_else_runs_or_is_fetched(front: ASGIApp, page: str) -> None:
    found = asked(front, f"/{page}?lessons=holes,<script>alert(1)</script>,%22x")
    assert "There is no lesson <script>alert(1)</script>" in found.text
    # The answers' numbers are computed as the lessons' are.
    ours = [{"type": "application/json", "id": "measured"}, ANSWERS]
    scripts = [attributes for tag, attributes in found.found if tag == "script"]
    assert scripts == (ours if page == "answers" else [])
    for tag, attributes in found.found:
        handlers = {name for name in attributes if name.startswith("on")}
        assert handlers == ({"onclick"} if tag == "button" else set())
        assert attributes == ANSWERS or "src" not in attributes
        assert ":" not in (attributes.get("href") or "")
    assert all(url.startswith("static/media/") for url in re.findall(r"url\(.(.*?).\)", found.text))


def test_a_lesson_of_ones_own_comes_along(
    front: ASGIApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine.md").write_text(OWN.replace("<more>", "more"), encoding="utf-8")
    (tmp_path / "wrong.md").write_text("nothing", encoding="utf-8")
    monkeypatch.setenv("LATENT_LAB_LESSONS", str(tmp_path))
    blank = asked(front, "/handout?lessons=mine,wrong")
    assert "13 Own & open" in blank.text  # as on Learn
    for words in ("Own & open", "Is this mine?", 'yes, "mine"', "There is no lesson wrong."):
        assert words in blank.text
    assert "a class knows more." in asked(front, "/answers?lessons=mine").text


@pytest.mark.parametrize("address", ["/handout/", "/handout/x", "/answers/"])
def test_there_is_nothing_below(front: ASGIApp, address: str) -> None:
    assert ask(front, address).status == 404


def test_the_printed_map_is_that_of_the_codes(front: ASGIApp) -> None:
    """A numeral stands at the code of such a digit, a dot at any code, as on the screen's map."""
    found = bundle.read(zoo.folder() / documents.MODEL)
    mean, log_var = found.codes()
    space = latent_space.describe(mean, log_var, found.family)
    low, high = space.mean + space.plane_low, space.mean + space.plane_high
    shares = (mean - low) / (high - low)
    places = 1000 * np.stack([shares[:, 0], 1 - shares[:, 1]], axis=1)
    labels = load_test().labels
    told = ask(front, "/answers").body.decode()
    numerals = re.findall(r'<text x="(\d+)" y="(\d+)">(\d)</text>', told)
    assert len(numerals) > 500
    for x, y, digit in numerals:
        mine = places[labels == int(digit)]
        assert np.abs(mine - (int(x), int(y))).max(1).min() <= 0.51
    dots = re.findall(r"M(\d+) (\d+)h0", ask(front, "/handout").body.decode())
    assert len(dots) > 2000
    for x, y in dots[::10]:
        assert np.abs(places - (int(x), int(y))).max(1).min() <= 0.51


@pytest.mark.parametrize(
    ("sentence", "lead"),
    [
        ("Mixing codes mixes meanings; mixing pixels mixes ink.", "Mixing codes mixes meanings;"),
        ("It comes from outside, so learning goes on.", "It comes from outside, so"),
        ("One two three four.", "One two"),
        ("One", ""),
    ],
)
def test_a_sentence_breaks_where_it_leads_on(sentence: str, lead: str) -> None:
    assert gap.split(sentence)[0] == lead


def test_the_plans_fill_their_time() -> None:
    for plan in (plans.SHORT, plans.LONG):
        assert plan.close == 9
        assert plan.times()[-1] == f"{plan.minutes - 9}–{plan.minutes}"
        assert len(plan.times()) == len(plan.keys) + 1
    every = {folder.key_of(path) for path in (paths.lessons() / "en").glob("[0-9]*.md")}
    assert len(every) == 12
    assert {*plans.SHORT.keys, *plans.LONG.keys, *plans.HOMEWORK} <= every
    assert set(plans.SHORT.keys) < set(plans.LONG.keys)
    assert handout.chosen({"lessons": ","}, plans.SHORT.keys, documents.lessons_found())[1] == ""
