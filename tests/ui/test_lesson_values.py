"""What the library says of a lesson's views is what the app has: pages, parameters, values."""

from collections.abc import Mapping
from typing import Any

import pytest

from aemodels.bundles import bundle, zoo
from aemodels.lessons import values, vocabulary
from aemodels.lessons.errors import LessonError
from browser.server import ROOT
from pages.families import SECTIONS
from pages.uses import anomalies
from ui import beta_models, parameters, results_cache
from ui.given import Given
from ui.query_numbers import Vector
from ui.query_params import Choice, Parameter, UnusableError

WORDS = vocabulary.load()
BUNDLES = {item.name: item for item in bundle.scan(zoo.folder()).bundles}
MODELS = {name: item.latent_dim for name, item in BUNDLES.items()}
# Those of older addresses of Explore, which lessons needn't know.
OLDER = {parameter.name for parameter in parameters.OLDER}
PAGES = {name: page for name, page in WORDS.pages.items() if not page.inside}
TEXTS = (
    *(
        "",
        "0",
        "1",
        "9",
        "10",
        "7,3",
        "0,1,2,3,4,5,6,7,8,9",
        "0,1,2,3,4,5,6,7,8,9,0",
        "9999",
        "10000",
    ),
    *(
        "-1",
        "0.5",
        "1.5",
        "1e3",
        "1e12",
        "nan",
        "inf",
        "x",
        " 1",
        "٣",
        "1,",
        "0.1,0.2",
        "0,1,0,1",
        "1,0,0,1",
    ),
    *(
        "0.1,0.2;",
        ";0.1,0.2",
        "0,1,0,1;;0,1,0,1",
        "0,1,0,1;;;;",
        "0.05",
        "4",
        "open",
        "on",
        "off",
        "points",
    ),
    *(
        "manifold",
        "clouds",
        "holes",
        "circles",
        "reconstruction",
        "difference",
        "masking",
        "gaussian",
        "360",
    ),
    *(
        "salt-pepper",
        "noise",
        "shift",
        "rotate",
        "1,2,3",
        "0;0;0;0;0;0;0",
        "0,0;0,0;0,0;0,0;0,0;0,0;0,0",
    ),
)


def table(page: str) -> dict[str, list[Parameter[Any]]]:
    """The parameters of a page by name; there are several where a name has several meanings."""
    found: dict[str, list[Parameter[Any]]] = {}
    for parameter in parameters.TABLES["" if page == "explore" else page]:
        if page != "explore" or parameter.name not in OLDER:
            found.setdefault(parameter.name, []).append(parameter)
    return found


def test_pages_have_these_parameters() -> None:
    for name, page in PAGES.items():
        assert set(page.parameters) == set(table(name)), name


def test_links_lead_to_pages() -> None:
    frame = (ROOT / "pages" / "navigation.py").read_text("utf-8")
    for name in WORDS.links:
        assert name in parameters.TABLES, name
        assert name in frame, name


def accepts(kind: Any, text: str, name: str) -> bool:
    try:
        values.check(name, text, kind, 2, 1, MODELS)
    except LessonError:
        return False
    return True


def parses(parameter: Parameter[Any], text: str) -> bool:
    # The library doesn't know how far a model's codes reach.
    wide = parameters.Z.within([-1e9, -1e9], [1e9, 1e9])
    if isinstance(parameter, Vector):
        parameter = wide
    if parameter.name == "pins":
        parameter = parameters.PINS.of(wide)
    if parameter.name == "beta":
        labels = [beta_models.label(item) for item in beta_models.find(BUNDLES)]
        parameter = parameters.BETA.among(labels)
    try:
        parameter.parse(text)
    except UnusableError:
        return False
    return True


@pytest.mark.parametrize("page", PAGES)
def test_values_are_those_that_the_page_takes(page: str) -> None:
    compared = 0
    for name, kinds in table(page).items():
        # Pickers and names of models and images are compared below.
        kinds = [kind for kind in kinds if not isinstance(kind, Choice)]
        if not kinds or name in ("latents", "models", "look"):
            continue
        for text in TEXTS:
            wanted = any(parses(kind, text) for kind in kinds)
            assert accepts(PAGES[page].parameters[name], text, name) == wanted, (name, text)
            compared += wanted
    assert compared >= 2


def test_sections_and_their_models() -> None:
    known: Mapping[str, list[str]] = PAGES["families"].parameters["family"]
    assert list(known) == list(SECTIONS)
    for name, section in SECTIONS.items():
        page = section.page(BUNDLES, Given({}, visit=0))
        assert page is not None
        names = [parameter.name for parameter in section.parameters]
        assert PAGES["families"].known({"family": name}) == ["family", *names]
        assert page["view"] == PAGES["families"].view({"family": name})
        assert [model["name"] for model in page["models"]] == known[name]


def test_detectors() -> None:
    known = PAGES["uses"].parameters
    assert list(parameters.TRAINED.choices) == known["trained"]
    rows = [results_cache.find(row) for row in anomalies.ROWS.values()]
    detectors = [each for row in rows if row for each in row.details["detectors"]]
    assert {anomalies.base_name(each["model"]) for each in detectors} == {*known["detector"]}
    assert sorted(anomalies.detectors()) == sorted(WORDS.detectors)
    assert {anomalies.SCORES[each["score"]][0] for each in detectors} == {*known["score"]}


def test_views_have_html() -> None:
    for page in WORDS.pages.values():
        for view in page.views.values():
            assert (ROOT / "lens" / "web" / "views" / f"{view}.html").is_file()
            assert view in WORDS.views
