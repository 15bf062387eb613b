"""Answers to requests: the files that may be fetched, and facts as JSON."""

from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response

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
    ".wasm": "application/wasm",
}


def missing() -> Response:
    """The answer where there is nothing."""
    return PlainTextResponse("Not Found", 404, {"Cache-Control": "no-store"})


def files(find: Callable[[str], Path | None]) -> Answer:
    """Answer with the file that `find` returns for a path, or 404."""

    def answer(request: Request, path: str) -> Response:
        found = find(path)
        if found is None:
            return missing()
        media_type = TYPES.get(found.suffix, "application/octet-stream")
        return FileResponse(found, headers={"Cache-Control": "no-cache"}, media_type=media_type)

    return answer


def folder(root: str | PathLike[str]) -> Answer:
    """Answer with the files below `root`; links out of it and hidden files aren't there."""

    def find(path: str) -> Path | None:
        steps = path.split("/")
        # On Windows a backslash, a drive or a double slash would lead elsewhere, even to a network.
        if any(not step or step.startswith(".") or set(step) & set("\\:\0") for step in steps):
            return None
        home = Path(root).resolve()
        found = home.joinpath(*steps).resolve()
        return found if found.is_relative_to(home) and found.is_file() else None

    return files(find)


def facts(find: Callable[[str], Mapping[str, Any] | None]) -> Answer:
    """Answer with the JSON of what `find` returns for a path, or 404 where it is None."""

    def answer(request: Request, path: str) -> Response:
        found = find(path)
        if found is None:
            return missing()
        return JSONResponse(found, headers={"Cache-Control": "no-store"})

    return answer
