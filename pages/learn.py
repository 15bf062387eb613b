"""Learn: the list of lessons, or one of them over the views that it names."""

from collections.abc import Sequence

import streamlit as st

import lens
from aemodels import views
from aemodels.lessons import Lesson
from aemodels.views.lesson_contract import LessonState
from pages.families import SECTIONS
from pages.uses import anomalies
from ui import (
    address,
    lesson_pages,
    lessons_cache,
    markdown,
    page_header,
    zoo_cache,
)
from ui.given import Given
from ui.page_header import header
from ui.parameters import FAMILY, LEARN, LESSON, STEP
from ui.zoo_cache import Zoo

DATASET = "mnist"  # that the numbers in words are computed from


def family(zoo: Zoo, given: Given) -> lesson_pages.Page | None:
    """The view of a section of Families."""
    name = given.texts.get(FAMILY.name, next(iter(SECTIONS)))
    return SECTIONS[name].page(zoo, given) if name in SECTIONS else None


def use(zoo: Zoo, given: Given) -> lesson_pages.Page | None:
    """The anomaly detector of Uses."""
    chosen = anomalies.choose(given.texts)
    return anomalies.page(zoo, chosen, given) if chosen else None


BUILDS = {**lesson_pages.BUILDS, "families": family, "uses": use}


def main() -> None:
    zoo = zoo_cache.load()
    found = lessons_cache.load(zoo).lessons
    by_key = {lesson.key: lesson for lesson in found}
    text = LESSON.text
    if text is not None and text not in by_key:
        link = markdown.code(f"{LESSON.name}={text[:40]}")
        address.note(f"{link}: there is no such lesson. Showing all of them.")
        LESSON.remove()
        # One of that lesson.
        STEP.remove()
    key = LESSON.read()
    lesson = by_key.get(key or "")
    # A step belongs to its lesson.
    address.belong([STEP], key or "")
    # After the last step comes the end.
    step = STEP.within(len(lesson.steps) + 1 if lesson else 1).read()
    with header() if lesson else header(sentence(found)):
        if lesson:
            st.button("All lessons", icon=":material/apps:", on_click=LESSON.remove)
    state = LessonState(lesson=key, step=step, visit=address.visit())
    if lesson is None:
        address.finish(LEARN)
        page_header.title("Learn")
        if not found:
            st.info("No lesson can be shown; For teachers says why.", icon=":material/school:")
        told = lens.lessons([lessons_cache.card(each) for each in found], state)
        with st.container(horizontal=True):
            st.page_link("glossary.py", label="Glossary", icon=":material/dictionary:")
            st.page_link("teachers/page.py", label="For teachers", icon=":material/co_present:")
    else:
        page_header.title(f"Learn: {lesson.title}")
        told = show(zoo, lesson, found, state)
    if told is not None and told["visit"] == address.visit() and told["lesson"] != key:
        LESSON.put(told["lesson"])
        STEP.remove()
        address.rewrite()
        # The next view is told another visit, so that it takes over the state.
        address.new_visit()
        st.rerun()
    address.keep(LEARN, told)


def sentence(found: Sequence[Lesson]) -> str:
    """What to do in a lesson, and how long it takes, if that is the same for all."""
    minutes = {lesson.minutes for lesson in found}
    time = f" Each lesson takes about {minutes.pop():g} minutes." if len(minutes) == 1 else ""
    return f"**Guess, try, see.**{time}"


def show(
    zoo: Zoo, lesson: Lesson, found: Sequence[Lesson], state: LessonState
) -> LessonState | None:
    """A lesson over the views that its steps name."""
    steps = lesson_pages.steps(zoo, lesson, BUILDS)
    address.finish(LEARN)
    after = found[found.index(lesson) + 1 :]
    detectors = {name for measure in lesson.measures for name in measure.detectors}
    names = {name for measure in lesson.measures for name in measure.models}
    return lens.lesson(
        card=lessons_cache.card(lesson),
        next=lessons_cache.card(after[0]) if after else None,
        steps=steps,
        models={name: views.model(zoo[name]) for name in sorted(names)},
        detectors={
            name: found for name, found in anomalies.detectors().items() if name in detectors
        },
        dataset=views.dataset(DATASET),
        state=state,
    )


main()
