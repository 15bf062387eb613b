"""Whatever a lesson is called, its title is plain text: on Learn, and on For teachers."""

import re
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

import lens
from tests.library.lessons.test_read import FRONT, STEP
from tests.pages.running import run
from tests.pages.test_names import PIECES, as_markdown

MARK = "Zq"


@pytest.fixture(params=PIECES)
def title(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The title of one's own lesson; a second one, called alike, is wrong."""
    found = MARK + request.param
    text = (FRONT + STEP).replace("A title", f"'{found}'")
    (tmp_path / "01-own.md").write_text(text, "utf-8")
    wrong = text.replace("vae-2\n", f"vae-2\nlight: '{found}'\n")
    (tmp_path / "02-wrong.md").write_text(wrong, "utf-8")
    monkeypatch.setenv("LATENT_LAB_LESSONS", str(tmp_path))
    monkeypatch.setattr(st, "page_link", lambda *page, **given: None)
    return found


def test_a_title_is_text_on_every_page(title: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[dict[str, Any]] = []
    monkeypatch.setattr(lens, "_show", lambda view, **given: shown.append(given))
    texts = [*as_markdown(run("learn", lesson="own")), *as_markdown(run("teachers"))]
    assert texts
    for text in texts:
        # Escaped letters don't count, nor what stands between backticks.
        outside = "".join(re.sub(r"\\.", "", text).split("`")[::2])
        assert title not in outside.replace("\u2060", ""), text
    # The lens is handed it as it is, as text.
    assert shown[0]["card"]["title"] == title
