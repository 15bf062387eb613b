"""Engines: what starts the process of a run, on this computer or on a cluster."""

from aemodels.runs.engines.chosen import complaints, current
from aemodels.runs.engines.engine import (
    Engine,
    EngineError,
    JobHint,
    JobState,
    UnreachableError,
)
from aemodels.runs.engines.needs import Needs, needs_of

__all__ = [
    "Engine",
    "EngineError",
    "JobHint",
    "JobState",
    "Needs",
    "UnreachableError",
    "complaints",
    "current",
    "needs_of",
]
