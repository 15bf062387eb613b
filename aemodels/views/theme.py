"""The app's colours for other shells: the CSS variables that the views' styles are written with."""

import re
import tomllib
from functools import cache
from typing import Any, Literal

from aemodels import paths

Scheme = Literal["light", "dark"]
# What the app leaves to Streamlit.
FONTS = {
    "font": 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif',
    "code-font": "ui-monospace, SFMono-Regular, Menlo, Consolas, monospace",
}


def theme(scheme: Scheme) -> str:
    """The declarations of a scheme, such as `--st-text-color: #1c2030; …`, for a rule's braces."""
    settings = _settings()
    colours = {name: value for name, value in settings.items() if not isinstance(value, dict)}
    found = {**FONTS, **{_kebab(name): value for name, value in colours.items()}}
    found |= {_kebab(name): _text(value) for name, value in settings[scheme].items()}
    return "\n".join(f"--st-{name}: {value};" for name, value in found.items())


@cache
def _settings() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads(paths.settings().read_text("utf-8"))["theme"]
    return found


def _text(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def _kebab(name: str) -> str:
    """`textColor` -> `text-color`."""
    return re.sub("[A-Z]", lambda found: f"-{found[0].lower()}", name)
