"""The ten class colours: seen on the map, and told apart where classes meet, by everybody."""

import tomllib
from functools import cache
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from aemodels import data
from aemodels.bundles import bundle, zoo
from tests.lens import colours

ROOT = Path(__file__).parents[2]
MAPS = ("pca-2", "ae-2", "vae-2")
# Least CIEDE2000 of two classes that meet on the maps, and of any two.
LEAST = {"light": (21.2, 12.0), "dark": (19.0, 13.0)}
# 1 and 7 meet on no map, but readers take one for the other.
ALIKE = (1, 7)

# Table 1 of Sharma, Wu and Dalal 2005: two colours in L*a*b* and their CIEDE2000.
PUBLISHED = """
50 2.6772 -79.7751 50 0 -82.7485 2.0425
50 3.1571 -77.2803 50 0 -82.7485 2.8615
50 2.8361 -74.02 50 0 -82.7485 3.4412
50 -1.3802 -84.2814 50 0 -82.7485 1
50 -1.1848 -84.8006 50 0 -82.7485 1
50 -0.9009 -85.5211 50 0 -82.7485 1
50 0 0 50 -1 2 2.3669
50 -1 2 50 0 0 2.3669
50 2.49 -0.001 50 -2.49 0.0009 7.1792
50 2.49 -0.001 50 -2.49 0.001 7.1792
50 2.49 -0.001 50 -2.49 0.0011 7.2195
50 2.49 -0.001 50 -2.49 0.0012 7.2195
50 -0.001 2.49 50 0.0009 -2.49 4.8045
50 -0.001 2.49 50 0.001 -2.49 4.8045
50 -0.001 2.49 50 0.0011 -2.49 4.7461
50 2.5 0 50 0 -2.5 4.3065
50 2.5 0 73 25 -18 27.1492
50 2.5 0 61 -5 29 22.8977
50 2.5 0 56 -27 -3 31.9030
50 2.5 0 58 24 15 19.4535
50 2.5 0 50 3.1736 0.5854 1
50 2.5 0 50 3.2972 0 1
50 2.5 0 50 1.8634 0.5757 1
50 2.5 0 50 3.2592 0.335 1
60.2574 -34.0099 36.2677 60.4626 -34.1751 39.4387 1.2644
63.0109 -31.0961 -5.8663 62.8187 -29.7946 -4.0864 1.2630
61.2901 3.7196 -5.3901 61.4292 2.248 -4.962 1.8731
35.0831 -44.1164 3.7933 35.0232 -40.0716 1.5901 1.8645
22.7233 20.0904 -46.694 23.0331 14.973 -42.5619 2.0373
36.4612 47.858 18.3852 36.2715 50.5065 21.2231 1.4146
90.8027 -2.0831 1.441 91.1528 -1.6435 0.0447 1.4441
90.9257 -0.5406 -0.9208 88.6381 -0.8985 -0.7239 1.5381
6.7747 -0.2908 -2.4247 5.8714 -0.0985 -2.2286 0.6377
2.0776 0.0795 -1.135 0.9033 -0.0636 -0.5514 0.9082
"""


@cache
def theme(scheme: str) -> dict[str, str | list[str]]:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    found: dict[str, str | list[str]] = config["theme"][scheme]
    return found


def test_the_differences_are_those_published() -> None:
    rows = [list(map(float, line.split())) for line in PUBLISHED.strip().splitlines()]
    assert len(rows) == 34
    for row in rows:
        found = colours.difference(np.array(row[:3]), np.array(row[3:6]))
        assert found == pytest.approx(row[6], abs=0.00006)


@pytest.mark.parametrize("scheme", LEAST)
def test_each_class_is_seen_on_the_map(scheme: str) -> None:
    ground = theme(scheme)["secondaryBackgroundColor"]
    assert isinstance(ground, str)
    ten = theme(scheme)["chartCategoricalColors"]
    assert len(ten) == 10
    assert min(colours.contrast(colour, ground) for colour in ten) >= 3.1


@pytest.mark.parametrize("vision", colours.VISIONS)
@pytest.mark.parametrize("scheme", LEAST)
def test_classes_are_told_apart(scheme: str, vision: str) -> None:
    seen = [colours.lab(colour, vision) for colour in theme(scheme)["chartCategoricalColors"]]
    apart = {(a, b): colours.difference(seen[a], seen[b]) for a, b in combinations(range(10), 2)}
    meeting, any_two = LEAST[scheme]
    assert min(apart[pair] for pair in neighbours()) >= meeting
    assert min(apart.values()) >= any_two


@cache
def neighbours() -> set[tuple[int, int]]:
    """Pairs of classes that make 3 % or more of the neighbours of another class on the maps."""
    labels = data.load_test("mnist").labels
    shares = np.zeros((10, 10))
    for name in MAPS:
        codes, _ = bundle.read(zoo.folder() / name).codes()
        near = NearestNeighbors(n_neighbors=11).fit(codes).kneighbors(return_distance=False)
        meets = np.zeros((10, 10))
        np.add.at(meets, (labels[:, None], labels[near]), 1)
        meets = np.triu(meets + meets.T, 1)
        shares += meets / meets.sum() / len(MAPS)
    found = {(int(a), int(b)) for a, b in np.argwhere(shares >= 0.03)}
    assert {(4, 9), (3, 5), (3, 8), (5, 8), (7, 9)} <= found
    return found | {ALIKE}
