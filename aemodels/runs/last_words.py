"""What a process that ended without a word of its own left in log.txt."""

from pathlib import Path

from aemodels.runs.folder import LOG

TAIL_BYTES = 4000
LINES, LONGEST = 3, 300
# What C++, Python, PyTorch, OpenBLAS, OpenMP and Slurm print when there is no memory left.
NO_MEMORY = (
    "std::bad_alloc",
    "MemoryError",
    "not enough memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "Memory allocation still failed",
    "failed to map segment from shared object",
    "Insufficient memory",
    "oom_kill event",
    "oom-kill event",
)
OUT_OF_MEMORY = "The process ended because there was not enough memory"


def ran_out_of_memory(path: Path, logged: int = 0) -> bool:
    """Whether the last lines in the log of the run in `path` tell of memory that ran out. The first
    `logged` bytes are older than the process in question.
    """
    return _tell_of_memory(_last(path, logged))


def last_words(path: Path, logged: int = 0) -> str:
    """Why a process ended that never began to train, as far as the log of its run tells, which
    held `logged` bytes before it was started.
    """
    lines = _last(path, logged)
    if _tell_of_memory(lines):
        return f"{OUT_OF_MEMORY}; close other programs, or train on another machine."
    return (lines or ["The process ended at once."])[-1][-LONGEST:]


def of_job(path: Path, logged: int) -> str:
    """The same of a job of an engine, as a part of a sentence; empty if the log doesn't tell."""
    lines = _last(path, logged)
    if _tell_of_memory(lines):
        return "there was not enough memory"
    return lines[-1].strip()[-LONGEST:].rstrip(".") if lines else ""


def _tell_of_memory(lines: list[str]) -> bool:
    return any(words in line for line in lines for words in NO_MEMORY)


def _last(path: Path, logged: int = 0) -> list[str]:
    try:
        with (path / LOG).open("rb") as stream:
            size = stream.seek(0, 2)
            stream.seek(max(0, min(logged, size), size - TAIL_BYTES))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    # What comes before is of an earlier process (`cli.runs.work`).
    return text.rpartition(f"run {path.name}\n")[2].strip().splitlines()[-LINES:]
