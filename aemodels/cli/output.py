"""Lines that several commands print."""

import argparse
import sys
from typing import Any

from aemodels.bundles.metrics import Metrics

SUMMARY = ("sse", "negative_elbo_sample", "knn5", "trustworthiness", "explained_variance")


def fail(arguments: argparse.Namespace, message: str, code: int) -> int:
    """Print what went wrong; returns the exit code."""
    print(f"aemodels {arguments.command}: {message}", file=sys.stderr)
    return code


def summary(metrics: Metrics) -> str:
    """The main metrics on one line."""
    values = metrics.to_json()
    parts = [f"{name} {number(values[name])}" for name in SUMMARY if values[name] is not None]
    return ", ".join(parts) or "not measured"


def number(value: Any) -> str:
    """A metric to four digits; a list, such as one per class, to one decimal place."""
    if isinstance(value, list):
        return " ".join(f"{part:.1f}" for part in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)
