"""The words and the table of a chart, against the numbers that went into it."""

import plotly.graph_objects as go
import pytest

from ui import chart_words, charts


def test_lines_are_told_by_their_ends_and_extremes() -> None:
    figure = charts.lines({"train": ([1, 2, 3], [5.0, 2.5, 3.0]), "test": ([1, 3], [6.0, 4.0])})
    assert chart_words.describe(figure, "epoch", "nats") == (
        "Line chart: nats against epoch. train: from 5 at 1 to 3 at 3, lowest 2.5 at 2. "
        "test: from 6 at 1 to 4 at 3."
    )


def test_bars_are_told_by_the_highest_and_the_lowest() -> None:
    figure = charts.bars({"angle": [0.25, 12.3456, 4.0]})
    assert chart_words.describe(figure, "latent", "degrees") == (
        "Bar chart: degrees against latent. angle: highest 12.35 at 2, lowest 0.25 at 1."
    )


def test_bars_that_lie_are_read_along_their_names() -> None:
    figure = go.Figure().add_bar(name="kNN", orientation="h", y=["pixels", "AE"], x=[3.1, 2.5])
    assert chart_words.table(figure, "", "error, %").splitlines()[2:] == [
        "| pixels | 3.1 |",
        "| AE | 2.5 |",
    ]


def test_a_table_has_every_place_once_and_a_dash_where_a_line_has_none() -> None:
    figure = charts.lines({"a": ([1, 2], [0.5, 0.25]), "b": ([2, 3], [7.0, 8.0])})
    assert chart_words.table(figure, "epoch", "loss").splitlines() == [
        "| epoch | a | b |",
        "| --- | --: | --: |",
        "| 1 | 0.5 | – |",
        "| 2 | 0.25 | 7 |",
        "| 3 | – | 8 |",
    ]


def test_a_gap_in_a_line_is_no_number() -> None:
    figure = go.Figure().add_scatter(name="loss", x=[1, 1, 2], y=[3.0, None, 2.0])
    assert [each.points for each in chart_words.series(figure)] == [((1, 3.0), (2, 2.0))]


def test_one_line_without_a_name_goes_by_its_unit() -> None:
    figure = go.Figure().add_scatter(x=[1, 2], y=[3.0, 2.0])
    words = chart_words.describe(figure, "epoch", "nats")
    assert words.endswith("From 3 at 1 to 2 at 2.")
    assert chart_words.table(figure, "epoch", "nats").startswith("| epoch | nats |")


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        ("epoch", "epoch"),
        ({"title": "seconds (logarithmic)", "type": "log"}, "seconds"),
        ({"autorange": "reversed"}, ""),
    ],
)
def test_the_title_of_an_axis(axis: object, words: str) -> None:
    assert chart_words.title(axis) == words
