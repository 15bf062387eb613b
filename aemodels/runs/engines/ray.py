"""Ray Jobs as an engine, by its REST interface: LATENT_LAB_ENGINE=ray+http://head:8265

Nothing of Ray is imported. A job's id is made of the run's id and the job's token, so that Ray
itself refuses a second one. See https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
"""

import json
import os
import shlex
from collections.abc import Sequence
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from aemodels.runs.engines import command_line
from aemodels.runs.engines.engine import EngineError, JobHint, JobState, UnreachableError
from aemodels.runs.engines.needs import Needs
from aemodels.runs.folder import LOG
from aemodels.runs.run import Run

PREFIX = "ray+"
TOKEN = "RAY_AUTH_TOKEN"  # of a cluster that asks for one
CONNECT_SECONDS, ANSWER_SECONDS, FRESH_SECONDS = 3.0, 15.0, 2.0
STATES = {
    "PENDING": JobState.QUEUED,
    "RUNNING": JobState.BEGUN,
    "STOPPED": JobState.GONE,
    "SUCCEEDED": JobState.GONE,
    "FAILED": JobState.GONE,
}
# Ray fails a job that has waited for a quarter of an hour.
WAITED_TOO_LONG = "JOB_SUPERVISOR_ACTOR_START_TIMEOUT"


class Ray:
    """The head at an http or https address."""

    queues = True

    def __init__(self, address: str) -> None:
        """Raises EngineError if it is no such address."""
        self.address = address
        self.url = address.removeprefix(PREFIX).rstrip("/")
        try:
            parts = urlsplit(self.url)
            valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
        except ValueError:
            valid = False
        if not valid:
            raise EngineError(f"{address[:100]}: must be like ray+http://head:8265")
        self._jobs: dict[str, dict[str, Any]] = {}
        self._asked = -FRESH_SECONDS

    def start(self, run: Run, words: Sequence[str], needs: Needs) -> str:
        """POST /api/jobs/; the handle is the submission id."""
        handle = f"latent-lab-{run.id}-{words[-1][:12]}"
        log = shlex.quote(str(run.path / LOG))
        body = {
            "submission_id": handle,
            "entrypoint": f"exec {command_line.elsewhere(words)} >> {log} 2>&1",
            "entrypoint_num_cpus": needs.cpus,
            "entrypoint_num_gpus": needs.gpus,
            "entrypoint_memory": needs.memory,
            "runtime_env": {"env_vars": command_line.elsewhere_environment(needs)},
            "metadata": {"run": run.id, "name": run.name, "owner": run.owner},
        }
        status, text = self._send("POST", "/api/jobs/", body)
        # Accepted before, by an answer that got lost.
        if status != 200 and "already exists" not in text:
            raise EngineError(f"Ray refuses {run.id}: {_last_line(text) or f'it says {status}'}")
        self._asked = monotonic() - FRESH_SECONDS
        return handle

    def state(self, run_id: str, handle: str) -> JobHint:
        """One listing for all jobs, at most two seconds old."""
        if monotonic() - self._asked >= FRESH_SECONDS:
            status, text = self._send("GET", "/api/jobs/")
            self._jobs = _listed(text) if status == 200 else self._unusable(status)
            self._asked = monotonic()
        job = self._jobs.get(handle)
        if job is None or job.get("error_type") == WAITED_TOO_LONG:
            return JobHint(JobState.UNKNOWN)
        message = job.get("message")
        said = message if isinstance(message, str) else ""
        return JobHint(STATES.get(str(job.get("status")), JobState.QUEUED), said)

    def cancel(self, run_id: str, handle: str) -> None:
        """POST …/stop. Ray begins a waiting job all the same and ends it then."""
        status, _ = self._send("POST", f"/api/jobs/{handle}/stop")
        if status not in (200, 404):
            self._unusable(status)

    def _send(self, method: str, path: str, body: Any = None) -> tuple[int, str]:
        """The answer's status and text."""
        import requests

        token = os.environ.get(TOKEN)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with requests.Session() as session:
                # The head is in the same network: no proxy of the environment leads there.
                session.trust_env = False
                answer = session.request(
                    method,
                    self.url + path,
                    json=body,
                    headers=headers,
                    timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                )
                return answer.status_code, answer.text
        except requests.RequestException:
            raise UnreachableError(
                f"Ray at {self.url} can't be reached; it is tried again"
            ) from None

    def _unusable(self, status: int) -> Any:
        if status in (401, 403):
            raise UnreachableError(f"Ray at {self.url} asks for a token: set {TOKEN}")
        raise UnreachableError(f"Ray at {self.url} isn't ready ({status}); it is tried again")


def _listed(text: str) -> dict[str, dict[str, Any]]:
    """Submission ids and what Ray says of them. Raises EngineError if it isn't Ray that answers."""
    try:
        return {job["submission_id"]: job for job in json.loads(text) if job.get("submission_id")}
    except (ValueError, TypeError, AttributeError, KeyError):
        raise UnreachableError(
            "what answers isn't Ray's Jobs interface; check the address"
        ) from None


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][-300:].rstrip(".") if lines else ""
