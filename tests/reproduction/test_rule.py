"""The rule by which a candidate is chosen."""

from dataclasses import replace

import pytest

from reproduction.choices import rule
from reproduction.choices.history import HistoryError
from tests.reproduction.tried import CHOICE, RATES, rate, trial, trials


def test_an_excluded_candidate_is_not_chosen_however_good() -> None:
    found = trials((2.0, 2.0), (1.0, 1.0), (1.5, 1.5))
    assert rate(CHOICE, found) == 2e-3
    assert rate(replace(CHOICE, excluded={1: "can't be shown"}), found) == 4e-3


def test_the_first_candidate_within_the_tolerance_is_chosen() -> None:
    # Means 100.9, 100 and 100.5: all within 1 % of the best.
    assert rate(CHOICE, trials((100.8, 101.0), (99.0, 101.0), (100.5, 100.5))) == 1e-3
    # Means 102, 100.9 and 100.
    assert rate(CHOICE, trials((102.0, 102.0), (100.8, 101.0), (100.0, 100.0))) == 2e-3
    exact = replace(CHOICE, tolerance=0.0)
    assert rate(exact, trials((102.0, 102.0), (100.8, 101.0), (100.0, 100.0))) == 4e-3
    assert rate(exact, trials((100.0, 100.0), (100.8, 101.0), (100.0, 100.0))) == 1e-3


def test_the_first_candidate_as_good_as_a_named_one_is_chosen_where_the_choice_says_so() -> None:
    choice = replace(CHOICE, as_good_as=RATES[2])
    # Means 100.1, 100 and 100, where the tolerance would let the first pass.
    assert rate(choice, trials((100.1, 100.1), (99.0, 101.0), (100.0, 100.0))) == 2e-3
    # The best one is not asked for, only the one named.
    assert rate(choice, trials((100.0, 100.0), (50.0, 50.0), (100.1, 100.1))) == 1e-3
    assert rate(choice, trials((102.0, 102.0), (101.0, 101.0), (100.0, 100.0))) == 4e-3
    higher = replace(choice, better="higher")
    assert rate(higher, trials((0.8, 0.8), (0.95, 0.95), (0.9, 0.9))) == 2e-3
    with pytest.raises(HistoryError, match="what to be as good as diverged or is excluded"):
        rate(choice, trials((1.0, 1.0), (2.0, 2.0), (None, 3.0)))
    with pytest.raises(HistoryError, match="what to be as good as diverged or is excluded"):
        rate(replace(choice, excluded={2: "too slow"}), trials((1.0, 1.0), (2.0, 2.0), (3.0, 3.0)))
    with pytest.raises(ValueError, match="what to be as good as isn't tried"):
        replace(CHOICE, as_good_as={"learning_rate": 9e-3})


def test_the_larger_figure_is_better_where_the_choice_says_so() -> None:
    choice = replace(CHOICE, better="higher", tolerance=0.01)
    assert rate(choice, trials((0.90, 0.90), (0.80, 0.98), (0.89, 0.90))) == 1e-3
    assert rate(choice, trials((0.80, 0.80), (0.89, 0.90), (0.90, 0.90))) == 2e-3
    negative = trials((-102.0, -102.0), (-100.9, -100.9), (-100.0, -100.0))
    assert rate(choice, negative) == 2e-3


def test_a_candidate_that_diverges_with_one_seed_is_never_chosen() -> None:
    assert rate(CHOICE, trials((1.0, None), (50.0, 50.0), (60.0, 60.0))) == 2e-3
    with pytest.raises(HistoryError, match="every candidate diverged"):
        rate(CHOICE, trials((None, None), (None, 1.0), (1.0, None)))


def test_nothing_is_chosen_before_everything_is_tried_nor_from_what_is_no_candidate() -> None:
    found = trials((3.0, 3.0), (2.0, 2.0), (1.0, 1.0))
    assert rule.missing(CHOICE, found[:-1]) == [({"learning_rate": 4e-3}, 1)]
    with pytest.raises(HistoryError, match="1 trials are missing"):
        rate(CHOICE, found[:-1])
    with pytest.raises(HistoryError, match="of no candidate"):
        rate(CHOICE, [*found, trial(9e-3, 0, 0.5)])
    with pytest.raises(HistoryError, match="of no candidate"):
        rate(CHOICE, [*found, trial(1e-3, 2, 0.5)])
    with pytest.raises(HistoryError, match="no figure bce"):
        rate(replace(CHOICE, criterion="bce"), found)
