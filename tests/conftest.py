"""What all tests need: an environment that says nothing about engines, limits and persons."""

import os
from collections.abc import Iterator

import pytest

# Before NumPy and PyTorch are loaded: two workers, their servers and what those train share the
# cores, and small models lose by more threads.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# Where data and models are, and how the tests themselves are run, stays as it is.
KEPT = {
    *("LATENT_LAB_DATA", "LATENT_LAB_ZOO", "LATENT_LAB_READER", "LATENT_LAB_RECORDED"),
    *("LATENT_LAB_HOME", "LATENT_LAB_RAY"),
}


@pytest.fixture(scope="session", autouse=True)
def plain_environment() -> Iterator[None]:
    """Neither the app's variables, for example of the shell that also serves a class, nor Ray's."""
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name == "RAY_AUTH_TOKEN" or (name.startswith("LATENT_LAB_") and name not in KEPT):
                patch.delenv(name)
        yield
