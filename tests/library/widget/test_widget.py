"""Widgets without a browser: traits and states, which follow each other, and what is answered."""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from traitlets import TraitError

import aemodels
from aemodels import data, paths, runs, views, widget
from aemodels.bundles import bundle, zoo
from aemodels.data.idx import parse_idx
from aemodels.views import contract
from aemodels.widget.anywidgets import Compare, Explore, Interpolate, View

SMALL: dict[str, Any] = {"epochs": 1, "train_images": 300, "hidden": (16,), "device": "cpu"}
STATES = {
    Explore: contract.ExploreState,
    Compare: contract.CompareState,
    Interpolate: contract.InterpolateState,
}


def asked(view: View, address: str) -> tuple[dict[str, Any], list[bytes]]:
    """What a view gets when it asks for an address."""
    sent: list[Any] = []
    view.send = lambda content, buffers: sent.append((content, buffers))
    view._handle_custom_msg({"id": "1", "address": address}, [])
    found: tuple[dict[str, Any], list[bytes]] = sent[0]
    return found


@pytest.mark.parametrize("kind", STATES)
def test_traits_are_called_as_the_contract_has_them(kind: type[View]) -> None:
    assert {*kind.names} == STATES[kind].__annotations__.keys() - {"visit"}
    assert {*kind.names} <= {*kind.class_traits(sync=True)}


def test_digit_and_z_are_there_from_the_start() -> None:
    view = widget.explore("vae-2")
    codes = bundle.read(zoo.find("vae-2")).codes().mean
    assert view.digit == 0
    assert np.allclose(view.z, codes[0], atol=0.0006)
    view.digit = 12
    assert np.allclose(view.z, codes[12], atol=0.0006)


def test_a_trait_that_is_set_reaches_the_view_and_a_state_the_traits() -> None:
    view = widget.explore("vae-2", digit=3, z=np.array([0.5, -1]))
    assert (view._shown["digit"], view._shown["z"]) == (3, [0.5, -1.0])
    seen: list[Any] = []
    view.observe(lambda change: seen.append(change["new"]), "z")
    # As anywidget does when the view has come to rest.
    view.set_state({"_shown": {**view._shown, "z": [2.0, 1.5], "classes": [1, 7]}})
    assert (view.z, view.classes, view.digit) == ([2.0, 1.5], [1, 7], 3)
    view.z = None
    assert view._shown["z"] is None
    assert seen == [[2.0, 1.5], view.z]


def test_a_new_digit_keeps_a_z_that_is_set_with_it() -> None:
    view = widget.explore("vae-2")
    view.set_state({"digit": 5, "z": [1.0, 1.0]})
    assert (view._shown["digit"], view._shown["z"]) == (5, [1.0, 1.0])


def test_a_drawn_end_is_none_until_a_test_image_takes_its_place() -> None:
    view = widget.interpolate(["ae-16", "vae-16"], a=5)
    assert (view.a, view.b, view.t) == (5, data.SOURCES["mnist"].example_digits[0], 0.5)
    state = {"drawn": ["a"], "a": None, "b": 9, "t": 0.25, "classes": None, "frames": None}
    view.set_state({"_shown": state})
    assert (view.a, view.b, view.t, view.drawn) == (None, 9, 0.25, ["a"])
    view.a = 4
    assert (view._shown["a"], view.drawn) == (4, [])


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("z", [1], "must be 2 finite numbers"),
        ("z", [1, float("nan")], "must be 2 finite numbers"),
        ("digit", 10_000, "must be a whole number from 0 to 9999"),
        ("digit", 2.5, "must be a whole number from 0 to 9999"),
        ("classes", [11], "must be a list of whole numbers from 0 to 9"),
        ("layer", "rings", "must be 'points' or 'manifold' or 'clouds' or 'holes' or None"),
        ("pins", [[1, 2], [3]], "up to 6 lists, each empty or of 2 finite numbers"),
        ("samples", -1, "a whole number that isn't negative"),
    ],
)
def test_a_value_that_no_view_can_show_is_refused(name: str, value: object, words: str) -> None:
    view = widget.explore("vae-2")
    with pytest.raises(TraitError, match=f"^{name}=.*{words}"):
        setattr(view, name, value)
    assert getattr(view, name) == getattr(widget.explore("vae-2"), name)


def test_files_of_the_model_and_its_images_are_answered_and_no_others(tmp_path: Path) -> None:
    view = widget.explore("vae-2")
    model, dataset = view._page["model"], view._page["dataset"]
    for name in (bundle.MANIFEST, *bundle.FILES):
        content, buffers = asked(view, f"{model['url']}/{name}")
        assert content == {"id": "1", "found": True, "packed": False}
        assert buffers == [(zoo.folder() / "vae-2" / name).read_bytes()]
    _, (images,) = asked(view, f"{dataset['url']}/t10k-images-idx3-ubyte.gz")
    assert np.array_equal(parse_idx(gzip.decompress(images), ""), data.load_test().images)
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    for address in (
        str(secret),
        f"{model['url']}/../../pyproject.toml",
        f"{model['url']}/../ae-2/codes.npy",
        "/lens/../pyproject.toml",
        "/runs/recorded.vae-2/run.json",
        "",
    ):
        assert asked(view, address) == ({"id": "1", "found": False, "packed": False}, [])


