"""The real app in its own process group, started and stopped as a whole."""

import contextlib
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A TCP port of this machine that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def serve(
    command: Sequence[str],
    url: str,
    log: Path,
    *,
    folder: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    seconds: float = 60,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run `command` in `folder` until the block ends; enters when `url` answers.

    Raises RuntimeError, with the end of the log, if the command ends or `seconds` pass before that.
    """
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        deadline = time.monotonic() + seconds
        while not answers(url):
            if process.poll() is not None:
                raise RuntimeError(f"{command} ended with {process.returncode}:\n{tail(log)}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"{url} is silent after {seconds:g} s:\n{tail(log)}")
            time.sleep(0.02)
        yield process
    finally:
        stop(process)


def answers(url: str) -> bool:
    """Whether an HTTP server answers 200 at `url`, whoever signed its certificate."""
    anybody = ssl.create_default_context()
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    try:
        with urllib.request.urlopen(url, timeout=5, context=anybody) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and everything that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def tail(log: Path, lines: int = 40) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text("utf-8", errors="replace").splitlines()[-lines:])


@contextlib.contextmanager
def app(
    log: Path, environment: Mapping[str, str] | None = None, script: Path = ROOT / "app.py"
) -> Iterator[str]:
    """`streamlit run app.py` on a free port; gives its address, such as http://localhost:50123."""
    port = free_port()
    with app_at(port, log, environment, script):
        yield f"http://localhost:{port}"


@contextlib.contextmanager
def app_at(
    port: int,
    log: Path,
    environment: Mapping[str, str] | None = None,
    script: Path = ROOT / "app.py",
) -> Iterator[subprocess.Popen[bytes]]:
    """The same on that port; gives its process, so that a test can kill it."""
    command = [sys.executable, "-m", "streamlit", "run", str(script)]
    command += ["--server.port", str(port), "--server.headless", "true"]
    health = f"http://localhost:{port}/_stcore/health"
    with serve(command, health, log, environment=environment) as process:
        yield process
