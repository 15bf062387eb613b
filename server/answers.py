"""Answers to requests: the files that may be fetched, and facts as JSON."""

import gzip
import re
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    Response,
)

from server import content

# To a request for a path below the name of a route, such as "vae-2/codes.npy" below "zoo".
Answer = Callable[[Request, str], Response]
# The registry that Python's `mimetypes` reads knows another type for .mjs on some machines.
TYPES = {
    ".css": "text/css",
    ".html": "text/html",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
COMPRESSED = {".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm"}
LASTING = f"public, max-age={365 * 24 * 3600}, immutable"


def missing() -> Response:
    """The answer where there is nothing."""
    return PlainTextResponse("Not Found", 404, {"Cache-Control": "no-store"})


def page(request: Request, text: str, status: int) -> Response:
    """Answer with a page that is asked for anew each time."""
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if not _takes_gzip(request):
        return HTMLResponse(text, status, headers)
    headers["Content-Encoding"] = "gzip"
    return HTMLResponse(gzip.compress(text.encode(), 5), status, headers)


def files(find: Callable[[str], Path | None], *, lasting: bool = False) -> Answer:
    """Answer with the file that `find` returns for a path, or 404.

    An address that ends in `?v=` and the first digits of the file's SHA-256 changes with the file:
    a browser keeps it for good and asks no more; `lasting` says that of all addresses. Any other
    is checked by its ETag each time. Text and WASM go out compressed.
    """

    def answer(request: Request, path: str) -> Response:
        found = find(path)
        if found is None:
            return missing()
        try:
            return _file(request, found, lasting)
        except FileNotFoundError:  # deleted meanwhile
            return missing()

    return answer


def _file(request: Request, path: Path, lasting: bool) -> Response:
    media_type = TYPES.get(path.suffix, "application/octet-stream")
    asked = request.query_params.get("v", "")
    current = content.digest(path)
    lasting = lasting or (len(asked) >= 8 and current.startswith(asked))
    headers = {"Cache-Control": LASTING if lasting else "no-cache", "Vary": "Accept-Encoding"}
    compress = path.suffix in COMPRESSED and _takes_gzip(request)
    headers["ETag"] = f'"{current[:16]}{"-gzip" if compress else ""}"'
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return Response(status_code=304, headers=headers)
    if compress:
        headers["Content-Encoding"] = "gzip"
        return Response(content.compressed(path), headers=headers, media_type=media_type)
    return FileResponse(path, headers=headers, media_type=media_type)


def _takes_gzip(request: Request) -> bool:
    offered = request.headers.get("Accept-Encoding", "").replace(" ", "").lower()
    return any(re.fullmatch(r"gzip(;q=(1|0?\.0*[1-9]).*)?", one) for one in offered.split(","))


def folder(root: str | PathLike[str], *, lasting: bool = False) -> Answer:
    """Answer with the files below `root`; links out of it and hidden files aren't there."""

    def find(path: str) -> Path | None:
        steps = path.split("/")
        # On Windows a backslash, a drive or a double slash would lead elsewhere, even to a network.
        if any(not step or step.startswith(".") or set(step) & set("\\:\0") for step in steps):
            return None
        home = Path(root).resolve()
        found = home.joinpath(*steps).resolve()
        return found if found.is_relative_to(home) and found.is_file() else None

    return files(find, lasting=lasting)


def document(make: Callable[[Mapping[str, str]], str]) -> Answer:
    """Answer with the page of HTML that `make` returns for the parameters of the address."""

    def answer(request: Request, path: str) -> Response:
        # Its links are relative to the folder that the address is in.
        if path or request.scope["path"].endswith("/"):
            return missing()
        return page(request, make(request.query_params), 200)

    return answer


def facts(find: Callable[[str], Mapping[str, Any] | None]) -> Answer:
    """Answer with the JSON of what `find` returns for a path, or 404 where it is None."""

    def answer(request: Request, path: str) -> Response:
        found = find(path)
        if found is None:
            return missing()
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    return answer
