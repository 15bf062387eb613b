"""Hostile bundles: a good one with one thing changed, in many ways, each as the zip of an upload.

    from tests.library.runs import hostile
    for case in hostile.cases(hostile.good("vae")): ...

A file that is changed gets its new size and hash in bundle.json, as one who means harm would do.
"""

import hashlib
import io
import json
import pickle
import random
import stat
import struct
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import onnx
import safetensors.numpy
from onnx import TensorProto, helper

from aemodels.bundles import bundle, contents
from aemodels.bundles.codes import Codes
from aemodels.bundles.facts import TrainingFacts
from aemodels.bundles.metrics import Metrics
from tests.library import small

Files = dict[str, bytes]
NAMES = (bundle.MANIFEST, *bundle.FILES)


class Case(NamedTuple):
    """One upload: what group it belongs to, what was changed, the zip and its name."""

    group: str
    name: str
    content: bytes
    filename: str = "model.zip"


class Raw(str):
    """A piece of JSON as it is to be written."""

    __slots__ = ()


def good(family: str, folder: Path) -> Files:
    """The files of a harmless bundle, whose weights and codes are random numbers."""
    config = small.config(family)
    draw = np.random.default_rng(0)
    shapes = config.network.tensor_shapes(config.family.variational)
    weights = {
        name: draw.normal(0, 0.1, shape).astype(np.float32) for name, shape in shapes.items()
    }
    mean, log_var = draw.normal(size=(2, 10_000, config.network.latent_dim)).astype(np.float32)
    codes = Codes(mean, log_var if config.family.variational else None)
    bundle.write(
        folder / family,
        config,
        contents.pack(config, weights, codes),
        metrics=Metrics(images=10_000, sse=40.5, sse_by_class=(40.5,) * 10, knn5=0.9),
        training=TrainingFacts(3, True, 12.5, "cpu", "fp32", 2, "a machine"),
        versions={"latent-lab": "1.0.0", "python": "3.11"},
        command=config.command("--output", "zoo/good"),
    )
    return {name: (folder / family / name).read_bytes() for name in NAMES}


def cases(files: Files) -> Iterator[Case]:
    """Every change of this bundle."""
    for group, change in GROUPS.items():
        for name, content, *filename in change(files):
            packed = content if isinstance(content, bytes) else zipped(content)
            yield Case(group, name, packed, *filename)


