"""Codes as features: classifiers on codes and on raw pixels, accuracy and time.

`details["table"]` has a dictionary of `features.Accuracy` for each features and classifier, all
measured in one run, so that their seconds compare.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from aemodels.bundles import recipes
from reproduction.result import Figure
from reproduction.row import Measured, Row

if TYPE_CHECKING:
    from reproduction.context import ReproductionContext

ZOO = ("pca-16", "ae-16", "vae-16", "shallow-64")


def classifiers(context: ReproductionContext) -> Measured:
    """kNN-7 and logistic regression on pixels, on the codes of (784, 8, 784) and of the zoo."""
    from aemodels.analysis import features

    models = [context.fit("shallow-8", recipes.shallow(8)), *map(context.bundle, ZOO)]
    sets = [features.pixels(context.mnist)]
    sets += [features.codes(trained.model, context.mnist, trained.name) for trained in models]
    figures, table = [], []
    for row in features.table(sets):
        values = asdict(row)
        for name in ("encode_seconds", "fit_seconds", "predict_seconds"):
            values[name] = round(values[name], 3)
        table.append(values)
        context.say(f"{row.classifier}, {row.features}: {row.accuracy:.4f}")
        # The rows with published numbers have those of the neighbours.
        if row.classifier == features.LOGISTIC:
            note = "" if row.converged else "the fit stopped at its limit of iterations"
            name = f"{row.classifier}, {row.features}"
            figures.append(Figure(name, "accuracy", (row.accuracy,), note=note))
    return Measured(figures, {"dataset": "mnist", "table": table})


ROWS = (
    Row(
        id="features",
        title="Codes as features: two classifiers on six kinds of features",
        source="no published number; knn-codes and knn-fashion compare with published ones",
        recipe="kNN-7, and logistic regression with C = 1, fitted on all 60,000 digits",
        difference="our own experiment; all times are of one run",
        measure=classifiers,
        families=("ae", "vae", "pca"),
        recipes=ZOO,
    ),
)
