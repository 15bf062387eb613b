"""The answers of a step: a list whose items begin with `[ ]` or, where right, `[x]`."""

import re
from collections.abc import Sequence

from markdown_it.token import Token

from aemodels.lessons import markdown
from aemodels.lessons.errors import wrong
from aemodels.lessons.lesson import Answer
from aemodels.lessons.markdown import Follow

FEWEST, MOST = 2, 4
BOX = re.compile(r"\[([ xX])\]\s+(.*)", re.DOTALL)


def take(tokens: Sequence[Token], follow: Follow) -> tuple[list[Token], list[Answer]]:
    """Words without their answers, and these. The paragraph before them gets the class "question".

    Raises LessonError if they aren't two to four, none is right, or they don't come last.
    """
    start = next((k for k, token in enumerate(tokens) if _is_answers(tokens, k)), None)
    if start is None:
        return list(tokens), []
    line = _line(tokens[start])
    end = next(
        k
        for k in range(start, len(tokens))
        if tokens[k].type == "bullet_list_close" and tokens[k].level == tokens[start].level
    )
    if end + 1 < len(tokens):
        raise wrong(_line(tokens[end + 1]), "answers come last, before a third-level heading")
    words, inside = list(tokens[:start]), tokens[start:end]
    answers = []
    for item in _items(inside):
        found = BOX.fullmatch(item.content)
        if found is None:
            raise wrong(_line(item), "each answer must begin with `[ ]` or `[x]`")
        text = markdown.inline(found[2])
        markdown.check(text, follow, _line(item) - 1)
        markdown.check_no_measure(text, _line(item), "an answer")
        answers.append(Answer(markdown.render(text), found[1] != " "))
    if not FEWEST <= len(answers) <= MOST:
        raise wrong(line, f"a question has {FEWEST} to {MOST} answers, not {len(answers)}")
    if not any(answer.right for answer in answers):
        raise wrong(line, "no answer is right; mark it with `[x]`")
    # A paragraph is three tokens: its text between an opening and a closing one.
    if not words or words[-1].type != "paragraph_close" or words[-1].level:
        raise wrong(line, "answers need a question before them, a paragraph")
    words[-3].attrs["class"] = "question"
    return words, answers


def _items(tokens: Sequence[Token]) -> list[Token]:
    """The text of each item of a list."""
    found = []
    for at, token in enumerate(tokens):
        if token.type == "list_item_open":
            kinds = [each.type for each in tokens[at + 1 : at + 5]]
            if kinds != ["paragraph_open", "inline", "paragraph_close", "list_item_close"]:
                raise wrong(_line(token), "an answer must be one paragraph")
            found.append(tokens[at + 2])
    return found


def _is_answers(tokens: Sequence[Token], at: int) -> bool:
    """Whether a list with boxes begins here."""
    token = tokens[at]
    if token.type != "bullet_list_open" or token.level:
        return False
    first = next((each for each in tokens[at:] if each.type == "inline"), None)
    return first is not None and BOX.fullmatch(first.content) is not None


def _line(token: Token) -> int:
    return (token.map[0] if token.map else 0) + 1