def zipped(files: Files, kind: int = stat.S_IFREG, method: int = zipfile.ZIP_STORED) -> bytes:
    """The files as a zip; `kind` is what the entries are marked as."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as packed:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (kind | 0o644) << 16
            entry.compress_type = method
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                packed.writestr(entry, content)
    return stream.getvalue()


def recorded(files: Files, name: str, content: bytes) -> Files:
    """With another file, and bundle.json saying that it is right."""
    manifest = json.loads(files[bundle.MANIFEST])
    digest = hashlib.sha256(content).hexdigest()
    manifest["files"][name] = {"sha256": digest, "bytes": len(content)}
    return {**files, name: content, bundle.MANIFEST: json.dumps(manifest).encode()}


# --- bundle.json

NESTED = "[" * 60 + "]" * 60
VALUES: dict[str, Any] = {
    "null": None,
    "true": True,
    "minus one": -1,
    "zero": 0,
    "a half": 0.5,
    "1e299": 1e299,
    "10^400": 10**400,
    "10^5000": Raw("1" + "0" * 5000),
    "NaN": float("nan"),
    "infinity": float("inf"),
    "minus infinity": float("-inf"),
    "no text": "",
    "a text": "x",
    "a long text": "x" * 100_000,
    "script": "<script>alert(1)</script>",
    "markdown": "![x](https://example.org/x.png) :material/delete: $x$",
    "right to left": "a\u202eb",
    "two lines": "a\nb",
    "half a letter": Raw('"\\ud800"'),
    "NUL": "a\0b",
    "a list": [],
    "lists in lists": Raw(NESTED),
    "many": Raw("[" + "0," * 200_000 + "0]"),
    "an object": {},
    "an object with names": {"__proto__": 1, "constructor": {"a": 1}},
}
Place = tuple[str, ...]


def manifest_values(files: Files) -> Iterator[tuple[str, Files]]:
    for place in _places(json.loads(files[bundle.MANIFEST])):
        for word, value in VALUES.items():
            yield f"{'.'.join(place)}: {word}", _with(files, place, value)


def manifest_missing(files: Files) -> Iterator[tuple[str, Files]]:
    for place in _places(json.loads(files[bundle.MANIFEST])):
        manifest = json.loads(files[bundle.MANIFEST])
        del _parent(manifest, place)[place[-1]]
        yield ".".join(place), {**files, bundle.MANIFEST: json.dumps(manifest).encode()}


def manifest_extra(files: Files) -> Iterator[tuple[str, Files]]:
    for place in ((), ("config",), ("training",), ("metrics",), ("files",), ("versions",)):
        for key in ("more", "__class__", "x" * 500, "a\nb", "<b>", "\ud800"):
            yield f"{place}: {key[:20]!r}", _with(files, (*place, key), "text")


def manifest_texts(files: Files) -> Iterator[tuple[str, Files]]:
    whole = files[bundle.MANIFEST]
    keys = ",".join(f'"k{number}": 0' for number in range(1_000_000)).encode()
    for name, content in {
        "empty": b"",
        "not JSON": b"{",
        "not UTF-8": b"\xff\xfe",
        "UTF-16": whole.decode().encode("utf-16"),
        "byte order mark": b"\xef\xbb\xbf" + whole,
        "deep": b"[" * 500_000,
        "deep object": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        "a list": b"[" + whole + b"]",
        "twice": whole + whole,
        "10 MB of keys": b"{" + keys + b"}",
        "10 MB of spaces": whole + b" " * 10_000_000,
        "keys twice": whole.rstrip()[:-1] + b', "format": 2, "command": "x"}',
        "a comment": b"// x\n" + whole,
        "NUL": whole + b"\0",
    }.items():
        yield name, {**files, bundle.MANIFEST: content}


def combinations(files: Files) -> Iterator[tuple[str, Files]]:
    """Families and networks that don't go together, or not with these weights."""
    for family in ("vae", "ae", "linear", "sparse", "denoising", "stacked", "pca", "recurrent"):
        for network in (
            "mlp",
            "shallow",
            "conv",
            "conv-asymmetric",
            "conv-narrow",
            "linear",
            "gru",
        ):
            manifest = json.loads(files[bundle.MANIFEST])
            config = manifest["config"]
            if (family, network) == (config["family"], config["network"]):
                continue
            manifest["family"] = config["family"] = family
            config["network"] = network
            content = json.dumps(manifest).encode()
            yield f"{family}, {network}", {**files, bundle.MANIFEST: content}


def _places(found: dict[str, Any], start: Place = ()) -> Iterator[Place]:
    for key, value in found.items():
        yield (*start, key)
        if isinstance(value, dict):
            yield from _places(value, (*start, key))


def _parent(manifest: dict[str, Any], place: Place) -> dict[str, Any]:
    for key in place[:-1]:
        manifest = manifest[key]
    return manifest


def _with(files: Files, place: Place, value: Any) -> Files:
    manifest = json.loads(files[bundle.MANIFEST])
    mark = "the value that is put here"
    _parent(manifest, place)[place[-1]] = mark if isinstance(value, Raw) else value
    text = json.dumps(manifest)
    if isinstance(value, Raw):
        text = text.replace(f'"{mark}"', value)
    return {**files, bundle.MANIFEST: text.encode()}


# --- codes.npy and weights.safetensors


class Bomb:
    def __reduce__(self) -> Any:
        return exec, ("raise SystemExit(7)",)


def arrays(files: Files) -> Iterator[tuple[str, Files]]:
    whole = files[bundle.CODES]
    codes = np.load(io.BytesIO(whole))

    def saved(array: np.ndarray, version: tuple[int, int] | None = None) -> bytes:
        stream = io.BytesIO()
        np.lib.format.write_array(stream, array, version, allow_pickle=True)
        return stream.getvalue()

    def put(value: float) -> bytes:
        changed = codes.copy()
        changed.flat[-1] = value
        changed.flat[0] = value
        return saved(changed)

    start = whole.index(b"{")
    made: dict[str, bytes] = {
        f"type {kind}": saved(codes.astype(kind)) for kind in ("<f2", "<f8", "<i4", ">f4", "c8")
    }
    made |= {f"value {value}": put(value) for value in (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e10)}
    made |= {
        "objects": saved(np.array([Bomb()], object)),
        "a pickle": pickle.dumps(Bomb()),
        "Fortran order": saved(np.asfortranarray(codes)),
        "flat": saved(codes.ravel()),
        "transposed": saved(codes.T.copy()),
        "too few": saved(codes[..., :-1, :].copy()),
        "too many": saved(np.repeat(codes, 2, -2)),
        "one more dimension": saved(codes[None]),
        "header of version 2": saved(codes, (2, 0)),
        "header of version 3": saved(codes, (3, 0)),
        "empty": b"",
        "magic alone": whole[:8],
        "cut": whole[:-1],
        "longer": whole + b"\0",
        "code in the header": whole[:start] + b"__import__('os').abort()".ljust(118) + whole[128:],
        "a shape of 10^30": whole[:start]
        + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1"
        + b"0" * 30
        + b",), }"
        + whole[128:],
        "a length of 65535": whole[:8] + b"\xff\xff" + whole[10:],
        "an archive of arrays": zipped({"a.npy": whole}),
        "all the same": saved(np.zeros_like(codes)),
        "all 1e9": saved(np.full_like(codes, 1e9 if codes.ndim == 2 else 79)),
    }
    for name, content in made.items():
        yield name, recorded(files, bundle.CODES, content)


