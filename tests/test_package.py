"""The package says the same everywhere: versions, files, names, and what an import costs."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import aemodels

ROOT = Path(__file__).parents[1]
# What a distribution is imported as, where that isn't its name.
IMPORTED = {
    "scikit-learn": "sklearn",
    "markdown-it-py": "markdown_it",
    "pillow": "PIL",
    "PyYAML": "yaml",
}
# What PyTorch requires: imported where it is needed, with a sentence where it isn't there.
BROUGHT = {"fsspec"}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def requirements(name: str) -> set[str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    return {line for line in lines if line and not line.startswith(("#", "-r "))}


def distribution(requirement: str) -> str:
    found = re.match(r"[\w-]+", requirement)
    assert found
    return found[0]


def test_requirements_say_the_versions_of_the_project() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    explore, trains = requirements("requirements-explore.txt"), requirements("requirements.txt")
    assert explore | trains == {*project["dependencies"], *extras["app"]}
    assert {distribution(line) for line in trains} == {"scikit-learn", "torch"}
    assert requirements("requirements-dev.txt") == set(extras["dev"])
    assert {*extras["notebook"]} <= {*extras["dev"]}
    # A wider range of PyTorch brings another build, of several gigabytes.
    assert "torch~=2.13.0" in project["dependencies"]


def imported(paths: Iterable[Path]) -> set[str]:
    """The packages that files import, other than Python's own and this one."""
    names: set[str] = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and not node.level:
                names.add(str(node.module))
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    tops = {name.partition(".")[0] for name in names}
    return tops - {*sys.stdlib_module_names} - {"aemodels"}


def test_the_library_imports_nothing_that_it_does_not_require() -> None:
    files = {*(ROOT / "aemodels").rglob("*.py")}
    widget = {*(ROOT / "aemodels" / "widget").glob("*.py")}
    project = PROJECT["project"]
    required, optional = (
        {IMPORTED.get(name, name) for name in map(distribution, found)}
        for found in (project["dependencies"], project["optional-dependencies"]["notebook"])
    )
    assert imported(files - widget) == required | BROUGHT
    brought = {distribution(line) for line in metadata.requires("torch") or []}
    assert brought >= BROUGHT
    # What the widget needs besides is an extra.
    assert imported(widget) - required == optional


def test_every_folder_of_the_library_is_packaged() -> None:
    folders = {path.parent for path in (ROOT / "aemodels").rglob("*.py")}
    names = {".".join(folder.relative_to(ROOT).parts) for folder in folders}
    assert {*names, "latent_lab"} == set(PROJECT["tool"]["setuptools"]["packages"])


def test_the_version_is_the_same_everywhere() -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+", aemodels.__version__)
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert f"\nversion: {aemodels.__version__}\n" in citation
    changes = (ROOT / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## (\S+)", changes, re.MULTILINE)
    assert newest
    assert newest[1] == aemodels.__version__


def test_importing_the_library_loads_neither_numpy_nor_pytorch() -> None:
    code = "import sys, aemodels; print({'numpy', 'torch', 'sklearn'} & {*sys.modules})"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.stdout == "set()\n", done.stderr


def test_public_names_are_there_and_described() -> None:
    for name in aemodels.__all__:
        found = getattr(aemodels, name)
        if callable(found):
            assert found.__doc__
    assert {*aemodels.__all__} <= {*dir(aemodels)}
