"""The README says what the files say, and what it says to write works."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from aemodels.cli import parser
from aemodels.config import Config, every_setting
from benchmarks import reader, zoo

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
DOCS = sorted(ROOT.glob("docs/*.md"))
SMALL = ("--epochs", "1", "--train-images", "300", "--hidden", "16", "--output", "mine")


@pytest.mark.parametrize(
    ("file", "mark", "names"),
    [("README.md", "zoo", zoo.FIRST), ("docs/zoo.md", "families", zoo.REST)],
)
def test_the_tables_of_the_zoo_are_what_the_bundles_hold(
    file: str, mark: str, names: Sequence[str]
) -> None:
    text = (ROOT / file).read_text("utf-8")
    printed = re.findall(r"^\| `(\S+)` \|.* ([\d.]+)% \|$", text, re.MULTILINE)
    legible = {name: float(share) / 100 for name, share in printed}
    assert f"<!-- {mark} -->\n{zoo.table(names, legible)}\n<!-- /{mark} -->" in text
    # Counted again; another machine may round one picture to the other side of 90 %.
    for name, share in zoo.legible_draws(names).items():
        assert legible[name] == pytest.approx(share, abs=0.0041), name


def test_the_numbers_of_the_reader_are_measured_anew() -> None:
    assert f"<!-- reader -->\n{reader.text()}\n<!-- /reader -->" in README


@pytest.mark.parametrize("file", [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *DOCS])
def test_links_lead_to_files(file: Path) -> None:
    # Not those in code, which are examples.
    text = re.sub(r"^(```+)\w*\n.*?^\1$|`[^`\n]+`", "", file.read_text("utf-8"), flags=re.M | re.S)
    links = re.findall(r"\]\(([^):#]+)\)", text)
    assert [link for link in links if not (file.parent / link).exists()] == []


def test_commands_are_those_of_the_command_line() -> None:
    commands = re.findall(r"^\| `aemodels (.+?)` \|", README, re.MULTILINE)
    assert len(commands) > 7
    for line in commands:
        for command in line.split("`, `"):
            given = vars(parser.parser().parse_args(command.removeprefix("aemodels ").split()))
            texts = {name: given[name] for name in every_setting() if given.get(name)}
            Config.parse(texts)


@pytest.mark.slow
def test_the_family_that_it_adds_is_one_file_a_line_and_a_test(tmp_path: Path) -> None:
    for folder in ("aemodels", "data/mnist"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    section = README.partition("\n## Adding a family\n")[2].partition("\n## ")[0]
    files = re.findall(r"`([\w/]+\.py)`:\n\n```python\n(.*?)```", section, re.DOTALL)
    assert len(files) == 2
    for path, text in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    registry, lines = re.findall(r"`([\w/]+\.py)`[^`]*```diff\n(.*?)```", section, re.DOTALL)[0]
    add_lines(tmp_path / registry, lines)
    command = re.findall(r"\.venv/bin/python -m (aemodels train .*)", section)[0].split()
    for words in (["pytest", "-q", files[1][0]], [*command, *SMALL]):
        done = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert '"decorrelation": 2.0' in (tmp_path / "mine" / "bundle.json").read_text("utf-8")
    assert (tmp_path / "mine" / "decoder.onnx").exists()


def add_lines(path: Path, diff: str) -> None:
    """Add the import after the first one, and the class after the last one of the list."""
    added_import, added_class = (line.removeprefix("+") for line in diff.splitlines())
    text = path.read_text("utf-8")
    first, last = "from aemodels.families.ae import AE\n", "        PCA,\n"
    assert text.count(first) == text.count(last) == 1
    text = text.replace(first, f"{first}{added_import}\n").replace(last, f"{last}{added_class}\n")
    path.write_text(text, "utf-8")
