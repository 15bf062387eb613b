"""The glossary's file: what its reader refuses, and that all of it leads somewhere."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest

import lens
from aemodels import paths
from aemodels.bundles import zoo
from aemodels.lessons import glossary

FILE = paths.lessons() / "en" / glossary.FILE
TERMS = glossary.read(FILE)
WORDS = 40  # in a sentence, at most

GOOD = """
# Errors

## KL divergence {#kl}

```term
names: [KL, KL term]
picture: bell
lesson: kl
```

How far it is from
there.

It is {kl vae-2}.
"""


def read(tmp_path: Path, text: str) -> list[glossary.Term]:
    path = tmp_path / "glossary.md"
    path.write_text(text, encoding="utf-8")
    return glossary.read(path)


def test_a_term_is_read_whole(tmp_path: Path) -> None:
    assert read(tmp_path, GOOD) == [
        glossary.Term(
            key="kl",
            title="KL divergence",
            chapter="Errors",
            names=("KL", "KL term"),
            sentence="How far it is from there.",
            more="It is {kl vae-2}.",
            picture="bell",
            lesson="kl",
        )
    ]


@pytest.mark.parametrize(
    ("found", "wrong", "line", "reason"),
    [
        ("{#kl}", "", 4, "needs a key"),
        ("picture:", "pictures:", 4, "unknown 'pictures'"),
        ("picture: bell", "picture: [bell]", 4, "picture must be text"),
        ("names: [KL, KL term]", "names: KL", 4, "names must be a list"),
        ("lesson: kl", "lesson: [", 4, "isn't YAML"),
        ("It is {kl vae-2}.", "It is.\n\nIt was.", 4, "one sentence"),
        ("It is {kl vae-2}.", "## Again {#kl}\n\nIt is.", 15, "another term with the key 'kl'"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(
    tmp_path: Path, found: str, wrong: str, line: int, reason: str
) -> None:
    assert found in GOOD
    with pytest.raises(glossary.GlossaryError) as caught:
        read(tmp_path, GOOD.replace(found, wrong))
    assert str(caught.value).startswith(f"{tmp_path / 'glossary.md'}:{line}: ")
    assert reason in str(caught.value)


def test_no_name_is_that_of_two_terms() -> None:
    names = Counter(name.casefold() for term in TERMS for name in term.names)
    assert [name for name, count in names.items() if count > 1] == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: str(term.key))
def test_a_meaning_is_one_short_sentence(term: glossary.Term) -> None:
    assert len(term.sentence.split()) <= WORDS
    assert term.sentence.endswith(".")
    assert not re.search(r"[.!?] [A-Z]", term.sentence)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: str(term.key))
def test_pictures_numbers_and_lessons_are_there(term: glossary.Term) -> None:
    measures = json.loads((paths.lessons().parent / "aemodels/lessons/vocabulary.json").read_text())
    models = {path.name for path in zoo.folder().iterdir()}
    known = (lens.WEB / "glossary" / "rows.mjs").read_text(encoding="utf-8")
    for name, model in re.findall(r"\{(\w+) ([\w.-]+)", term.more):
        assert name in measures["measures"]
        assert model in models | {"originals"}
    if term.picture and term.picture != "bell":
        kind, *words = term.picture.split()
        assert kind == "map" or f"\n  {kind}: {{" in known
        # Of Families' noises, or a model.
        assert set(words) & (models | {"masking", "gaussian"}) or kind == "digits"
    if term.lesson:
        assert list(FILE.parent.glob(f"*-{term.lesson}.md"))
