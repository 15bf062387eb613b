"""Weights and images become squares: their colours, scales and places."""

import numpy as np

from ui import pictures

SIDE = 28 * pictures.ZOOM


def test_a_sign_is_a_colour_and_a_size_its_strength() -> None:
    row = np.zeros((1, 784))
    row[0, 0], row[0, 1], row[0, 2] = 2.0, -2.0, 1.0
    shown = pictures.atoms(row, 1)
    assert shown.shape == (SIDE, SIDE, 4)
    first, second, third, fourth = (shown[0, k * pictures.ZOOM, :3] for k in range(4))
    assert first[0] > first[2]
    assert second[2] > second[0]
    assert np.abs(third - first / 2).max() <= 1
    assert not fourth.any()


def test_each_has_its_own_scale_or_all_one() -> None:
    rows = np.ones((4, 784)) * np.array([[1.0], [2.0], [4.0], [8.0]])
    own, one = pictures.atoms(rows, 4), pictures.atoms(rows, 4, one_scale=True)
    places = [k * (SIDE + pictures.GAP) for k in range(4)]
    assert len({tuple(own[0, place]) for place in places}) == 1
    # The third quartile of 1, 2, 4 and 8 is 5.
    assert [round(float(one[0, place, 0]) / 255, 1) for place in places] == [0.2, 0.4, 0.8, 1.0]


def test_squares_fill_rows_and_the_rest_is_transparent() -> None:
    shown = pictures.greys(np.full((3, 784), 1.5), 2)
    assert shown.shape == (2 * SIDE + pictures.GAP, 2 * SIDE + pictures.GAP, 4)
    assert (shown[0, 0] == 255).all()
    assert not shown[0, SIDE].any()
    assert not shown[-1, -1].any()
