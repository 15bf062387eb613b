"""Every page runs headless, without an exception and without PyTorch."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from browser.server import ROOT
from pages.families import SECTIONS as SECTIONS_OF_FAMILIES
from tests.pages.running import PAGES, run, unfolded, words

# Those with a picker of latents, and the others.
LATENTS = ["explore", "compare", "interpolate"]
OTHERS = ["uses", "results", "train", "teachers"]
SECTIONS = ["linear", "deep", "loss", "bottleneck", "sparse", "denoising", "stacked"]
SECTIONS += ["contractive", "vae", "beta", "recurrent"]

EVERY_PAGE = """
import sys
from tests.pages.running import run
from tests.pages.test_pages import LATENTS, OTHERS, SECTIONS
for page in LATENTS:
    for latents in "2", "16":
        found = run(page, latents=latents)
        assert not found.exception, found.exception
for section in SECTIONS:
    assert not run("families", family=section).exception
for page in OTHERS:
    found = run(page)
    assert not found.exception, found.exception
found = run("learn", lesson="beta")
assert not found.exception, found.exception
import app
print(sorted({"torch", "sklearn", "onnx", "onnxruntime"} & set(sys.modules)))
"""


@pytest.mark.parametrize("latents", ["2", "16"])
@pytest.mark.parametrize("page", LATENTS)
def test_a_page_runs(page: str, latents: str) -> None:
    found = run(page, latents=latents)
    assert not found.exception
    assert not found.error
    assert not found.warning


@pytest.mark.parametrize("section", SECTIONS)
def test_every_family_has_its_section(section: str) -> None:
    found = run("families", family=section)
    assert not found.exception
    assert not found.error
    assert not found.warning
    # The first one is the default, which the address doesn't name.
    assert dict(found.query_params).get("family", next(iter(SECTIONS))) == section


@pytest.mark.parametrize("section", SECTIONS)
def test_what_a_family_folds_is_there(section: str) -> None:
    found = unfolded(run("families", family=section))
    folds = [each.label for each in found.expander]
    assert not found.exception
    assert not found.warning
    # What is known of a family is more than a formula, and it stands in folds.
    assert "Formula and paper" in folds
    assert len(found.markdown) >= 4
    assert ("Published numbers and ours" in folds) == bool(SECTIONS_OF_FAMILIES[section].rows)
    assert any("$" in each.value for each in found.markdown)


@pytest.mark.parametrize("section", SECTIONS)
def test_a_family_is_told_in_four_lines(section: str) -> None:
    told, *others = (each.value for each in run("families", family=section).markdown)
    idea, drag, look = told.split("  \n")
    assert idea.startswith("**")
    assert drag.startswith("**Try:** ")
    assert look.startswith("**Look for:** ")
    assert all(line.endswith((".", "?")) for line in (idea, drag, look))
    one = SECTIONS_OF_FAMILIES[section]
    assert others[-1].count(".") == one.sentence.count(".") == 1
    # Nothing but these is shown before a fold is opened, and none is long.
    for line in (one.idea, one.drag, one.look, one.sentence):
        assert len(line.split()) <= 30
        assert "$" not in line


def test_an_unknown_family_is_a_notice() -> None:
    found = run("families", family="gan", surplus="1")
    assert not found.exception
    (notice,) = found.warning
    assert "`family=gan` isn't available (choose linear or deep" in notice.value
    assert "Ignored unknown parameter `surplus`." in notice.value


def test_the_frame_lands_on_explore() -> None:
    found = AppTest.from_file(str(PAGES / "navigation.py"), default_timeout=30).run()
    assert not found.exception
    assert not dict(found.query_params)
    assert "variational autoencoder" in words(found)


@pytest.mark.parametrize("page", LATENTS)
def test_a_wrong_address_is_a_notice(page: str) -> None:
    found = run(page, latents="7", surplus="1")
    assert not found.exception
    (notice,) = found.warning
    assert "`latents=7` isn't available" in notice.value
    assert "Showing the default." in notice.value
    assert "`surplus`" in notice.value


@pytest.mark.slow
def test_no_page_imports_pytorch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_PAGE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
