"""Rows of the reproduction table as tests make them: small, whole, and of this test only."""

from pathlib import Path
from typing import Any

import numpy as np

from reproduction.result import DONE, Figure, Result
from reproduction.rows import ROWS, anomalies

CLASSIFIERS = ("kNN-7", "logistic regression")


def save(folder: Path, name: str, figures: list[Figure], **values: Any) -> Result:
    """Write the row's JSON, with its own words and these numbers."""
    row = ROWS[name]
    found = Result(
        **{
            "id": name,
            "title": row.title,
            "source": row.source,
            "recipe": row.recipe,
            "difference": row.difference,
            "chosen": "solved exactly; there is nothing to choose",
            "status": DONE,
            "machine": "a machine",
            "date": "2024-05-01",
            "seconds": 12.0,
            "families": row.families,
            "seeds": (0,),
            "figures": tuple(figures),
            "versions": {"python": "3"},
            **values,
        }
    )
    found.save(folder)
    return found


def detector(
    name: str, score: str, normal: np.ndarray, anomalous: np.ndarray, **more: Any
) -> dict[str, Any]:
    """A detector as the rows of anomalies record it, from scores (N,) and (M,)."""
    from aemodels.analysis.anomaly import Detection, auroc

    found = Detection(normal, anomalous, auroc(normal, anomalous))
    return {**anomalies.detector(name, score, found), **more}


def features(folder: Path) -> None:
    """Six numbers and their seconds."""
    table = [
        {
            "features": name,
            "dimensions": count,
            "classifier": classifier,
            "accuracy": 0.9 + 0.01 * k,
            "encode_seconds": 0.5,
            "fit_seconds": 1.5,
            "predict_seconds": 2.0 + k,
            "converged": classifier != "logistic regression" or name != "pixels",
        }
        for k, (name, count) in enumerate((("pixels", 784), ("shallow-8", 8), ("vae-16", 16)))
        for classifier in CLASSIFIERS
    ]
    figures = [Figure("logistic regression, pixels", "accuracy", (0.9,))]
    save(folder, "features", figures, details={"dataset": "mnist", "table": table})
