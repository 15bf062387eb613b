"""The commands `evaluate`, `export`, `compress` and `list`: trained models as bundles.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse
import json
import shlex
import sys
from collections.abc import Mapping

from aemodels import data
from aemodels.bundles import atomic, bundle, contents, half, zoo
from aemodels.bundles.metrics import Metrics
from aemodels.cli import progress
from aemodels.cli.output import number, summary
from aemodels.models import onnx_graphs


def evaluate(arguments: argparse.Namespace) -> int:
    """Remeasure a bundle."""
    found = bundle.read_named(arguments.bundle)
    dataset = data.load(found.config.data.dataset, arguments.data, progress.download)
    found.check_data(dataset)
    from aemodels.analysis import evaluation
    from aemodels.bundles.load import load

    metrics = evaluation.evaluate(load(found), dataset)
    values = metrics.to_json()
    if arguments.json:
        print(json.dumps(values, indent=2))
        return 0
    for name, meaning in Metrics.glossary().items():
        if values[name] is not None:
            print(f"{name:22}  {number(values[name]):>10}  {meaning}")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write both ONNX graphs with their weights inside."""
    names = (bundle.ENCODER, bundle.DECODER)
    atomic.check(arguments.output, names, arguments.overwrite)
    found = bundle.read_named(arguments.bundle)
    graphs = onnx_graphs.standalone(found.config, found.weights())
    atomic.write(arguments.output, dict(zip(names, graphs, strict=True)), arguments.overwrite)
    for name, graph in zip(names, graphs, strict=True):
        print(f"{arguments.output / name}: {len(graph):,} bytes")
    return 0


def compress(arguments: argparse.Namespace) -> int:
    """Round a bundle to float16 and measure it anew; refused where a published number moves."""
    found = bundle.read_named(arguments.bundle)
    parts = _parts(arguments.parts)
    if half.stored(found):
        raise bundle.BundleError(f"{arguments.bundle}: is in float16 already")
    dataset = data.load(found.config.data.dataset, arguments.data, progress.download)
    found.check_data(dataset)
    from aemodels.analysis import evaluation
    from aemodels.bundles.load import restore
    from aemodels.training.fit import relative

    weights = half.weights(found.weights(), parts)
    model, codes, metrics = restore(found.config, weights), found.codes(), found.metrics
    if "encoder" in parts:
        encoded = evaluation.encode(model, dataset)
        codes, metrics = encoded.codes, evaluation.evaluate(model, dataset, encoded=encoded)
    elif "decoder" in parts:
        # The codes, and so their neighbours, are what they were.
        metrics = metrics.updated(evaluation.decoded(model, dataset, codes))
    moved = half.moved(found.metrics, metrics)
    if moved and not arguments.accept:
        raise bundle.BundleError(f"{arguments.bundle}: {_sentence(moved)}; nothing was written")
    words = ["python", "-m", "aemodels", "compress", relative(found.path)]
    words += ["--parts", ",".join(parts)] if parts != half.PARTS else []
    words += ["--accept"] if arguments.accept else []
    files = contents.pack(found.config, weights, half.codes(codes) if "codes" in parts else codes)
    bundle.write(
        found.path,
        found.config,
        files,
        metrics=metrics,
        training=found.training,
        versions=found.versions,
        command=f"{found.command} && {shlex.join(words)}",
        overwrite=True,
        source=found.source,
    )
    before = sum(record.size for record in found.manifest.files.values())
    print(f"{arguments.bundle}: {before:,} -> {sum(map(len, files.values())):,} bytes")
    return 0


def _parts(text: str) -> tuple[str, ...]:
    given = text.split(",")
    if not set(given) <= set(half.PARTS):
        raise bundle.BundleError(f"--parts {text}: must be some of {', '.join(half.PARTS)}")
    return tuple(part for part in half.PARTS if part in given)


def _sentence(moved: Mapping[str, tuple[float, float]]) -> str:
    """In float16, sse would be 24.768, not 24.767."""
    form = f".{half.DIGITS}g"
    each = [f"{name} would be {new:{form}}, not {old:{form}}" for name, (old, new) in moved.items()]
    return f"in float16, {' and '.join(each)}"


def list_bundles(arguments: argparse.Namespace) -> int:
    """Print one line per bundle; returns 1 if one is damaged."""
    index = bundle.scan(arguments.folder or zoo.folder())
    for found in index.bundles:
        early = "" if found.training.finished else "; stopped early"
        print(f"{found.name}: {summary(found.metrics)}{early}")
    for problem in index.problems:
        print(f"{problem.name}: skipped: {problem.message}", file=sys.stderr)
    if not index.bundles and not index.problems:
        print(
            "no bundles here; create one with: python -m aemodels train --output FOLDER",
            file=sys.stderr,
        )
    return 1 if index.problems else 0
