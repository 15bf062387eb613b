"""One step: its heading, the YAML below it, its words, the answers and the reveal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from aemodels.lessons import deed, fields, links, markdown, measures, place, question
from aemodels.lessons.errors import Collected, wrong
from aemodels.lessons.fields import Field
from aemodels.lessons.lesson import Answer, Deed, Measure, Place, Step
from aemodels.lessons.vocabulary import View, Vocabulary

KEYS = ("view", "light", "sketch", "done", *deed.TERMS)
CLASSES = 10


@dataclass(frozen=True)
class Around:
    """What a step is read with: the words it may use, and the models by their number of latents."""

    vocabulary: Vocabulary
    models: Mapping[str, int]
    terms: Collection[str] | None = None  # keys of the glossary, where it can be read

    def follow(self, href: str, line: int) -> str:
        """The address that a link leads to."""
        return links.follow(href, line, self.vocabulary, self.terms)


def read(
    heading: Sequence[Token],
    below: Sequence[Token],
    before: Place | None,
    around: Around,
    collected: Collected,
) -> tuple[Step, list[Measure], Place | None]:
    """The step with this heading and what stands below it, the measures in its words, and what is
    on show in it.

    `before` is what is on show when it begins. All that is wrong with it goes into `collected`.
    """
    line, given = _line(heading[0]), dict[str, Field]()
    rest = list(below)
    if rest and is_block(rest[0]):
        block = rest.pop(0)
        with collected.each():
            given = fields.read(block.content, _line(block) + 1, KEYS, "a step", collected)
    for token in rest:
        with collected.each():
            if is_block(token):
                raise wrong(_line(token), "a step has one block, right below its heading")
    shown, light, what, sketch = before, list[str](), None, None
    with collected.each():
        if "view" in given:
            view = given["view"]
            shown = place.parse(view.text(), view.line, around.vocabulary, around.models, collected)
        elif before is None and not collected.problems:
            raise wrong(line, "the step needs a `view`: nothing is on show yet")
    if shown is not None:
        light, what, sketch = _of_view(given, shown.view, around.vocabulary, collected)
    words, revealed = _parts(rest, collected)
    answers: list[Answer] = []
    with collected.each():
        words, answers = question.take(words, around.follow)
    if answers and "sketch" in given:
        with collected.each():
            raise wrong(given["sketch"].line, "a step has answers or a `sketch`, not both")
    if not words:
        with collected.each():
            raise wrong(line, "the step has no words")
    found: list[Measure] = []
    for part in (words, revealed):
        with collected.each():
            markdown.check(part, around.follow)
        with collected.each():
            found += measures.find(part, around.vocabulary, around.models)
    step = Step(
        title=markdown.plain(heading[1]),
        line=line,
        place=shown if "view" in given else None,
        html=markdown.render(words),
        answers=tuple(answers),
        sketch=sketch,
        light=tuple(light),
        deed=what,
        reveal=markdown.render(revealed),
    )
    return step, found, shown


def is_block(token: Token) -> bool:
    """Whether it is the YAML of a step."""
    return token.type == "fence" and token.info.strip() == "step"


def _of_view(
    given: Mapping[str, Field], name: str, vocabulary: Vocabulary, collected: Collected
) -> tuple[list[str], Deed | None, int | None]:
    """What a step's fields say of the view on show: controls that are lit, deed and sketch."""
    view = vocabulary.views[name]
    light, what, sketch = list[str](), None, None
    with collected.each():
        light = _light(given, view, name)
    with collected.each():
        what = deed.parse(given, view, name)
    with collected.each():
        if "sketch" in given:
            sketch = given["sketch"].whole(0, CLASSES - 1)
            if "map" not in view.controls:
                raise wrong(given["sketch"].line, f"`{name}` has no map to sketch on")
    return light, what, sketch


def _light(given: Mapping[str, Field], view: View, name: str) -> list[str]:
    if "light" not in given:
        return []
    names = given["light"].texts()
    for each in names:
        if each not in view.controls:
            known = ", ".join(view.controls)
            reason = f"`{name}` has no control `{each[:40]}` (choose {known})"
            raise wrong(given["light"].line, reason)
    return names


def _parts(tokens: Sequence[Token], collected: Collected) -> tuple[list[Token], list[Token]]:
    """The words, and the reveal with its heading."""
    headings = [k for k, token in enumerate(tokens) if token.type == "heading_open"]
    for k in headings:
        with collected.each():
            if tokens[k].tag != "h3":
                raise wrong(_line(tokens[k]), "a step has no headings but `### ` for its reveal")
            if k != headings[0]:
                raise wrong(_line(tokens[k]), "a step has one reveal, so one third-level heading")
    at = headings[0] if headings else len(tokens)
    return list(tokens[:at]), list(tokens[at:])


def _line(token: Token) -> int:
    return (token.map[0] if token.map else 0) + 1
