"""The live lens: mounts the browser side (`lens/web`) in a Streamlit page.

Everything that moves while a pointer moves runs in the browser. Python hands over what to show
once, as small JSON, and hears back when the pointer is released.
"""

import functools
import os
from collections.abc import Callable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope
from streamlit.components.v2.types import ComponentRenderer

WEB = Path(__file__).parent / "web"

# Streamlit keeps this text as a blob, so it can only reach the modules by an absolute address. The
# frontend calls it again on every rerun; `render` then updates the view that is already mounted.
_BOOT = """
export default async function (component) {
  const parent = component.parentElement;
  const root = parent.querySelector(".lens");
  if (typeof WebAssembly === "undefined") {
    root.dataset.broken = "true";
    return;
  }
  const address = new URL(component.data.base + "/lens/mount.mjs", window.location.origin);
  const views = await import(address.href);
  return views.render(component, root);
}
"""


class _Files(StaticFiles):
    """Static files that a browser may keep but checks by ETag each time.

    Streamlit would compress every answer anew at level 9, seconds for the WASM runtime; the header
    `Content-Encoding: identity` tells it not to.
    """

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Encoding"] = "identity"
        return response


class _Found(_Files):
    """Only the files that `find` names, whatever else lies beside them."""

    def __init__(self, find: Callable[[str], Path | None]) -> None:
        super().__init__(directory="/", check_dir=False)
        self._find = find

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        found = self._find(path)
        return (str(found), os.lstat(found)) if found else ("", None)


def mount_found(path: str, find: Callable[[str], Path | None]) -> Mount:
    """Serve below the URL `path` the files that `find` returns for the rest of it, and no other."""
    return Mount(path, _Found(find))


def mount_facts(path: str, find: Callable[[str], Mapping[str, Any] | None]) -> Route:
    """Answer below the URL `path` with the JSON that `find` returns for the rest of it, or 404."""

    # Not `async`, so that Starlette lets it wait for a disk in a thread of its own.
    def answer(request: Request) -> Response:
        facts = find(request.path_params["name"])
        headers = {"Cache-Control": "no-store"}
        return JSONResponse(facts, 200 if facts is not None else 404, headers)

    return Route(path + "/{name}", answer)


def mount(path: str, folder: str | PathLike[str]) -> Mount:
    """Serve the files of `folder` below the URL `path`; links are not followed."""
    return Mount(path, _Files(directory=folder, check_dir=False))


@functools.cache
def _component(view: str) -> ComponentRenderer:
    return st.components.v2.component(
        f"latent_lab_{view}",
        html=(WEB / "views" / f"{view}.html").read_text(),
        css=(WEB / "base.css").read_text(),
        js=_BOOT,
    )


def show(view: str, data: Mapping[str, Any]) -> Any:
    """Mount one view of the lens and return what it last reported.

    Args:
        view: "anomalies", "explore", "compare", "interpolate", "reconstruct" or "train".
        data: plain JSON that the view's module documents; the same `view` is updated, not rebuilt.

    Returns:
        The state that the view set when a pointer was released, or None.
    """
    prefix = st.get_option("server.baseUrlPath").strip("/")
    base = f"/{prefix}" if prefix else ""
    result = _component(view)(
        key=f"lens-{view}",
        data={"view": view, "base": base, **data},
        on_state_change=lambda: None,
    )
    return result.state
