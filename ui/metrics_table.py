"""The test numbers of models, as Compare and Train show them."""

from collections.abc import Sequence

from ui import lens_data, model_picker

SHORT = {"Autoencoder": "AE"}


def of_models(items: Sequence[lens_data.PickedModel]) -> str:
    """The test numbers of `items` as a Markdown table, one column a model."""

    def row(name: str, key: str, form: str) -> str:
        values = [item["metrics"].get(key) for item in items]
        cells = ["–" if value is None else format(value, form) for value in values]
        return f"| {name} | " + " | ".join(cells) + " |"

    return "\n".join(
        [
            "| Test split | "
            + " | ".join(
                model_picker.plain(SHORT.get(item["title"], item["title"])) for item in items
            )
            + " |",
            "|---|" + "--:|" * len(items),
            row("Squared error", "sse", ".2f"),
            row("Cross-entropy, nats", "bce", ".2f"),
            row("Negative ELBO, nats", "negative_elbo_sample", ".2f"),
            row("kNN-5 accuracy", "knn5", ".1%"),
            row("Trustworthiness", "trustworthiness", ".3f"),
            row("Explained variance", "explained_variance", ".1%"),
        ]
    )
