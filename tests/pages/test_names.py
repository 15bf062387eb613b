"""Names and messages from files are plain text on every page, whatever they hold."""

import json
import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from aemodels import runs
from aemodels.runs import archive, process
from tests.library.runs import hostile
from tests.pages.running import run
from ui import markdown

# Each piece of markup follows the mark, by which it is found again.
MARK = "Zq"
PIECES = (
    "<img src=x onerror=alert(1)>",
    ":material_delete:",
    ":material/delete:",
    ":smile:",
    ":red[x]",
    "**b**",
    "[a](https://example.org)",
    "![a](https://example.org/x.png)",
    "`c`",
    "$x^2$",
    "| a | b |",
    "->",
)


@pytest.fixture
def loaded(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[runs.Run]:
    """A run for each piece, named and with a message that holds it."""
    st.cache_resource.clear()
    monkeypatch.setattr(process, "estimate", refuse)
    content = hostile.zipped(hostile.good("vae", tmp_path / "made"))
    found = []
    for piece in PIECES:
        run = archive.unpack(content, "x.zip")
        runs.rename(run, MARK + piece)
        status = json.loads((run.path / "status.json").read_text("utf-8"))
        status["message"] = f"It says {MARK}{piece}"
        (run.path / "status.json").write_text(json.dumps(status), "utf-8")
        found.append(runs.read(run.id))
    return found


def refuse(config: object) -> None:
    raise runs.RunError(f"{MARK}{PIECES[0]}")


def as_markdown(found: AppTest) -> list[str]:
    """Every text of the page that Streamlit reads as Markdown."""
    assert not found.exception, found.exception
    kinds = ("markdown", "caption", "error", "warning", "info", "success", "button", "expander")
    texts: list[str] = []
    for kind in kinds:
        for each in found.get(kind):
            texts += [str(getattr(each, key, "")) for key in ("value", "label", "help")]
    return [text for text in texts if MARK in text]


@pytest.mark.slow
@pytest.mark.parametrize("page", ["train", "explore", "compare", "interpolate"])
def test_a_name_is_never_read_as_markdown(page: str, loaded: list[runs.Run]) -> None:
    seen = set()
    for number, each in enumerate(loaded):
        other = loaded[number - 1]
        addresses = {
            "train": {"run": each.id},
            "explore": {"model": f"run:{each.id}"},
            "compare": {"models": f"run:{each.id},run:{other.id}"},
            "interpolate": {"models": f"run:{each.id},run:{other.id}"},
        }
        for text in as_markdown(run(page, **addresses[page])):
            for known in PIECES:
                name = MARK + known
                assert name not in text, (page, text)
                if markdown.escape(name) in text:
                    seen.add(known)
            # Nothing but these pieces, whole.
            rest = text
            for known in PIECES:
                rest = rest.replace(markdown.escape(MARK + known), "")
            assert MARK not in rest, (page, rest)
    if page in ("train", "compare"):
        assert seen == set(PIECES)


@pytest.mark.parametrize("page", ["train", "explore", "compare", "interpolate", "results"])
def test_an_address_is_never_read_as_markdown(page: str, home: Path) -> None:
    """A link can hold anything as well."""
    st.cache_resource.clear()
    value = "`<b>`:material/delete:**b**`"
    found = run(
        page, **{"model": value, "run": value, "models": value, "latents": value, value: "x"}
    )
    assert not found.exception
    text = "\n".join(each.value for each in found.warning)
    assert "**b**" in text
    # Escaped letters don't count, nor what stands between backticks.
    outside = "".join(re.sub(r"\\.", "", text).split("`")[::2])
    for piece in ("<b>", ":material", "**b**"):
        assert piece not in outside


def test_numbers_that_a_file_claims_are_called_so(loaded: list[runs.Run]) -> None:
    tables = [each.value for each in run("train", run=loaded[0].id).markdown]
    assert any("Squared error" in text and ", as its file claims" in text for text in tables)
    other = f"run:{loaded[0].id},run:{loaded[1].id}"
    tables = [each.value for each in run("compare", models=other).markdown]
    (table,) = [text for text in tables if text.startswith("| Test split")]
    assert table.splitlines()[0].count(", as its file claims") == 2