def weights(files: Files) -> Iterator[tuple[str, Files]]:
    whole = files[bundle.WEIGHTS]
    tensors = safetensors.numpy.load(whole)
    first = min(tensors)
    (length,) = struct.unpack("<Q", whole[:8])
    header, data = json.loads(whole[8 : 8 + length]), whole[8 + length :]

    def headed(text: str | bytes) -> bytes:
        content = text.encode() if isinstance(text, str) else text
        return struct.pack("<Q", len(content)) + content + data

    def saved(changed: dict[str, np.ndarray], **facts: str) -> bytes:
        return safetensors.numpy.save(changed, facts or None)

    def put(value: float) -> bytes:
        array = tensors[first].copy()
        array.flat[0] = value
        return saved({**tensors, first: array})

    def said(**facts: Any) -> bytes:
        return headed(json.dumps({**header, first: {**header[first], **facts}}))

    lacking = {name: array for name, array in tensors.items() if name != first}
    made = {f"value {v}": put(v) for v in (np.nan, np.inf, -np.inf, 3e38, -3e38, 1e-45)}
    made |= {
        f"type {kind}": saved({**tensors, first: tensors[first].astype(kind)})
        for kind in ("f2", "f8", "i8", "u1", "?")
    }
    made |= {f"type {kind} said": said(dtype=kind) for kind in ("BF16", "F8_E4M3", "X", 1, None)}
    made |= {
        f"shape {shape}": said(shape=shape)
        for shape in ([], [0], [-1], [10**30], [2**63, 2**63], "x", [[1]], None)
    }
    made |= {
        f"offsets {offsets}": said(data_offsets=offsets)
        for offsets in ([0, 0], [0, 10**30], [-4, 0], [4, 0], [1, 5], [0], "x", [0, 4, 8])
    }
    made |= {
        "lacks one": saved(lacking),
        "one more": saved({**tensors, "more": tensors[first]}),
        "other name": saved({**lacking, "<script>alert(1)</script>\n": tensors[first]}),
        "one more dimension": saved({**tensors, first: tensors[first][None]}),
        "metadata": saved(tensors, x="<script>"),
        "10 MB of metadata": saved(tensors, x="x" * 10_000_000),
        "a name twice": headed(
            json.dumps(header)[:-1] + f', "{first}": {json.dumps(header[first])}}}'
        ),
        "twice, other place": headed(
            "{"
            + f'"{first}": {{"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}, '
            + json.dumps(header)[1:]
        ),
        "empty": b"",
        "length of 2^64": b"\xff" * 8 + whole[8:],
        "length beyond the end": struct.pack("<Q", len(whole) * 2) + whole[8:],
        "no JSON": headed(b"\xff" * 100),
        "a list": headed("[]"),
        "deep": headed("[" * 100_000),
        "cut": whole[:-1],
        "longer": whole + bytes(4),
        "spaces before": headed(" " + json.dumps(header)),
        "a pickle": pickle.dumps(Bomb()),
    }
    for name, content in made.items():
        yield name, recorded(files, bundle.WEIGHTS, content)


# --- graphs


def graphs(files: Files) -> Iterator[tuple[str, Files]]:
    for which in (bundle.ENCODER, bundle.DECODER):
        for name, content in _graphs(files[which]).items():
            yield f"{which}: {name}", recorded(files, which, content)


