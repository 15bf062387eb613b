"""What each lesson asks of a person: words, minutes, clicks, keys; and how long it takes to load.

    python -m benchmarks.lessons
    python -m benchmarks.lessons --url http://localhost:8501

A student goes through every lesson twice in a headless Chromium, by mouse and by keys alone, with
the right predictions. Minutes are those of a person: 200 words a minute, and the seconds below for
each click, drag and prediction. A deed counts for the keyboard if the lesson ticked it off. Loading
is measured by mouse: the first lesson from a cold profile, the others from the one before, and from
one step to the next.
"""

import argparse
import contextlib
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from aemodels.bundles import bundle, zoo
from aemodels.lessons.folder import scan
from aemodels.lessons.lesson import Lesson
from benchmarks.train import machine
from browser import chromium, server
from browser.student import DEEDS, Effort, Student

WORDS_PER_MINUTE = 200
PREDICTION, CLICK, DRAG = 4.0, 1.0, 4.0  # seconds
TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Played:
    """What one lesson took, by mouse or by keys."""

    effort: Effort
    deeds: int
    done: int


def words(lesson: Lesson) -> int:
    """Those that are read, numbers and answers included."""
    parts = [lesson.title, lesson.idea]
    for step in lesson.steps:
        parts += [step.title, step.html, step.reveal, *(answer.html for answer in step.answers)]
    # A number stands where it is computed.
    text = TAG.sub(" ", " ".join(parts).replace("</data>", "1"))
    return len(re.findall(r"[^\W_]+(?:['’.,-][^\W_]+)*", text))


def minutes(lesson: Lesson, effort: Effort) -> float:
    """Of a person who reads everything and does what is asked by mouse."""
    predictions = sum(bool(step.answers) for step in lesson.steps)
    # A prediction is a click as well, and is thought about.
    seconds = PREDICTION * predictions + CLICK * effort.clicks + DRAG * effort.drags
    return words(lesson) / WORDS_PER_MINUTE + seconds / 60


def play(student: Student, lesson: Lesson) -> Played:
    """Go through a lesson with the right predictions."""
    student.effort = Effort()
    student.follow(lesson.key, lesson.title)
    deeds = done = 0
    for number, step in enumerate(lesson.steps, 1):
        if step.answers:
            student.predict(next(k for k, each in enumerate(step.answers) if each.right))
        if step.deed:
            student.act(DEEDS[lesson.key][number])
            student.rest()
            deeds += 1
            done += "Done" in student.deed.inner_text()
        if step.reveal and student.reveal.is_visible():
            student.told()
        student.go_on()
    return Played(student.effort, deeds, done)


def go_through(
    browser: Browser, url: str, lessons: list[Lesson], *, keys: bool
) -> dict[str, Played]:
    """All lessons in one tab, by key."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    student = Student(context.new_page(), url, keys=keys)
    found = {}
    for lesson in lessons:
        found[lesson.key] = play(student, lesson)
    context.close()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", help="of an app that runs already")
    url = parser.parse_args().url
    executable = chromium.find()
    assert executable, chromium.INSTALL
    models = {path.name: bundle.read(path).latent_dim for path in zoo.folder().iterdir()}
    lessons = scan(server.ROOT / "lessons" / "en", models=models).lessons
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        log, own = Path(folder, "app.log"), {"LATENT_LAB_HOME": folder}
        with server.app(log, own) if url is None else contextlib.nullcontext(url) as address:
            browser = chromium.launch(playwright, executable)
            mouse, keyboard = (
                go_through(browser, address, lessons, keys=keys) for keys in (False, True)
            )
            browser.close()
    print(f"{machine()}\n")
    print(
        "| lesson | words | minutes | clicks | drags | deeds by keys | to load, s | next step, s |"
    )
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for lesson in lessons:
        found, effort = keyboard[lesson.key], mouse[lesson.key].effort
        first, *others = effort.seconds
        print(
            f"| {lesson.key} | {words(lesson)} | {minutes(lesson, effort):.1f} | {effort.clicks} "
            f"| {effort.drags} | {found.done} of {found.deeds} | {first:.1f} | {max(others):.1f} |"
        )
    every, done = (
        sum(getattr(each, name) for each in keyboard.values()) for name in ("deeds", "done")
    )
    longest = max(minutes(lesson, mouse[lesson.key].effort) for lesson in lessons)
    print(
        f"\nDeeds that keys alone can do: {done} of {every}. Longest lesson: {longest:.1f} minutes."
    )


if __name__ == "__main__":
    main()
