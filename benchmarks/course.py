"""What a course sees whose 200 people start 200 runs at once, on one app and a cluster.

    python -m benchmarks.course                       # 200 sessions and runs; about 3 minutes
    python -m benchmarks.course --sessions 50

Real: the app, which `streamlit run app.py` starts as a shared server, its folder of runs, the 200
sessions over websockets, and what the app asks the cluster. Simulated: the cluster is a head that
takes every job as Ray does and never begins one, so nothing is trained; no session has a browser.
The app hands over a few runs at a time, so that persons take turns; the others wait in its folder.
Everybody opens Train, presses the button once, and looks at pages every few seconds until the end.
"""

import argparse
import json
import os
import random
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from statistics import median
from time import monotonic, sleep
from typing import Any

from benchmarks.sessions import TTL, Process, quantile
from browser import server
from browser.visitor import Visitor

PAGES = ("train", "train", "", "compare", "learn")
THINK = 4.0, 12.0  # seconds between two of a person's actions
JOIN_SECONDS = 20.0  # in which everybody comes and presses


class Head(BaseHTTPRequestHandler):
    """Ray's REST interface of jobs, with jobs that wait for ever."""

    jobs: dict[str, dict[str, Any]]

    def do_GET(self) -> None:
        self._answer(
            {"ray_version": "simulated"} if "version" in self.path else [*self.jobs.values()]
        )

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        if self.path.endswith("/stop"):
            self._answer({"stopped": True})
            return
        name = body["submission_id"]
        self.jobs[name] = {"submission_id": name, "status": "PENDING", "type": "SUBMISSION"}
        self._answer({"submission_id": name, "job_id": name})

    def _answer(self, value: Any) -> None:
        content = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


class Person(threading.Thread):
    """Opens Train, starts a run, and looks around until `end`."""

    def __init__(self, url: str, seed: int, end: float) -> None:
        super().__init__(daemon=True)
        self.started: float | None = None
        self.answers: list[float] = []
        self.failure = ""
        self._url, self._random, self._end = url, random.Random(seed), end
        self.leave = threading.Event()

    def run(self) -> None:
        draw = self._random
        sleep(draw.uniform(0, JOIN_SECONDS))
        try:
            with Visitor(self._url) as visitor:
                self.answers.append(visitor.open("train"))
                sleep(draw.uniform(1, 3))
                self.started = visitor.press("Train")
                while monotonic() < self._end:
                    sleep(min(draw.uniform(*THINK), max(0, self._end - monotonic())))
                    self.answers.append(visitor.open(draw.choice(PAGES)))
                self.leave.wait()
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"


@contextmanager
def app(home: Path) -> Iterator[tuple[str, Process, dict[str, Any]]]:
    """The app and its head; the app's address and process, and the head's jobs."""
    Head.jobs = {}
    port = server.free_port()
    with ThreadingHTTPServer(("127.0.0.1", 0), Head) as head:
        threading.Thread(target=head.serve_forever, daemon=True).start()
        environment = {
            "LATENT_LAB_HOME": str(home),
            "LATENT_LAB_SHARED": "yes",
            # Runs that wait for a cluster take no process here.
            "LATENT_LAB_ALL_LIVE_RUNS": "none",
            "LATENT_LAB_ENGINE": f"ray+http://127.0.0.1:{head.server_port}",
        }
        command = [sys.executable, "-m", "streamlit", "run", str(server.ROOT / "app.py")]
        command += ["--server.port", str(port), "--server.headless", "true"]
        command += ["--server.disconnectedSessionTTL", str(TTL)]
        url, log = f"http://localhost:{port}", home / "app.log"
        with server.serve(command, f"{url}/_stcore/health", log, environment=environment) as one:
            yield url, Process(one.pid), Head.jobs
        head.shutdown()


def states(home: Path) -> dict[str, int]:
    """How many runs are in each state, as their folders say."""
    found: dict[str, int] = {}
    for path in (home / "runs").glob("*/status.json"):
        state = json.loads(path.read_text("utf-8"))["state"]
        found[state] = found.get(state, 0) + 1
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=90)
    arguments = parser.parse_args()
    if find_spec("aemodels.runs.engines") is None:
        parser.error("this version has no engines: each run would train on this computer")
    from benchmarks.train import machine

    print(f"{machine()}\n", flush=True)
    with tempfile.TemporaryDirectory() as folder, app(Path(folder)) as (url, process, jobs):
        with Visitor(url) as first:  # who loads what all pages share
            for page in PAGES:
                first.open(page)
        before = process.megabytes(), process.descriptors()
        end = monotonic() + arguments.seconds
        people = [Person(url, seed, end) for seed in range(arguments.sessions)]
        for person in people:
            person.start()
        sleep(arguments.seconds)
        during, load = (process.megabytes(), process.descriptors()), os.getloadavg()[0]
        found, taken = states(Path(folder)), len(jobs)
        for person in people:
            person.leave.set()
        for person in people:
            person.join()
        sleep(TTL + 8)
        after = process.megabytes(), process.descriptors()
    started = [person.started for person in people if person.started is not None]
    answers = [seconds for person in people for seconds in person.answers]
    print("| | measured |\n|---|--:|")
    for name, values in (("from pressing Train to a run that waits", started), ("a page", answers)):
        shown = f"{median(values):.2f} / {quantile(values, 0.95):.2f} / {max(values):.2f} s"
        print(f"| {name}, p50 / p95 / slowest of {len(values)} | {shown} |")
    runs = ", ".join(f"{count} {state}" for state, count in sorted(found.items()))
    print(f"| runs in the folder | {runs} |\n| jobs that the head has taken | {taken} |")
    print(f"| memory of a session | {(during[0] - before[0]) / arguments.sessions:.2f} MB |")
    for index, name in enumerate(("memory of the app, MB", "descriptors")):
        row = " / ".join(f"{values[index]:.0f}" for values in (before, during, after))
        print(f"| {name}: before / all there / after | {row} |")
    failures = [person.failure for person in people if person.failure]
    print(f"| sessions that failed | {len(failures)} |\n\nLoad average at the end {load:.1f}.")
    for failure in failures[:5]:
        print(f"* {failure}")


if __name__ == "__main__":
    main()
