"""What a step shows: a page and its parameters, as "Copy link" gives them."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit

from aemodels.lessons.errors import wrong
from aemodels.lessons.lesson import Place
from aemodels.lessons.vocabulary import Vocabulary

FEWEST, MOST = 2, 4  # models side by side


def parse(text: str, line: int, vocabulary: Vocabulary, models: Mapping[str, int]) -> Place:
    """The place that a text such as `explore?model=vae-16&layer=clouds` names.

    Raises LessonError if there is no such page, parameter or model.
    """
    page, _, query = text.rpartition("/")[2].partition("?")
    if "/" in text:
        try:
            parts = urlsplit(text)
        except ValueError:
            raise wrong(line, f"`{text[:60]}` isn't an address") from None
        page, query = parts.path.rpartition("/")[2] or "explore", parts.query
    if page not in vocabulary.pages:
        known = ", ".join(vocabulary.pages)
        raise wrong(line, f"there is no view `{page[:40]}` (choose {known})")
    found = vocabulary.pages[page]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise wrong(line, f"`{query[:60]}` isn't `name=value&name=value`") from None
    parameters = dict(pairs)
    if len(parameters) < len(pairs):
        raise wrong(line, f"`{page}` is given a parameter twice")
    for name, value in parameters.items():
        if name not in found.parameters:
            known = ", ".join(found.parameters)
            raise wrong(line, f"`{page}` has no parameter `{name[:40]}` (choose {known})")
        _check_value(name, value, found.parameters[name], line, models)
    view = found.view(parameters)
    if view is None:
        raise wrong(line, f"`{text[:60]}` has no view that a lesson could show")
    return Place(page, parameters, view, line)


def _check_value(name: str, value: str, kind: object, line: int, models: Mapping[str, int]) -> None:
    if kind == "model":
        check_model(value, line, models)
    elif kind == "models":
        names = value.split(",")
        for each in names:
            check_model(each, line, models)
        if not FEWEST <= len(set(names)) == len(names) <= MOST:
            raise wrong(line, f"`{name}` must be {FEWEST} to {MOST} different models")


def check_model(name: str, line: int, models: Mapping[str, int]) -> None:
    """Raise LessonError if there is no model of this name."""
    if name not in models:
        raise wrong(line, f"there is no model `{name[:40]}` in the zoo")
