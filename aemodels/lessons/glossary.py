"""The glossary: every term with its meaning in one sentence, read from `lessons/en/glossary.md`.

A term is a second-level heading with its key, `## KL divergence {#kl}`; a block of YAML that says
by which names texts call it; the sentence; and, after that, what its picture shows or a sentence
with a number, `{kl vae-2}`, that is measured when it is shown.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FILE = "glossary.md"
_HEADING = re.compile(r"##\s+(.+?)\s*\{#([a-z0-9-]+)\}\s*")
_SETTINGS = {"names": list, "picture": str, "lesson": str}


class GlossaryError(ValueError):
    """A part of the glossary that can't be used: file, line and reason."""


@dataclass(frozen=True)
class Term:
    """One term. `picture` says what a view draws for it, such as `draws ae-16`; `lesson` is the key
    of the lesson about it; `more` is the sentence after its meaning, "" if there is none.
    """

    key: str
    title: str
    chapter: str
    names: tuple[str, ...]
    sentence: str
    more: str
    picture: str | None
    lesson: str | None


def read(path: Path) -> list[Term]:
    """All terms of a glossary, in its order.

    Raises `GlossaryError` with file, line and reason where it is of another form, and `OSError`
    where there is no such file.
    """
    terms: list[Term] = []
    chapter = ""
    for line, heading, body in _parts(path.read_text(encoding="utf-8")):
        where = f"{path}:{line}"
        if heading.startswith("# "):
            chapter = heading.removeprefix("# ").strip()
            continue
        found = _HEADING.fullmatch(heading)
        if found is None:
            raise GlossaryError(f"{where}: {heading!r} needs a key, such as {{#kl}}")
        terms.append(_term(where, found[2], found[1], chapter, body))
        if any(each.key == found[2] for each in terms[:-1]):
            raise GlossaryError(f"{where}: there is another term with the key {found[2]!r}")
    return terms


def _parts(text: str) -> Iterator[tuple[int, str, str]]:
    """Line number, heading and what follows, up to the next heading of the first two levels."""
    heading, start, body = "", 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith(("# ", "## ")):
            if heading:
                yield start, heading, "\n".join(body)
            heading, start, body = line, number, []
        else:
            body.append(line)
    if heading:
        yield start, heading, "\n".join(body)


def _term(where: str, key: str, title: str, chapter: str, body: str) -> Term:
    block = re.match(r"\s*```term\n(.*?)\n```\n(.*)", body, re.DOTALL)
    settings, text = (_settings(where, block[1]), block[2]) if block else ({}, body)
    paragraphs = [" ".join(each.split()) for each in re.split(r"\n\s*\n", text.strip())]
    if not paragraphs[0] or len(paragraphs) > 2:
        raise GlossaryError(f"{where}: {title} needs one sentence, and at most one more below it")
    return Term(
        key=key,
        title=title,
        chapter=chapter,
        names=tuple(map(str, settings.get("names", ()))),
        sentence=paragraphs[0],
        more=paragraphs[1] if len(paragraphs) > 1 else "",
        picture=settings.get("picture"),
        lesson=settings.get("lesson"),
    )


def _settings(where: str, text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        raise GlossaryError(f"{where}: its block isn't YAML: {error}") from None
    if not isinstance(found, dict):
        raise GlossaryError(f"{where}: its block must have names and values")
    for name, value in found.items():
        if name not in _SETTINGS:
            raise GlossaryError(f"{where}: unknown {name!r}; choose from {', '.join(_SETTINGS)}")
        if not isinstance(value, _SETTINGS[name]):
            kind = "a list" if _SETTINGS[name] is list else "text"
            raise GlossaryError(f"{where}: {name} must be {kind}")
    return found
