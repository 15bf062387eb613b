"""The room that files take on the disk."""

import os
from collections.abc import Collection
from contextlib import suppress
from math import ceil
from pathlib import Path


def sizes(folder: Path, among: Collection[str] | None = None) -> dict[str, int]:
    """The bytes of each file and folder in a folder, by name, or of those `among` them; links
    aren't followed. Empty if the folder isn't there.
    """
    found = {}
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if among is None or entry.name in among:
                    with suppress(OSError):  # Deleted meanwhile.
                        found[entry.name] = _size(entry)
    except OSError:
        pass
    return found


def shown(count: int) -> str:
    """A number of bytes in words: 1 234 567 -> "1.2 MB"."""
    for unit, name in ((1000**4, "TB"), (1000**3, "GB"), (1000**2, "MB")):
        if count >= unit:
            return f"{count / unit:.1f}".removesuffix(".0") + f" {name}"
    return f"{ceil(count / 1000)} kB"


def _size(entry: os.DirEntry[str]) -> int:
    if entry.is_dir(follow_symlinks=False):
        return sum(sizes(Path(entry.path)).values())
    return entry.stat(follow_symlinks=False).st_size