def test_the_modules_and_the_runtime_are_answered_packed() -> None:
    view = widget.explore("vae-2")
    content, (modules,) = asked(view, "/lens/modules.json")
    assert content["packed"]
    assert dict(json.loads(gzip.decompress(modules)))["mount.mjs"]
    name = "vendor/onnxruntime-web/ort-wasm-simd-threaded.wasm"
    _, (runtime,) = asked(view, f"/lens/{name}")
    assert gzip.decompress(runtime) == (paths.web() / name).read_bytes()


def test_a_model_that_no_disk_has_is_shown_with_its_own_codes(tmp_path: Path) -> None:
    model = aemodels.fit("vae", latent_dim=2, **SMALL)
    view = widget.explore(model, digit=4)
    images = data.load_test().images
    assert np.allclose(view.z, model.encode(images[4:5])[0], atol=0.0006)
    entry = view._page["model"]
    _, (graph,) = asked(view, f"{entry['url']}/decoder.onnx")
    assert onnx.load_from_string(graph).graph.output[0].name == "images"
    # What a person saves is a bundle, which loads as that model.
    for name in (bundle.MANIFEST, *bundle.FILES):
        _, (content,) = asked(view, f"{entry['url']}/{name}")
        (tmp_path / name).write_bytes(content)
    loaded = aemodels.load(tmp_path)
    assert np.array_equal(loaded.encode(images[:9]), model.encode(images[:9]))
    # The same weights have the same address, so a page needn't fetch them again.
    assert widget.explore(model)._page["model"]["url"] == entry["url"]
    assert widget.explore("vae-2")._page["model"]["url"] != entry["url"]


def test_a_model_is_named_by_what_others_find_it_by(tmp_path: Path) -> None:
    shutil.copytree(zoo.find("vae-2"), tmp_path / "mine")
    shown: dict[str, str | Path] = {"/zoo/": "vae-2", "/elsewhere/": tmp_path / "mine"}
    for start, model in shown.items():
        assert widget.explore(model)._page["model"]["url"].startswith(start)
    # Its name is that of a model of the zoo, but it is another one.
    assert widget.explore(aemodels.load("vae-2"))._page["model"]["url"].startswith("/elsewhere/")


def test_arrays_of_ones_own_are_the_images_of_a_model() -> None:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (40, 28, 28), np.uint8)
    labels = np.arange(40, dtype=np.uint8) % 3
    mine = data.Dataset("mine", images, labels, images[:20], labels[:20])
    model = aemodels.fit("pca", latent_dim=2, dataset=mine)
    view = widget.explore(model, dataset=mine, digit=19)
    dataset = view._page["dataset"]
    assert (dataset["count"], dataset["class_names"]) == (20, ["0", "1", "2"])
    _, (packed,) = asked(view, f"{dataset['url']}/t10k-images-idx3-ubyte.gz")
    assert np.array_equal(parse_idx(gzip.decompress(packed), ""), images[:20])
    assert np.allclose(view.z, model.encode(images[19:20])[0], atol=0.0006)


def test_models_are_titled_and_of_one_data_set() -> None:
    view = widget.compare({"line": "pca-2", "cloud": "vae-2"})
    assert [model["title"] for model in view._page["models"]] == ["line", "cloud"]
    twice = widget.compare(["vae-2", "beta-4", "vae-2"])._page["models"]
    assert len({model["title"] for model in twice}) == 3
    with pytest.raises(ValueError, match=r"^1 models: must be 2 to 4"):
        widget.compare(["vae-2"])
    with pytest.raises(TypeError, match=r"^ndarray: is no model"):
        widget.explore(np.zeros(3))  # type: ignore[arg-type]


def test_a_run_is_answered_with_its_progress_and_its_snapshots_alone() -> None:
    run = runs.recorded()
    assert run is not None
    view = widget.train(run)
    _, (progress,) = asked(view, f"/live/{run.id}")
    assert json.loads(progress)["epochs"] == view.progress["epochs"] == run.status.epochs
    _, (snapshot,) = asked(view, f"/runs/{run.id}/snapshots/0000-00008.safetensors")
    assert snapshot == (run.path / "snapshots" / "0000-00008.safetensors").read_bytes()
    assert not asked(view, f"/runs/{run.id}/snapshots/../run.json")[0]["found"]
    assert not asked(view, "/runs/another/snapshots/0000-00008.safetensors")[0]["found"]


def test_without_anywidget_one_sentence_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['anywidget'] = None\n"
        "from aemodels import widget\n"
        "try: widget.explore('vae-2')\n"
        "except ImportError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=paths.AROUND, capture_output=True, text=True, timeout=60
    )
    words = "aemodels.widget needs anywidget: pip install 'latent-lab[notebook]'\n"
    assert done.stdout == words, done.stderr


def test_the_views_html_has_both_colour_schemes() -> None:
    markup = widget.explore("vae-2")._markup
    for scheme in ("light", "dark"):
        assert f'[data-scheme="{scheme}"]' in markup
        assert views.theme(scheme) in markup
