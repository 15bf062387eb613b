"""The handout of some lessons, and its answers: made from the lessons' files, so a teacher's own come
along.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from aemodels.lessons import Lesson, Step
from pages.teachers import code_map, gap, paper
from pages.teachers.misconceptions import MISCONCEPTIONS

Chosen = Sequence[tuple[int, Lesson]]  # with their numbers on Learn
FIELDS = """<p class="fields"><span class="wide">Name <i></i></span><span>Class <i></i></span>
<span>Date <i></i></span></p>"""


def handout(lessons: Chosen, notice: str, blank_map: code_map.Map | None) -> str:
    """Questions with boxes, lines to write on, one sentence to complete for each lesson, and a map
    to write on.
    """
    body = [_lesson(number, lesson) for number, lesson in lessons]
    if blank_map:
        asked = any(step.sketch is not None for _, lesson in lessons for step in lesson.steps)
        mark = " Mark what the lessons ask for." if asked else ""
        words = (
            f"Each dot is the code of one handwritten digit in {blank_map.model}, an autoencoder "
            "that never saw which digit it is. Explore the map on the screen, and write each digit "
            f"where you find it.{mark} The circles are one and two standard deviations of the "
            "prior, N(0, I)."
        )
        body.append(f'<section class="map"><h2>Map</h2><p>{words}</p>{blank_map.svg}</section>')
    return paper.page("Handout", FIELDS + notice, "\n".join(body))


def answers(lessons: Chosen, notice: str, full_map: code_map.Map | None, script: str = "") -> str:
    """What happens in each lesson, its sentence, and the misconception to meet; `script` is HTML that
    fills in the numbers.
    """
    body = [_answered(number, lesson) for number, lesson in lessons]
    if full_map:
        words = f"Each numeral stands at the code of one test digit in {full_map.model}."
        body.append(f'<section class="map"><h2>Map</h2><p>{words}</p>{full_map.svg}</section>')
    return paper.page("Answers to the handout", notice, "\n".join([*body, script]))


def _lesson(number: int, lesson: Lesson) -> str:
    steps = "\n".join(_step(step) for step in lesson.steps if _asks(step))
    lead, _ = gap.split(gap.plain(lesson.idea))
    return f"""<section>{_heading(number, lesson)}
{steps}
{_row("Complete", _line(f"<strong>{lead}</strong>"), "sentence")}
</section>"""


def _heading(number: int, lesson: Lesson) -> str:
    return f'<h2><span class="number">{number}</span>{escape(lesson.title)}</h2>'


def _row(title: str, html: str, kind: str = "step") -> str:
    """A title and, beside it, what belongs to it."""
    return f'<div class="{kind}"><h3>{escape(title)}</h3><div>{html}</div></div>'


def _asks(step: Step) -> bool:
    return bool(step.answers or step.deed or step.sketch is not None)


def _step(step: Step) -> str:
    parts = [step.html]
    if step.answers:
        parts.append(_boxes((answer.html, False) for answer in step.answers))
    if step.sketch is not None:
        parts.append("<p>Mark it on the map.</p>")
    if step.deed:
        parts.append(_line("What do you see?"))
    return _row(step.title, "\n".join(parts))


def _boxes(answers: Iterable[tuple[str, bool]]) -> str:
    items = "".join(
        f'<li class="right"><p>{html}</p></li>' if right else f"<li><p>{html}</p></li>"
        for html, right in answers
    )
    return f'<ul class="answers">{items}</ul>'


def _line(lead: str) -> str:
    """Room to write on: the rest of a line that begins with `lead`, and another one."""
    return f'<p class="write"><span>{lead}</span><i></i></p><p class="write"><i></i></p>'


def _answered(number: int, lesson: Lesson) -> str:
    rows = []
    for step in lesson.steps:
        boxes = _boxes((answer.html, answer.right) for answer in step.answers)
        asked = f"{step.html}\n{boxes}" if step.answers else ""
        # Its own heading says no more than "What happened".
        revealed = re.sub(r"^<h3>.*?</h3>\s*", "", step.reveal)
        if asked or revealed:
            rows.append(_row(step.title, f"{asked}\n{revealed}"))
    lead, rest = gap.split(gap.plain(lesson.idea))
    sentence = f'<p><strong>{lead} <span class="gap">{rest}</span></strong></p>'
    rows.append(_row("Sentence", sentence, "sentence"))
    if found := MISCONCEPTIONS.get(lesson.key):
        watch = "\n".join(f"<p>{each.html}</p>" for each in found)
        rows.append(_row("You may hear", watch))
    return f"<section>{_heading(number, lesson)}\n{''.join(rows)}\n</section>"


def chosen(
    query: Mapping[str, str], usual: Sequence[str], every: Sequence[Lesson]
) -> tuple[Chosen, str]:
    """The lessons that an address such as `?lessons=holes,posterior` asks for, and a notice in HTML
    about those that aren't there.
    """
    known = {lesson.key: (number, lesson) for number, lesson in enumerate(every, 1)}
    asked = query.get("lessons", "")
    keys = list(dict.fromkeys(key for key in asked.split(",") if key)) or list(usual)
    missing = [key for key in keys if key not in known]
    found = [known[key] for key in keys if key in known]
    if not missing:
        return found, ""
    names = ", ".join(escape(key[:40]) for key in missing[:12])
    return found, f'<p class="notice">There is no lesson {names}.</p>'
