"""The colours that other shells get are those that the app has."""

import re
from typing import get_args

import pytest

from aemodels import paths, views
from aemodels.views.theme import Scheme

USED = re.compile(r"var\(--st-([a-z-]+)\)|value\(\"--st-([a-z-]+)\"\)")


@pytest.mark.parametrize("scheme", get_args(Scheme))
def test_every_variable_of_the_views_has_a_value(scheme: Scheme) -> None:
    given = dict(re.findall(r"^--st-([a-z-]+): (.+);$", views.theme(scheme), re.MULTILINE))
    files = [*paths.web().rglob("*.css"), *paths.web().rglob("*.mjs")]
    used = {a or b for path in files for a, b in USED.findall(path.read_text("utf-8"))}
    # Those of the page around the views, which the app has alone.
    assert used <= given.keys(), used - given.keys()
    assert len(given["chart-categorical-colors"].split(",")) == 10


def test_light_and_dark_are_the_apps() -> None:
    text = paths.settings().read_text("utf-8")
    for scheme in get_args(Scheme):
        ground = re.search(rf'\[theme.{scheme}\].*?\nbackgroundColor = "(#\w+)"', text, re.DOTALL)
        assert ground
        assert f"--st-background-color: {ground[1]};" in views.theme(scheme)
