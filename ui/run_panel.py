"""One run: its state and actions, its map and curves during training, its settings and numbers."""

import re
from collections.abc import Callable, Mapping
from time import monotonic, sleep
from typing import Any

import streamlit as st

import lens
from aemodels import runs, views
from aemodels.config import Config, Loop, every_setting
from aemodels.runs import archive, http, limits, process, request
from aemodels.runs.transitions import Action, offered
from ui import (
    address,
    markdown,
    metrics_table,
    model_catalogue,
    model_picker,
    persons,
    run_curves,
    terms,
    zoo_cache,
)
from ui.parameters import MODEL, RUN

ICONS = {
    "waiting": ":material/hourglass_empty:",
    "running": ":material/play_circle:",
    "paused": ":material/pause_circle:",
    "saving": ":material/save:",
    "measuring": ":material/monitoring:",
    "finished": ":material/check_circle:",
    "stopped": ":material/stop_circle:",
    "interrupted": ":material/error:",
    "failed": ":material/error:",
    "loaded": ":material/upload_file:",
}
WITH_TORCH = (Action.TRAIN, Action.TRAIN_LONGER, Action.MEASURE)
# The settings that weights and layers tell, without the training.
OF_WEIGHTS = (
    *("network", "latent_dim", "hidden", "decoder_hidden", "activation"),
    *("code_activation", "output_activation", "dataset"),
)
OTHERS = "Started by someone else; you can look, explore and compare."
PATIENCE = 1.0  # seconds in which a run's process answers a request


def has_lens(run: runs.Run) -> bool:
    """Whether it was or is being trained here, step by step, so that its training can be watched."""
    return bool(run.phases) and not run.loaded


def watch(chosen: str, compared: str | None, was_alive: bool, labels: Mapping[str, str]) -> None:
    """One run as it is now, compared with another; drawn again while it trains."""
    try:
        run = runs.read(chosen)
        other = runs.read(compared) if compared else None
    except runs.RunError:
        # Deleted elsewhere: the lists are out of date.
        st.rerun()
    if was_alive and not run.alive:
        st.rerun()
    state(run)
    whose(run)
    actions(run, labels[chosen])
    if not has_lens(run):
        if run.bundle_path and run.state != "failed":
            numbers(run)
        return
    progress = http.progress(run.id)
    if progress is None:
        st.rerun()
    lens.train(
        run.id,
        views.dataset(run.config.data.dataset),
        progress,
        prior=run.config.family.variational,
        reveal=st.session_state.get("reveal") == run.id,
    )
    run_curves.draw(run, other, f"curves-{chosen}")
    if other:
        differences(run, other, labels)


def state(run: runs.Run) -> None:
    """State and device on one line; the lens shows the progress."""
    status = run.status
    words = [f"{ICONS.get(run.state, '')} **{run.state.capitalize()}**"]
    if status.epochs and not run.alive:
        words.append(f"[epoch](glossary#epoch) {status.epoch} of {status.epochs}")
    if status.device:
        words.append(", ".join(filter(None, (status.device, status.precision))))
    st.markdown(" · ".join(words))
    if run.message:
        st.caption(markdown.escape(run.message))


def whose(run: runs.Run) -> None:
    """On a server that several share: that it is somebody else's, and of which class for a teacher."""
    person = persons.here()
    if not person.may(run):
        st.caption(OTHERS)
    elif not person.owns(run):
        group = f", class {markdown.escape(run.group)}" if run.group else ""
        st.caption(f"Started by someone else{group}.")


def actions(run: runs.Run, label: str) -> None:
    """The buttons for the actions that the run accepts now, and that this person may take."""
    may = persons.here().may(run)
    possible = offered(run) if may else ()
    if not process.can_train():
        possible = tuple(each for each in possible if each not in WITH_TORCH)
    waiting = run.state == runs.RunState.WAITING
    stop = ("Cancel", ":material/close:") if waiting else ("Stop", ":material/stop:")
    with st.container(horizontal=True, gap="xxsmall"):
        if Action.PAUSE in possible and st.button("Pause", icon=":material/pause:"):
            act(ask, run, Action.PAUSE)
        if Action.CONTINUE in possible and st.button("Resume", icon=":material/play_arrow:"):
            act(ask, run, Action.CONTINUE)
        if Action.STOP in possible and st.button(stop[0], icon=stop[1]):
            act(ask, run, Action.STOP)
        if Action.TRAIN in possible and st.button("Resume", icon=":material/play_arrow:"):
            act(start, run)
        if Action.TRAIN_LONGER in possible:
            train_longer(run)
        if Action.MEASURE in possible and st.button("Measure", icon=":material/monitoring:"):
            act(measure, run)
        path = run.bundle_path
        if path and run.state != "failed":
            key = model_catalogue.OWN + run.id
            if st.button("Open in Explore", key="go-explore", icon=":material/touch_app:"):
                address.switch("explore.py", {MODEL.name: key})
            model_picker.links(zoo_cache.load(), key)
            st.download_button(
                "Download",
                lambda: archive.pack(path),
                # Loading it names the run after the file.
                file_name=re.sub(r"[^\w .,()-]", "-", run.name) + ".zip",
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )
        if may:
            rename(run)
        if Action.DELETE in possible:
            with st.popover("Delete"):
                st.markdown(f"Delete **{markdown.escape(label)}** and its model for good?")
                if st.button("Delete for good", type="primary"):
                    act(remove, run)


