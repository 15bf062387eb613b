"""Train: start a run, watch it learn, pause, stop, go on; nothing is lost when the page closes."""

import base64
from datetime import datetime
from typing import Any

import numpy as np
import streamlit as st

import lens
from aemodels import archive, runs
from aemodels.config import SETTINGS, Config
from pages import address, curves, settings, shelf

ICONS = {
    "waiting": ":material/hourglass_empty:",
    "running": ":material/play_circle:",
    "paused": ":material/pause_circle:",
    "measuring": ":material/monitoring:",
    "finished": ":material/check_circle:",
    "stopped": ":material/stop_circle:",
    "interrupted": ":material/error:",
    "failed": ":material/error:",
    "loaded": ":material/upload_file:",
}
SECONDS = 2.0  # between two looks at a run that goes on
OVERLAP = 3  # snapshots sent again, in case the browser skipped an update


def main() -> None:
    with shelf.header("**Choose a few numbers and press Train.** Watch the map unfold."):
        pass
    address.check_names(["run"])
    address.show_notices()
    left, right = st.columns([1, 3], gap="large")
    with left:
        new_run()
        load()
    with right:
        gallery()


def new_run() -> None:
    config = settings.form()
    name = st.text_input("Name", key="run_name", placeholder="my first VAE", max_chars=60)
    if config is None:
        st.button("Train", disabled=True, width="stretch", type="primary")
        return
    estimate(config)
    if st.button("Train", type="primary", width="stretch", icon=":material/play_arrow:"):
        try:
            run = runs.create(config, name.strip() or default_name(config))
            runs.start(run)
        except runs.RunError as error:
            st.error(str(error))
            return
        st.session_state.run = run.id
        st.rerun()


def default_name(config: Config) -> str:
    """What a run is called by default: family, latents and time of day."""
    title = shelf.TITLES.get(config.family, config.family)
    return f"{title}, {config.latent_dim} latents, {datetime.now():%H:%M}"


@st.fragment(parallel=True)
def estimate(config: Config) -> None:
    """Device, size and time, measured by a half-second trial in a process of its own."""
    if any(run.alive for run in runs.scan()):
        st.caption("While a run goes on, no trial is made: it would slow it down.")
        return
    with st.spinner("A half-second trial …"):
        try:
            facts = _trial(config)
        except runs.RunError as error:
            st.caption(str(error))
            return
    st.caption(
        f"On **{facts['device']}** in {facts['precision']} · "
        f"**{facts['parameters']:,}** parameters · about **{clock(facts['seconds'])}**"
    )


@st.cache_data(show_spinner=False, max_entries=200)
def _trial(config: Config) -> dict[str, Any]:
    return runs.trial(config)


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
        address.refuse("run", wanted, "there is no such run")
        address.show_notices()
    if not found:
        st.info("Runs appear here. They go on when you close this page.")
        return
    names = {run.id: run for run in found}
    # The lens is mounted anew with the page, so it has nothing yet.
    st.session_state.pop("snapshots_sent", None)
    if "run" not in st.session_state and wanted in names:
        st.session_state.run = wanted
    if st.session_state.get("run") not in names:
        st.session_state.run = found[0].id
    picker, other = st.columns(2)
    chosen = picker.selectbox(
        "Run",
        list(names),
        format_func=lambda key: names[key].name,
        key="run",
    )
    address.put("run", chosen)
    others = [run.id for run in found if run.id != chosen and run.records()]
    beside = other.selectbox(
        "Lay beside it",
        others,
        index=None,
        format_func=lambda key: names[key].name,
        placeholder="no other run",
        key="beside",
    )
    alive = names[chosen].alive
    st.fragment(watch, run_every=SECONDS if alive else None)(chosen, beside, alive)


def watch(chosen: str, beside: str | None, was_alive: bool) -> None:
    """One run as it is now; drawn again every two seconds while its process lives."""
    try:
        run = runs.read(chosen)
        other = runs.read(beside) if beside else None
    except runs.RunError as error:
        st.error(str(error))
        return
    if was_alive and not run.alive:
        st.rerun()
    state(run)
    actions(run)
    if run.state == "loaded" or not run.phases:
        return  # nothing was trained here that could be shown as it went
    lens.show("train", snapshots(run))
    curves.draw(run, other, f"curves-{chosen}")
    if other:
        differences(run, other)


