"""A document to print: one plain HTML page that needs nothing else."""

import lens

STYLE = lens.WEB / "paper.css"  # the receipt's too
PRINT = '<button type="button" class="print" onclick="print()">Print</button>'


def page(title: str, top: str, body: str) -> str:
    """A whole page of HTML; `title` is plain, `top` and `body` are HTML."""
    style = STYLE.read_text(encoding="utf-8")
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
