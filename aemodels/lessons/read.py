"""A lesson's file: front matter, then steps."""

from collections.abc import Collection, Mapping
from pathlib import Path

from markdown_it.token import Token

from aemodels.lessons import fields, markdown, step
from aemodels.lessons.errors import Collected, Problem, wrong
from aemodels.lessons.lesson import Lesson, Measure, Place, Step
from aemodels.lessons.step import Around
from aemodels.lessons.vocabulary import load

FENCE = "---"
KEYS = ("title", "minutes", "idea")
FRONT = "the front matter"
LARGEST = 64_000  # bytes of a file
MOST_MINUTES = 60


def read(
    path: Path,
    key: str,
    *,
    models: Mapping[str, int],
    terms: Collection[str] | None = None,
    own: bool = False,
) -> Lesson:
    """Read and check one lesson, called `key` in the address.

    `models` has the number of latents of each model that it may show, `terms` the keys of the
    glossary that it may link to; None allows any. Raises LessonError with all that is wrong with
    the file.
    """
    text = _text(path)
    collected = Collected()
    front, body, first = _parts(text)
    given = fields.read(front, 2, KEYS, FRONT, collected)
    title, minutes, idea = "", 0.0, ""
    around = Around(load(), models, terms)
    with collected.each():
        title = fields.need(given, "title", 1, FRONT).text()
    with collected.each():
        minutes = _minutes(fields.need(given, "minutes", 1, FRONT))
    with collected.each():
        idea = _idea(fields.need(given, "idea", 1, FRONT), around)
    steps: list[Step] = []
    measures: list[Measure] = []
    # The lines before count too, so that a token's line is the file's.
    tokens = markdown.parse("\n" * first + body)
    place: Place | None = None
    for heading, below in _sections(tokens, collected):
        found, named, place = step.read(heading, below, place, around, collected)
        steps.append(found)
        measures += named
    collected.check()
    if not steps:
        raise wrong(first + 1, "the lesson has no step; a step begins with `## ` and its title")
    return Lesson(path, key, title, minutes, idea, tuple(steps), tuple(measures), own)


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise wrong(1, f"can't be read: {error.strerror}") from None
    if len(content) > LARGEST:
        raise wrong(1, f"is larger than {LARGEST // 1000} kB")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise wrong(line, "isn't UTF-8; save it with that encoding") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parts(text: str) -> tuple[str, str, int]:
    """Front matter, the text after it, and the number of lines before that."""
    lines = text.split("\n")
    if lines[0].rstrip() != FENCE:
        raise wrong(1, f"the file must begin with a line `{FENCE}` and its title, minutes and idea")
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == FENCE:
            return "\n".join(lines[1:number]), "\n".join(lines[number + 1 :]), number + 1
    raise wrong(1, f"the front matter must end with a line `{FENCE}`")


def _minutes(field: fields.Field) -> float:
    text = field.text()
    try:
        minutes = float(text)
    except ValueError:
        minutes = 0
    if not 0 < minutes <= MOST_MINUTES:
        raise wrong(field.line, f"`minutes` must be a number up to {MOST_MINUTES}")
    return minutes


def _idea(field: fields.Field, around: Around) -> str:
    tokens = markdown.inline(field.text())
    markdown.check(tokens, around.follow, field.line - 1)
    markdown.check_no_measure(tokens, field.line, "`idea`")
    return markdown.render(tokens)


def _sections(tokens: list[Token], collected: Collected) -> list[tuple[list[Token], list[Token]]]:
    """The tokens of each step: those of its heading, and those below it."""
    starts = [
        k for k, token in enumerate(tokens) if token.type == "heading_open" and token.tag == "h2"
    ]
    before = tokens[: starts[0]] if starts else tokens
    for token in before:
        if token.map and not markdown.is_comment(token):
            reason = "text must belong to a step, which begins with `## ` and its title"
            collected.problems.append(Problem(token.map[0] + 1, reason))
            break
    ends = [*starts[1:], len(tokens)]
    return [(tokens[k : k + 3], tokens[k + 3 : end]) for k, end in zip(starts, ends, strict=False)]
