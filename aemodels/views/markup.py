"""The HTML and CSS of the views, put together from the files of `lens/web`."""

import re

from aemodels import paths

# The views that a lesson can be laid over.
TAUGHT = ("explore", "compare", "interpolate", "reconstruct", "anomalies", "draws", "beta")


def html(view: str) -> str:
    """The HTML of a view within the parts that all views share: a place for errors, and a sentence
    for browsers that lack what the lens needs.
    """
    inner = _with_parts(_read(f"views/{view}.html"))
    return f"""<div class="lens {view}">
<p class="trouble" role="alert" hidden></p>
<p class="announcement unseen" role="status"></p>
<p class="slow-loading" aria-hidden="true" hidden></p>
<p class="unsupported">This page needs WebAssembly with SIMD, and DecompressionStream. This browser
lacks them, or they are turned off. Chrome 91, Edge 91, Firefox 113, Safari 16.4 and all newer ones
have them.</p>
{inner}<p class="title-tip" aria-hidden="true" hidden></p>
<div class="keys"><button type="button" class="open-keys quiet">Keys <kbd>?</kbd></button>
<dialog aria-label="Keys"></dialog></div>
{_templates() if view == "lesson" else ""}</div>
"""


def css(view: str) -> str:
    """The styles of a view and those that all views share."""
    return f"{_read('base.css')}\n{_styles(view)}"


def script() -> str:
    """The module that loads the others in a page of the app."""
    return _read("boot.mjs")


def _with_parts(text: str) -> str:
    """HTML with the files that it names, as `<include explore/map.html>` does, in their places."""
    return re.sub(
        r"<include ([\w/]+\.html)>\n",
        lambda found: _with_parts(_read(found[1])),
        text,
    )


def _templates() -> str:
    """The HTML and the styles of the views that a lesson mounts, and the styles that they share."""
    views = (
        f'<template data-view="{view}"><style>{_styles(view)}</style>{html(view)}</template>'
        for view in TAUGHT
    )
    names = ("base.css", "lesson/inner.css")
    shared = "\n".join(_read(name) for name in names)
    return "\n".join((f'<template data-view="base"><style>{shared}</style></template>', *views))


def _styles(view: str) -> str:
    """The styles of a view alone."""
    web = paths.web()
    # A view with many parts has a folder for them.
    files = (web / "views" / f"{view}.css", *sorted((web / view).glob("*.css")))
    return "\n".join(path.read_text(encoding="utf-8") for path in files)


def _read(name: str) -> str:
    return (paths.web() / name).read_text(encoding="utf-8")
