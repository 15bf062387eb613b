"""The numbers in a lesson's words, such as `{kept vae-2}`: named here, computed in the browser."""

import re
from collections.abc import Mapping, Sequence

from markdown_it.token import Token

from aemodels.lessons import markdown
from aemodels.lessons.errors import Collected, wrong
from aemodels.lessons.lesson import Measure
from aemodels.lessons.values import check_model
from aemodels.lessons.vocabulary import Vocabulary

MODEL = "MODEL"
# Kinds of arguments in a usage; of other words, such as `fade|straight`, each stands for itself.
KINDS = {
    "CLASS": re.compile(r"[0-9]"),
    "DETECTOR": re.compile(r"[a-z0-9-]+"),
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
    usages = [usage.split()[1:] for usage in vocabulary.measures[name]["usage"]]
    for usage in usages:
        if _fits(arguments, usage, models):
            named = [a for a, kind in zip(arguments, usage, strict=True) if kind == MODEL]
            return Measure(name, tuple(arguments), tuple(named), line)
    known_or_not = {**models, **dict.fromkeys(arguments, 0)}
    for usage in usages:
        if _fits(arguments, usage, known_or_not):
            for argument, kind in zip(arguments, usage, strict=True):
                if kind == MODEL:
                    check_model(argument, line, models)
    written = " or ".join(f"`{{{usage}}}`" for usage in vocabulary.measures[name]["usage"])
    raise wrong(line, f"`{name}` must be written {written}")


def _fits(arguments: Sequence[str], usage: Sequence[str], models: Mapping[str, int]) -> bool:
    """Whether arguments are as in a usage such as `MODEL class CLASS`."""
    return len(arguments) == len(usage) and all(
        _is(argument, kind, models) for argument, kind in zip(arguments, usage, strict=True)
    )


def _is(argument: str, kind: str, models: Mapping[str, int]) -> bool:
    if kind == MODEL:
        return argument in models
    if kind in KINDS:
        return KINDS[kind].fullmatch(argument) is not None
    return argument in kind.split("|")
