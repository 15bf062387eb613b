"""The handout of some lessons, and its answers: made from the lessons' files, so a teacher's own come
along.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from aemodels.lessons import Lesson, Step
from pages.teachers import code_map, gap, paper
from pages.teachers.misconceptions import MISCONCEPTIONS

Numbered = Sequence[tuple[int, Lesson]]  # with their numbers on the page Learn
LINES = 2  # to write on, after a deed
FIELDS = """<p class="fields"><span class="wide">Name <i></i></span><span>Class <i></i></span>
<span>Date <i></i></span></p>"""


def handout(lessons: Numbered, notice: str, blank_map: code_map.Map | None) -> str:
    """Questions with boxes, lines to write on, one sentence to complete for each lesson, and a map
    to write on.
    """
    body = [_lesson(number, lesson) for number, lesson in lessons]
    if blank_map:
        words = (
            f"Each dot is the code of one handwritten digit in {blank_map.model}, an autoencoder "
            "that never saw which digit it is. Explore the map on the screen, write each digit "
            "where you find it, and mark what the lessons ask for. The circles are one and two "
            "standard deviations of the prior."
        )
        body.append(f'<section class="map"><h2>Map</h2><p>{words}</p>{blank_map.svg}</section>')
    return paper.page("Handout", FIELDS + notice, "\n".join(body))


def answers(lessons: Numbered, notice: str, full_map: code_map.Map | None) -> str:
    """What happens in each lesson, its sentence, and the misconception to meet."""
    body = [_answered(number, lesson) for number, lesson in lessons]
    if full_map:
        words = f"Each numeral stands at the code of one test digit in {full_map.model}."
        body.append(f'<section class="map"><h2>Map</h2><p>{words}</p>{full_map.svg}</section>')
    return paper.page("Answers to the handout", notice, "\n".join(body))


def _lesson(number: int, lesson: Lesson) -> str:
    steps = "\n".join(_step(step) for step in lesson.steps if _asks(step))
    lead, _ = gap.split(gap.plain(lesson.idea))
    return f"""<section>{_heading(number, lesson)}
{steps}
<div class="sentence"><p><span class="lead">{lead}</span></p>{_lines(1)}</div>
</section>"""


def _heading(number: int, lesson: Lesson) -> str:
    return f'<h2><span class="number">{number}</span>{escape(lesson.title)}</h2>'


def _asks(step: Step) -> bool:
    return bool(step.answers or step.deed or step.sketch is not None)


def _step(step: Step) -> str:
    after = []
    if step.answers:
        after.append(_boxes((answer.html, False) for answer in step.answers))
    if step.sketch is not None:
        after.append("<p>Mark it on the map.</p>")
    if step.deed:
        after.append(f"<p>What do you see?</p>{_lines(LINES)}")
    return f"""<div class="step"><h3>{escape(step.title)}</h3>
{step.html}
{"".join(after)}</div>"""


def _boxes(answers: Iterable[tuple[str, bool]]) -> str:
    items = "".join(
        f'<li class="right"><p>{html}</p></li>' if right else f"<li><p>{html}</p></li>"
        for html, right in answers
    )
    return f'<ul class="answers">{items}</ul>'


def _lines(count: int) -> str:
    return f'<div class="lines">{"<i></i>" * count}</div>'


def _answered(number: int, lesson: Lesson) -> str:
    steps = []
    for step in lesson.steps:
        if not (step.answers or step.reveal):
            continue
        boxes = _boxes((answer.html, answer.right) for answer in step.answers)
        asked = f"{step.html}\n{boxes}" if step.answers else ""
        steps.append(
            f'<div class="step"><h3>{escape(step.title)}</h3>\n{asked}\n{step.reveal}</div>'
        )
    lead, rest = gap.split(gap.plain(lesson.idea))
    found = MISCONCEPTIONS.get(lesson.key, ())
    watch = "".join(f'<p class="watch">{each.html}</p>' for each in found)
    return f"""<section>{_heading(number, lesson)}
{"".join(steps)}
<div class="sentence"><p><span class="lead">{lead} <span class="gap">{rest}</span></span></p>{watch}</div>
</section>"""


def chosen(
    query: Mapping[str, str], usual: Sequence[str], every: Sequence[Lesson]
) -> tuple[Numbered, str]:
    """The lessons that an address such as `?lessons=holes,posterior` asks for, and a notice in HTML
    about those that aren't there.
    """
    numbers = {lesson.key: (number, lesson) for number, lesson in enumerate(every, 1)}
    asked = query.get("lessons", "")
    keys = list(dict.fromkeys(key for key in asked.split(",") if key)) or list(usual)
    missing = [key for key in keys if key not in numbers]
    found = [numbers[key] for key in keys if key in numbers]
    notice = ""
    if missing:
        names = ", ".join(escape(key[:40]) for key in missing[:12])
        notice = f'<p class="notice">There is no lesson {names}.</p>'
    return found, notice
