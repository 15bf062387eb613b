"""Safetensors files and descriptions that are wrong, large, cut off or no such files at all."""

import io
import json
import os
import pickle
import struct
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aemodels import importing
from aemodels.importing import ForeignError, description
from aemodels.importing import files as read_files
from tests.library.importing.files import packed, tensors


class Bomb:
    """Writes a file where it is unpickled."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, ("exploded",)


def headed(header: object, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def torch_zip() -> bytes:
    """A file as torch.save writes it: a zip around a pickle."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("archive/data.pkl", pickle.dumps(Bomb()))
    return stream.getvalue()


def other_zip() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as made:
        made.writestr("bundle.json", "{}")
    return stream.getvalue()


def changed(name: str, array: np.ndarray | None) -> bytes:
    """The good file with another tensor of that name, or without it."""
    found = tensors()
    if array is None:
        del found[name]
    else:
        found[name] = array
    return packed(found)


WHOLE = packed(tensors())
NAN = np.full((8, 784), np.nan, np.float32)
FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "it isn't a safetensors file"),
    "text": (b"hello, this is no model at all", "it isn't a safetensors file"),
    "cut in the header": (WHOLE[:100], "it isn't a safetensors file"),
    "cut in the data": (WHOLE[:-4], "it isn't a safetensors file"),
    "more behind": (WHOLE + b"more", "it isn't a safetensors file"),
    "a huge header": (struct.pack("<Q", 1 << 62) + b"{}", "a header of more than 1,000,000 bytes"),
    "a large header": (headed(b"{" + b" " * 1_100_000 + b"}"), "a header of more than 1,000,000"),
    "deep JSON": (headed(b"[" * 100_000), "it isn't a safetensors file"),
    "giant sizes": (
        headed({"a": {"dtype": "F32", "shape": [1 << 40, 1 << 40], "data_offsets": [0, 0]}}),
        "it isn't a safetensors file",
    ),
    "giant and empty": (
        headed({"a": {"dtype": "F32", "shape": [1 << 40, 0], "data_offsets": [0, 0]}}),
        "needed are 1 to 4 axes, none empty",
    ),
    "offsets outside": (
        headed({"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 1 << 40]}}),
        "it isn't a safetensors file",
    ),
    "whole numbers": (
        packed({"a": np.zeros(4, np.int64)}),
        "a holds numbers of type I64; needed are F32, F64, F16, BF16",
    ),
    "five axes": (packed({"a": np.zeros((1,) * 5, np.float32)}), "needed are 1 to 4 axes"),
    "many tensors": (
        packed({str(n): np.zeros(1, np.float32) for n in range(1001)}),
        "it holds 1,001 tensors; the most are 1,000",
    ),
    "NaN": (changed("fc1.weight", NAN), "fc1.weight holds NaN or infinite numbers"),
    "too large for float32": (
        changed("fc1.bias", np.full(8, 1e300)),
        "fc1.bias holds NaN or infinite numbers",
    ),
    "one more": (changed("fc5.weight", np.zeros((2, 2), np.float32)), "named as in none of"),
    "one less": (changed("fc22.bias", None), "named as in none of"),
    "none": (packed({}), "named as in none of"),
    "other widths": (
        changed("fc3.weight", np.zeros((8, 4), np.float32)),
        "its encoder gives codes of 3 numbers, its decoder takes 4",
    ),
    "a narrow head": (
        changed("fc22.weight", np.zeros((2, 8), np.float32)),
        "fc22.bias has the shape (3,); needed is (2,), as fc22.weight is (2, 8)",
    ),
    "transposed": (
        changed("fc1.weight", np.zeros((784, 8), np.float32)),
        "fc1.bias has the shape (8,); needed is (784,)",
    ),
    "a filter": (
        changed("fc1.weight", np.zeros((8, 1, 28, 28), np.float32)),
        "fc1.weight has the shape (8, 1, 28, 28); needed are 2 axes for a layer of kind linear",
    ),
    "other pixels": (
        packed(
            tensors(
                {"fc1": (8, 64), "fc21": (3, 8), "fc22": (3, 8), "fc3": (8, 3), "fc4": (784, 8)}
            )
        ),
        "its encoder's first layer takes 64 numbers; needed are 784, one for each pixel",
    ),
    "a name to show": (
        packed({"<script>\u202e\n" * 50: np.zeros(1, np.int8)}),
        "<script>??<script>",
    ),
    "a zip": (other_zip(), "is a zip file; needed is a safetensors file"),
    "Keras": (b"\x89HDF\r\n\x1a\n" + bytes(100), "is an HDF5 file, as Keras saves weights"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_file_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    content, says = FILES[name]
    path = tmp_path / "vae.safetensors"
    path.write_bytes(content)
    with pytest.raises(ForeignError) as caught:
        importing.from_safetensors(path)
    message = str(caught.value)
    assert says in message
    assert message.startswith("vae.safetensors")
    assert message.isprintable()


PICKLED = {
    "vae.pt": torch_zip(),
    "vae.pth": b"anything",
    "VAE.CKPT": b"anything",
    "model.bin": WHOLE,
    "vae.safetensors": torch_zip(),
    "older.safetensors": pickle.dumps({"fc1.weight": Bomb()}),
    "two.safetensors": pickle.dumps(Bomb(), protocol=2),
}


@pytest.mark.parametrize("name", PICKLED)
def test_a_pickle_is_never_read_and_the_sentence_converts_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / name).write_bytes(PICKLED[name])
    with pytest.raises(ForeignError, match="is a pickle, which can run code") as caught:
        importing.from_safetensors(tmp_path / name)
    assert f"torch.load('{name}', weights_only=True)" in str(caught.value)
    assert not (tmp_path / "exploded").exists()


def test_only_ordinary_files_up_to_a_size_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ForeignError, match=r"^there is no file x\.safetensors$"):
        importing.from_safetensors(tmp_path / "x.safetensors")
    with pytest.raises(ForeignError, match="is not an ordinary file"):
        importing.from_safetensors(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ForeignError, match="pipe is not an ordinary file"):
        importing.from_safetensors(tmp_path / "pipe")
    path = tmp_path / "large.safetensors"
    with path.open("wb") as stream:
        stream.truncate(read_files.LARGEST_FILE + 1)
    with pytest.raises(ForeignError, match="larger than 500,000,000 bytes"):
        importing.from_safetensors(path)


GOOD = {
    "encoder": ["fc1", "relu"],
    "mean": "fc21",
    "log_var": "fc22",
    "decoder": ["fc3", "relu", "fc4", "sigmoid"],
}
DESCRIPTIONS: dict[str, tuple[Any, str]] = {
    "a list": ([], "it is not a table of encoder, mean"),
    "nothing": ({}, "it has no encoder; needed is a list of layers"),
    "an unknown key": (GOOD | {"layers": []}, "it has layers; known are encoder"),
    "no log_var": ({**GOOD, "log_var": None}, "it has one of mean and log_var"),
    "a family": (GOOD | {"family": "gan"}, "its family is gan; known are ae, vae"),
    "an ae with log_var": (GOOD | {"family": "ae"}, "its family is ae, which has no log_var"),
    "a loss": (GOOD | {"reconstruction_loss": "x"}, "known are bce, mse, l1"),
    "a beta": (GOOD | {"beta": "four"}, "no network here has its layers: beta=four"),
    "a number": (GOOD | {"encoder": [5]}, "encoder has 5 where a name is needed"),
    "text": (GOOD | {"encoder": "fc1"}, "its encoder is 'fc1'; needed is a list"),
    "many layers": (GOOD | {"encoder": ["relu"] * 101}, "has 101 entries; the most are 100"),
    "a long name": (GOOD | {"encoder": ["x" * 201]}, "where a name is needed"),
    "a table": (GOOD | {"encoder": [{"pool": 2}]}, "encoder has a layer of pool; needed is conv"),
    "a stride": (
        GOOD | {"encoder": [{"conv": "fc1", "stride": 0}]},
        "stride is 0; needed is 1 to 100",
    ),
    "a padding": (
        GOOD | {"encoder": [{"conv": "fc1", "padding": [1, 2]}]},
        "a padding that isn't one number, or four: [1, 2]",
    ),
    "a reshape": (GOOD | {"encoder": [{"reshape": []}]}, "a reshape that isn't a list of 1 to 3"),
    "a reshape between": (
        GOOD | {"encoder": ["fc1", {"reshape": [2, 4]}, "relu"]},
        "its encoder has reshape 2x4 between linear layers",
    ),
    "a layer that isn't there": (
        GOOD | {"encoder": ["conv1", "relu"]},
        "it has no tensor conv1.weight, or it is named twice; it holds fc1.bias",
    ),
    "a layer twice": (
        GOOD | {"encoder": ["fc1", "relu", "fc1", "relu"]},
        "it has no tensor fc1.weight, or it is named twice",
    ),
    "an activation that isn't known": (
        GOOD | {"encoder": ["fc1", "hardswish"]},
        "activations are relu, leaky-relu, leaky-relu-0.2, gelu, silu, elu, selu, softplus, tanh",
    ),
    "a layer too few": (
        GOOD | {"decoder": ["fc4", "sigmoid"]},
        "it holds fc3.bias, which the description doesn't name",
    ),
    "no activation": (
        GOOD | {"decoder": ["fc3", "fc4", "sigmoid"]},
        "its decoder has linear 8 to 784 straight after another layer",
    ),
    "two activations": (
        GOOD | {"decoder": ["fc3", "relu", "relu", "fc4", "sigmoid"]},
        "its decoder has relu where a layer is needed",
    ),
    "other activations": (
        GOOD | {"decoder": ["fc3", "tanh", "fc4", "sigmoid"]},
        "it has relu and tanh after hidden layers; needed is one activation",
    ),
    "another order": (
        GOOD | {"decoder": ["fc4", "relu", "fc3", "sigmoid"]},
        "its decoder takes 8",
    ),
    "an end": (
        GOOD | {"decoder": ["fc3", "relu", "fc4", "tanh"]},
        "its decoder ends with tanh; needed is one of sigmoid, linear, relu",
    ),
    "bce of other grey levels": (
        GOOD | {"decoder": ["fc3", "relu", "fc4"], "reconstruction_loss": "bce"},
        "cross-entropy needs pixels from 0 to 1",
    ),
    "no layers": (
        GOOD | {"decoder": ["sigmoid"], "ignored": ["fc3", "fc4."]},
        "its decoder has no layer with weights at its end",
    ),
    "a convolution of a matrix": (
        GOOD | {"encoder": [{"conv": "fc1"}, "relu"]},
        "needed are 4 axes for a layer of kind conv",
    ),
}


@pytest.mark.parametrize("name", DESCRIPTIONS)
def test_a_wrong_description_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    value, says = DESCRIPTIONS[name]
    weights, described = tmp_path / "vae.safetensors", tmp_path / "vae.json"
    weights.write_bytes(WHOLE)
    described.write_text(json.dumps(value))
    with pytest.raises(ForeignError) as caught:
        importing.from_description(weights, described)
    assert says in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_a_description_that_cannot_be_parsed(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"vae{suffix}"
    for content in (b"\xff\xfe", b"[" * 50_000, b"encoder", b"{"):
        path.write_bytes(content)
        with pytest.raises(ForeignError, match=r"is not valid (JSON|TOML); see docs/import\.md"):
            description.read(path)
    path.write_bytes(b" " * 100_001)
    with pytest.raises(ForeignError, match="larger than 100,000 bytes"):
        description.read(path)


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    path = tmp_path / "vae.safetensors"
    header = 8 + int.from_bytes(WHOLE[:8], "little")
    for seed in range(60):
        draw = np.random.default_rng(seed)
        content = bytearray(WHOLE)
        for place in draw.integers(0, header, draw.choice([1, 3, 20])):
            content[place] = draw.integers(256)
        path.write_bytes(content[: draw.integers(len(content))] if seed % 3 == 0 else content)
        _harmless(lambda: importing.from_safetensors(path))


def _harmless(read: Callable[[], importing.Imported]) -> None:
    found = None
    with suppress(ForeignError):
        found = read()
    if found is not None:
        shapes = found.config.network.tensor_shapes(found.config.family.variational)
        assert {name: array.shape for name, array in found.weights.items()} == shapes
