"""Train: start a run, watch it learn, pause, stop, go on; nothing is lost when the page closes."""

import gc
import re
from datetime import datetime
from time import monotonic, sleep
from typing import Any, cast

import streamlit as st

import lens
from aemodels import runs
from aemodels.config import Config, Loop, every_setting
from aemodels.runs import archive, http, process
from ui import lens_data, metrics_table, model_picker, query_params, run_curves, settings_form

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
SECONDS = 2.0  # between two looks at a run that has no lens
LENS_SECONDS = 60.0  # where there is one, which looks by itself and asks for more when it is due
PATIENCE = 1.0  # seconds in which a run's process answers what it is asked


def main() -> None:
    with model_picker.header("**Choose a few numbers and press Train.** Watch the map unfold."):
        pass
    query_params.check_names(["run"])
    query_params.show_notices()
    left, right = st.columns([1, 3], gap="large")
    with left:
        new_run()
        load()
    with right:
        gallery()
    set_apart()


@st.cache_resource(show_spinner=False)
def set_apart() -> None:
    """Let garbage collection skip what is loaded by now, such as Plotly.

    Streamlit collects after every run of a page, which took 0.1 s of the training each time.
    """
    gc.freeze()


def new_run() -> None:
    config = settings_form.form()
    name = st.text_input(
        "Name", key="run_name", placeholder="my first VAE", max_chars=runs.LONGEST_NAME
    )
    if config is None:
        st.button("Train", disabled=True, width="stretch", type="primary")
        return
    estimate(config)
    if st.button("Train", type="primary", width="stretch", icon=":material/play_arrow:"):
        try:
            run = runs.create(config, name.strip() or default_name(config))
            process.start(run)
        except runs.RunError as error:
            st.error(str(error))
            return
        st.session_state.run = st.session_state.reveal = run.id
        st.rerun()


def default_name(config: Config) -> str:
    """What a run is called by default: family, latents and time of day."""
    title = config.family.title
    return (
        f"{title}, {model_picker.latents_words(config.network.latent_dim)}, {datetime.now():%H:%M}"
    )


@st.fragment(parallel=True)
def estimate(config: Config) -> None:
    """Device, size and time, measured by a half-second trial in a process of its own."""
    # Only a paused run takes no time; one that waits or starts is about to.
    if any(run.alive and run.state != "paused" for run in runs.scan()):
        st.caption("While a run goes on, no trial is made: it would slow it down.")
        return
    with st.spinner("A half-second trial …"):
        try:
            facts = _trial(config)
        except runs.RunError as error:
            st.caption(settings_form.worded(str(error)))
            return
    st.caption(
        f"On **{facts['device']}** in {facts['precision']} · "
        f"**{facts['parameters']:,}** parameters · about **{clock(facts['seconds'])}** of training"
        + (
            f" for {len(config.phases)} stages of {config.loop.epochs} epochs"
            * (len(config.phases) > 1)
        )
    )


@st.cache_data(show_spinner=False, max_entries=200)
def _trial(config: Config) -> dict[str, Any]:
    return process.trial(config)


def load() -> None:
    with st.expander("Load a bundle"):
        file = st.file_uploader("A zip made by Download", key="bundle_zip")
        if file is None or st.session_state.get("adopted") == file.file_id:
            return
        st.session_state.adopted = file.file_id
        try:
            run = archive.unpack(file.getvalue(), file.name)
        except runs.RunError as error:
            st.error(str(error))
            return
        st.session_state.run = run.id
        st.rerun()


def gallery() -> None:
    """The list of runs and the one that is looked at."""
    found = runs.scan()
    wanted = st.query_params.get("run")
    if wanted is not None and wanted not in {run.id for run in found}:
        query_params.refuse("run", wanted, "there is no such run")
        query_params.show_notices()
    if not found:
        st.info("Runs appear here. They go on when you close this page.")
        return
    names = {run.id: run for run in found}
    labels = model_picker.labels(found)
    if "run" not in st.session_state and wanted in names:
        st.session_state.run = wanted
    # A picker knows its choice by the label, so one whose label changed must be told anew.
    if st.session_state.get("run") not in names:
        st.session_state.run = found[0].id
    elif st.session_state.get("labels", labels) != labels:
        for key in ("run", "beside"):
            st.session_state[key] = st.session_state.get(key)
    st.session_state.labels = labels
    picker, other = st.columns(2)
    chosen = picker.selectbox(
        "Run",
        list(names),
        format_func=labels.__getitem__,
        key="run",
    )
    query_params.put("run", chosen)
    others = [run.id for run in found if run.id != chosen and run.records()]
    if st.session_state.get("beside") not in others:
        st.session_state.beside = None
    beside = None
    if has_lens(names[chosen]):
        beside = other.selectbox(
            "Curves of another run",
            others,
            index=None,
            format_func=labels.__getitem__,
            placeholder="none",
            key="beside",
        )
    alive = names[chosen].alive
    seconds = LENS_SECONDS if has_lens(names[chosen]) else SECONDS
    st.fragment(watch, run_every=seconds if alive else None)(chosen, beside, alive, labels)


def has_lens(run: runs.Run) -> bool:
    """Whether something was or is trained here that can be shown as it goes."""
    return bool(run.phases) and run.state != "loaded"


