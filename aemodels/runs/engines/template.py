r"""The file of a command engine: TOML with the words of three commands, and what to look for.

start = ["sbatch", "--parsable", "--cpus-per-task={cpus}", "--mem={memory_mb}M",
         "--output={log}", "--open-mode=append", "--wrap={command}"]
start_on_gpu = [...]                # for runs that want a GPU, unless {gpus} is in start
handle = '\d+'                      # a regular expression; its first group, if it has one
state = ["squeue", "--noheader", "--format=%T", "--jobs={handle}"]
queued = 'PENDING|CONFIGURING'
begun = 'RUNNING|COMPLETING'
gone = 'Invalid job id'             # optional: `state` fails since it knows no such job
cancel = ["scancel", "{handle}"]
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from string import Formatter
from typing import Any

from aemodels.runs.engines.engine import EngineError
from aemodels.runs.engines.needs import Needs

OF_START = (
    *("run", "owner", "token", "log", "command"),
    *("cpus", "gpus", "whole_gpus", "memory_mb"),
)
OF_JOB = ("run", "handle")
JOB = "{handle}"
GPU_NAMES = ("{gpus}", "{whole_gpus}")
COMMANDS = {"start": OF_START, "start_on_gpu": OF_START, "state": OF_JOB, "cancel": OF_JOB}
PATTERNS = ("handle", "queued", "begun", "gone")
OPTIONAL = ("start_on_gpu", "gone")


@dataclass(frozen=True)
class Template:
    """The words of each command, with names in braces, and the patterns."""

    start: tuple[str, ...]
    start_on_gpu: tuple[str, ...]
    state: tuple[str, ...]
    cancel: tuple[str, ...]
    handle: re.Pattern[str]
    queued: re.Pattern[str]
    begun: re.Pattern[str]
    gone: re.Pattern[str] | None

    @property
    def on_gpu(self) -> tuple[str, ...]:
        """The words that start a run which wants a GPU; empty if none of them would give it one."""
        told = any(name in word for word in self.start for name in GPU_NAMES)
        return self.start_on_gpu or (self.start if told else ())


def read(path: Path) -> Template:
    """Read and check the file. Raises EngineError: a sentence that names the line to mend."""
    try:
        facts = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise EngineError(f"{path} can't be read: {error.strerror}") from None
    except ValueError as error:
        raise EngineError(f"{path} isn't TOML: {error}") from None
    known = (*COMMANDS, *PATTERNS)
    for name in facts:
        if name not in known:
            raise EngineError(f"{path}: {name} isn't known; there are {', '.join(known)}")
    for name in known:
        if name not in facts and name not in OPTIONAL:
            raise EngineError(f"{path}: {name} is missing")
    words = {name: _words(path, name, facts.get(name)) for name in COMMANDS}
    patterns = {name: _pattern(path, name, facts[name]) for name in PATTERNS if name in facts}
    return Template(
        start=words["start"],
        start_on_gpu=words["start_on_gpu"],
        state=words["state"],
        cancel=words["cancel"],
        handle=patterns["handle"],
        queued=patterns["queued"],
        begun=patterns["begun"],
        gone=patterns.get("gone"),
    )


def values(
    *, run: str, owner: str, token: str, log: str, command: str, needs: Needs
) -> Mapping[str, str]:
    """What the names in braces of `start` stand for."""
    return {
        "run": run,
        "owner": owner,
        "token": token,
        "log": log,
        "command": command,
        "cpus": str(needs.cpus),
        "gpus": f"{needs.gpus:g}",
        "whole_gpus": str(ceil(needs.gpus)),
        "memory_mb": str(needs.memory_mb),
    }


def _words(path: Path, name: str, value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    valid = isinstance(value, list) and value and all(isinstance(word, str) for word in value)
    if not valid or not value[0]:
        example = '["sbatch", "--parsable"]'
        raise EngineError(f"{path}: {name} must be a list of words, such as {example}")
    for word in value:
        _check_names(path, name, word)
    if name.startswith("start") and not any("{command}" in word for word in value):
        raise EngineError(f"{path}: {name} needs {{command}}, which is what to train with")
    if name in ("state", "cancel") and not any(JOB in word for word in value):
        raise EngineError(f"{path}: {name} needs {JOB}, which is the job in question")
    return tuple(value)


def _check_names(path: Path, name: str, word: str) -> None:
    allowed: Sequence[str] = COMMANDS[name]
    try:
        parts = list(Formatter().parse(word))
    except ValueError as error:
        raise EngineError(f"{path}: {name}: {word}: {error}; write {{{{ for a brace") from None
    for _, field, spec, conversion in parts:
        if field is not None and (field not in allowed or spec or conversion):
            raise EngineError(
                f"{path}: {name}: {{{field}}} isn't known; there are {', '.join(allowed)}, "
                "and {{ is a brace"
            )


def _pattern(path: Path, name: str, value: Any) -> re.Pattern[str]:
    try:
        if isinstance(value, str) and value:
            return re.compile(value, re.MULTILINE)
        reason = "it is empty or no text"
    except re.error as error:
        reason = str(error)
    raise EngineError(f"{path}: {name} must be a regular expression: {reason}")
