"""What a module of the lens gives, run by Node."""

import json
import os
import shutil
import subprocess
from typing import Any

import pytest

import lens

SCRIPT = """
const [path, name] = process.argv.slice(1);
const module = await import(path);
let words = "";
for await (const chunk of process.stdin) words += chunk;
const revive = (key, value) => (value?.float32 ? Float32Array.from(value.float32) : value);
const calls = JSON.parse(words, revive);
console.log(JSON.stringify(calls.map((call) => module[name](...call))));
"""


def run(script: str, *arguments: str, words: str = "") -> Any:
    """What a module prints as JSON; it gets `arguments`, and `words` on its standard input."""
    node = shutil.which("node")
    if node is None:
        missing = "no Node.js found, which runs the lens's modules"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    done = subprocess.run(
        [node, "--input-type=module", "-e", script, *arguments],
        input=words,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def call(module: str, name: str, calls: list[tuple[Any, ...]]) -> list[Any]:
    """The exported function `name` of a module below lens/web, for each tuple of arguments.

    {"float32": [...]} arrives as a Float32Array.
    """
    url = (lens.WEB / module).as_uri()
    found: list[Any] = run(SCRIPT, url, name, words=json.dumps(calls))
    return found
