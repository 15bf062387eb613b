"""Files are UTF-8 whatever the locale: in the source, and when pages run in the locale C."""

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PRODUCT = ("aemodels", "lens", "pages", "ui", "reproduction", "browser", "benchmarks", "docs")

PROCESSES = ("run", "Popen", "check_output")

# Whatever warns in a file of ours counts; libraries may read their own files as they like.
EVERY_PAGE = """
import locale, sys, warnings
from pathlib import Path
assert locale.getencoding().lower() not in ("utf-8", "utf8"), "the locale isn't C"
root = Path.cwd()
found = set()
def note(message, category, filename, line, *others):
    path = Path(filename)
    if category is EncodingWarning and path.is_relative_to(root) and ".venv" not in path.parts:
        found.add(f"{path.relative_to(root)}:{line}: {message}")
warnings.simplefilter("always", EncodingWarning)
warnings.showwarning = note
from tests.pages.running import run
from tests.pages.test_pages import OTHERS, SECTIONS
from aemodels.cli.parser import main
from aemodels.runs import RunError, process
def estimate(config):
    raise RunError("takes too long here")
process.estimate = estimate
for page in ("explore", "compare", "interpolate", *OTHERS):
    page = run(page)
    assert not page.exception, page.exception
for section in SECTIONS:
    page = run("families", family=section)
    assert not page.exception, page.exception
import app
assert main(["list"]) == 0
print(*sorted(found), sep="\\n", file=sys.stderr)
sys.exit(len(found))
"""


def without_encoding(tree: ast.AST) -> Iterator[ast.Call]:
    """Calls that read or write text in the encoding of the locale."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        name = getattr(function, "attr", getattr(function, "id", ""))
        keywords = {keyword.arg: keyword.value for keyword in node.keywords}
        if "encoding" in keywords:
            continue
        place = 0 if isinstance(function, ast.Attribute) else 1
        mode = node.args[place] if len(node.args) > place else keywords.get("mode")
        starts = isinstance(function, ast.Name) or _is_mode(mode) or not node.args
        binary = isinstance(mode, ast.Constant) and "b" in str(mode.value)
        as_text = name in PROCESSES and "text" in keywords
        read, written = name == "read_text" and not node.args, name == "write_text"
        opened = name == "open" and starts and not binary
        if read or (written and len(node.args) < 2) or opened or as_text:
            yield node


def _is_mode(argument: ast.expr | None) -> bool:
    """Whether it is the mode of Path.open, not what another thing opens."""
    value = argument.value if isinstance(argument, ast.Constant) else None
    return isinstance(value, str) and {*value} <= {*"rwaxbt+"}


@pytest.mark.parametrize("folder", PRODUCT)
def test_text_is_read_and_written_as_utf_8(folder: str) -> None:
    places = [
        f"{path.relative_to(ROOT)}:{call.lineno}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        for call in without_encoding(ast.parse(path.read_text("utf-8")))
    ]
    assert places == []


def test_such_calls_are_found() -> None:
    source = """
path.read_text()
path.write_text("x")
open("x")
open("x", "w")
path.open()
subprocess.run([], text=True)
open("x", "rb"); path.open("wb"); path.read_text("utf-8"); path.write_text("x", "utf-8")
open("x", encoding="utf-8"); subprocess.run([], text=True, encoding="utf-8"); path.read_bytes()
"""
    assert [call.lineno for call in without_encoding(ast.parse(source))] == [2, 3, 4, 5, 6, 7]


@pytest.mark.slow
def test_every_page_runs_in_the_locale_c() -> None:
    """PEP 597 finds what reads or writes text in the encoding of the locale."""
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-X", "warn_default_encoding", "-c", EVERY_PAGE],
        cwd=ROOT,
        env={**os.environ, **plain},
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