def _graphs(good: bytes) -> dict[str, bytes]:
    def changed(change: Callable[[onnx.ModelProto], object]) -> bytes:
        graph = onnx.load_model_from_string(good)
        change(graph)
        return graph.SerializeToString()

    def stored(location: str, offset: str = "0", length: str = "4") -> bytes:
        def change(model: onnx.ModelProto) -> None:
            for entry in model.graph.initializer[0].external_data:
                entry.value = {"location": location, "offset": offset, "length": length}[entry.key]

        return changed(change)

    def output(shape: list[Any]) -> bytes:
        def change(model: onnx.ModelProto) -> None:
            value = model.graph.output[0]
            value.CopyFrom(helper.make_tensor_value_info(value.name, TensorProto.FLOAT, shape))

        return changed(change)

    def operator(kind: str, domain: str = "") -> bytes:
        def change(model: onnx.ModelProto) -> None:
            node = model.graph.node[-1]
            node.op_type, node.domain = kind, domain
            model.opset_import.add(domain=domain, version=1)

        return changed(change)

    def before(node: onnx.NodeProto) -> bytes:
        """The graph with a node in front, whose output becomes the input of the first layer."""

        def change(model: onnx.ModelProto) -> None:
            node.input[:] = [model.graph.input[0].name, *node.input[1:]]
            first = next(each for each in model.graph.node if each.input)
            first.input[0] = node.output[0]
            model.graph.node.insert(0, node)

        return changed(change)

    def function(model: onnx.ModelProto) -> None:
        body = [helper.make_node("Neg", ["x"], ["y"])]
        opset = [helper.make_opsetid("", 20)]
        model.functions.append(helper.make_function("mine", "F", ["x"], ["y"], body, opset))
        model.graph.node[-1].domain, model.graph.node[-1].op_type = "mine", "F"

    forever = helper.make_graph(
        [helper.make_node("Identity", ["on"], ["still"]), helper.make_node("Neg", ["x"], ["y"])],
        "body",
        [
            helper.make_tensor_value_info("i", TensorProto.INT64, []),
            helper.make_tensor_value_info("on", TensorProto.BOOL, []),
            helper.make_tensor_value_info("x", TensorProto.FLOAT, None),
        ],
        [
            helper.make_tensor_value_info("still", TensorProto.BOOL, []),
            helper.make_tensor_value_info("y", TensorProto.FLOAT, None),
        ],
    )
    endless = changed(
        lambda model: (
            model.graph.initializer.append(
                helper.make_tensor("most", TensorProto.INT64, [], [2**62])
            ),
            model.graph.initializer.append(helper.make_tensor("yes", TensorProto.BOOL, [], [True])),
            model.graph.node.insert(
                0,
                helper.make_node(
                    "Loop", ["most", "yes", model.graph.input[0].name], ["looped"], body=forever
                ),
            ),
        )
    )
    return {
        "empty": b"",
        "no protobuf": b"\xff" * 1000,
        "cut": good[:-1],
        "no nodes": changed(lambda model: model.graph.ClearField("node")),
        "another function": operator("Tanh"),
        "a custom operator": operator("Run", "com.example"),
        "Python": operator("PyOp", "ai.onnx.contrib"),
        "a loop": endless,
        "a function": changed(function),
        "noise": before(helper.make_node("RandomNormalLike", ["x"], ["noise"])),
        "constant": before(helper.make_node("ConstantOfShape", ["x"], ["same"])),
        "output of one number": output([1]),
        "output of 10^9": output(["N", 10**9]),
        "output without a shape": output([]),
        "more outputs": changed(lambda model: model.graph.output.append(model.graph.input[0])),
        "another input": changed(lambda model: model.graph.input.append(model.graph.output[0])),
        "another name": changed(lambda model: setattr(model.graph.output[0], "name", "x")),
        "the file /etc/passwd": stored("/etc/passwd"),
        "a file above": stored("../../../etc/passwd"),
        "another file": stored("bundle.json"),
        "a URL": stored("https://example.org/x"),
        "an offset beyond the end": stored("weights.safetensors", str(2**62)),
        "a negative offset": stored("weights.safetensors", "-1"),
        "a length of 10^400": stored("weights.safetensors", "0", "1" + "0" * 400),
        "10 MB of text": changed(lambda model: setattr(model, "doc_string", "x" * 10_000_000)),
        "a newer opset": changed(lambda model: setattr(model.opset_import[0], "version", 999)),
        "script": changed(lambda model: setattr(model, "producer_name", "<script>")),
    }


# --- the zip


