"""The colours of models in a chart of several."""

from itertools import product

from ui import charts, family_colours


def test_a_family_has_its_colour_wherever_it_stands() -> None:
    usual = family_colours.of(["pca", "ae", "vae"])
    assert usual == [charts.GREY, charts.TEAL, charts.BLUE]
    assert family_colours.of(["vae", "ae"]) == [charts.BLUE, charts.TEAL]
    assert family_colours.of(["sparse", "vae", "ae"])[1:] == [charts.BLUE, charts.TEAL]


def test_no_two_of_four_models_have_the_same_colour() -> None:
    for families in product(("pca", "ae", "vae", "sparse", "stacked"), repeat=4):
        assert len(set(family_colours.of(families))) == 4
