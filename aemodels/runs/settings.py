"""What run.json says of a run, parsed again only once the file is another one.

Pages and processes list all runs again and again, and most of them never change.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

from aemodels.config import Config
from aemodels.runs.folder import SETTINGS, RunError

FORMAT = 2
# Runs whose settings are remembered; whoever has more parses some again.
MOST = 5000
_Stamp = tuple[int, int, int, int]


@dataclass(frozen=True)
class RunSettings:
    """The fields of `Run` that run.json has."""

    name: str
    created: str
    config: Config
    phases: tuple[int, ...]
    planned: tuple[int, ...]
    command: str
    owner: str
    group: str


_known: dict[Path, tuple[_Stamp, RunSettings]] = {}


def read_settings(path: Path) -> RunSettings:
    """The settings of the run in `path`.

    Raises RunError for another format, and whatever a damaged file makes Python raise.
    """
    # Opened in any case: so NFS asks the server whether it has changed.
    with (path / SETTINGS).open("rb") as stream:
        facts = os.fstat(stream.fileno())
        stamp = facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns
        known = _known.get(path)
        if known is None or known[0] != stamp:
            known = stamp, _parse(stream.read())
            if len(_known) >= MOST:
                _known.clear()
            _known[path] = known
    return known[1]


def _parse(content: bytes) -> RunSettings:
    facts = json.loads(content)
    if facts["format"] != FORMAT:
        raise RunError(f"its format version is {facts['format']}, this program reads {FORMAT}")
    return RunSettings(
        name=str(facts["name"]),
        created=str(facts["created"]),
        config=Config.from_dict(facts["config"]),
        phases=tuple(int(epochs) for epochs in facts["phases"]),
        planned=tuple(int(epochs) for epochs in facts.get("planned", facts["phases"])),
        command=str(facts["command"]),
        owner=str(facts.get("owner", "")),
        group=str(facts.get("group", "")),
    )
