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


def call(module: str, name: str, calls: list[tuple[Any, ...]]) -> list[Any]:
    """The exported function `name` of a module below lens/web, for each tuple of arguments.

    {"float32": [...]} arrives as a Float32Array.
    """
    node = shutil.which("node")
    if node is None:
        words = "no Node.js found, which runs the lens's modules"
        if os.environ.get("CI") == "true":
            pytest.fail(words)
        pytest.skip(words)
    url = (lens.WEB / module).as_uri()
    done = subprocess.run(
        [node, "--input-type=module", "-e", SCRIPT, url, name],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: list[Any] = json.loads(done.stdout)
    return found
