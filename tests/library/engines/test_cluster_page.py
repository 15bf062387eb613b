"""docs/cluster.md: the files that it shows can be used, and the variables exist."""

import re
from pathlib import Path

import pytest

from aemodels.runs.engines import command_line, needs, template
from aemodels.runs.engines.template import read, values

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "cluster.md").read_text("utf-8")
FILES = re.findall(r"```toml\n# (\w+)(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize(("name", "content"), FILES)
def test_the_files_of_schedulers_can_be_used(name: str, content: str, tmp_path: Path) -> None:
    path = tmp_path / f"{name}.toml"
    path.write_text(f"#{content}", "utf-8")
    found = read(path)
    given = values(
        run="a", owner="", token="t", log="/l", command="c d", needs=needs.Needs(2, 0.5, 1 << 30)
    )
    words = [word.format_map(given) for word in (*found.start, *found.start_on_gpu)]
    assert not any("{" in word for word in words)
    assert any("c d" in word for word in words)
    state = [word.format_map({"run": "a", "handle": "7"}) for word in found.state]
    assert any("7" in word for word in state)


def test_slurms_answers_are_understood(tmp_path: Path) -> None:
    content = dict(FILES)["Slurm"]
    path = tmp_path / "slurm.toml"
    path.write_text(f"#{content}", "utf-8")
    found = read(path)
    # As `sbatch --parsable` prints it in a federation.
    match = found.handle.search("1234;cluster\n")
    assert match
    assert match[0] == "1234"
    assert found.queued.search("PENDING\n")
    assert found.begun.search("RUNNING\n")
    assert found.gone
    assert found.gone.search("slurm_load_jobs error: Invalid job id specified")


def test_the_page_names_the_variables() -> None:
    for name in (needs.CPUS, needs.GPU_SHARE, command_line.PYTHON, command_line.CODE):
        assert f"`{name}`" in PAGE
    assert len(FILES) == 3
    assert set(template.OF_START) <= set(re.findall(r"\{(\w+)\}", PAGE))