def state(run: runs.Run) -> None:
    """State, progress, time left and speed in a line or two."""
    status = run.status
    words = [f"{ICONS.get(run.state, '')} **{run.state.capitalize()}**"]
    if status.get("epochs"):
        words.append(f"epoch {status.get('epoch', 0)} of {status['epochs']}")
    if run.state == "running" and status.get("seconds_left") is not None:
        words.append(f"{clock(status['seconds_left'])} left")
    if run.state == "running" and status.get("images_per_second"):
        words.append(f"{status['images_per_second']:,.0f} images a second")
    if status.get("device"):
        words.append(f"{status['device']}, {status.get('precision', '')}")
    st.markdown(" · ".join(words))
    if run.alive:
        st.progress(min(1.0, max(0.0, float(status.get("done", 0)))))
    if run.message:
        st.caption(run.message)


def actions(run: runs.Run) -> None:
    """The buttons that make sense in the run's state."""
    with st.container(horizontal=True):
        if run.state == "running" and st.button("Pause", icon=":material/pause:"):
            act(runs.request, run, "pause")
        if run.state == "paused" and st.button("Resume", icon=":material/play_arrow:"):
            act(runs.request, run, "run")
        if run.state in ("running", "paused") and st.button("Stop", icon=":material/stop:"):
            act(runs.request, run, "stop")
        if run.state == "waiting" and st.button("Cancel", icon=":material/close:"):
            act(runs.request, run, "stop")
        if run.resumable and st.button("Resume", icon=":material/play_arrow:"):
            act(runs.start, run, resume=True)
        if run.state == "finished" and run.records():
            further(run)
        path = run.bundle_path
        if path:
            if st.button("Open in Explore", icon=":material/touch_app:"):
                st.switch_page("explore.py", query_params={"source": run.id})
            st.download_button(
                "Download",
                lambda: archive.pack(path),
                file_name=f"{run.id}.zip",
                mime="application/zip",
                on_click="ignore",
                icon=":material/download:",
            )
        with st.popover("Rename"):
            name = st.text_input("New name", run.name, max_chars=60, key=f"rename-{run.id}")
            if st.button("Save") and name.strip():
                act(runs.rename, run, name.strip())
        if not run.alive:
            with st.popover("Delete"):
                st.markdown(f"Delete **{shelf.plain(run.name)}** with its model for good?")
                if st.button("Delete for good", type="primary"):
                    act(runs.delete, run)


def further(run: runs.Run) -> None:
    with st.popover("Train further"):
        limit = SETTINGS["epochs"].high
        more = st.number_input("More epochs", 1, int(limit or 1), 10, key=f"further-{run.id}")
        if st.button("Go on"):
            act(runs.further, run, int(more))


def act(action: Any, *arguments: Any, **options: Any) -> None:
    """Do it and draw the page again; what can't be done is said in a sentence."""
    try:
        action(*arguments, **options)
    except runs.RunError as error:
        st.error(str(error))
        return
    st.rerun()


def snapshots(run: runs.Run) -> dict[str, Any]:
    """What the lens hasn't got yet; everything when it was just opened and when the run has ended."""
    epochs = run.snapshot_epochs()
    seen = st.session_state.setdefault("snapshots_sent", {})
    sent = seen.get(run.id, 0) if run.alive else 0
    seen.clear()
    seen[run.id] = len(epochs)
    fresh = epochs[max(0, sent - OVERLAP) :]
    return {
        "run": run.id,
        "digits": list(runs.FIXED_DIGITS),
        "snapshots": [packed for epoch in fresh if (packed := _packed(run, epoch))],
    }


def _packed(run: runs.Run, epoch: int) -> dict[str, Any] | None:
    try:
        points, pictures = run.snapshot(epoch)
    except runs.RunError:
        return None
    low, high = points.min(0), points.max(0)
    steps = np.round((points - low) / np.maximum(high - low, 1e-12) * 65535).astype("<u2")
    return {
        "epoch": epoch,
        "low": low.tolist(),
        "high": high.tolist(),
        "map": base64.b64encode(steps.tobytes()).decode(),
        "pictures": base64.b64encode(pictures.tobytes()).decode(),
    }


def differences(run: runs.Run, other: runs.Run) -> None:
    """The settings in which two runs differ."""
    rows = [
        f"| {name.replace('_', ' ')} | {item.text(mine)} | {item.text(theirs)} |"
        for name, item in SETTINGS.items()
        if (mine := getattr(run.config, name)) != (theirs := getattr(other.config, name))
    ]
    if not rows:
        st.caption("Both runs have the same settings.")
        return
    st.markdown(
        "\n".join(
            [
                f"| differs | {shelf.plain(run.name)} | {shelf.plain(other.name)} |",
                "|---|--:|--:|",
                *rows,
            ]
        )
    )


def clock(seconds: float) -> str:
    """75 -> "1 min 15 s"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


main()
