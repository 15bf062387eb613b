"""The HTML page that Streamlit's frontend starts in, with a head of our own."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

from streamlit import file_util

from server import content

# Streamlit's script would look for its server below the page's address first: two 404s. A page is
# always one name below the app's root, so "./" is the root, whatever a proxy puts before it.
_ROOT = 'window.__streamlit = { BACKEND_BASE_URL: new URL("./", location.href).href };'


@dataclass(frozen=True)
class Head:
    """What the head of every page says.

    `icon` and `picture` are addresses below the app's root; `scripts` are texts and `styles` files
    that are written into the head, before Streamlit's script and before the first paint.
    """

    title: str
    description: str
    icon: str
    picture: str  # 1200 x 630, for links that are shared
    picture_alt: str
    scripts: Sequence[str] = ()
    styles: Sequence[Path] = ()
    modules: Mapping[str, Path] = field(default_factory=dict)  # folders, by address

    def page(self, root: str) -> str:
        """Streamlit's page with this head; `root` is the app's full address, ending with "/"."""
        page = Path(file_util.get_static_dir(), "index.html").read_text(encoding="utf-8")
        page = re.sub(r'<title>.*?</title>|<link rel="shortcut icon"[^>]*>', "", page)
        # Before the scripts, since an import map has to be; the charset stays first.
        start = r"<head>(\s*<meta charset[^>]*>)?"
        return re.sub(start, lambda found: f"{found[0]}\n{self._lines(root)}", page, count=1)

    def _imports(self) -> dict[str, dict[str, str]]:
        """An import map that gives each module an address of its own version.

        Modules import each other by plain relative paths, and browsers that know no import maps
        get them by those.
        """
        found = {}
        for address, folder in self.modules.items():
            for path in sorted(folder.rglob("*")):
                if path.suffix in (".js", ".mjs", ".wasm"):
                    plain = f"./{address}/{path.relative_to(folder).as_posix()}"
                    found[plain] = f"{plain}?v={content.version(path)}"
        return {"imports": found}

    def _lines(self, root: str) -> str:
        title, description = escape(self.title), escape(self.description)
        picture, alt = escape(root + self.picture), escape(self.picture_alt)
        scripts = [_ROOT, *self.scripts]
        styles = [path.read_text(encoding="utf-8") for path in self.styles]
        return "\n".join(
            [
                f"<title>{title}</title>",
                f'<meta name="description" content="{description}">',
                '<meta property="og:type" content="website">',
                f'<meta property="og:title" content="{title}">',
                f'<meta property="og:description" content="{description}">',
                f'<meta property="og:image" content="{picture}">',
                '<meta property="og:image:width" content="1200">',
                '<meta property="og:image:height" content="630">',
                f'<meta property="og:image:alt" content="{alt}">',
                '<meta name="twitter:card" content="summary_large_image">',
                f'<link rel="icon" href="./{escape(self.icon)}">',
                f'<script type="importmap">{json.dumps(self._imports())}</script>',
                *(f"<style>\n{style}</style>" for style in styles),
                *(f"<script>\n{script}\n</script>" for script in scripts),
            ]
        )
