"""The README says what the files say, and what it tells to write works."""

import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from benchmarks import zoo

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize(("mark", "names"), [("zoo", zoo.FIRST), ("families", zoo.REST)])
def test_the_tables_of_the_zoo_are_what_the_bundles_hold(mark: str, names: Sequence[str]) -> None:
    assert f"<!-- {mark} -->\n{zoo.table(names)}\n<!-- /{mark} -->" in README


def test_the_family_that_it_adds_is_one_file_a_line_and_a_test(tmp_path: Path) -> None:
    family, check = re.findall(r"```python\n(\"\"\"The decorrelated.*?)```", README, re.DOTALL)
    shutil.copytree(ROOT / "aemodels", tmp_path / "aemodels")
    shutil.copytree(ROOT / "data" / "mnist", tmp_path / "data" / "mnist")
    (tmp_path / "aemodels/families/decorrelated.py").write_text(family)
    (tmp_path / "test_decorrelated.py").write_text(check)
    registry = tmp_path / "aemodels/families/__init__.py"
    line = "from aemodels.families.decorrelated import Decorrelated\n"
    words = registry.read_text().replace(
        "        PCA(),\n", "        PCA(),\n        Decorrelated(),\n"
    )
    registry.write_text(
        words.replace("from aemodels.families.denoising", line + "from aemodels.families.denoising")
    )
    small = ["--epochs", "1", "--train-images", "300", "--hidden", "16", "--output", "mine"]
    for command in (
        ["pytest", "-q", "test_decorrelated.py"],
        ["aemodels", "train", "--family", "decorrelated", *small],
    ):
        done = subprocess.run(
            [sys.executable, "-m", *command],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "mine" / "decoder.onnx").exists()
