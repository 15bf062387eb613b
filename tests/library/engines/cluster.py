"""A cluster of one machine, for tests: jobs wait for CPUs and are real processes.

It has two faces: Ray's REST interface (`ray_head`), with the answers of Ray 2.60, and a command
line (`python cluster.py URL submit|state|cancel …`), as schedulers have one.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep, time
from typing import Any

# The fields of Ray's JobSubmitRequest: any other is refused.
FIELDS = frozenset(
    {
        *("entrypoint", "submission_id", "job_id", "runtime_env", "metadata"),
        *("entrypoint_num_cpus", "entrypoint_num_gpus", "entrypoint_memory"),
        *("entrypoint_resources", "entrypoint_label_selector"),
    }
)
MESSAGES = {
    "PENDING": "Job has not started yet. It may be waiting for resources "
    "(CPUs, GPUs, memory, custom resources) to become available. "
    "It may be waiting for the runtime environment to be set up.",
    "RUNNING": "Job is currently running.",
    "STOPPED": "Job was intentionally stopped.",
    "SUCCEEDED": "Job finished successfully.",
}


@dataclass
class Work:
    """A job of the cluster."""

    body: dict[str, Any]
    status: str = "PENDING"
    error_type: str | None = None
    message: str | None = None
    stopping: bool = False
    started: int = field(default_factory=lambda: int(time() * 1000))
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def cpus(self) -> float:
        return float(self.body.get("entrypoint_num_cpus") or 0)

    def details(self) -> dict[str, Any]:
        """As Ray's JobDetails."""
        ended = self.status not in ("PENDING", "RUNNING")
        return {
            "type": "SUBMISSION",
            "job_id": None,
            "submission_id": self.body["submission_id"],
            "driver_info": None,
            "status": self.status,
            "entrypoint": self.body["entrypoint"],
            "message": self.message or MESSAGES.get(self.status),
            "error_type": self.error_type,
            "start_time": self.started,
            "end_time": int(time() * 1000) if ended else None,
            "metadata": self.body.get("metadata"),
            "runtime_env": self.body.get("runtime_env"),
            "driver_agent_http_address": None,
            "driver_node_id": None,
            "driver_exit_code": self.process.returncode if self.process and ended else None,
        }


class Cluster:
    """Starts jobs in the order in which they came, as soon as enough CPUs are free."""

    def __init__(self, cpus: float = 1) -> None:
        self.cpus = cpus
        self.jobs: dict[str, Work] = {}
        self.guard = threading.RLock()
        self.open = True
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def submit(self, body: dict[str, Any]) -> None:
        """Raises ValueError if there is one with that id."""
        name = body["submission_id"]
        with self.guard:
            if name in self.jobs:
                raise ValueError(
                    f"Job with submission_id {name} already exists. "
                    "Please use a different submission_id."
                )
            self.jobs[name] = Work(body)

    def stop(self, name: str) -> bool:
        with self.guard:
            job = self.jobs[name]
            job.stopping = True
            if job.process and job.process.poll() is None:
                os.killpg(job.process.pid, signal.SIGTERM)
            return job.status in ("PENDING", "RUNNING")

    def kill(self, run: str) -> None:
        """The processes of a run die as by a machine's failure."""
        with self.guard:
            for job in self.jobs.values():
                alive = job.process and job.process.poll() is None
                if job.process and alive and f" {run} " in job.body["entrypoint"]:
                    os.killpg(job.process.pid, signal.SIGKILL)

    def forget(self) -> None:
        """As a head that is restarted: all jobs end, and nobody knows of them."""
        with self.guard:
            for job in self.jobs.values():
                if job.process and job.process.poll() is None:
                    os.killpg(job.process.pid, signal.SIGKILL)
                    job.process.wait()
            self.jobs.clear()

    def close(self) -> None:
        self.open = False
        self.thread.join()
        self.forget()

    def _work(self) -> None:
        while self.open:
            with self.guard:
                for job in self.jobs.values():
                    self._look(job)
            sleep(0.02)

    def _look(self, job: Work) -> None:
        if job.status == "RUNNING" and job.process and job.process.poll() is not None:
            code = job.process.returncode
            job.status = "STOPPED" if job.stopping else "FAILED" if code else "SUCCEEDED"
            if job.status == "FAILED":
                job.error_type = "JOB_ENTRYPOINT_COMMAND_ERROR"
                job.message = (
                    f"Job entrypoint command failed with exit code {code}. No logs available."
                )
        used = sum(each.cpus for each in self.jobs.values() if each.status == "RUNNING")
        if job.status == "PENDING" and used + job.cpus <= self.cpus:
            env = (job.body.get("runtime_env") or {}).get("env_vars") or {}
            job.process = subprocess.Popen(
                job.body["entrypoint"],
                shell=True,
                env={**os.environ, **env},
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            job.status = "RUNNING"
            if job.stopping:
                os.killpg(job.process.pid, signal.SIGTERM)


class _Head(BaseHTTPRequestHandler):
    cluster: Cluster

    def do_GET(self) -> None:
        parts = self.path.strip("/").split("/")
        with self.cluster.guard:
            if parts == ["api", "jobs"]:
                self._answer(200, [job.details() for job in self.cluster.jobs.values()])
            elif len(parts) == 3 and parts[2] in self.cluster.jobs:
                self._answer(200, self.cluster.jobs[parts[2]].details())
            else:
                self._answer(404, f"Job {parts[-1]} does not exist")

    def do_POST(self) -> None:
        parts = self.path.strip("/").split("/")
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"] or 0)) or b"{}")
        if parts == ["api", "jobs"]:
            unknown = body.keys() - FIELDS
            if unknown:
                self._answer(400, f"TypeError: unexpected keyword argument {unknown}")
                return
            try:
                self.cluster.submit(body)
            except ValueError as error:
                # The head passes on what its agent says, as an error of its own.
                self._answer(500, f"Request failed with status code 400: ValueError: {error}\n.")
                return
            name = body["submission_id"]
            self._answer(200, {"job_id": name, "submission_id": name})
        elif parts[2] in self.cluster.jobs:
            self._answer(200, {"stopped": self.cluster.stop(parts[2])})
        else:
            self._answer(404, f"Job {parts[2]} does not exist")

    def _answer(self, status: int, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if text is value else "application/json")
        self.send_header("Content-Length", str(len(text.encode())))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass


@contextmanager
def ray_head(cluster: Cluster, port: int = 0) -> Iterator[str]:
    """The address of its REST interface."""
    handler = type("Head", (_Head,), {"cluster": cluster})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def main(url: str, action: str, *words: str) -> int:
    """The command line: prints what a scheduler prints."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def ask(path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        with opener.open(urllib.request.Request(url + path, data), timeout=60) as answer:
            return json.loads(answer.read())

    if action == "submit":
        number = str(len(ask("/api/jobs/")) + 1)
        cpus, command = words
        body = {"submission_id": number, "entrypoint": command, "entrypoint_num_cpus": float(cpus)}
        ask("/api/jobs/", body)
        print(f"Submitted batch job {number}")
        return 0
    with suppress(urllib.error.HTTPError):
        if action == "cancel":
            ask(f"/api/jobs/{words[0]}/stop", {})
        else:
            print(ask(f"/api/jobs/{words[0]}")["status"])
        return 0
    print("Invalid job id specified", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
