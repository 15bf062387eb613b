"""With requirements-explore.txt alone, everything but training works, and Train says why."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# None makes an import fail, as if the package weren't there.
SCRIPT = """
import sys
for name in ("torch", "onnx", "onnxruntime", "sklearn"):
    sys.modules[name] = None
from pathlib import Path
from aemodels import runs
from aemodels.bundles import zoo
from aemodels.cli.parser import main
from aemodels.runs import archive, process
from tests.pages.running import run
from tests.pages.test_pages import OTHERS, SECTIONS

assert not process.can_train()
loaded = archive.unpack(archive.pack(zoo.folder() / "vae-2"), "mine.zip")
assert (loaded.state, loaded.claimed) == ("loaded", True)
pages = [("explore", {}), ("explore", {"model": f"run:{loaded.id}"}), ("interpolate", {})]
pages += [("compare", {}), ("compare", {"models": f"run:{loaded.id},vae-2"})]
pages += [(name, {}) for name in OTHERS] + [("families", {"family": name}) for name in SECTIONS]
for name, address in pages:
    found = run(name, **address)
    assert not found.exception, (name, found.exception)
    assert not found.error, (name, found.error[0].value)
    if name == "train":
        print("TRAIN", *[each.value for each in found.info])
        print("BUTTONS", *[f"{each.label}:{each.disabled}" for each in found.button])
import app
assert main(["list"]) == main(["runs"]) == 0
assert main(["export", "zoo/vae-2", "--output", sys.argv[1]]) == 0
print("EXIT", main(["train"]), main(["evaluate", "zoo/vae-2"]))
"""


@pytest.mark.slow
def test_everything_but_training_works(home: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(tmp_path / "exported")],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=400,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = dict(re.findall(r"^([A-Z]+) (.*)$", done.stdout, re.MULTILINE))
    assert "Training needs PyTorch, which isn't installed here" in lines["TRAIN"]
    assert "`pip install -r requirements.txt`" in lines["TRAIN"]
    buttons = lines["BUTTONS"].split(" ")
    assert "Train:True" in buttons
    assert not {"Measure:False", "Resume:False"} & set(buttons)
    assert lines["EXIT"] == "2 2"
    for command in ("train", "evaluate"):
        says = f"aemodels {command}: needs torch, which isn't installed"
        assert says in done.stderr, done.stderr[-2000:]
