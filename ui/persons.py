"""Who is here, on a server that several people share; on one's own computer nobody is told apart.

    person = persons.here()
    runs.create(config, owner=person.owner, group=person.group)
    person.check(run)                   # RunError: "Only whoever started this run …"

A person is the one that a proxy's trusted header names, or the login. A server without these knows
the class and a random key in a cookie of the browser (`cookie`). A run keeps a digest of that alone.
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
from ui import shared_server, teacher
from ui.parameters import CLASS
from ui.query_params import UnusableError

COOKIE = "latent_lab"
_KEY = re.compile(r"[A-Za-z0-9_-]{43}")
_SECONDS = 400 * 24 * 3600  # as long as a browser keeps a cookie
NOT_YOURS = "Only whoever started this run, or a teacher, may do that."
UNNAMED = "Log in first: here, runs belong to whoever is logged in."


@dataclass(frozen=True)
class Person:
    """Who is here. `owner` is a digest, "" on one's own computer and for whoever isn't logged in
    where others are; `group` is the class, or "".

    Not `lasting` is who is known by a key that is lost with the tab.
    """

    shared: bool = False
    owner: str = ""
    group: str = ""
    teacher: bool = False
    lasting: bool = True

    def owns(self, run: runs.Run) -> bool:
        """Whether this person started the run; one's own computer has no others."""
        return not self.shared or run.owner == self.owner != ""

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
            raise runs.RunError(UNNAMED)

    def sees(self, run: runs.Run) -> bool:
        """Whether lists have the run: those of the class, or of no class where none is named."""
        return not self.shared or self.teacher or run.group == self.group

    @property
    def limits(self) -> Limits:
        """What this person may take up; a teacher no more than others."""
        return Limits.of_server() if self.shared else Limits()


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
    return Person(True, _digest("browser", group, key), group, teacher.is_here(), lasting)


def seen() -> list[runs.Run]:
    """The runs that lists have, newest first."""
    person = here()
    return [run for run in runs.list_runs() if person.sees(run)]


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
