"""Bundles: trained models on disk, the zoo of them, and how they were made.

    from aemodels import bundles
    bundles.read("zoo/vae-2").metrics.sse

Only `aemodels.bundles.load` loads PyTorch.
"""

from aemodels.bundles.atomic import OutputError
from aemodels.bundles.bundle import (
    Bundle,
    BundleIndex,
    Problem,
    check_output,
    read,
    replace_metrics,
    scan,
    write,
)
from aemodels.bundles.checks import MANIFEST, BundleError
from aemodels.bundles.codes import CODES, Codes
from aemodels.bundles.facts import CurvePoint, TrainingFacts
from aemodels.bundles.manifest import DECODER, ENCODER, FILES, FORMAT, WEIGHTS, Manifest
from aemodels.bundles.metrics import Metrics

__all__ = [
    "CODES",
    "DECODER",
    "ENCODER",
    "FILES",
    "FORMAT",
    "MANIFEST",
    "WEIGHTS",
    "Bundle",
    "BundleError",
    "BundleIndex",
    "Codes",
    "CurvePoint",
    "Manifest",
    "Metrics",
    "OutputError",
    "Problem",
    "TrainingFacts",
    "check_output",
    "read",
    "replace_metrics",
    "scan",
    "write",
]
