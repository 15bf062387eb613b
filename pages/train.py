"""Train: start a run and watch it learn; nothing is lost when the page closes."""

from datetime import datetime

import streamlit as st

import lens
from aemodels import recipes, runs, views
from aemodels.config import Config
from aemodels.recipes import Recipe
from aemodels.runs import http, limits, process
from aemodels.setting import SettingError
from ui import (
    address,
    load_form,
    login,
    markdown,
    model_catalogue,
    own_data,
    own_models,
    page_header,
    persons,
    reader_form,
    run_curves,
    run_panel,
    settings_form,
    teacher,
    time_estimate,
    training_length,
)
from ui.page_header import header
from ui.parameters import COMPARED, RUN, TRAIN

SECONDS = 2.0  # between two updates of a run that has no lens
NO_TORCH = (
    "Training needs PyTorch, which isn't installed here; "
    "`pip install -r requirements.txt` installs it. Everything else works without it."
)
LENS_SECONDS = 60.0  # of one that has: the lens polls, and asks for a rerun when one is due


def main() -> None:
    with header("**Pick your settings and press Train.** Watch the latent space take shape."):
        pass
    left, right = st.columns([1, 3], gap="large")
    with left:
        take_added()
        login.entry()
        config = settings_form.form()
        new_run(config)
        reader_form.draw(config.data.dataset if config else None)
        start_from_article()
        load_form.draw()
        add_pictures()
        about_person()
    with right:
        gallery()


def take_added() -> None:
    """Let the form train on the pictures that were added just now."""
    name = st.session_state.pop("added_data", None)
    if name:
        settings_form.train_on(name)
        title = markdown.escape(views.title(name))
        st.toast(f"Added {title}. The form now trains on it.", icon=":material/check:")


def new_run(config: Config | None) -> None:
    """The name, and the button that starts the run; no `config` is one that can't be used."""
    name = st.text_input(
        "Name", key="run_name", placeholder="my first VAE", max_chars=runs.LONGEST_NAME
    )
    able = process.can_train()
    if config is None or not able:
        st.button("Train", disabled=True, width="stretch", type="primary")
        if not able:
            st.info(NO_TORCH)
        return
    time_estimate.show(config)
    if st.button("Train", type="primary", width="stretch", icon=":material/play_arrow:"):
        try:
            person = persons.here()
            person.check_named()
            with st.spinner("Starting …"):
                config = of_chosen_length(config)
            with limits.starting(person.owner, person.limits):
                run = runs.create(
                    config,
                    name.strip() or default_name(config),
                    owner=person.owner,
                    group=person.group,
                )
                process.start(run)
        except SettingError as error:
            st.error(markdown.escape(settings_form.worded(error)))
            return
        except runs.RunError as error:
            st.error(markdown.escape(str(error)))
            return
        st.session_state.run = st.session_state.reveal = run.id
        st.rerun()


def about_person() -> None:
    """On a server that several share: how long this person is known, and the teacher's entry."""
    person = persons.here()
    if not person.shared:
        return
    if not person.lasting:
        st.caption(
            "This browser keeps no cookie for this page, so your runs are yours only until the page is "
            f"closed, loaded again, or offline for {persons.absence()}."
        )
    login.leave()
    teacher.entry(person.owner, persons.address())


def default_name(config: Config) -> str:
    """Family, latents and time of day."""
    latents = model_catalogue.latents_text(config.network.latent_dim)
    return f"{config.family.title}, {latents}, {datetime.now():%H:%M}"


def of_chosen_length(config: Config) -> Config:
    """The settings with the epochs that fit into the chosen time on this machine."""
    seconds = training_length.allowed()
    if seconds is None:
        return config
    return training_length.fitted(config, time_estimate.of(config), seconds)


def start_from_article() -> None:
    """A button for each published recipe, which fills the form with its settings."""
    with st.expander("Start from an article's recipe"):
        for recipe in recipes.PUBLISHED:
            st.button(
                f"{recipe.title[0].upper()}{recipe.title[1:]}",
                key=f"recipe_{recipe.name}",
                width="stretch",
                on_click=fill_form,
                args=(recipe,),
            )
            source = markdown.escape(recipe.source)
            st.caption(f"[{source}]({recipe.address})" if recipe.address else source)


def fill_form(recipe: Recipe) -> None:
    """The form may be out of sight, so a message says that it has changed."""
    settings_form.start_from(recipe.config)
    st.toast(f"The form now has the settings of the {recipe.title}.")


def add_pictures() -> None:
    """One's own pictures, as a data set."""
    with st.expander("Add your own pictures"):
        added = own_data.add()
        if added:
            st.session_state.added_data = added
            st.rerun()


def recorded() -> None:
    """The recorded run of the zoo, to watch while there is no other."""
    run = runs.recorded()
    progress = http.progress(run.id) if run else None
    if run is None or progress is None:
        return
    latents = model_catalogue.latents_text(run.config.network.latent_dim)
    st.markdown(
        f"**Meanwhile, a recorded run:** the pretrained {run.config.family.title}, {latents}, as it learned."
    )
    lens.train(
        run.id,
        views.dataset(run.config.data.dataset),
        progress,
        prior=run.config.family.variational,
    )
    run_curves.draw(run, None, "curves-recorded")


def gallery() -> None:
    """Pickers of a run and of another to compare it with, and the run itself."""
    person = persons.here()
    # One's own come first; all are on one's own computer.
    found = sorted(persons.seen(), key=person.owns, reverse=True)
    told, wanted = RUN.take(), RUN.text
    if told and wanted is not None and wanted not in {run.id for run in found}:
        RUN.refuse(wanted, persons.why_unlisted(wanted) or "doesn't exist")
    if not found:
        address.finish(TRAIN)
        st.info("Your runs appear here. They keep training after you close this page.")
        recorded()
        return
    names = {run.id: run for run in found}
    labels = own_models.labels(found)
    if wanted in names and (told or "run" not in st.session_state):
        st.session_state.run = wanted
    # A picker knows its choice by the label, so if that changes, the choice must be set again.
    if st.session_state.get("run") not in names:
        st.session_state.run = found[0].id
    elif st.session_state.get("labels", labels) != labels:
        for key in ("run", "compared"):
            st.session_state[key] = st.session_state.get(key)
    st.session_state.labels = labels
    picker, other = st.columns(2)
    chosen = picker.selectbox("Run", list(names), format_func=labels.__getitem__, key="run")
    # Always written: the newest one, which is on show at first, is soon another.
    RUN.put(chosen)
    page_header.title(f"Train: {labels[chosen]}")
    others = [run.id for run in found if run.id != chosen and run.has_records]
    told, wanted = COMPARED.take(), COMPARED.text
    if told and wanted is not None and wanted not in others:
        COMPARED.refuse(wanted, persons.why_unlisted(wanted) or "isn't another run with curves")
    if told or "compared" not in st.session_state:
        st.session_state.compared = wanted
    if st.session_state.get("compared") not in others:
        st.session_state.compared = None
    compared = None
    if run_panel.has_lens(names[chosen]):
        compared = other.selectbox(
            "Curves of another run",
            others,
            index=None,
            format_func=labels.__getitem__,
            placeholder="none",
            key="compared",
        )
    COMPARED.put(compared)
    address.finish(TRAIN)
    alive = names[chosen].alive
    seconds = LENS_SECONDS if run_panel.has_lens(names[chosen]) else SECONDS
    watched = st.fragment(run_panel.watch, run_every=seconds if alive else None)
    watched(chosen, compared, alive, labels)


main()
