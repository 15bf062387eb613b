"""docs/import.md, followed to the letter, with a model that torch.save wrote."""

import json
import re
import shlex
from pathlib import Path

import pytest
import safetensors.torch
import torch
from torch import nn

from aemodels.bundles import bundle
from aemodels.cli import main
from aemodels.importing import LAYOUTS
from aemodels.importing.description import KEYS
from aemodels.importing.layers import ACTIVATIONS
from tests.library.importing import graphs, published

TEXT = (Path(__file__).parents[3] / "docs" / "import.md").read_text("utf-8")
pytestmark = pytest.mark.usefixtures("unmeasured")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def test_what_the_page_says_to_type_makes_bundles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    torch.save(published.PyTorchVAE().state_dict(), "vae.pt")
    (lines,) = blocks("python")
    exec(lines, {})
    (description,) = blocks("json")
    Path("mine.json").write_text(description)
    sizes = {
        "enc1": (784, 9),
        "enc2": (9, 8),
        "to_mean": (8, 2),
        "to_log_var": (8, 2),
        "dec1": (2, 9),
        "dec2": (9, 784),
    }
    layers = nn.ModuleDict({name: nn.Linear(*size) for name, size in sizes.items()})
    safetensors.torch.save_file(layers.state_dict(), "mine.safetensors")
    decoder = graphs.graph(graphs.DECODER, ("z", 3), [("y", 784)])
    encoder = graphs.graph(graphs.ENCODER, ("x", 784), graphs.HEADS)
    graphs.saved(tmp_path, encoder, decoder)
    layout, described, onnx = blocks("sh")
    for command, latents in ((layout, 20), (described, 2), (onnx, 3)):
        words = shlex.split(command)
        assert words[:3] == ["python", "-m", "aemodels"]
        more = ["--overwrite"] if command == onnx else []
        assert main([*words[3:], *more]) == 0
        assert bundle.read(words[-1]).latent_dim == latents


def test_its_tables_name_every_layout_and_key() -> None:
    assert re.findall(r"^\| `(\w+-v?ae)` \|", TEXT, re.MULTILINE) == list(LAYOUTS)
    for layout in LAYOUTS.values():
        for name in layout.description.tensor_names():
            assert f"`{name.rpartition('.')[0]}`" in TEXT
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \| [^|]+ \|$", TEXT, re.MULTILINE)
    assert {name for row in rows for name in re.findall(r"`(\w+)`", row)} >= set(KEYS)
    assert all(f"`{name}`" in TEXT for name in ACTIVATIONS)
    assert json.loads(blocks("json")[0]).keys() <= set(KEYS)
