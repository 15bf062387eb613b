"""The engine that `LATENT_LAB_ENGINE` names.

| value | engine |
|---|---|
| `local`, or nothing | processes on this computer |
| `ray+http://head:8265` | Ray Jobs, at the address of the head's dashboard |
| `command:/path/engine.toml` | the commands in that file, such as Slurm's |
"""

import os
from collections.abc import Callable
from functools import cache

from aemodels.runs.engines import command, needs, ray
from aemodels.runs.engines.engine import Engine, EngineError
from aemodels.runs.engines.local import Local
from aemodels.runs.folder import RunError
from aemodels.runs.jobs import LOCAL

VARIABLE = "LATENT_LAB_ENGINE"


def current() -> Engine:
    """The engine for new jobs. Raises EngineError if the variable names none.

    Its address is the same however the variable spells it, since jobs are kept under it.
    """
    return _made(os.environ.get(VARIABLE, "").strip() or LOCAL)


def complaints() -> list[str]:
    """A sentence for each variable of engines that can't be used."""
    checks: tuple[Callable[[], object], ...] = (current, needs.cpus, needs.gpu_share)
    found = []
    for check in checks:
        try:
            check()
        except RunError as error:
            found.append(f"{error}.")
    return found


@cache
def _made(value: str) -> Engine:
    if value == LOCAL:
        return Local()
    if value.startswith(ray.PREFIX):
        return ray.Ray(value)
    if value.startswith(command.PREFIX):
        return command.Command(value)
    raise EngineError(
        f"{VARIABLE}={value[:100]}: must be local, ray+http://head:8265 or "
        "command:/path/engine.toml"
    )
