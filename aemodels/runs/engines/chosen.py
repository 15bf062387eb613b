"""The engine that `LATENT_LAB_ENGINE` names.

| value | engine |
|---|---|
| `local`, or nothing | processes on this computer |
"""

import os
from functools import cache

from aemodels.runs.engines.engine import Engine, EngineError
from aemodels.runs.engines.local import Local
from aemodels.runs.jobs import LOCAL

VARIABLE = "LATENT_LAB_ENGINE"


def current() -> Engine:
    """The engine for new jobs. Raises EngineError if the variable names none."""
    return _made(os.environ.get(VARIABLE, "").strip() or LOCAL)


@cache
def _made(value: str) -> Engine:
    if value == LOCAL:
        return Local()
    raise EngineError(f"{VARIABLE}={value[:100]}: must be local")
