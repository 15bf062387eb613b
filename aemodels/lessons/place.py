"""What a step shows: a page and its parameters, as "Copy link" gives them."""

from urllib.parse import parse_qsl, urlsplit

from aemodels.lessons import values
from aemodels.lessons.errors import Collected, wrong
from aemodels.lessons.lesson import Place
from aemodels.lessons.values import Models
from aemodels.lessons.vocabulary import Vocabulary

MODEL = "vae-2"  # that Explore shows where none is named


def parse(
    text: str, line: int, vocabulary: Vocabulary, models: Models, collected: Collected
) -> Place:
    """The place that a text such as `explore?model=vae-16&layer=clouds` names.

    Raises LessonError if it has no view; what is wrong with parameters is collected.
    """
    page, query = _split(text, line)
    if page not in vocabulary.pages:
        known = ", ".join(vocabulary.pages)
        raise wrong(line, f"there is no view `{page[:40]}` (choose {known})")
    found = vocabulary.pages[page]
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=bool(query))
    except ValueError:
        raise wrong(line, f"`{query[:60]}` isn't `name=value&name=value`") from None
    parameters = dict(pairs)
    view = found.view(parameters)
    if view is None:
        raise wrong(line, f"`{text[:60]}` has no view that a lesson could show")
    with collected.each():
        if len(parameters) < len(pairs):
            raise wrong(line, f"`{page}` is given a parameter twice")
    latents = models.get(parameters.get("model", MODEL), 0)
    for name, kind in found.parameters.items():
        # A word that needs models does so at its default too.
        if isinstance(kind, dict) and name not in parameters and not values.RANGES & kind.keys():
            with collected.each():
                values.check(name, next(iter(kind)), kind, latents, line, models)
    names, first = found.known(parameters), next(iter(found.sections and found.parameters), "")
    for name, value in parameters.items():
        with collected.each():
            if name not in names:
                where = f"{page}?{first}={parameters[first]}" if first in parameters else page
                choices = ", ".join(names)
                raise wrong(line, f"`{where}` has no parameter `{name[:40]}` (choose {choices})")
            values.check(name, value, found.parameters[name], latents, line, models)
    return Place(page, parameters, view, line)


def _split(text: str, line: int) -> tuple[str, str]:
    """The page and its query; of a whole address, the last part of its path."""
    try:
        parts = urlsplit(text)
    except ValueError:
        raise wrong(line, f"`{text[:60]}` isn't an address") from None
    # The app's root shows Explore.
    page = parts.path.rpartition("/")[2] or ("explore" if parts.netloc else "")
    return page, parts.query
