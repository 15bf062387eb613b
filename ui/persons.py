"""Who is here, on a server that several people share; on one's own computer nobody is told apart.

    person = persons.here()
    runs.create(config, owner=person.owner, group=person.group)
    person.check(run)                   # RunError: "Only whoever started this run …"

A person is the one that a proxy's trusted header names, or the login. A server without these knows
a random key in a cookie of the browser (`cookie`). A run keeps a digest of that alone. The class
sorts runs: in all classes a person is the same one, with the same limits.
"""

import hashlib
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

import streamlit as st
from starlette.requests import Request

from aemodels import runs
from aemodels.runs.limits import Limits
from ui import listed_runs, markdown, shared_server, teacher
from ui.parameters import CLASS
from ui.query_params import UnusableError

COOKIE = "latent_lab"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = 400 * 24 * 3600  # as long as a browser keeps a cookie
NOT_YOURS = "Only whoever started this run, or a teacher, may do that."
UNNAMED = "Log in first: here, runs belong to whoever is logged in."
UNNAMED_BY_PROXY = (
    "The proxy in front of this server doesn't say who you are, so no run can be yours; ask whoever "
    "runs the server."
)


@dataclass(frozen=True)
class Person:
    """Who is here. `owner` is a digest, "" on one's own computer and for whoever isn't logged in
    where others are; `group` is the class, or "".

    `earlier` is the owner that runs of version 1.7 have, which told a browser's classes apart, or
    "". Not `lasting` is who is known by a key that is lost when the page is loaded again.
    """

    shared: bool = False
    owner: str = ""
    group: str = ""
    teacher: bool = False
    lasting: bool = True
    earlier: str = ""

    def owns(self, run: runs.Run) -> bool:
        """Whether this person started the run; one's own computer has no others."""
        return not self.shared or (run.owner != "" and run.owner in (self.owner, self.earlier))

    def may(self, run: runs.Run) -> bool:
        """Whether this person may rename, pause, stop, resume or delete the run."""
        return self.teacher or self.owns(run)

    def check(self, run: runs.Run) -> None:
        """Raise RunError unless this person may change the run."""
        if not self.may(run):
            raise runs.RunError(NOT_YOURS)

    def check_named(self) -> None:
        """Raise RunError unless a run can be this person's."""
        if self.shared and not self.owner:
            raise runs.RunError(UNNAMED if shared_server.login() else UNNAMED_BY_PROXY)

    def sees(self, run: runs.Run) -> bool:
        """Whether lists have the run: those of the class, or of no class where none is named."""
        return not self.shared or self.sees_all or run.group == self.group

    @property
    def sees_all(self) -> bool:
        """Whether lists have the runs of all classes of a shared server."""
        return self.shared and self.teacher

    @property
    def limits(self) -> Limits:
        """What this person may take up; a teacher no more than others."""
        return Limits.of_server() if self.shared else Limits()


def why_unlisted(run_id: str) -> str:
    """Why lists don't have the run of this id, as Markdown; "" if there is none, or they have it."""
    person = here()
    try:
        run = runs.read(run_id)
    except runs.RunError:
        return ""
    if person.sees(run):
        return ""
    of = f"class {markdown.escape(run.group)}" if run.group else "no class"
    named = f"class {markdown.escape(person.group)}" if person.group else "no class"
    return f"is a run of {of}, and this address names {named}"


def address() -> str:
    """What wrong codes are counted by, next to the person: where the connection comes from, or the
    person again where one can't be another.
    """
    if shared_server.names_people():
        return here().owner
    return visit().client or ""


def absence() -> str:
    """For how long whoever is offline is remembered: "2 minutes"."""
    seconds = round(st.get_option("server.disconnectedSessionTTL"))
    if seconds % 60:
        return f"{seconds} second{'s' * (seconds != 1)}"
    return f"{seconds // 60} minute{'s' * (seconds != 60)}"


@dataclass(frozen=True)
class Visit:
    """What the browser's connection says: headers, by any of their names, with all their values."""

    headers: Mapping[str, list[str]]
    cookies: Mapping[str, str]
    client: str | None
    claims: Mapping[str, Any]


def here() -> Person:
    """Who draws the page."""
    now = visit()
    headers = {name: values[0] for name, values in now.headers.items() if values}
    if not shared_server.is_shared(headers, now.client):
        return Person()
    group = _group()
    if shared_server.names_people():
        named = _trusted(now) or _logged_in(now.claims)
        return Person(True, _digest(*named) if named else "", group, teacher.is_here())
    key = now.cookies.get(COOKIE, "")
    lasting = bool(_KEY.fullmatch(key))
    if not lasting:
        key = st.session_state.setdefault("person_key", _new_key())
    return Person(
        True,
        _digest("browser", key),
        group,
        teacher.is_here(),
        lasting,
        earlier=_digest("browser", group, key) if lasting else "",
    )


def seen() -> list[runs.Run]:
    """The runs that lists have, newest first."""
    person = here()
    return [run for run in listed_runs.every() if person.sees(run)]


def visit() -> Visit:
    """The visit of this session."""
    context = st.context
    headers = context.headers
    client = context.ip_address
    return Visit(
        {name: headers.get_all(name) for name in headers},
        context.cookies,
        client if isinstance(client, str) else None,
        st.user.to_dict() if shared_server.names_people() else {},
    )


def cookie(request: Request) -> str | None:
    """The cookie to set with a page, by which the browser is known from then on; None if it has one
    or needs none.
    """
    client = request.client.host if request.client else None
    if not shared_server.is_shared(request.headers, client):
        return None
    if shared_server.names_people() or _KEY.fullmatch(request.cookies.get(COOKIE, "")):
        return None
    made: SimpleCookie = SimpleCookie({COOKIE: _new_key()})
    morsel = made[COOKIE]
    # Without a path, it is for the folder of the page's address, wherever a proxy has put that.
    morsel["max-age"], morsel["samesite"], morsel["httponly"] = _SECONDS, "Lax", True
    if "https" in (request.url.scheme, request.headers.get("X-Forwarded-Proto")):
        morsel["secure"] = True
    return morsel.OutputString()


def _group() -> str:
    text = st.session_state.get("carried", {}).get(CLASS.name)
    try:
        return CLASS.parse(text) if text else ""
    except UnusableError:
        return ""


def _trusted(now: Visit) -> tuple[str, ...]:
    """What the trusted header says; sent twice, one may be the visitor's own."""
    wanted = os.environ.get(shared_server.USER_HEADER, "").lower()
    found = [values for name, values in now.headers.items() if name.lower() == wanted]
    values = found[0] if wanted and len(found) == 1 else []
    return ("header", values[0].strip()) if len(values) == 1 and values[0].strip() else ()


def _logged_in(claims: Mapping[str, Any]) -> tuple[str, ...]:
    if claims.get("is_logged_in") is False:
        return ()
    if claims.get("sub"):
        return ("login", str(claims.get("iss", "")), str(claims["sub"]))
    return ("email", str(claims["email"])) if claims.get("email") else ()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _new_key() -> str:
    return secrets.token_urlsafe(32)
