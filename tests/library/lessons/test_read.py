"""A lesson's file is read as it is written; a wrong one is named with every line and reason."""

from html.parser import HTMLParser
from pathlib import Path

import pytest

from aemodels import lessons
from aemodels.lessons import Condition, Deed, Lesson, LessonError

MODELS = {"vae-2": 2, "vae-16": 16, "ae-16": 16, "pca-16": 16}
FRONT = "---\ntitle: A title\nminutes: 2\nidea: One *sentence*.\n---\n"
STEP = "## Guess\n\n```step\nview: explore?model=vae-2\n```\n\nWords.\n"
FIRST = 8  # the line of the step's YAML, where STEP is right below the front matter


def read(folder: Path, text: str | bytes) -> Lesson:
    path = folder / "01-title.md"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return lessons.read(path, "title", models=MODELS)


def problems(folder: Path, text: str | bytes) -> list[tuple[int, str]]:
    with pytest.raises(LessonError) as caught:
        read(folder, text)
    return [(each.line, each.reason) for each in caught.value.problems]


def test_a_whole_lesson(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        FRONT
        + """
<!-- Comments are for those who read the file. -->

## Guess

```step
view: https://example.org/lab/explore?model=vae-16&layer=clouds&classes=1,2
```

Two words: **bold** and [KL](#kl).

What is asked?

- [ ] *one*
- [x] two

## Do

```step
light: [resample, map]
done: sampled
times: 3
distinct: class
where: {count: ">= 20", class: 7}
```

Press **Resample**.

### What happened

It was {error vae-16}; see [Families](families?family=vae).

## Sketch

```step
view: compare?models=vae-2,vae-16
light: maps
```

Where are the 4s? A \\{brace}.
""",
    )
    assert (found.title, found.minutes, found.idea) == ("A title", 2, "One <em>sentence</em>.")
    guess, do, sketch = found.steps
    assert guess.place
    assert guess.place.address == "explore?model=vae-16&layer=clouds&classes=1,2"
    assert guess.html == (
        '<p>Two words: <strong>bold</strong> and <a href="glossary#kl" class="term">KL</a>.</p>\n'
        '<p class="question">What is asked?</p>'
    )
    assert [(each.html, each.right) for each in guess.answers] == [
        ("<em>one</em>", False),
        ("two", True),
    ]
    assert guess.reveal == ""
    assert do.place is None
    assert do.light == ("resample", "map")
    assert do.deed == Deed(
        "sampled", 3, "class", (Condition("count", ">=", 20.0), Condition("class", "=", "7"))
    )
    assert do.reveal == (
        '<h3>What happened</h3>\n<p>It was <data class="measure" value="error vae-16"></data>; '
        'see <a href="families?family=vae">Families</a>.</p>'
    )
    assert sketch.html == "<p>Where are the 4s? A {brace}.</p>"
    assert [(each.name, each.models, each.line) for each in found.measures] == [
        ("error", ("vae-16",), 36),
    ]


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_other_systems_lines_and_marks(newline: str, tmp_path: Path) -> None:
    text = "\ufeff" + (FRONT + STEP).replace("\n", newline)
    assert read(tmp_path, text).steps[0].html == "<p>Words.</p>"


def of_step(yaml: str, words: str = "Words.") -> str:
    return f"{FRONT}## Guess\n```step\n{yaml}\n```\n{words}\n"


