"""Many short runs of many persons on a real Ray, of which parts are killed: what is left of them.

    python -m benchmarks.engine --ray PATH/TO/ray    # by default, the first `ray` on the path
    unshare --net sh -c 'ip link set lo up; exec python -m benchmarks.engine …'  # out of sight

It starts a head with some CPUs on this machine, and two apps that share a folder of runs. Each app
starts half of the runs. Then an app, a process that trains and the head are killed; the app and the
head are started again, and whoever has an interrupted run resumes it once. Printed is what became
of all.
"""

import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from time import monotonic, sleep, time

from aemodels import runs
from aemodels.config import Config
from aemodels.runs import folder, process
from aemodels.runs.engine_queue import dispatch
from aemodels.runs.engines import chosen
from aemodels.runs.lock import owner

PORT, DASHBOARD, CPUS = 6391, 8299, 4
EPOCHS, LIMIT_SECONDS = 2, 1500
SMALL = Config.of(hidden=(16,), epochs=EPOCHS, batch_size=100, train_images=600, precision="fp32")


def app(persons: list[str], each: int) -> None:
    """What a copy of the app does: starts runs when asked to, and hands over."""
    dispatch.serve()
    for number in range(each):
        for person in persons:
            run = runs.create(SMALL, id=f"{person}-{number}", owner=person)
            start = time()
            process.start(run)
            print(f"started {run.id} {time() - start:.4f}", flush=True)
    # Whoever started it kills it before, unless it was killed itself.
    while monotonic() - BEGAN < LIMIT_SECONDS:
        sleep(1)


class Machines:
    """The head and the apps: each a process group."""

    def __init__(self, ray: str, home: Path) -> None:
        self.ray, self.home = ray, home
        self.groups: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, name: str, words: list[str]) -> None:
        with (self.home / f"{name}.log").open("ab") as log:
            self.groups[name] = subprocess.Popen(
                words, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
            )

    def head(self) -> None:
        words = [
            self.ray,
            "start",
            "--head",
            "--block",
            "--port",
            str(PORT),
            "--num-cpus",
            str(CPUS),
        ]
        words += ["--dashboard-host", "127.0.0.1", "--dashboard-port", str(DASHBOARD)]
        self.start("head", [*words, "--disable-usage-stats"])

    def app(self, name: str, persons: list[str], each: int) -> None:
        words = ["-m", "benchmarks.engine", "--app", ",".join(persons), "--each", str(each)]
        self.start(name, [sys.executable, *words])

    def kill(self, name: str) -> None:
        group = self.groups.pop(name)
        os.killpg(group.pid, signal.SIGKILL)
        group.wait()
        print(f"{clock()} killed: {name}", flush=True)


BEGAN = monotonic()


def clock() -> str:
    return f"{monotonic() - BEGAN:5.0f} s"


def kill_training() -> None:
    """A process that trains dies, as if its machine had no memory left."""
    while True:
        for run in runs.list_runs():
            holder = owner(run.path)
            if run.state in ("running", "saving", "measuring") and holder:
                os.kill(holder.pid, signal.SIGKILL)
                print(f"{clock()} killed: the process of {run.id}, {run.state}", flush=True)
                return
        check_time()
        sleep(0.05)


def check_time() -> None:
    """End it all, and print how far it got, if it takes too long."""
    if monotonic() - BEGAN > LIMIT_SECONDS:
        raise SystemExit(f"{clock()} too late: {dict(counted())}")


def counted() -> Counter[str]:
    return Counter(run.state.value for run in runs.list_runs())


def over(most: int, done: int) -> bool:
    """Whether so many have ended by themselves."""
    found = counted()
    return found["finished"] + found["interrupted"] >= min(most, done)


def wait(most: int, done: int) -> None:
    shown = 0.0
    while not over(most, done):
        check_time()
        if monotonic() - shown > 20:
            print(clock(), dict(counted()), flush=True)
            shown = monotonic()
        sleep(0.5)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--ray", default="ray", help="the command of Ray")
    parser.add_argument("--persons", type=int, default=20)
    parser.add_argument("--each", type=int, default=2)
    parser.add_argument("--app", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.app is not None:
        app([person for person in given.app.split(",") if person], given.each)
        return
    home = Path(tempfile.mkdtemp(prefix="engine-"))
    os.environ.update(
        LATENT_LAB_HOME=str(home),
        LATENT_LAB_ENGINE_PYTHON=sys.executable,
        LATENT_LAB_ENGINE=f"ray+http://127.0.0.1:{DASHBOARD}",
    )
    assert chosen.current().queues
    total = given.persons * given.each
    people = [f"p{number:02}" for number in range(given.persons)]
    machines = Machines(given.ray, home)
    try:
        machines.head()
        machines.app("app-a", people[::2], given.each)
        machines.app("app-b", people[1::2], given.each)
        while len(runs.list_runs()) < total:
            check_time()
            sleep(0.2)
        wait(total, total // 10)
        machines.kill("app-a")
        machines.app("app-c", [], 0)
        wait(total, total // 5)
        kill_training()
        wait(total, total // 3)
        machines.kill("head")
        sleep(3)
        machines.head()
        wait(total, total)
        lost = [run for run in runs.list_runs() if run.state == "interrupted"]
        print(clock(), "before anybody resumes:", dict(counted()), flush=True)
        for run in lost:
            print(f"{run.id}: {run.message}", flush=True)
            process.start(run)
        while counted()["finished"] < total:
            if monotonic() - BEGAN > LIMIT_SECONDS:
                break
            sleep(0.5)
    finally:
        for name in list(machines.groups):
            machines.kill(name)
    report(home, total, len(lost))


def report(home: Path, total: int, lost: int) -> None:
    found = runs.list_runs()
    seconds = sorted(
        float(text)
        for log in home.glob("app-*.log")
        for text in re.findall(r"^started \S+ ([0-9.]+)$", log.read_text("utf-8"), re.MULTILINE)
    )
    logs = {run.id: (run.path / folder.LOG).read_text("utf-8", "replace") for run in found}
    once = sum(
        [record.epoch for record in run.records()] == [*range(1, EPOCHS + 1)] for run in found
    )
    begun = sum(log.count(f"run {name}\n") for name, log in logs.items())
    refused = sum(log.count("no longer waits for this job") for log in logs.values())
    print(f"runs asked for {total}, there {len(found)}, finished {counted()['finished']}")
    print(f"interrupted {lost}, each resumed by hand once")
    print(f"each epoch recorded exactly once in {once} of {total} runs")
    # A process that was killed while it loaded PyTorch hadn't begun.
    print(f"trainings begun {begun}, at most {total} + {lost} resumed: {begun <= total + lost}")
    print(f"jobs refused because they were superseded: {refused}")
    if seconds:
        print(
            f"seconds until a run was queued: median {median(seconds):.3f}, "
            f"p95 {seconds[int(0.95 * (len(seconds) - 1))]:.3f}"
        )
    print(f"time in all: {clock().strip()}")


if __name__ == "__main__":
    main()