def watch(chosen: str, beside: str | None, was_alive: bool, labels: dict[str, str]) -> None:
    """One run as it is now; drawn again while its process lives."""
    try:
        run = runs.read(chosen)
        other = runs.read(beside) if beside else None
    except runs.RunError:
        # Deleted by somebody else: the lists are no longer what there is.
        st.rerun()
    if was_alive and not run.alive:
        st.rerun()
    state(run)
    actions(run, labels[chosen])
    if not has_lens(run):
        if run.bundle_path and run.state != "failed":
            numbers(run)
        return
    progress = http.live(run.id)
    if progress is None:
        st.rerun()
    lens.train(
        run.id,
        lens_data.dataset(run.config.data.dataset),
        cast(lens.contract.RunProgress, progress),
        reveal=st.session_state.get("reveal") == run.id,
    )
    run_curves.draw(run, other, f"curves-{chosen}")
    if other:
        differences(run, other, labels)


def state(run: runs.Run) -> None:
    """State and device in a line; what moves while it lives is in the lens."""
    status = run.status
    words = [f"{ICONS.get(run.state, '')} **{run.state.capitalize()}**"]
    if status.get("epochs") and not run.alive:
        words.append(f"epoch {status.get('epoch', 0)} of {status['epochs']}")
    if status.get("device"):
        words.append(", ".join(filter(None, (status["device"], status.get("precision")))))
    st.markdown(" · ".join(words))
    if run.message:
        st.caption(run.message)


def actions(run: runs.Run, label: str) -> None:
    """The buttons that make sense in the run's state."""
    with st.container(horizontal=True):
        if run.state == "running" and st.button("Pause", icon=":material/pause:"):
            act(ask, run, "pause")
        if run.state == "paused" and st.button("Resume", icon=":material/play_arrow:"):
            act(ask, run, "run")
        if run.state in ("running", "paused") and st.button("Stop", icon=":material/stop:"):
            act(ask, run, "stop")
        if run.state == "waiting" and st.button("Cancel", icon=":material/close:"):
            act(ask, run, "stop")
        if run.resumable and st.button("Resume", icon=":material/play_arrow:"):
            act(process.start, run, resume=True)
        if run.state == "finished" and run.records():
            further(run)
        path = run.bundle_path
        if path and run.state != "failed":
            if st.button("Open in Explore", icon=":material/touch_app:"):
                st.switch_page("explore.py", query_params={"source": run.id})
            st.download_button(
                "Download",
                lambda: archive.pack(path),
                # Which names it again where it is loaded.
                file_name=re.sub(r"[^\w .,()-]", "-", run.name) + ".zip",
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )
        # Another name makes another popover, which is closed.
        with (
            st.popover("Rename", key=f"rename-{run.id}-{run.name}"),
            st.form(f"renaming-{run.id}", border=False),
        ):
            name = st.text_input(
                "New name", run.name, max_chars=runs.LONGEST_NAME, key=f"name-{run.id}"
            )
            if st.form_submit_button("Save") and name.strip():
                act(runs.rename, run, name.strip())
        if not run.alive:
            with st.popover("Delete"):
                st.markdown(f"Delete **{model_picker.plain(label)}** with its model for good?")
                if st.button("Delete for good", type="primary"):
                    act(remove, run)


def further(run: runs.Run) -> None:
    with st.popover("Train further"):
        limit = Loop.table()["epochs"].high
        more = st.number_input("More epochs", 1, int(limit or 1), 10, key=f"further-{run.id}")
        if st.button("Go on"):
            act(process.further, run, int(more))


def act(action: Any, *arguments: Any, **options: Any) -> None:
    """Do it and draw the page again; what can't be done is said in a sentence."""
    try:
        action(*arguments, **options)
    except runs.RunError as error:
        st.error(settings_form.worded(str(error)))
        return
    st.rerun()


def ask(run: runs.Run, what: str) -> None:
    """Ask its process, and wait until it has answered, so that the page shows it at once."""
    process.request(run, what)
    end = monotonic() + PATIENCE
    while monotonic() < end and runs.read(run.id).state == run.state:
        sleep(0.05)


def remove(run: runs.Run) -> None:
    """Delete it; the address names it no longer."""
    runs.delete(run)
    st.query_params.pop("run", None)


def differences(run: runs.Run, other: runs.Run, labels: dict[str, str]) -> None:
    """The settings in which two runs differ, and the epochs where one was trained further."""
    rows = [
        f"| {item.label} | {mine} | {theirs} |"
        for name, item in every_setting().items()
        if (mine := setting(run.config, name)) != (theirs := setting(other.config, name))
    ]
    if any(each.phases != each.config.phases for each in (run, other)):
        mine, theirs = (" + ".join(map(str, each.phases)) or "–" for each in (run, other))
        rows.append(f"| Epochs, one training after another | {mine} | {theirs} |")
    if not rows:
        st.caption("Both runs have the same settings.")
        return
    st.markdown(
        "\n".join(
            [
                f"| differs | {model_picker.plain(labels[run.id])} | {model_picker.plain(labels[other.id])} |",
                "|---|--:|--:|",
                *rows,
            ]
        )
    )


def setting(config: Config, name: str) -> str:
    """A setting in words, a dash where its family has no use for it."""
    values = config.to_dict()
    return every_setting()[name].text(values[name]) if name in values else "–"


def numbers(run: runs.Run) -> None:
    """Of a model that was not trained here: its test numbers and its settings."""
    st.markdown(metrics_table.of_models([model_picker.run_for_lens(run)]))
    words = [
        f"{every_setting()[name].label} {setting(run.config, name)}"
        for name in run.config.to_dict()
        if name not in ("family", "device", "precision")
    ]
    st.caption(f"{run.config.family.title}: {', '.join(words)}")


def clock(seconds: float) -> str:
    """75 -> "1 min 15 s"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


main()
