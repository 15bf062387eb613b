"""Markdown as HTML that can neither run scripts nor load anything.

Only the kinds of text in `ALLOWED` are written; HTML, pictures and links to other sites are
refused. `{legible vae-16}` becomes `<data class="measure" value="legible vae-16"></data>`, and a
link to `#kl` one to that term of the glossary.
"""

import re
from collections.abc import Callable, Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from aemodels.lessons.errors import Collected, wrong

BLOCKS = {
    "blockquote": "a quotation",
    "bullet_list": "a list",
    "code_block": "code",
    "fence": "code",
    "heading": "a heading",
    "list_item": "a list",
    "ordered_list": "a list",
    "paragraph": "a paragraph",
}
INLINE = ("code_inline", "em", "hardbreak", "link", "measure", "softbreak", "strong", "text")
ALLOWED = {*BLOCKS, *INLINE, "inline", "hr"}
REFUSED = {
    "html_block": "HTML isn't available in a lesson",
    "html_inline": "HTML isn't available in a lesson",
    "image": "pictures aren't available in a lesson",
}
# From what a link says, and its line, to the address where it leads; raises LessonError.
Follow = Callable[[str, int], str]
PERCENT = re.compile(r"(\d) %")
COMMENT = re.compile(r"\s*(<!--.*?-->\s*)+", re.DOTALL)


class _Markdown(MarkdownIt):
    """CommonMark, and measures in braces."""

    def __init__(self) -> None:
        # HTML is recognised, so that it can be refused.
        super().__init__("commonmark", {"html": True})
        self.inline.ruler.after("escape", "measure", _measure)
        self.add_render_rule("measure", _render_measure)
        self.add_render_rule("text", _render_text)

    def validateLink(self, url: str) -> bool:  # noqa: N802
        """Every link is one here; `check` refuses those that lead elsewhere."""
        return True


def _measure(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "{":
        return False
    end = state.src.find("}", state.pos, state.posMax)
    if end < 0:
        return False
    if not silent:
        token = state.push("measure", "data", 0)
        token.content = " ".join(state.src[state.pos + 1 : end].split())
    state.pos = end + 1
    return True


def _render_measure(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    value = tokens[index].content.replace("&", "&amp;").replace('"', "&quot;")
    return f'<data class="measure" value="{value}"></data>'


def _render_text(
    self: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: OptionsDict,
    env: EnvType,
) -> str:
    # A line ends before a number, not between it and its percent sign.
    return PERCENT.sub("\\1\u00a0%", self.text(tokens, index, options, env))


_MARKDOWN = _Markdown()


def parse(text: str) -> list[Token]:
    """The blocks of a text."""
    return _MARKDOWN.parse(text)


def inline(text: str) -> list[Token]:
    """The tokens of a line of text."""
    return _MARKDOWN.parseInline(text)


def render(tokens: Sequence[Token]) -> str:
    """Checked tokens as HTML."""
    return str(_MARKDOWN.renderer.render(_written(tokens), _MARKDOWN.options, {})).strip()


def _written(tokens: Sequence[Token]) -> list[Token]:
    """Without comments."""
    found = [token for token in tokens if token.type not in REFUSED]
    for token in found:
        if token.children:
            token.children = _written(token.children)
    return found


def plain(token: Token) -> str:
    """The text of a heading, without markup."""
    return "".join(child.content for child in token.children or () if child.type != "measure")


def is_comment(token: Token) -> bool:
    """Whether it is an HTML comment, which is for those who read the file."""
    return token.type.startswith("html") and COMMENT.fullmatch(token.content) is not None


def check(tokens: Sequence[Token], follow: Follow, first: int = 0) -> None:
    """Raise LessonError for what a lesson must not hold, and turn links into addresses.

    `follow` gives the address that a link leads to; `first` is added to the tokens' own lines.
    """
    collected = Collected()
    for token, line in walk(tokens, first):
        with collected.each():
            _check(token, line, follow)
    collected.check()


def check_no_measure(tokens: Sequence[Token], line: int, what: str) -> None:
    """Raise LessonError for a measure in words that stand outside a step's text."""
    for token, at in walk(tokens, line - 1):
        if token.type == "measure":
            raise wrong(at, f"{what} has no measures, only words")


def walk(tokens: Sequence[Token], first: int = 0) -> Iterator[tuple[Token, int]]:
    """Every token, also within lines, with its line in the file."""
    for token in tokens:
        line = first + (token.map[0] if token.map else 0) + 1
        yield token, line
        for child in token.children or ():
            yield child, line
            line += child.type in ("softbreak", "hardbreak")


def _check(token: Token, line: int, follow: Follow) -> None:
    kind = token.type.removesuffix("_open").removesuffix("_close")
    if token.type in REFUSED:
        if is_comment(token):
            return
        raise wrong(line, REFUSED[token.type])
    if kind not in ALLOWED:
        raise wrong(line, f"{kind} isn't available in a lesson")
    if token.type == "link_open":
        token.attrs["href"] = address = follow(str(token.attrs.get("href", "")), line)
        if address.startswith("glossary#"):
            token.attrs["class"] = "term"
        token.attrs.pop("title", None)
