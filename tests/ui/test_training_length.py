"""As many epochs as fit into the time that was chosen."""

import pytest

from aemodels.config import Config
from aemodels.training.estimate import Estimate
from ui import training_length

SIXTY = Config.of("vae", epochs=60)


@pytest.mark.parametrize(
    ("seconds_for_60", "allowed", "epochs"),
    [
        (75.0, 60, 48),  # 1.25 s an epoch
        (30.0, 60, 60),  # never more than a full training
        (7200.0, 60, 1),  # at least one
        (600.0, 300, 30),
        (75.0, None, 60),  # full, or set by hand
    ],
)
def test_fitted(seconds_for_60: float, allowed: int | None, epochs: int) -> None:
    found = Estimate("cpu", "fp32", 1000, seconds_for_60 / 60, seconds_for_60)
    assert training_length.fitted(SIXTY, found, allowed) == SIXTY.with_(epochs=epochs)
