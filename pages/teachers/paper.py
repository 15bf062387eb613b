"""A document to print: one plain HTML page that needs nothing else."""

from pathlib import Path

from streamlit import file_util

import lens

STYLE = lens.WEB / "paper.css"  # the receipt's too
PRINT = '<button type="button" class="print" onclick="print()">Print</button>'


def page(title: str, top: str, body: str) -> str:
    """A whole page of HTML; `title` is plain, `top` and `body` are HTML."""
    style = _font() + STYLE.read_text(encoding="utf-8")
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title} · Latent Lab</title>
<link rel="icon" href="lens/icon.png">
<style>
{style}</style>
</head>
<body>
<main>
<header><p class="product">Latent Lab</p><h1>{title}</h1>{PRINT}</header>
{top}
{body}
</main>
</body>
</html>
"""


def _font() -> str:
    """The rule that loads the app's own font from where Streamlit has it."""
    media = Path(file_util.get_static_dir(), "static", "media")
    for path in sorted(media.glob("SourceSansVF-Upright*.woff2")):
        source = f'src: url("static/media/{path.name}") format("woff2")'
        return f'@font-face {{ font-family: "Source Sans"; font-weight: 100 900; {source}; }}\n'
    return ""
