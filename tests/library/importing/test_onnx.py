"""ONNX graphs of others: ONNX Runtime's codes and pictures, or one sentence about what is wrong."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from aemodels import importing
from aemodels.bundles.load import restore
from aemodels.config import Config
from aemodels.importing import ForeignError
from aemodels.models import onnx_graphs
from tests.library import small
from tests.library.importing.graphs import (
    ARRAYS,
    DECODER,
    ENCODER,
    HEADS,
    graph,
    node,
    saved,
    weight,
)

IMAGES = np.random.default_rng(0).random((6, 784), np.float32) ** 2


def run(path: Path, given: np.ndarray) -> list[np.ndarray]:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    found: list[np.ndarray] = session.run(None, {session.get_inputs()[0].name: given})
    return found


def close(ours: np.ndarray, theirs: np.ndarray) -> bool:
    return np.allclose(ours, theirs.reshape(len(theirs), -1), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("names", [["mu", "logvar"], ["logvar", "mu"]])
def test_a_chain_with_two_heads(names: list[str], tmp_path: Path) -> None:
    encoder = graph(ENCODER, ("x", 784), [(name, 3) for name in names])
    paths = saved(tmp_path, encoder, graph(DECODER, ("z", 3), [("y", 784)]))
    mine = restore(*importing.from_onnx(*paths))
    theirs = dict(zip(names, run(paths[0], IMAGES), strict=True))
    mean, log_var = mine.posterior(IMAGES)
    assert close(mean, theirs["mu"])
    assert close(log_var, theirs["logvar"])
    assert close(mine.decode(mean), run(paths[1], mean)[0])
    assert mine.config.to_dict()["reconstruction_loss"] == "bce"


def test_batch_normalisation(tmp_path: Path) -> None:
    moments = {"g": weight(9) + 1, "s": weight(9), "m": weight(9), "v": weight(9) ** 2}
    encoder = [
        node("MatMul", "x w1", "h"),
        node("BatchNormalization", "h g s m v", "n", epsilon=0.01),
        node("Relu", "n", "r"),
        node("Gemm", "r w2 b2", "z"),
    ]
    made = graph(encoder, ("x", 784), [("z", 3)], ARRAYS | moments)
    paths = saved(tmp_path, made, graph(DECODER, ("z", 3), [("y", 784)]))
    mine = restore(*importing.from_onnx(*paths))
    assert close(mine.encode(IMAGES), run(paths[0], IMAGES)[0])


def test_silu_a_flat_image_and_a_code_with_an_activation(tmp_path: Path) -> None:
    encoder = [
        node("Flatten", "x", "f", axis=1),
        node("Gemm", "f w1 b1", "h"),
        node("Sigmoid", "h", "s"),
        node("Mul", "s h", "r"),
        node("Gemm", "r w2 b2", "c"),
        node("Tanh", "c", "z"),
    ]
    decoder = [
        node("Gemm", "z v1 c1", "h", transB=1),
        node("Sigmoid", "h", "s"),
        node("Mul", "h s", "r"),
        node("Gemm", "r v2 c2", "a"),
        node("Constant", "", "shape", value_ints=[-1, 784]),
        node("Reshape", "a shape", "y"),
    ]
    made = graph(encoder, ("x", 784), [("z", 3)]), graph(decoder, ("z", 3), [("y", 784)])
    paths = saved(tmp_path, *made)
    mine = restore(*importing.from_onnx(*paths))
    codes = mine.encode(IMAGES)
    assert close(codes, run(paths[0], IMAGES)[0])
    assert close(mine.decode(codes), run(paths[1], codes)[0])
    values = mine.config.to_dict()
    assert (values["activation"], values["code_activation"]) == ("silu", "tanh")
    assert values["output_activation"] == "linear"


@pytest.mark.parametrize(
    ("operator", "options", "activation"),
    [
        ("LeakyRelu", {}, "leaky-relu"),
        ("LeakyRelu", {"alpha": 0.01}, "leaky-relu"),
        ("LeakyRelu", {"alpha": 0.2}, "leaky-relu-0.2"),
        ("Selu", {}, "selu"),
        ("Softplus", {}, "softplus"),
    ],
)
def test_an_activation_behind_all_hidden_layers(
    operator: str, options: dict[str, float], activation: str, tmp_path: Path
) -> None:
    encoder, decoder = (
        [
            node(operator, " ".join(each.input), " ".join(each.output), **options)
            if each.op_type == "Relu"
            else each
            for each in nodes
        ]
        for nodes in (ENCODER, DECODER)
    )
    made = graph(encoder, ("x", 784), HEADS), graph(decoder, ("z", 3), [("y", 784)])
    paths = saved(tmp_path, *made)
    mine = restore(*importing.from_onnx(*paths))
    mean, _ = mine.posterior(IMAGES)
    assert mine.config.network.hidden_activation == activation
    assert close(mean, run(paths[0], IMAGES)[0])
    assert close(mine.decode(mean), run(paths[1], mean)[0])


@pytest.mark.parametrize(
    "config",
    [
        small.config("vae"),
        small.config("ae", "shallow", code_activation="relu"),
        small.config("ae", "conv", activation="elu"),
        small.config("vae", "conv-narrow", activation="silu"),
        small.config(
            "vae", "conv-asymmetric", output_activation="linear", reconstruction_loss="mse"
        ),
        small.config("ae", decoder_hidden=(5, 9, 7), activation="gelu"),
        small.config("vae", "conv", activation="leaky-relu-0.2"),
    ],
    ids=small.words,
)
def test_graphs_that_this_library_exports_come_back(config: Config, tmp_path: Path) -> None:
    shapes = config.network.tensor_shapes(config.family.variational)
    weights = {name: weight(*shape) for name, shape in shapes.items()}
    paths = tmp_path / "encoder.onnx", tmp_path / "decoder.onnx"
    for path, content in zip(paths, onnx_graphs.standalone(config, weights), strict=True):
        path.write_bytes(content)
    found = importing.from_onnx(*paths)
    assert found.config.network == config.network
    assert found.config.family == config.family
    assert all(np.array_equal(found.weights[name], weights[name]) for name in shapes)


def changed_encoder(change: Callable[[onnx.ModelProto], object]) -> onnx.ModelProto:
    made = graph(ENCODER, ("x", 784), HEADS)
    change(made)
    return made


def replaced(index: int, *others: onnx.NodeProto) -> onnx.ModelProto:
    nodes = [*ENCODER[:index], *others, *ENCODER[index + 1 :]]
    return graph(nodes, ("x", 784), HEADS)


def external(made: onnx.ModelProto) -> None:
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value="../../etc/passwd")


def hidden_external(made: onnx.ModelProto) -> None:
    """In an attribute, and without the mark."""
    tensor = helper.make_tensor("t", TensorProto.FLOAT, [1], [0.0])
    tensor.external_data.add(key="location", value="/etc/passwd")
    made.graph.node.insert(0, helper.make_node("Constant", [], ["extra"], value=tensor))


def giant(made: onnx.ModelProto) -> None:
    made.graph.initializer[0].dims[:] = [1 << 40, 1 << 40]


def negative(made: onnx.ModelProto) -> None:
    made.graph.initializer[0].dims[:] = [-784, -9]


def cyclic(made: onnx.ModelProto) -> None:
    made.graph.node[0].input[0] = "r"


def branch(made: onnx.ModelProto) -> None:
    inner = helper.make_graph([], "inner", [], [])
    made.graph.node.append(helper.make_node("If", ["x"], ["y"], then_branch=inner))


def disguised_branch(made: onnx.ModelProto) -> None:
    inner = helper.make_graph([], "inner", [], [])
    made.graph.node.append(helper.make_node("Relu", ["x"], ["y"], then_branch=inner))


def not_a_number(made: onnx.ModelProto) -> None:
    made.graph.initializer[0].raw_data = np.full((784, 9), np.nan, np.float32).tobytes()


def texts(made: onnx.ModelProto) -> None:
    tensor = TensorProto(name="w1", data_type=TensorProto.STRING, dims=[1], string_data=[b"x"])
    made.graph.initializer[0].CopyFrom(tensor)


GOOD = graph(ENCODER, ("x", 784), HEADS)
HOSTILE: dict[str, tuple[onnx.ModelProto, str]] = {
    "external data": (changed_encoder(external), "in other files (external data)"),
    "hidden external data": (changed_encoder(hidden_external), "in other files (external data)"),
    "giant sizes": (changed_encoder(giant), "has the shape (1099511627776, 1099511627776) and 28"),
    "negative sizes": (changed_encoder(negative), "needed are up to 4 axes"),
    "a cycle": (changed_encoder(cyclic), "MatMul takes r, which nothing before it gives"),
    "an If": (changed_encoder(branch), "it has the operator If; needed are Gemm, MatMul"),
    "a graph inside": (changed_encoder(disguised_branch), "has a graph or a reference"),
    "NaN": (changed_encoder(not_a_number), "w1 holds NaN or infinite numbers"),
    "texts": (changed_encoder(texts), "w1 holds numbers of ONNX's type 8"),
    "no input": (changed_encoder(lambda made: made.graph.ClearField("input")), "has 0 inputs"),
    "no output": (changed_encoder(lambda made: made.graph.ClearField("output")), "has 0 outputs"),
    "no graph": (changed_encoder(lambda made: made.ClearField("graph")), "it holds 0 graphs"),
    "functions": (
        changed_encoder(lambda made: made.functions.add(name="f", domain="d")),
        "it defines operators of its own",
    ),
    "another domain": (
        replaced(2, node("Relu", "h", "r", domain="com.example")),
        "it has the operator com.example.Relu",
    ),
    "another operator": (
        replaced(2, node("Softsign", "h", "r")),
        "it has the operator Softsign; needed are Gemm, MatMul",
    ),
    "another slope": (
        replaced(2, node("LeakyRelu", "h", "r", alpha=0.3)),
        "LeakyRelu has alpha 0.3; needed is 0.01 or 0.2",
    ),
    "another alpha": (replaced(2, node("Elu", "h", "r", alpha=0.5)), "Elu has alpha 0.5; needed"),
    "tanh's gelu": (
        replaced(2, node("Gelu", "h", "r", approximate="tanh")),
        "Gelu has approximate b'tanh'; needed is b'none'",
    ),
    "a scaled Gemm": (replaced(3, node("Gemm", "r w2 b2", "mu", alpha=2.0)), "Gemm has alpha 2.0"),
    "no activation": (replaced(2, node("Identity", "h", "r")), "straight after another layer"),
    "a residual": (replaced(2, node("Add", "h m", "r")), "Add doesn't take one value and then"),
    "a product": (replaced(2, node("Mul", "h h", "r")), "Mul isn't the one of SiLU"),
    "a constant output": (replaced(3, node("Identity", "b2", "mu")), "isn't computed from its inp"),
    "a value twice": (replaced(4, node("Gemm", "r w3 b3", "mu")), "it gives the value mu twice"),
    "a wrong bias": (replaced(1, node("Add", "m b2", "h")), "has a bias of the shape (3,)"),
    "one half": (
        replaced(3, node("Gemm", "r w2 b2", "s"), node("Split", "s", "mu u", axis=1)),
        "Split doesn't give two halves of 3 numbers",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_foreign_graph_is_refused_in_one_sentence(name: str, tmp_path: Path) -> None:
    encoder, says = HOSTILE[name]
    paths = saved(tmp_path, encoder, graph(DECODER, ("z", 3), [("y", 784)]))
    with pytest.raises(ForeignError) as caught:
        importing.from_onnx(*paths)
    assert says in str(caught.value)
    assert str(caught.value).startswith("encoder.onnx")
    assert str(caught.value).isprintable()


def test_long_and_deep_files_are_refused_soon(tmp_path: Path) -> None:
    decoder = graph(DECODER, ("z", 3), [("y", 784)])
    path, other = saved(tmp_path, GOOD, decoder)
    for content in (
        b"",
        b"no graph",
        GOOD.SerializeToString()[:-50],
        b"\x3a" + b"\xff" * 9 + b"\x01",  # a graph of 2^64 bytes
        b"\x08" + b"\xff" * 20,  # a number without an end
        b"\x08\x01" * 200_000,  # many fields
        b"\x0b",  # a group, which nobody uses
    ):
        path.write_bytes(content)
        with pytest.raises(ForeignError, match=r"^encoder\.onnx: it isn't an ONNX file"):
            importing.from_onnx(path, other)
    path.write_bytes(b"\x80\x04.")
    with pytest.raises(ForeignError, match="is a pickle"):
        importing.from_onnx(path, other)
    many = graph([node("Relu", "x", f"r{n}") for n in range(1001)], ("x", 784), [("r0", 784)])
    path.write_bytes(many.SerializeToString())
    with pytest.raises(ForeignError, match="more than 1,000 operators"):
        importing.from_onnx(path, other)


def test_random_damage_is_refused_or_harmless(tmp_path: Path) -> None:
    decoder = graph(DECODER, ("z", 3), [("y", 784)])
    path, other = saved(tmp_path, GOOD, decoder)
    whole = GOOD.SerializeToString()
    # Numbers are most of it; what is read as structure lies before and behind them.
    places = [*range(400), *range(len(whole) - 1500, len(whole))]
    for seed in range(80):
        draw = np.random.default_rng(seed)
        content = bytearray(whole)
        for place in draw.choice(places, draw.choice([1, 3, 20])):
            content[place] = draw.integers(256)
        path.write_bytes(content[: draw.integers(len(content))] if seed % 4 == 0 else content)
        try:
            found = importing.from_onnx(path, other)
        except ForeignError:
            continue
        shapes = found.config.network.tensor_shapes(found.config.family.variational)
        assert {name: array.shape for name, array in found.weights.items()} == shapes
