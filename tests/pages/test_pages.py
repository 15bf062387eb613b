"""Every page runs headless, without an exception and without PyTorch."""

import subprocess
import sys

import pytest
from streamlit.testing.v1 import AppTest

from browser.server import ROOT

PAGES = ["explore", "compare", "interpolate"]
FAMILIES = ["linear", "deep", "loss", "bottleneck", "sparse", "denoising", "stacked"]
FAMILIES += ["contractive", "vae", "beta", "recurrent"]
# They show rows of the reproduction table and have no choice of latents.
OTHERS = ["uses", "results"]

EVERY_PAGE = """
import sys
from tests.pages.test_pages import FAMILIES, OTHERS, PAGES, run
for page in PAGES:
    for latents in "2", "16":
        found = run(page, latents=latents)
        assert not found.exception, found.exception
for family in FAMILIES:
    assert not run("families", family=family).exception
for page in OTHERS:
    found = run(page)
    assert not found.exception, found.exception
import app
print(sorted({"torch", "sklearn", "onnx", "onnxruntime"} & set(sys.modules)))
"""


def run(page: str, **address: str) -> AppTest:
    """Draw one page with these parameters in its address."""
    found = AppTest.from_file(str(ROOT / "pages" / f"{page}.py"), default_timeout=30)
    # What the frame around every page, navigation.py, says.
    found.session_state["page"] = page
    for name, value in address.items():
        found.query_params[name] = value
    return found.run()


@pytest.mark.parametrize("latents", ["2", "16"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_runs(page: str, latents: str) -> None:
    found = run(page, latents=latents)
    assert not found.exception
    assert not found.error
    assert not found.warning


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_has_its_page(family: str) -> None:
    found = run("families", family=family)
    assert not found.exception
    assert not found.error
    assert not found.warning
    assert found.query_params["family"] == family


def test_an_unknown_family_is_a_notice() -> None:
    found = run("families", family="gan", surplus="1")
    assert not found.exception
    (notice,) = found.warning
    assert "family=gan" in notice.value
    assert "surplus" in notice.value


def test_the_frame_lands_on_explore() -> None:
    found = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30).run()
    assert not found.exception
    assert found.query_params["model"] == "vae"


@pytest.mark.parametrize("page", PAGES)
def test_a_wrong_address_is_a_notice(page: str) -> None:
    found = run(page, latents="7", surplus="1")
    assert not found.exception
    (notice,) = found.warning
    assert "latents=7" in notice.value
    assert "surplus" in notice.value


def test_no_page_imports_pytorch() -> None:
    done = subprocess.run(
        [sys.executable, "-c", EVERY_PAGE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
