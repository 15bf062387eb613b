"""Asks an ASGI app without a socket."""

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from starlette.datastructures import Headers
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """As Streamlit: a few routes, and its page with 200 for any other path."""
    if scope["path"].endswith("/_stcore/health"):
        answer: Any = PlainTextResponse("ok")
    elif scope["path"].startswith("/media/"):
        there = scope["path"] == "/media/abc.png"
        answer = Response("picture" if there else "no", 200 if there else 404)
    else:
        answer = FileResponse(Path(file_util.get_static_dir(), "index.html"))
    await answer(scope, receive, send)


class Answer:
    """A response: status, headers and body."""

    def __init__(self, messages: list[Message]) -> None:
        start, *rest = messages
        assert [message["type"] for message in rest] == ["http.response.body"] * len(rest)
        self.status: int = start["status"]
        self.headers = Headers(raw=start["headers"])
        self.body = b"".join(message.get("body", b"") for message in rest)


def ask(
    front: ASGIApp,
    address: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    root_path: str = "",
    scheme: str = "http",
) -> Answer:
    path, _, query = address.partition("?")
    scope: Scope = {
        "type": "http",
        "method": method,
        "scheme": scheme,
        "path": unquote(path),
        "raw_path": path.encode(),
        "root_path": root_path,
        "query_string": query.encode(),
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in {"Host": "lab.example", **(headers or {})}.items()
        ],
        "server": ("lab.example", 80),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        await asyncio.Event().wait()  # the browser stays
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    async def call() -> None:
        await front(scope, receive, send)

    # In a thread of its own: after a browser test there is a loop in this one, of Playwright's.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, call()).result()
    return Answer(sent)
