"""The numbers in a lesson's words, such as `{kept vae-2}`: named here, computed in the browser."""

import re
from collections.abc import Collection, Mapping, Sequence

from markdown_it.token import Token

from aemodels.lessons import markdown
from aemodels.lessons.errors import Collected, wrong
from aemodels.lessons.lesson import Measure
from aemodels.lessons.values import check_model
from aemodels.lessons.vocabulary import Vocabulary

# Kinds of arguments in a usage; of other words, such as `fade|straight`, each stands for itself.
MODEL, DETECTOR = "MODEL", "DETECTOR"
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
        choices = ", ".join(vocabulary.measures)
        reason = f"there is no measure `{name[:40]}` (choose {choices}; a brace itself is `\\{{`)"
        raise wrong(line, reason)
    usages = [usage.split()[1:] for usage in vocabulary.measures[name]["usage"]]
    known: dict[str, Collection[str]] = {MODEL: models, DETECTOR: vocabulary.detectors}
    for usage in usages:
        if _fits(arguments, usage, known):
            of = {kind: _of_kind(kind, arguments, usage) for kind in known}
            return Measure(name, tuple(arguments), of[MODEL], of[DETECTOR], line)
    any_name: dict[str, Collection[str]] = dict.fromkeys(known, arguments)
    for usage in usages:
        if _fits(arguments, usage, any_name):
            for model in _of_kind(MODEL, arguments, usage):
                check_model(model, line, models)
            for detector in _of_kind(DETECTOR, arguments, usage):
                if detector not in vocabulary.detectors:
                    choices = ", ".join(vocabulary.detectors)
                    raise wrong(line, f"there is no detector `{detector[:40]}` (choose {choices})")
    written = " or ".join(f"`{{{usage}}}`" for usage in vocabulary.measures[name]["usage"])
    raise wrong(line, f"`{name}` must be written {written}")


def _fits(
    arguments: Sequence[str], usage: Sequence[str], known: Mapping[str, Collection[str]]
) -> bool:
    """Whether arguments are as in a usage such as `MODEL class CLASS`."""
    return len(arguments) == len(usage) and all(
        _is(argument, kind, known) for argument, kind in zip(arguments, usage, strict=True)
    )


def _is(argument: str, kind: str, known: Mapping[str, Collection[str]]) -> bool:
    if kind in known:
        return argument in known[kind]
    if kind in NUMBERS:
        return NUMBERS[kind].fullmatch(argument) is not None
    return argument in kind.split("|")


def _of_kind(kind: str, arguments: Sequence[str], usage: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each, what in zip(arguments, usage, strict=True) if what == kind)
