"""The test numbers of models, as Compare and Train show them."""

from collections.abc import Callable, Sequence

from ui import markdown, terms
from ui.model_catalogue import PickedModel

CLAIMED = ", as its file claims"
GREY = "grey"
PIXELS = {"grey": GREY, "threshold": "black-and-white", "stochastic": "randomly binarised"}
# Title, name in `Metrics`, format. Errors are on pixels as in training.
ERRORS = (
    ("Squared error", "sse", ".2f"),
    ("Cross-entropy, nats", "bce", ".2f"),
    ("Negative ELBO, nats", "negative_elbo_sample", ".2f"),
)
OTHERS = (
    ("kNN-5 accuracy", "knn5", ".1%"),
    ("Trustworthiness", "trustworthiness", ".3f"),
    ("Explained variance", "explained_variance", ".1%"),
)


def pixels(picked: PickedModel) -> str:
    """The kind of pixels that a model was trained and measured on."""
    return PIXELS[picked.bundle.config.data.binarisation]


def of_models(models: Sequence[PickedModel], link: Callable[[str], str] = terms.link) -> str:
    """A Markdown table, one column for each model; errors on other pixels have rows of their own.

    Titles say of which models the numbers are only claimed. `link` makes links of terms.
    """
    titles = [markdown.escape(each.model["title"]) + CLAIMED * each.claimed for each in models]
    rows = []
    for kind in dict.fromkeys(map(pixels, models)):
        words = "" if kind == GREY else f", {kind} pixels"
        for title, key, form in ERRORS:
            cells = [_cell(each, key, form) if pixels(each) == kind else "–" for each in models]
            if kind == GREY or set(cells) != {"–"}:
                rows.append((link(title + words), *cells))
    rows += [
        (link(title), *(_cell(each, key, form) for each in models)) for title, key, form in OTHERS
    ]
    return markdown.table(("Test split", *titles), rows)


def _cell(picked: PickedModel, key: str, form: str) -> str:
    value = getattr(picked.bundle.metrics, key)
    return "–" if value is None else format(value, form)
