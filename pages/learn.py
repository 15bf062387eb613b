"""Learn: the list of lessons, or one of them over the views that it names."""

from collections.abc import Sequence

import streamlit as st

import lens
from aemodels.lessons import Lesson
from aemodels.views.lesson_contract import LessonState
from pages import lesson_steps
from ui import (
    address,
    lessons_cache,
    markdown,
    page_header,
    page_words,
    zoo_cache,
)
from ui.page_header import header
from ui.parameters import LEARN, LESSON, STEP
from ui.zoo_cache import Zoo


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
    words = page_words.of_lessons({each.minutes for each in found})
    with header() if lesson else header(words):
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
            address.link("glossary.py", "Glossary", ":material/dictionary:")
            address.link("teachers/page.py", "For teachers", ":material/co_present:")
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


def show(
    zoo: Zoo, lesson: Lesson, found: Sequence[Lesson], state: LessonState
) -> LessonState | None:
    """A lesson over the views that its steps name."""
    data = lesson_steps.of(zoo, lesson, found, state)
    address.finish(LEARN)
    return lens.lesson(
        card=data["card"],
        next=data["next"],
        steps=data["steps"],
        models=data["models"],
        detectors=data["detectors"],
        dataset=data["dataset"],
        state=state,
    )


main()
