"""What a class costs the server: seconds of a page's answer, memory and descriptors of a session.

    python -m benchmarks.sessions                     # 50 sessions, one training; 2 minutes
    python -m benchmarks.sessions --sessions 200 --seconds 30

The app runs as `streamlit run app.py` does, a model trains on the CPU beside it, and each visitor
opens a page and then changes its address or the page every few seconds, as a person does. An answer
is timed from the request over the websocket to the last message of the page's run; what a browser
then loads and draws is not in it. The visitors' own work runs on the same machine. Two figures
differ from a class's: every visitor begins within the first pause, and sessions of those who left
are kept for 5 s instead of 2 minutes, so that what comes back is seen. Let nothing else run
meanwhile.
"""

import argparse
import os
import random
import statistics
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

from browser import server
from browser.visitor import Visitor

# Pages with states of their addresses, and how often each is chosen.
PAGES: dict[str, tuple[int, Sequence[str]]] = {
    "": (8, ("", "model=vae-2&z=0.5,-0.3", "model=vae-2&z=-1.2,0.8", "model=ae-2", "digit=7")),
    "compare": (4, ("", "latents=16", "latents=2")),
    "interpolate": (2, ("",)),
    "learn": (2, ("",)),
    "families": (2, ("", "family=sparse", "family=contractive")),
    "uses": (1, ("", "use=features")),
    "train": (3, ("",)),
    "results": (1, ("",)),
}
THINK = 2.0, 8.0  # seconds between two of a person's actions
TTL = 5
BAR_SECONDS, BAR_MEGABYTES = 0.5, 5.0
RUN = "busy"


class Process:
    """The memory and the descriptors of a process, as Linux counts them."""

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")

    def megabytes(self) -> float:
        """Its resident memory."""
        pages = int((self._folder / "statm").read_text("utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1e6

    def descriptors(self) -> int:
        """The files and sockets that it has open."""
        return len(list((self._folder / "fd").iterdir()))


class Person(threading.Thread):
    """A visitor who explores until `end`; `answers` are the pages and seconds of each."""

    def __init__(self, url: str, seed: int, begin: float, end: float) -> None:
        super().__init__(daemon=True)
        self.answers: list[tuple[str, float]] = []
        self.failure = ""
        self._url, self._random, self._begin, self._end = url, random.Random(seed), begin, end
        self.leave = threading.Event()

    def run(self) -> None:
        draw = self._random
        sleep(max(0, self._begin - monotonic()))
        try:
            with Visitor(self._url) as visitor:
                page = ""
                while monotonic() < self._end:
                    # Most actions change what is on the page, some lead to another.
                    if draw.random() < 0.4:
                        weights = [weight for weight, _ in PAGES.values()]
                        (page,) = draw.choices(list(PAGES), weights)
                    query = draw.choice(PAGES[page][1])
                    self.answers.append((page, visitor.open(page, query)))
                    sleep(min(draw.uniform(*THINK), max(0, self._end - monotonic())))
                self.leave.wait()
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}"


@contextmanager
def app(home: Path) -> Iterator[tuple[str, Process]]:
    """The app with one folder of runs; its address and its process."""
    port = server.free_port()
    command = [sys.executable, "-m", "streamlit", "run", str(server.ROOT / "app.py")]
    command += ["--server.port", str(port), "--server.headless", "true"]
    command += ["--server.disconnectedSessionTTL", str(TTL)]
    url = f"http://localhost:{port}"
    environment = {"LATENT_LAB_HOME": str(home), "LATENT_LAB_SHARED": "yes"}
    health = f"{url}/_stcore/health"
    with server.serve(command, health, home / "app.log", environment=environment) as process:
        yield url, Process(process.pid)


@contextmanager
def training(home: Path) -> Iterator[Process]:
    """A run that trains on the CPU, longer than anybody looks; its process."""
    words = ["train", "--family", "vae", "--device", "cpu", "--epochs", "9999", "--run", RUN]
    process = subprocess.Popen(
        [sys.executable, "-m", "aemodels", *words],
        cwd=server.ROOT,
        env={**os.environ, "LATENT_LAB_HOME": str(home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not (home / "runs" / RUN / "records.jsonl").exists() and process.poll() is None:
            sleep(0.1)
        yield Process(process.pid)
    finally:
        process.kill()
        process.wait()


def quantile(values: Sequence[float], share: float) -> float:
    """The value that this share of them don't exceed."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def row(name: str, values: Sequence[float]) -> str:
    shown = [statistics.median(values), quantile(values, 0.95), max(values)]
    return f"| {name} | {len(values)} | {' | '.join(f'{1000 * x:.0f}' for x in shown)} |"


def explore(url: str, count: int, seconds: float) -> list[Person]:
    """That many persons, who stay until they may leave; returns when they have explored."""
    begin = monotonic()
    people = [
        Person(url, seed, begin + seed / count * THINK[1], begin + seconds) for seed in range(count)
    ]
    for person in people:
        person.start()
    sleep(seconds)
    return people


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    from benchmarks.train import machine

    print(f"{machine()}\n", flush=True)
    state: dict[str, tuple[float, int]] = {}
    with tempfile.TemporaryDirectory() as folder, app(Path(folder)) as (url, process):
        with training(Path(folder)) as trained:
            with Visitor(url) as first:  # who loads what all pages share
                for page, (_, queries) in PAGES.items():
                    for query in queries:
                        first.open(page, query)
            sleep(TTL + 6)
            state["before"] = process.megabytes(), process.descriptors()
            people = explore(url, arguments.sessions, arguments.seconds)
            state["all there"] = process.megabytes(), process.descriptors()
            load, size = os.getloadavg()[0], trained.megabytes()
            for person in people:
                person.leave.set()
            for person in people:
                person.join()
        sleep(TTL + 8)
        state["after"] = process.megabytes(), process.descriptors()
    answers = [answer for person in people for answer in person.answers]
    pages: dict[str, list[float]] = defaultdict(list)
    for page, passed in answers:
        pages[page or "explore"].append(passed)
    print("| page | answers | p50, ms | p95, ms | slowest, ms |\n|---|--:|--:|--:|--:|")
    for page, values in sorted(pages.items()):
        print(row(page, values))
    every = [passed for _, passed in answers]
    print(row("**all**", every))
    print("\n| server | before | all there | after |\n|---|--:|--:|--:|")
    for index, name in enumerate(("memory, MB", "descriptors")):
        print(f"| {name} | {' | '.join(f'{values[index]:.0f}' for values in state.values())} |")
    each = (state["all there"][0] - state["before"][0]) / arguments.sessions
    failed = [person.failure for person in people if person.failure]
    print(
        f"\n{arguments.sessions} sessions for {arguments.seconds:g} s, one training of "
        f"{size:.0f} MB beside them, load average {load:.1f} on {os.cpu_count()} processors: "
        f"p95 of an answer {1000 * quantile(every, 0.95):.0f} ms (bar {1000 * BAR_SECONDS:.0f}), "
        f"{each:.2f} MB a session (bar {BAR_MEGABYTES:g}), {len(failed)} failed"
    )
    for failure in failed[:5]:
        print(f"* {failure}")


if __name__ == "__main__":
    main()
