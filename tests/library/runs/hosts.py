"""Other hosts that share the folder of runs: processes with names and clocks of their own.

Where it is allowed, each has its own UTS and network namespace, as machines have; elsewhere it only
calls itself by another name. Locks of the kernel would still be seen by all, so no test that passes
here may rely on one.
"""

import subprocess
import sys
from functools import cache

from aemodels import paths

_PRELUDE = """
import socket, sys, time
name, clock, duration, namespaces = sys.argv[1:5]
sys.argv[1:5] = []
if namespaces == "True":
    socket.sethostname(name)
else:
    socket.gethostname = lambda: name
real = time.time
time.time = lambda: real() + float(clock)
import datetime
class Datetime(datetime.datetime):
    @classmethod
    def now(cls, tz=None):
        return cls.fromtimestamp(time.time(), tz)
datetime.datetime = Datetime
from aemodels import cli, paths, runs
from aemodels.runs import file_clock, host, lock, process
from aemodels.runs.status import RunState, RunStatus, write_status
assert host.name() == name
if float(duration):
    lock.DURATION_SECONDS, lock.HEARTBEAT_SECONDS = float(duration), float(duration) / 5

"""


@cache
def namespaces() -> bool:
    """Whether this process may make hosts that are told apart by the kernel."""
    try:
        done = subprocess.run(["unshare", "--uts", "--net", "true"], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def on_host(
    name: str, code: str, arguments: list[str], clock: float = 0.0, duration: float = 0.0
) -> subprocess.Popen[str]:
    """A program on the host `name`, whose clock is wrong by so many seconds.

    Its leases last for `duration` seconds if that isn't 0.
    """
    apart = ["unshare", "--uts", "--net"] if namespaces() else []
    facts = [name, str(clock), str(duration), str(namespaces())]
    return subprocess.Popen(
        [*apart, sys.executable, "-c", _PRELUDE + code, *facts, *arguments],
        cwd=paths.AROUND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def line(process: subprocess.Popen[str]) -> str:
    """The next line that the program prints."""
    assert process.stdout
    assert process.stderr
    found = process.stdout.readline()
    assert found, process.stderr.read()
    return found.strip()
