"""For teachers: plans for a class, the handout, what pupils get wrong, and lessons of one's own."""

from collections.abc import Mapping, Sequence
from html import unescape

import streamlit as st

from aemodels.lessons import Lesson, LessonIndex
from pages.teachers import gap
from pages.teachers.misconceptions import MISCONCEPTIONS, Misconception
from pages.teachers.plans import DO, EACH, GUESS, HOMEWORK, LONG, SHORT, TALK, Plan, own
from ui import address, lessons_cache, markdown, page_header, terms, zoo_cache
from ui.page_header import header
from ui.parameters import LESSONS, PLAN, TEACHERS

PLANS = {"45": SHORT, "90": LONG}
KEYS = {"45": SHORT.keys, "90": LONG.keys, "homework": HOMEWORK}
BEFORE = """
* Start the app with `--server.address 0.0.0.0`, so that the pupils' devices reach it; `docs/serving.md` has the steps.
* Open one lesson on one of these devices. The first visit loads the most; the pictures are computed on the device itself.
* **Share**, on every page, makes a link and its QR code: to a lesson and step, without controls that you hide, locked to
  one page. It also turns on the projector mode.
* A class in the address, such as `?class=7b`, keeps the runs of your classes apart. Every page shows it, and every link from
  **Share** keeps it.
* There are no accounts. Answers stay in each pupil's browser. On Learn, **Receipt** prints them or saves them as a file, and
  **Delete it** makes the device ready for the next pupil.
* A code makes you the teacher: enter it at **Teacher** on Train, and you may stop, rename and delete every run. Start the
  app with it, on Linux and macOS:
  ```text
  LATENT_LAB_TEACHER="three words of yours" .venv/bin/streamlit run app.py --server.address 0.0.0.0
  ```
  In PowerShell on Windows:
  ```text
  $env:LATENT_LAB_TEACHER = "three words of yours"
  .venv\\Scripts\\streamlit run app.py --server.address 0.0.0.0
  ```
"""
OWN = """
A lesson is a Markdown file. `docs/lessons.md` shows how to write one in ten minutes. Put your files into a folder, check
them with `python -m aemodels lessons check FOLDER`, and write `LATENT_LAB_LESSONS=FOLDER` in front of the command that
starts the app; in PowerShell, the line `$env:LATENT_LAB_LESSONS = "FOLDER"` comes before it. They then stand after the
built-in lessons, and their handout has the same form.
"""


def main() -> None:
    index = lessons_cache.load(zoo_cache.load())
    known = {lesson.key: lesson for lesson in index.lessons}
    with header("**For teachers:** a plan, a handout, and what pupils get wrong."):
        pass
    # Below it, they have room on a phone too.
    name = PLAN.pick()
    page_header.title(f"For teachers: {PLAN.choices[name].lower()}")
    keys = own_keys(known) if name == "own" else [key for key in KEYS[name] if key in known]
    address.finish(TEACHERS)
    show_problems(index)
    if name == "own":
        pick_lessons(known, keys)
    if name == "homework":
        show_homework(known, keys)
    else:
        show_plan(PLANS[name] if name in PLANS else own(keys), known)
    show_handout(keys)
    st.markdown(terms.link(f"## What pupils say\n{said(known, keys)}"))
    others = [key for key in known if key not in keys]
    with st.expander("In the other lessons"):
        st.markdown(terms.link(said(known, others)))
    st.markdown(f"## Before the class\n{BEFORE}")
    st.markdown(f"## Your own lessons\n{OWN}")


def own_keys(known: Mapping[str, Lesson]) -> list[str]:
    """The lessons of a plan of one's own, as the address has them, by default those of 45 minutes."""
    text = LESSONS.text
    keys = list(SHORT.keys) if text is None else list(dict.fromkeys(filter(None, text.split(","))))
    found = [key for key in keys if key in known]
    if text is not None:
        LESSONS.put(",".join(found))
        for key in keys:
            if key not in known:
                address.note(f"There is no lesson {markdown.code(key[:40])}.")
    return found


def pick_lessons(known: Mapping[str, Lesson], keys: Sequence[str]) -> None:
    """Buttons for all lessons, of which any may be on."""
    state, widget = st.session_state, "own_lessons"
    state[widget] = list(keys)
    st.pills(
        "Lessons",
        list(known),
        selection_mode="multi",
        format_func=lambda key: known[key].title,
        key=widget,
        label_visibility="collapsed",
        on_change=lambda: LESSONS.put(",".join(key for key in known if key in state[widget])),
    )


def show_problems(index: LessonIndex) -> None:
    """Name what is wrong with which line of which file."""
    if not index.problems:
        return
    lines = [
        f"{markdown.code(f'{path.name}:{problem.line}')} {reason(problem.reason)}"
        for path, problem in index.problems
    ]
    left_out = "These lessons are left out until their files are fixed:"
    st.warning("  \n".join([left_out, *lines]), icon=":material/warning:")


def reason(text: str) -> str:
    """Why a file is wrong, as Markdown; what it says between backticks is code."""
    parts = text.split("`")
    return "".join(
        markdown.code(part) if place % 2 and part.strip() else markdown.escape(part)
        for place, part in enumerate(parts)
    )


def show_plan(plan: Plan, known: Mapping[str, Lesson]) -> None:
    """A table of when each lesson is on, and the handout."""
    *times, last = plan.times()
    rows = [
        (time, linked(known[key]), sentence(known[key]))
        for time, key in zip(times, plan.keys, strict=True)
        if key in known
    ]
    rows.append((last, "Close", "Each pupil reads out one sentence of the handout."))
    head = ("Minutes", "Lesson", "The sentence at its end")
    st.markdown(terms.link(markdown.table(head, rows, (0, 1, 2))))
    st.markdown(
        f"{EACH} minutes for each lesson: {GUESS} to guess, on the handout; {DO} to try it, in pairs; {TALK} to talk about "
        "what they saw, before you read out the sentence."
    )


def show_homework(known: Mapping[str, Lesson], keys: Sequence[str]) -> None:
    """The lessons that a pupil can do alone, and something to train."""
    rows = [(linked(known[key]), sentence(known[key])) for key in keys]
    train = "Train a VAE with other settings. Predict its map first, then compare."
    rows.append(("[Train one](train)", train))
    st.markdown(terms.link(markdown.table(("Homework", "What it is about"), rows, (0, 1))))


def show_handout(keys: Sequence[str]) -> None:
    """Buttons that open the handout of these lessons, and its answers."""
    if not keys:
        return
    query = f"lessons={','.join(keys)}"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.link_button("Handout", f"handout?{query}", icon=":material/print:")
        st.link_button("Answers", f"answers?{query}", icon=":material/task_alt:")
        st.caption("To print, with a map to write on.")


def linked(lesson: Lesson) -> str:
    """A link that opens the lesson."""
    return f"[{markdown.escape(lesson.title)}](learn?lesson={lesson.key})"


def sentence(lesson: Lesson) -> str:
    """The idea, as Markdown that says just that."""
    return markdown.escape(unescape(gap.plain(lesson.idea)))


def said(known: Mapping[str, Lesson], keys: Sequence[str]) -> str:
    """The misconceptions of these lessons, as a list."""
    return "\n".join(
        f"* {met(each)} ({linked(known[key])})"
        for key in keys
        for each in MISCONCEPTIONS.get(key, ())
    )


def met(found: Misconception) -> str:
    """What is said and how to meet it."""
    return f"**“{markdown.escape(found.said)}”** {markdown.escape(found.answer)}"


main()
