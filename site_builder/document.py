"""Whole HTML documents: one page of a site, or all of them in one file."""

import json
import re
from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from aemodels import paths, views
from aemodels.views import packing
from aemodels.views.theme import Scheme
from site_builder.content import ENTRY, MODULES, File
from site_builder.pages import TITLES, VIEWS

PRODUCT = "Latent Lab"
ICON = "icon.png"
DESCRIPTION = (
    "Drag through the latent space of an autoencoder and watch the digit change under your pointer."
)
# The page that an address without a name leads to.
FIRST = "explore"
APP = (
    "Training your own models and the uses of codes need Python and aren't on this page: "
    "<code>pip install 'latent-lab[app]'</code>, then <code>latent-lab</code>."
)


def stored_at(address: str) -> str:
    """Where a site stores a file."""
    return f"files{address}" if address.endswith(".gz") else f"files{address}.gz"


def icon() -> bytes:
    """The file ICON."""
    return (paths.web() / ICON).read_bytes()


def file_name(page: str) -> str:
    """The file of a page."""
    return "index.html" if page == FIRST else f"{page}.html"


def page_of_site(name: str, content: str, pages: Sequence[str], versions: Mapping[str, str]) -> str:
    """A page that fetches its files from `files/` beside it; `versions` are theirs by address."""
    links = {each: file_name(each) for each in pages}
    # What every view waits for, asked for before the first script runs.
    wanted = [
        MODULES,
        *(f"/lens/{file}" for file in packing.OWN_FILES if VIEWS[name] and "onnx" in file),
    ]
    early = "\n".join(
        f'<link rel="preload" as="fetch" crossorigin href="{stored_at(each)}?v={versions[each]}">'
        for each in wanted
    )
    start = f"""
const versions = {_script(versions)};
const read = async (path) => {{
  if (!(path in versions)) return null;
  const stored = path.endsWith(".gz") ? path : `${{path}}.gz`;
  const answer = await fetch(`files${{stored}}?v=${{versions[path]}}`);
  return answer.ok ? gunzipAnswer(answer) : answer;
}};
await begin({{ read, single: false, worker: "worker.js" }});"""
    return _document(name, {name: content}, pages, links, start, early=early)


def single_file(contents: Mapping[str, str], files: Iterable[File]) -> str:
    """All pages and files in one."""
    links = {each: f"#{each}" for each in contents}
    stored = "\n".join(
        f'<script type="text/plain" data-file="{file.address}">{b64encode(file.packed).decode()}</script>'
        for file in files
    )
    start = """
const decode = (text) =>
  Uint8Array.fromBase64?.(text) ?? Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const read = async (path) => {
  const stored = document.querySelector(`script[data-file="${path}"]`);
  return stored && new Response(await gunzip(decode(stored.textContent)));
};
await begin({ read, single: true, worker: null });"""
    picture = b64encode(icon()).decode()
    address = f"data:image/png;base64,{picture}"
    return _document(FIRST, contents, [*contents], links, start, stored=stored, icon=address)


def _document(
    name: str,
    contents: Mapping[str, str],
    pages: Sequence[str],
    links: Mapping[str, str],
    start: str,
    *,
    stored: str = "",
    icon: str = ICON,
    early: str = "",
) -> str:
    web = paths.web()
    site_css = "".join(
        (web / name).read_text(encoding="utf-8") for name in ("site/site.css", "chart.css")
    )
    terms_js = (web / "terms.js").read_text(encoding="utf-8")
    used = dict.fromkeys(view for page in contents for view in VIEWS[page])
    templates = "\n".join(
        f'<template data-shell="{view}"><style>{views.css(view)}</style>{views.html(view)}</template>'
        for view in used
    )
    # One page at a time: the others are shown by their links.
    shown = "\n".join(
        html if each == name else html.replace("<section ", "<section hidden ", 1)
        for each, html in contents.items()
    )
    navigation = "".join(
        f'<a href="{links[each]}" data-to="{each}"'
        f"{' aria-current=page' if each == name else ''}>{TITLES[each]}</a>"
        for each in pages
    )
    return f"""<!DOCTYPE html>
<html lang="en" data-page="{name}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{TITLES[name]} · {PRODUCT}</title>
<meta name="description" content="{escape(DESCRIPTION)}">
<meta name="theme-color" content="{_ground("light")}" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="{_ground("dark")}" media="(prefers-color-scheme: dark)">
<link rel="icon" href="{icon}">
<style>
{_theme()}{site_css}</style>
{early}
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header><a class="name" href="{links[FIRST]}">{PRODUCT}</a><nav aria-label="Pages">{navigation}</nav></header>
<main id="content" tabindex="-1">
<noscript><p class="notice">This page draws with JavaScript, which is turned off.</p></noscript>
<p class="notice" id="trouble" role="alert" hidden></p>
{shown}
</main>
<footer><p>{APP}</p></footer>
{templates}
{stored}
<script type="module">
{packing.unpacker()}
{terms_js}
const begin = async (settings) => {{
  try {{
    const packed = await settings.read("{MODULES}");
    if (!packed?.ok) throw new Error("its files are missing");
    const {{ start }} = await unpack(await packed.json())("{ENTRY}");
    await start({{ ...settings, links: {_script(links)}, explainTerms }});
  }} catch (error) {{
    const trouble = document.querySelector("#trouble");
    trouble.textContent = `This page can't be shown: ${{error.message}}. Reload it to try again.`;
    trouble.hidden = false;
  }}
}};{start}
</script>
</body>
</html>
"""


def _theme() -> str:
    """The app's colours, light or dark as the reader's system is."""
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {views.theme('dark')} }} }}"
    return f":root {{ color-scheme: light dark; {views.theme('light')} }}\n{dark}\n"


def _ground(scheme: Scheme) -> str:
    """The colour behind a page."""
    found = re.search("--st-background-color: (.+?);", views.theme(scheme))
    return found[1] if found else ""


def _script(value: object) -> str:
    """JSON within a script."""
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")
