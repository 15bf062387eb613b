"""Runs: trainings on disk, the processes that work on them, and what others may read."""

from aemodels.runs.run import *
