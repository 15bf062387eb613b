"""The commands `evaluate`, `export` and `list`: trained models as bundles.

Modules that load PyTorch are imported where they are needed, so that refusals don't wait for it.
"""

import argparse
import json
import sys

from aemodels import data
from aemodels.bundles import atomic, bundle, zoo
from aemodels.bundles.metrics import Metrics
from aemodels.cli import progress
from aemodels.cli.output import number, summary
from aemodels.models import onnx_graphs


def evaluate(arguments: argparse.Namespace) -> int:
    """Remeasure a bundle."""
    found = bundle.read_named(arguments.bundle)
    dataset = data.load(found.config.data.dataset, arguments.data, progress.download)
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
