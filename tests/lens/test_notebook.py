"""The notebook that Explore hands out runs, and gives the numbers of the view."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from aemodels import data
from aemodels.bundles import zoo
from aemodels.bundles.load import load
from aemodels.data.binarisation import binarise
from tests.lens.javascript import call
from tests.lens.test_pytorch import IMAGE, entry, subject

ROOT = Path(__file__).parents[2]
ADDRESS = "http://localhost:8501/?model=vae-2"
OWN = np.random.default_rng(1).random(784).astype(np.float32)

# The model, its input (None for a picture of one's own) and how far z is from its code.
CASES = [("vae-2", IMAGE, 0.3), ("vae-2", None, 0.0), ("ae-2", IMAGE, 0.5), ("pca-16", IMAGE, 0.0)]

TOLD = """
import json
cost = {"reconstruction": reconstruction, "squares": (x_hat - x).square().sum().item()}
cost["kl"] = kl.sum().item() if "kl" in globals() else None
print(json.dumps({"z": z[0].tolist(), "x_hat": x_hat[0].tolist(), "cost": cost}))
"""


def view(name: str, digit: int | None, away: float) -> dict[str, Any]:
    """What Explore shows, as PyTorch computes it."""
    model = load(zoo.folder() / name)
    made = entry(name)
    image = OWN[None]
    if digit is not None:
        images = data.load_test().images[digit : digit + 1]
        image = binarise(images, made["binarisation"])
    mean, log_var = model.encode(image), None
    if model.variational:
        mean, log_var = model.posterior(image)
    z = mean + np.float32(away)
    with torch.inference_mode():
        error = model.reconstruction_error(torch.from_numpy(z), torch.from_numpy(image)).item()
    decoded = model.decode(z)[0]
    kl = None
    if log_var is not None:
        spread = np.exp(log_var.astype(np.float64))
        kl = float(0.5 * (mean.astype(np.float64) ** 2 + spread - 1 - log_var).sum())
    shown = subject(made, image[0], digit)
    shown["input"] |= {
        "mean": {"float32": mean[0].tolist()},
        "logVar": None if log_var is None else {"float32": log_var[0].tolist()},
    }
    shown["code"] = {"z": {"float32": z[0].tolist()}}
    squares = float(np.square(decoded - image[0]).sum())
    cost = {"reconstruction": error, "squares": squares, "kl": kl}
    return {"subject": shown, "decoded": decoded, "z": z[0], "cost": cost}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "digit", "away"), CASES)
def test_it_gives_what_the_view_shows(
    name: str, digit: int | None, away: float, tmp_path: Path
) -> None:
    shown = view(name, digit, away)
    arguments = (shown["subject"], {"float32": shown["decoded"].tolist()}, ADDRESS)
    (notebook,) = call("explore/notebook.mjs", "notebookOf", [arguments])
    found = run(notebook, tmp_path)
    np.testing.assert_allclose(found["z"], shown["z"], atol=1e-3)
    np.testing.assert_allclose(found["x_hat"], shown["decoded"], atol=1e-3)
    for term, value in shown["cost"].items():
        assert found["cost"][term] == (value if value is None else pytest.approx(value, rel=1e-3))


def run(notebook: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What the cells compute: they are plain Python, so they need no kernel."""
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    script = folder / "notebook.py"
    script.write_text("\n\n".join("".join(cell["source"]) for cell in cells) + TOLD, "utf-8")
    done = subprocess.run(
        [sys.executable, "-W", "error", script],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found