def zips(files: Files) -> Iterator[tuple[str, Any]]:
    """Names, kinds and packings that no bundle has."""
    whole = zipped(files)
    for name in (
        "../codes.npy",
        "/codes.npy",
        "a/../codes.npy",
        "..\\codes.npy",
        "C:codes.npy",
        "C:\\codes.npy",
        "\\\\server\\share\\codes.npy",
        "./codes.npy",
        "a//codes.npy",
        "a/b/c/codes.npy",
        "codes.npy/x",
        "CODES.NPY",
        "codes.npy ",
        "cоdes.npy",
        "codes.npy\0.exe",
        "run.sh",
        "x.pkl",
        "bundle/",
        ".queue",
        "",
    ):
        yield f"more: {name!r}", {**files, name: files[bundle.CODES]}
        yield (
            f"instead: {name!r}",
            {(name if key == bundle.CODES else key): content for key, content in files.items()},
        )
    for kind in ("LNK", "CHR", "BLK", "IFO", "SOCK", "DIR"):
        yield f"entries are {kind}", zipped(files, getattr(stat, f"S_IF{kind}"))
    for method in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        yield f"method {method}", zipped(files, method=method)
    for name in NAMES:
        yield f"{name} missing", {key: value for key, value in files.items() if key != name}
        yield f"{name} empty", {**files, name: b""}
        yield f"{name} twice", _twice(files, name)
        yield f"{name} is another", {**files, name: files[bundle.ENCODER][::-1]}
    yield "a zip in a zip", {"model.zip": whole}
    yield "a folder each", {f"{i}/{name}": files[name] for i, name in enumerate(files)}
    yield "encrypted", encrypted(whole)
    yield "many entries", {**files, **{f"__MACOSX/{i}": b"" for i in range(2_000)}}
    yield "a bomb", zipped({**files, bundle.CODES: bytes(30_000_000)}, method=zipfile.ZIP_DEFLATED)
    yield "something before", b"#!/bin/sh\nexit 7\n" + whole
    yield "something behind", whole + b"more"
    yield "empty", b""
    yield "no zip", b"hello"
    yield "a pickle", pickle.dumps(Bomb())
    yield "an empty zip", zipped({})


def _twice(files: Files, name: str) -> bytes:
    """A zip that has one name twice."""
    other = zipped({**files, "@" * len(name): b"other"})
    return other.replace(b"@" * len(name), name.encode())


def encrypted(content: bytes) -> bytes:
    """The zip with the bit set that says that an entry is encrypted, in both of its headers."""
    found = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = found.find(mark)
        while start >= 0:
            found[start + place] |= 1
            start = found.find(mark, start + 4)
    return bytes(found)


def damage(files: Files) -> Iterator[tuple[str, bytes]]:
    """A cut or some other bytes at places that a seed chooses, most in the headers."""
    whole = zipped({name: files[name] for name in reversed(NAMES)})
    tail = len(whole) - 600
    for seed in range(60):
        draw = random.Random(seed)
        changed = bytearray(whole)
        for _ in range(draw.choice((1, 3, 20))):
            start = draw.choice((0, tail, len(whole) - 5000))
            changed[draw.randrange(start, len(whole))] = draw.randrange(256)
        yield f"bytes, seed {seed}", bytes(changed)
    for seed in range(20):
        yield f"cut, seed {seed}", whole[: random.Random(seed).randrange(len(whole))]


HOSTILE_NAMES = (
    "<img src=x onerror=alert(1)>.zip",
    "<script>alert(1)</script>.zip",
    ":material/delete: :red[x] **b** _i_ `c` [a](javascript:alert(1)) $x^2$.zip",
    "![x](https://example.org/x.png).zip",
    "%{x} %{customdata} {x} %s {{x}}.zip",
    "../../etc/passwd.zip",
    "C:\\Windows\\win.zip",
    "a\nb\r\n# title.zip",
    "\u202egnp.zip",
    "a\0b.zip",
    "\ud800.zip",
    ".zip",
    "",
    "x" * 5000 + ".zip",
    "CON.zip",
    "\N{GRINNING FACE} \N{COMBINING ACUTE ACCENT}.zip",
)


def names(files: Files) -> Iterator[tuple[str, bytes, str]]:
    """Names of the uploaded file; the run is named after it."""
    for name in HOSTILE_NAMES:
        yield repr(name[:60]), zipped(files), name


GROUPS: dict[str, Callable[[Files], Iterable[Any]]] = {
    "values in bundle.json": manifest_values,
    "keys missing there": manifest_missing,
    "keys more there": manifest_extra,
    "texts instead of it": manifest_texts,
    "families and networks": combinations,
    "codes.npy": arrays,
    "weights.safetensors": weights,
    "graphs": graphs,
    "zips": zips,
    "damaged zips": damage,
    "file names": names,
}
