"""The numbers in a lesson's words, such as `{kept vae-2}`: named here, computed in the browser."""

import re
from collections.abc import Mapping, Sequence

from markdown_it.token import Token

from aemodels.lessons import markdown
from aemodels.lessons.errors import Collected, wrong
from aemodels.lessons.lesson import Measure
from aemodels.lessons.vocabulary import Vocabulary

MODEL = "MODEL"
# Kinds of arguments in a form; any other word stands for itself.
NUMBERS = {
    "CLASS": re.compile(r"[0-9]"),
    "IMAGE": re.compile(r"[0-9]{1,4}"),
    "NUMBER": re.compile(r"-?[0-9]+(\.[0-9]+)?"),
}


def find(
    tokens: Sequence[Token], vocabulary: Vocabulary, models: Mapping[str, int], first: int = 0
) -> list[Measure]:
    """The measures in these tokens; raises LessonError for those that don't exist."""
    collected, found = Collected(), []
    for token, line in markdown.walk(tokens, first):
        if token.type == "measure":
            with collected.each():
                found.append(_parse(token.content, line, vocabulary, models))
    collected.check()
    return found


def _parse(text: str, line: int, vocabulary: Vocabulary, models: Mapping[str, int]) -> Measure:
    name, *arguments = text.split() or [""]
    if name not in vocabulary.measures:
        known = ", ".join(vocabulary.measures)
        reason = f"there is no measure `{name[:40]}` (choose {known}; a brace itself is `\\{{`)"
        raise wrong(line, reason)
    forms = vocabulary.measures[name]["forms"]
    for form in forms:
        if _fits(arguments, form.split(), models):
            named = [a for a, kind in zip(arguments, form.split(), strict=True) if kind == MODEL]
            return Measure(name, tuple(arguments), tuple(named), line)
    raise wrong(line, _why_not(name, arguments, forms, models))


def _fits(arguments: Sequence[str], form: Sequence[str], models: Mapping[str, int]) -> bool:
    """Whether arguments are of a form such as `MODEL class NUMBER`."""
    return len(arguments) == len(form) and all(
        _is(argument, kind, models) for argument, kind in zip(arguments, form, strict=True)
    )


def _is(argument: str, kind: str, models: Mapping[str, int]) -> bool:
    if kind == MODEL:
        return argument in models
    if kind in NUMBERS:
        return NUMBERS[kind].fullmatch(argument) is not None
    return argument == kind


def _why_not(
    name: str, arguments: Sequence[str], forms: Sequence[str], models: Mapping[str, int]
) -> str:
    """Names a missing model, where that is all that is wrong."""
    known = {**models, **dict.fromkeys(arguments, 0)}
    for form in forms:
        if _fits(arguments, form.split(), known):
            missing = [a for a, kind in zip(arguments, form.split(), strict=True) if kind == MODEL]
            name = next(each for each in missing if each not in models)
            return f"there is no model `{name[:40]}` in the zoo"
    return f"`{name}` is written {' or '.join(f'{{{name} {form}}}' for form in forms)}"