def train_longer(run: runs.Run) -> None:
    """A popover that asks how many more epochs to train."""
    with st.popover("Train longer"):
        limit = Loop.table()["epochs"].high
        more = st.number_input("More epochs", 1, int(limit or 1), 10, key=f"longer-{run.id}")
        if st.button("Continue"):
            act(start, run, int(more))


def rename(run: runs.Run) -> None:
    """A popover that asks for another name."""
    # A new name makes a new popover, which starts closed.
    with (
        st.popover("Rename", key=f"rename-{run.id}-{run.name}"),
        st.form(f"renaming-{run.id}", border=False),
    ):
        name = st.text_input(
            "New name", run.name, max_chars=runs.LONGEST_NAME, key=f"name-{run.id}"
        )
        if st.form_submit_button("Save") and name.strip():
            act(runs.rename, run, name.strip())


def act(action: Callable[..., None], run: runs.Run, *arguments: Any) -> None:
    """Do it and draw the page again; if it can't be done, or this person may not, show a sentence
    instead.
    """
    try:
        # Whatever the browser sent, and whoever's page had the button.
        persons.here().check(runs.read(run.id))
        action(run, *arguments)
    except runs.RunError as error:
        st.error(markdown.escape(str(error)))
        return
    st.rerun()


def start(run: runs.Run, epochs: int | None = None) -> None:
    """Train it further, as far as the limits of whoever started it allow."""
    person = persons.here()
    with limits.starting(run.owner, person.limits, you=person.owns(run)):
        process.start(run, epochs)


def measure(run: runs.Run) -> None:
    """Measure it, within the same limits."""
    person = persons.here()
    with limits.starting(run.owner, person.limits, you=person.owns(run)):
        process.measure(run)


def ask(run: runs.Run, action: Action) -> None:
    """Send a request to its process, and wait for the answer, so that the page shows it at once."""
    request.send(run, action)
    end = monotonic() + PATIENCE
    while monotonic() < end and runs.read(run.id).state == run.state:
        sleep(0.05)


def remove(run: runs.Run) -> None:
    """Delete it, and take it out of the address."""
    runs.delete(run)
    RUN.remove()


def differences(run: runs.Run, other: runs.Run, labels: Mapping[str, str]) -> None:
    """The settings in which two runs differ, and their epochs if one was trained longer."""
    rows = [
        (item.label, mine, theirs)
        for name, item in every_setting().items()
        if (mine := setting(run.config, name)) != (theirs := setting(other.config, name))
    ]
    if any(each.phases != each.config.phases for each in (run, other)):
        mine, theirs = (" + ".join(map(str, each.phases)) or "–" for each in (run, other))
        rows.append(("Epochs of each stage", mine, theirs))
    if not rows:
        st.caption("Both runs have the same settings.")
        return
    names = [markdown.escape(labels[each.id]) for each in (run, other)]
    st.markdown(markdown.table(("Setting", *names), rows))


def setting(config: Config, name: str) -> str:
    """A setting as text, a dash if its family and network don't have it."""
    values = config.to_dict()
    return every_setting()[name].text(values[name]) if name in values else "–"


def numbers(run: runs.Run) -> None:
    """The test numbers and settings of a model whose training can't be watched."""
    picked = model_catalogue.of_run(run)
    # With the images that it was trained on, which may be fewer than were asked for.
    config = picked.bundle.config
    st.markdown(metrics_table.of_models([picked]))
    if run.claimed and not run.alive:
        st.caption("Its map and these numbers are as its file claims; they weren't measured here.")
    source = picked.bundle.training.source
    if source:
        name = markdown.escape(source)
        st.caption(f"Imported from **{name}**; how it was trained isn't known here.")
    words = [
        f"{every_setting()[name].label} {setting(config, name)}"
        for name in config.to_dict()
        if name not in ("family", "device", "precision") and (not source or name in OF_WEIGHTS)
    ]
    st.caption(terms.link(f"{run.config.family.title}: {', '.join(words)}"))
