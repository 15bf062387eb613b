"""What rows of anomalies keep: exact rates at every edge; and the floor of cross-entropy."""

import base64
import io
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from aemodels import data
from aemodels.analysis import anomaly
from reproduction import rows
from reproduction.context import ReproductionContext
from reproduction.rows import anomalies


def test_rates_at_the_edges_are_those_of_the_scores() -> None:
    generator = np.random.default_rng(0)
    normal, anomalous = generator.lognormal(1, 0.6, 500), generator.lognormal(2, 0.9, 300)
    anomalous[7] = 1e80
    found = anomalies.detector("x", anomalies.SQUARED, anomaly.Detection(normal, anomalous, 0.5))
    assert len(found["edges"]) == len(found["normal"]) + 1 == anomalies.BINS + 1
    for scores, counts in ((normal, found["normal"]), (anomalous, found["anomalous"])):
        above = np.cumsum(counts[::-1])[::-1]
        assert above.tolist() == [(scores >= edge).sum() for edge in found["edges"][:-1]]
    # One image that a model knows nothing like doesn't squeeze the others into one bin.
    assert found["edges"][-1] < 1000
    index, score = found["most_anomalous"][0]
    assert score == pytest.approx(normal.max(), abs=1e-4)
    assert index == normal.argmax()
    assert found["least_anomalous"][0][0] == anomalous.argmin()


def test_no_model_has_less_cross_entropy_than_the_floor() -> None:
    images = data.load_test().images[:20]
    target = torch.from_numpy(data.to_vectors(images)).double()
    # The best answer to a grey level is that grey level.
    least = torch.nn.functional.binary_cross_entropy(target, target, reduction="none").sum(1)
    assert anomaly.entropy_floor(images) == pytest.approx(least.numpy())
    white = np.full((1, 28, 28), 255, np.uint8)
    assert anomaly.entropy_floor(white) == pytest.approx([0])


@pytest.mark.slow
def test_each_row_measures_in_small(tmp_path: Path) -> None:
    context = ReproductionContext(tmp_path, tmp_path, quick=True, stream=io.StringIO())
    for name in ("anomaly-digits", "anomaly-fashion"):
        found = rows.ROWS[name].measure(context)
        for detector, figure in zip(found.details["detectors"], found.figures, strict=True):
            assert figure.value == pytest.approx(detector["auroc"], abs=1e-6)
            # From the bins alone, as a page has them, the area is nearly the same.
            middles = np.arange(anomalies.BINS)
            counts = detector["normal"], detector["anomalous"]
            truth = np.repeat([0, 1], [sum(each) for each in counts])
            scores = np.concatenate([np.repeat(middles, each) for each in counts])
            assert roc_auc_score(truth, scores) == pytest.approx(figure.value, abs=0.01)
    shown = [index for index, _ in found.details["detectors"][0]["most_anomalous"]]
    assert min(shown) >= 200  # in quick mode models are trained on the first 200
    reconstructed = base64.b64decode(found.details["detectors"][0]["reconstructed"])
    assert len(reconstructed) == 2 * anomalies.SHOWN * data.PIXELS


@pytest.mark.slow
def test_features_in_small(tmp_path: Path) -> None:
    context = ReproductionContext(tmp_path, tmp_path, quick=True, stream=io.StringIO())
    found = rows.ROWS["features"].measure(context)
    table = found.details["table"]
    assert {row["classifier"] for row in table} == {"kNN-7", "logistic regression"}
    assert [figure.value for figure in found.figures] == [
        row["accuracy"] for row in table if row["classifier"] == "logistic regression"
    ]
