"""What all tests of lessons share."""

import pytest

from tests.lessons import shipped


@pytest.fixture(scope="session")
def digits() -> shipped.Digits:
    return shipped.digits()
