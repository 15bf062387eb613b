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


# Browsers know only these letters themselves, no longer the attribute.
_LETTERS = {"double-struck": {"E": "𝔼", "R": "ℝ"}, "script": {"N": "𝒩", "L": "ℒ"}}


def mathml(formula: str) -> str:
    """A formula in LaTeX as MathML, which screen readers can read.

    Raises KeyError for a blackboard or script letter that isn't in `_LETTERS`.
    """
    # The sizes of brackets are MathML's own affair.
    plain = re.sub(r"\\big(?![a-z])", "", formula)
    found = converter.convert(plain.replace("\n", " "))
    found = found.replace(' xmlns="http://www.w3.org/1998/Math/MathML"', "")
    # As TeX spaces them.
    found = re.sub(r"<mi>(log|min)</mi>", r'<mi>\1</mi><mspace width="0.17em"/>', found)
    return re.sub(
        r'<mi mathvariant="([a-z-]+)">(\w)</mi>',
        lambda each: f"<mi>{_LETTERS[each[1]][each[2]]}</mi>" if each[1] in _LETTERS else each[0],
        found,
    )


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

    def figures(self, table: str) -> str:
        """A table of figures in Markdown as HTML, which a phone lays out in another way.

        Roles say that it still is a table.
        """
        html = self.html(table).replace("<table>", '<table role="table">')
        for tag, role in (("tr", "row"), ("th", "columnheader"), ("td", "cell")):
            html = re.sub(f"<{tag}(?=[ >])", f'<{tag} role="{role}"', html)
        return f'<div class="wide figures">{html}</div>'

    def line(self, text: str) -> str:
        """One paragraph of Markdown as HTML, without the paragraph around it."""
        return str(_MARKDOWN.renderInline(self.link(text)))


def facts(known: Sequence[Term]) -> Mapping[str, Mapping[str, str]]:
    """Title and meaning of each term by its key."""
    return {one.key: {"title": one.title, "sentence": one.sentence} for one in known}
