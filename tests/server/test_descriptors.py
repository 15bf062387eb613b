"""The limit on open files is raised, in a process of its own."""

import subprocess
import sys

import pytest

from browser import server

pytest.importorskip("resource", reason="Windows has no such limit")
CODE = (
    "import resource; from server import descriptors; print(descriptors.raise_limit()); "
    "print(*resource.getrlimit(resource.RLIMIT_NOFILE))"
)


@pytest.mark.parametrize(
    ("soft", "hard", "raised", "complains"),
    [(50, 300, 300, True), (50, 6000, 6000, False), (300, 300, 300, True)],
)
def test_the_soft_limit_becomes_the_hard_one(
    soft: int, hard: int, raised: int, complains: bool
) -> None:
    shell = f'ulimit -Sn {soft} && ulimit -Hn {hard} && exec "$@"'
    done = subprocess.run(
        ["sh", "-c", shell, "sh", sys.executable, "-c", CODE],
        cwd=server.ROOT,
        capture_output=True,
        text=True,
        timeout=300,
    )
    if "ulimit" in done.stderr:
        pytest.skip("this machine allows fewer")
    said, limits = done.stdout.splitlines()
    assert limits == f"{raised} {hard}"
    assert (said != "None") == complains
    if complains:
        assert said.startswith(f"Only {raised} files and sockets can be open at once")
        assert "about 75 open pages" in said
