"""What a process that ended without a word of its own left in log.txt."""

from pathlib import Path

from aemodels.runs.folder import LOG

TAIL_BYTES = 4000
LINES, LONGEST = 3, 300
# What C++, Python, PyTorch, OpenBLAS and OpenMP print when there is no memory left.
NO_MEMORY = (
    "std::bad_alloc",
    "MemoryError",
    "not enough memory",
    "can't allocate memory",
    "Cannot allocate memory",
    "Memory allocation still failed",
    "failed to map segment from shared object",
    "Insufficient memory",
)
OUT_OF_MEMORY = "The process ended because there was not enough memory"


def ran_out_of_memory(path: Path) -> bool:
    """Whether the last lines in the log of the run in `path` tell of memory that ran out."""
    return any(words in line for line in _last(path) for words in NO_MEMORY)


def last_words(path: Path) -> str:
    """Why a process ended that never began to train, as far as the log of its run tells."""
    if ran_out_of_memory(path):
        return f"{OUT_OF_MEMORY}; close other programs, or train on another machine."
    return (_last(path) or ["The process ended at once."])[-1][-LONGEST:]


def _last(path: Path) -> list[str]:
    try:
        with (path / LOG).open("rb") as stream:
            stream.seek(max(0, stream.seek(0, 2) - TAIL_BYTES))
            text = stream.read().decode("utf-8", "replace")
    except OSError:
        return []
    # What comes before is of an earlier process (`cli.runs.work`).
    return text.rpartition(f"run {path.name}\n")[2].strip().splitlines()[-LINES:]
