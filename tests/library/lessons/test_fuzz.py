"""Whatever a file holds, it is read or refused with lines; what is read holds nothing that runs."""

import random
from pathlib import Path

import pytest

from aemodels import lessons, paths
from aemodels.bundles import bundle, zoo
from tests.library.lessons.test_read import FRONT, KNOWN, STEP, tags

MODELS = {item.name: item.latent_dim for item in bundle.scan(zoo.folder()).bundles}
SEEDS = [path.read_text("utf-8") for path in sorted((paths.lessons() / "en").glob("[0-9]*.md"))]
PIECES = (
    *(
        "---\n",
        "```",
        "```step\n",
        "\n## ",
        "\n### ",
        "- [ ] ",
        "- [x] ",
        "\n\n",
        "{",
        "}",
        "[",
        "]",
    ),
    *(
        "(#kl)",
        "](javascript:x)",
        "![a](b)",
        "<script>alert(1)</script>",
        "<!--",
        "-->",
        "&#x3c;b>",
    ),
    *(
        "<img src=x onerror=y>",
        "&lt;",
        "\\",
        "\t",
        "\x00",
        "\u2028",
        "\ufeff",
        "é",
        "🎲",
        "`",
        "*",
        "> ",
    ),
    *(
        "view: explore?",
        "&model=",
        "model=vae-2",
        "where: {",
        "&a [*a]",
        "*a",
        "!!python/object:os.system",
    ),
    *(
        "{legible vae-16}",
        '{x" onload="y}',
        "| a |\n|-|\n",
        "[a]: http://b\n",
        "<http://c>",
        "1e999",
        "- " * 40,
    ),
)
DEEP = (
    "[" * 5000,
    "{" * 5000,
    "> " * 3000,
    "- " * 3000,
    "*" * 5000,
    "[" * 3000 + "](a)",
    "`" * 5000,
)


def attempt(path: Path, text: str) -> bool:
    """Whether the text is a lesson; fails unless it is that or is refused."""
    content = text.encode("utf-8", "surrogatepass")
    path.write_bytes(content)
    index = lessons.scan(None, [path], models=MODELS)
    for _, each in index.problems:
        assert 1 <= each.line <= content.count(b"\n") + content.count(b"\r") + 2, each
        assert each.reason
        assert "\n" not in each.reason
    assert all(tags(found) <= KNOWN for found in index.lessons)
    assert len(index.lessons) == (not index.problems)
    return bool(index.lessons)


def test_what_is_broken_at_random_is_refused_with_lines(tmp_path: Path) -> None:
    """Real lessons and made ones, cut, doubled and sprinkled with what could do harm."""
    randomly = random.Random(11)
    seeds = [*SEEDS, FRONT + STEP]
    good = 0
    for _ in range(400):
        text = randomly.choice(seeds)
        for _ in range(randomly.randint(1, 4)):
            at = randomly.randrange(len(text) + 1)
            end = min(len(text), at + randomly.choice((0, 0, 1, 3, 40)))
            text = text[:at] + randomly.choice((*PIECES, "", text[end : end + 30])) + text[end:]
        good += attempt(tmp_path / "01-a.md", text)
    # Neither all nor none: both ways out were tried.
    assert 20 < good < 380


@pytest.mark.parametrize("deep", DEEP)
@pytest.mark.parametrize("place", ["front", "yaml", "words"])
def test_deep_nesting_is_refused_or_read(place: str, deep: str, tmp_path: Path) -> None:
    texts = {
        "front": FRONT.replace("A title", deep) + STEP,
        "yaml": FRONT + STEP.replace("view: ", f"where: {deep}\nview: "),
        "words": FRONT + STEP.replace("Words.", deep),
    }
    attempt(tmp_path / "01-a.md", texts[place])
