"""HTTP routes next to the pages: folders, chosen files and facts that a browser may fetch."""

import os
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class _Files(StaticFiles):
    """Static files that a browser may keep but checks by ETag each time.

    Streamlit would compress every response again at level 9, seconds for the WASM runtime, unless
    told not to by the header `Content-Encoding: identity`.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Encoding"] = "identity"
        return response


class _Found(_Files):
    """Only the files that `find` names, whatever else is in their folder."""

    def __init__(self, find: Callable[[str], Path | None]) -> None:
        super().__init__(directory="/", check_dir=False)
        self._find = find

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        found = self._find(path)
        return (str(found), os.lstat(found)) if found else ("", None)


def mount(path: str, folder: str | PathLike[str]) -> Mount:
    """Serve the files of `folder` below the URL `path`; links are not followed."""
    return Mount(path, _Files(directory=folder, check_dir=False))


def mount_found(path: str, find: Callable[[str], Path | None]) -> Mount:
    """Serve below the URL `path` the files that `find` returns for the rest of it, and no other."""
    return Mount(path, _Found(find))


def mount_facts(path: str, find: Callable[[str], Mapping[str, Any] | None]) -> Route:
    """Answer below the URL `path` with the JSON that `find` returns for the rest of it, or 404."""

    # Not `async`, so that Starlette lets it wait for a disk in a thread.
    def answer(request: Request) -> Response:
        facts = find(request.path_params["name"])
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(facts, 200 if facts is not None else 404, headers)

    return Route(path + "/{name}", answer)
