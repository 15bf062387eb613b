"""The middleware before Streamlit: the app's pages, our files, and 404 for what isn't there."""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from urllib.parse import quote

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import file_util

from server.answers import LASTING, Answer, folder, missing, page
from server.head import Head

# Below these, Streamlit answers with HTML that isn't its page, and with 404 where nothing is.
_OTHER_HTML = ("component", "media")


class Front:
    """Answers below the app's root: `server.baseUrlPath`, below wherever the app is mounted.

    `routes` has an answer to all paths below a first name, such as "lens"; `pages` are the names of
    the pages, "" for the first, to which `first` leads too. `cookie` gives the one to set with a
    page, or None. Left alone, Streamlit ignores the base path in `st.App(routes=…)`, and answers
    any other address with its page and 200.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: Mapping[str, Answer],
        pages: Collection[str],
        head: Head,
        first: str | None = None,
        cookie: Callable[[Request], str | None] = lambda request: None,
    ) -> None:
        self.app = app
        # Streamlit would send its own files as they are: 3.3 MB, where 1 MB is enough.
        static = folder(Path(file_util.get_static_dir(), "static"), lasting=True)
        self.routes = {"static": static, **routes}
        self.pages = pages
        self.head = head
        self.first = first
        self.cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = _below_root(scope) if scope["type"] == "http" else None
        if path is None:
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        first, slash, rest = path.removeprefix("/").partition("/")
        if first in self.routes:
            answer = await run_in_threadpool(self._route, request, first, rest)
        elif path == "":
            # The page's own addresses are relative to a folder.
            answer = _redirect(request, request.scope["path"].rpartition("/")[2] + "/")
        elif first == self.first and not rest:
            answer = _redirect(request, "../" if slash else "./")
        elif first in self.pages and not rest and first and slash:
            answer = _redirect(request, "../" + first)
        elif path == "/" + first and first in self.pages:
            answer = await run_in_threadpool(self._page, request, first)
        else:
            await self.app(scope, receive, self._not_the_page(request, path, receive, send))
            return
        await _answer(answer, scope, receive, send)

    def _route(self, request: Request, first: str, rest: str) -> Response:
        if request.method not in ("GET", "HEAD"):
            return PlainTextResponse("Method Not Allowed", 405, {"Allow": "GET, HEAD"})
        return self.routes[first](request, rest)

    def _page(self, request: Request, name: str, status: int = 200) -> Response:
        """Streamlit's page with our head; its full address is needed for the picture alone."""
        path = request.headers.get("X-Forwarded-Prefix", "").rstrip("/") + request.scope["path"]
        root = request.url.replace(path=quote(path.removesuffix(name)), query="")
        answer = page(request, self.head.page(str(root)), status)
        if cookie := self.cookie(request):
            answer.headers["Set-Cookie"] = cookie
            answer.headers["Cache-Control"] = "private, no-cache"
        return answer

    def _not_the_page(self, request: Request, path: str, receive: Receive, send: Send) -> Send:
        """Sends Streamlit's answer, but 404 where that is its page for an unknown address."""
        replaced = False

        async def replace(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == 200:
                headers = MutableHeaders(raw=message["headers"])
                first, _, rest = path.removeprefix("/").partition("/")
                html = headers.get("content-type", "").startswith("text/html")
                replaced = html and first not in _OTHER_HTML
                if first == "media":
                    # Streamlit names a picture by the hash of its content.
                    headers["Cache-Control"] = LASTING
                if replaced:
                    # With the page, Streamlit says in words that there is no such page.
                    answer = missing() if rest else self._page(request, first, 404)
                    await _answer(answer, request.scope, receive, send)
            if not replaced:
                await send(message)

        return replace


async def _answer(answer: Response, scope: Scope, receive: Receive, send: Send) -> None:
    answer.headers["X-Content-Type-Options"] = "nosniff"
    await answer(scope, receive, send)


def _below_root(scope: Scope) -> str | None:
    """The request's path below the app's root, "" for the root without a slash; else None."""
    path: str | None = scope["path"]
    for prefix in (scope.get("root_path", ""), st.get_option("server.baseUrlPath")):
        path = _below(path, prefix.strip("/"))
    return path


def _below(path: str | None, prefix: str) -> str | None:
    if path is None or not prefix:
        return path
    head, rest = path[: len(prefix) + 1], path[len(prefix) + 1 :]
    return rest if head == "/" + prefix and rest[:1] in ("", "/") else None


def _redirect(request: Request, relative: str) -> Response:
    """Relative, so that it is right behind a proxy that strips a prefix."""
    query = request.scope["query_string"].decode("latin-1")
    address = quote(relative) + (f"?{query}" if query else "")
    return RedirectResponse(address, 307, {"Cache-Control": "no-cache"})
