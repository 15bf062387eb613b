"""Markdown as HTML for a static page: formulas as MathML, terms as links to the glossary."""

import re
from collections.abc import Mapping, Sequence

from latex2mathml import converter
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from aemodels.lessons.glossary import Term
from ui import terms

_FORMULA = re.compile(r"\$(?!\s)((?:[^$\\]|\\.)+?)(?<!\s)\$")


def _formula(state: StateInline, silent: bool) -> bool:
    found = _FORMULA.match(state.src, state.pos, state.posMax)
    if not found:
        return False
    if not silent:
        state.push("formula", "math", 0).content = found[1]
    state.pos = found.end()
    return True


def _draw_formula(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    return mathml(tokens[index].content)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKDOWN.inline.ruler.before("escape", "formula", _formula)
_MARKDOWN.add_render_rule("formula", _draw_formula)


def mathml(formula: str) -> str:
    """A formula in LaTeX as MathML, which reads it to screen readers too."""
    # The sizes of brackets are MathML's own affair.
    plain = re.sub(r"\\big(?![a-z])", "", formula)
    found = converter.convert(plain.replace("\n", " "))
    return found.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")


class Page:
    """The texts of one page: each term is a link where the page first uses it."""

    def __init__(self, known: Sequence[Term]) -> None:
        self.known = known
        self.used: set[str] = set()

    def link(self, text: str) -> str:
        """Markdown with these links."""
        return terms.link_first(text, self.known, self.used)

    def html(self, text: str) -> str:
        """Markdown as HTML."""
        return str(_MARKDOWN.render(self.link(text)))

    def line(self, text: str) -> str:
        """One paragraph of Markdown as HTML, without the paragraph around it."""
        return str(_MARKDOWN.renderInline(self.link(text)))


def facts(known: Sequence[Term]) -> Mapping[str, Mapping[str, str]]:
    """Title and meaning of each term by its key."""
    return {one.key: {"title": one.title, "sentence": one.sentence} for one in known}