WRONG: dict[str, tuple[str | bytes, int, str]] = {
    "nothing": ("", 1, "must begin with a line `---`"),
    "no end": ("---\ntitle: x\n", 1, "must end with a line `---`"),
    "not YAML": ("---\ntitle: x\nminutes: [\n---\n" + STEP, 3, "isn't YAML"),
    "a colon": (FRONT.replace("One", "One: two") + STEP, 4, "needs quotes"),
    "a list": ("---\n- title\n---\n" + STEP, 2, "must be lines of `name: value`"),
    "twice": (FRONT.replace("idea", "title") + STEP, 4, "has `title` twice"),
    "no title": (FRONT.replace("title: A title", "title:") + STEP, 2, "must be one value"),
    "no idea": (FRONT.replace("idea: One *sentence*.\n", "") + STEP, 1, "has no `idea`"),
    "surplus": (FRONT.replace("idea", "level: 3\nidea") + STEP, 4, "unknown name `level`"),
    "long": (FRONT.replace("2", "99") + STEP, 3, "`minutes` must be a number up to 60"),
    "measure in idea": (
        FRONT.replace("One", "One {kept vae-2}") + STEP,
        4,
        "`idea` has no measures",
    ),
    "no step": (FRONT + "\n", 6, "the lesson has no step"),
    "text before": (FRONT + "\nHello\n\n" + STEP, 7, "text must belong to a step"),
    "first heading": (FRONT + "# Title\n" + STEP, 6, "text must belong to a step"),
    "no view": (f"{FRONT}## Guess\nWords.\n", 6, "needs a `view`"),
    "no words": (of_step("view: explore", ""), 6, "the step has no words"),
    "unknown view": (of_step("view: exlpore"), 8, "there is no view `exlpore`"),
    "another path": (of_step("view: /etc/passwd"), 8, "there is no view `passwd`"),
    "unknown model": (of_step("view: explore?model=vae-17"), 8, "no model `vae-17`"),
    "own run": (of_step("view: explore?model=run:x"), 8, "no model `run:x`"),
    "unknown parameter": (of_step("view: explore?modle=vae-2"), 8, "no parameter `modle`"),
    "no pair": (of_step("view: explore?model"), 8, "isn't `name=value&name=value`"),
    "given twice": (of_step("view: explore?digit=1&digit=2"), 8, "a parameter twice"),
    "no digit": (of_step("view: explore?digit=10000"), 8, "a whole number from 0 to 9999"),
    "no layer": (of_step("view: explore?layer=cloud"), 8, "must be points or manifold"),
    "short z": (of_step("view: explore?model=vae-16&z=1,2"), 8, "must be 16 numbers"),
    "one model": (of_step("view: compare?models=vae-2"), 8, "2 to 4 different models"),
    "no family": (of_step("view: families?family=gan"), 8, "`family` must be linear or deep"),
    "another section's": (
        of_step("view: families?family=vae&kind=masking"),
        8,
        "`families?family=vae` has no parameter `kind` (choose family)",
    ),
    "missing": (of_step("view: families?family=beta"), 8, "no model `beta-2d-0` in the zoo"),
    "no lesson in features": (of_step("view: uses?use=features"), 8, "must be anomalies"),
    "unknown field": (of_step("view: explore\nlights: map"), 9, "unknown name `lights`"),
    "unknown control": (of_step("view: explore\nlight: lamp"), 9, "has no control `lamp`"),
    "unknown event": (of_step("view: explore\ndone: slept"), 9, "tells no event `slept`"),
    "times alone": (of_step("view: explore\ntimes: 3"), 9, "`times` needs `done`"),
    "never": (of_step("view: explore\ndone: sampled\ntimes: 0"), 10, "number from 1 to 100"),
    "unknown fact": (of_step("view: explore\ndone: sampled\ndistinct: hue"), 10, "no `hue`"),
    "no condition": (of_step("view: explore\ndone: sampled\nwhere: 3"), 10, "name: value"),
    "no number": (of_step("view: explore\ndone: noise\nwhere: {size: big}"), 10, "is a number"),
    "class is a word": (
        of_step('view: explore\ndone: sampled\nwhere: {class: "> 3"}'),
        10,
        "only be tested with `=` and `!=`",
    ),
    "no class": (of_step("view: explore\nsketch: 12"), 9, "a whole number from 0 to 9"),
    "no map": (of_step("view: draws?models=ae-16,vae-16\nsketch: 1"), 9, "no map to sketch on"),
    "second block": (
        of_step("view: explore", "Words.\n\n```step\nsketch: 1\n```"),
        12,
        "one block",
    ),
    "second reveal": (
        of_step("view: explore", "Words.\n\n### A\n\nb\n\n### C\n\nd"),
        16,
        "one third-level heading",
    ),
    "deep heading": (of_step("view: explore", "#### Deep\n\nWords."), 10, "no headings but"),
    "one answer": (of_step("view: explore", "Asked?\n\n- [x] a"), 12, "2 to 4 answers, not 1"),
    "none right": (
        of_step("view: explore", "Asked?\n\n- [ ] a\n- [ ] b"),
        12,
        "no answer is right",
    ),
    "a bare answer": (of_step("view: explore", "Asked?\n\n- [ ] a\n- b"), 13, "`[ ]` or `[x]`"),
    "no question": (of_step("view: explore", "- [ ] a\n- [x] b"), 10, "need a question"),
    "words after": (
        of_step("view: explore", "Asked?\n\n- [ ] a\n- [x] b\n\nWords."),
        15,
        "answers come last",
    ),
    "both": (
        of_step("view: explore\nsketch: 1", "Asked?\n\n- [ ] a\n- [x] b"),
        9,
        "a step has answers or a `sketch`",
    ),
    "unknown measure": (of_step("view: explore", "One\n{luck vae-2}"), 11, "no measure `luck`"),
    "wrong argument": (
        of_step("view: explore", "{error}"),
        10,
        "`error` must be written `{error MODEL}`",
    ),
    "no detector": (of_step("view: explore", "{auroc vae-2}"), 10, "no detector `vae-2` (choose"),
    "measure of nothing": (of_step("view: explore", "{error vae-3}"), 10, "no model `vae-3`"),
    "HTML": (of_step("view: explore", "One\n<script>alert(1)</script>"), 11, "HTML isn't"),
    "HTML block": (of_step("view: explore", "<div>\nhi\n</div>"), 10, "HTML isn't"),
    "a picture": (of_step("view: explore", "![x](lens/icon.png)"), 10, "pictures aren't"),
    "a site": (
        of_step("view: explore", "[x](https://a.example)"),
        10,
        "a link must lead to a page",
    ),
    "a bare site": (of_step("view: explore", "<https://a.example>"), 10, "a link must lead"),
    "no scheme": (of_step("view: explore", "[x](//a.example/explore)"), 10, "a link must lead"),
    "a script": (of_step("view: explore", "[x](javascript:alert(1))"), 10, "a link must lead"),
    "up": (of_step("view: explore", "[x](../explore)"), 10, "a link must lead"),
    "a wrong page": (
        of_step("view: explore", "[x](explore?modle=vae-2)"),
        10,
        "no parameter `modle`",
    ),
    "link of a reference": (
        of_step("view: explore", "[x]\n\n[x]: data:text/html,hi"),
        10,
        "a link must lead",
    ),
    "in an answer": (
        of_step("view: explore", "Asked?\n\n- [ ] <b>a</b>\n- [x] b"),
        12,
        "HTML isn't",
    ),
    "other bytes": ((FRONT + STEP).encode().replace(b"Words", b"W\xf6rter"), 12, "isn't UTF-8"),
    "measure in an answer": (
        of_step("view: explore", "Asked?\n\n- [ ] {kept vae-2}\n- [x] b"),
        12,
        "an answer has no measures",
    ),
    "too large": (FRONT + STEP + "x" * 70_000, 1, "is larger than 64 kB"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_named_with_line_and_reason(name: str, tmp_path: Path) -> None:
    text, line, reason = WRONG[name]
    found = problems(tmp_path, text)
    assert [where for where, why in found if reason in why] == [line], found


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    text = FRONT.replace("minutes: 2", "minutes: two") + (
        "## A\n```step\nview: explore?digit=-1&hue=2\nlight: lamp\ndone: slept\n```\n{luck}\n"
        "## B\n![x](y)\n"
    )
    found = problems(tmp_path, text)
    assert [line for line, _ in found] == [3, 8, 8, 9, 10, 12, 14]


def test_what_a_step_lacks_is_not_blamed_on_the_next(tmp_path: Path) -> None:
    text = of_step("view: nowhere") + "## Then\nMore.\n"
    assert len(problems(tmp_path, text)) == 1


class Tags(HTMLParser):
    """Collects the tags and attributes of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, ""), *((tag, name) for name, _ in attrs)}


NAMES = ("p", "strong", "em", "a", "ul", "ol", "li", "blockquote", "pre", "code", "br", "hr", "h3")
KNOWN = {
    *((tag, "") for tag in (*NAMES, "data")),
    *(("a", name) for name in ("href", "class")),
    *(("data", name) for name in ("class", "value")),
    *(("p", "class"), ("code", "class"), ("ol", "start")),
}


def tags(lesson: Lesson) -> set[tuple[str, str]]:
    found = Tags()
    found.feed(lesson.idea)
    for step in lesson.steps:
        for html in (step.html, step.reveal, *(each.html for each in step.answers)):
            found.feed(html)
    return found.found


def test_markup_in_measures_and_code_stays_text(tmp_path: Path) -> None:
    words = "`<img src=x onerror=alert(1)>` &lt;b&gt; and\n\n    <script>alert(1)</script>\n\n"
    words += '```html" onload="alert(1)\n<script>\n```\n\n3. three'
    found = read(tmp_path, of_step("view: explore", words))
    assert tags(found) <= KNOWN
    assert "&lt;img src=x onerror=alert(1)&gt;" in found.steps[0].html


@pytest.mark.parametrize(
    ("view", "address"),
    [
        ("explore", "explore"),
        ("http://localhost:8501/?model=vae-2&z=0.5,-1", "explore?model=vae-2&z=0.5,-1"),
        ("https://school.example/lab/explore?digit=3", "explore?digit=3"),
        ("https://school.example/lab/", "explore"),
        ("/compare?models=vae-2,vae-16", "compare?models=vae-2,vae-16"),
        ("explore?frame=-1,2,-3,4.5&pins=0,1;;1,0", "explore?frame=-1,2,-3,4.5&pins=0,1;;1,0"),
        ("explore?classes=1%2C2", "explore?classes=1,2"),
    ],
)
def test_a_view_is_written_as_copied_links_are(view: str, address: str, tmp_path: Path) -> None:
    (step,) = read(tmp_path, of_step(f"view: {view}")).steps
    assert step.place
    assert step.place.address == address
    assert step.place.view == address.partition("?")[0]
