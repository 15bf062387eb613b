"""Ray Jobs as an engine, by its REST interface: LATENT_LAB_ENGINE=ray+http://head:8265

Nothing of Ray is imported. A job's id is made of the run's id and the job's token, so that Ray
itself refuses a second one. See https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html
"""

import json
import os
import shlex
from collections.abc import Sequence
from time import monotonic
from typing import Any, NoReturn
from urllib.parse import urlsplit

from aemodels.runs.engines import command_line
from aemodels.runs.engines.engine import EngineError, JobHint, JobState, UnreachableError
from aemodels.runs.engines.needs import Needs
from aemodels.runs.folder import LOG
from aemodels.runs.run import Run

PREFIX = "ray+"
TOKEN = "RAY_AUTH_TOKEN"  # of a cluster that asks for one
CONNECT_SECONDS, ANSWER_SECONDS, FRESH_SECONDS = 3.0, 15.0, 2.0
PORTS = {"http": 80, "https": 443}
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
        self.url = _normalised(address.removeprefix(PREFIX))
        if not self.url:
            raise EngineError(f"{address[:100]}: must be like ray+http://head:8265")
        self.address = f"{PREFIX}{self.url}"
        # For each job by its handle, when Ray was asked and what it said.
        self._known: dict[str, tuple[float, JobHint]] = {}

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
        self._known.pop(handle, None)
        return handle

    def state(self, run_id: str, handle: str) -> JobHint:
        """GET /api/jobs/<handle>, unless the last answer is younger than two seconds."""
        now = monotonic()
        self._known = {
            known: (when, hint)
            for known, (when, hint) in self._known.items()
            if now - when < FRESH_SECONDS
        }
        if handle not in self._known:
            self._known[handle] = now, self._asked(handle)
        return self._known[handle][1]

    def _asked(self, handle: str) -> JobHint:
        status, text = self._send("GET", f"/api/jobs/{handle}")
        # In these words, since others that aren't Ray answer 404 too.
        if status == 404 and f"{handle} does not exist" in text:
            return JobHint(JobState.UNKNOWN)
        if status not in (200, 404):
            self._unusable(status)
        job = _job(text)
        if job.get("error_type") == WAITED_TOO_LONG:
            return JobHint(JobState.UNKNOWN)
        message = job.get("message")
        said = message if isinstance(message, str) else ""
        return JobHint(STATES.get(str(job["status"]), JobState.QUEUED), said)

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

    def _unusable(self, status: int) -> NoReturn:
        if status in (401, 403):
            raise UnreachableError(f"Ray at {self.url} asks for a token: set {TOKEN}")
        raise UnreachableError(f"Ray at {self.url} isn't ready ({status}); it is tried again")


def _normalised(url: str) -> str:
    """The address in one spelling: without a slash at its end and a port that goes without saying,
    scheme and host in lower case. Empty if it is none.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return ""
    host = parts.hostname
    if parts.scheme not in PORTS or not host or port == 0:
        return ""
    if ":" in host:
        host = f"[{host}]"
    if port not in (None, PORTS[parts.scheme]):
        host = f"{host}:{port}"
    # A name and a password are told apart by their case.
    named = parts.netloc.rpartition("@")[0]
    return f"{parts.scheme}://{named}{'@' if named else ''}{host}{parts.path.rstrip('/')}"


def _job(text: str) -> dict[str, Any]:
    """What Ray says of a job. Raises EngineError if it isn't Ray that answers."""
    try:
        facts = json.loads(text)
    except ValueError:
        facts = None
    if not isinstance(facts, dict) or "status" not in facts:
        raise UnreachableError("what answers isn't Ray's Jobs interface; check the address")
    return facts


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1][-300:].rstrip(".") if lines else ""
