"""The test numbers of models, as Compare and Train show them."""

from collections.abc import Sequence

from ui import markdown
from ui.model_picker import PickedModel

SHORT = {"Autoencoder": "AE"}
# Title, name in `Metrics`, format.
ROWS = (
    ("Squared error", "sse", ".2f"),
    ("Cross-entropy, nats", "bce", ".2f"),
    ("Negative ELBO, nats", "negative_elbo_sample", ".2f"),
    ("kNN-5 accuracy", "knn5", ".1%"),
    ("Trustworthiness", "trustworthiness", ".3f"),
    ("Explained variance", "explained_variance", ".1%"),
)


def of_models(models: Sequence[PickedModel]) -> str:
    """A Markdown table, one column for each model."""
    titles = [
        markdown.escape(SHORT.get(title, title))
        for title in (each.model["title"] for each in models)
    ]
    rows = []
    for title, key, form in ROWS:
        values = [getattr(each.bundle.metrics, key) for each in models]
        rows.append((title, *("–" if value is None else format(value, form) for value in values)))
    return markdown.table(("Test split", *titles), rows)
