"""Where Train takes a model from a file: a bundle, or weights that were trained elsewhere."""

from contextlib import suppress

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from aemodels import importing, runs
from aemodels.runs import archive, limits, process
from ui import imports, markdown, persons, run_panel

WEIGHTS = ".safetensors"
_REFUSALS = "refused_files"
LAYOUTS = "PyTorch's weights of {}. `python -m aemodels import` takes other networks, and ONNX."


def draw() -> None:
    """A place for the file, and what becomes of those that were imported."""
    with st.expander("Load a bundle"):
        file = st.file_uploader(
            "A zip file saved here with Download, or on Explore with Model (ONNX); "
            "or a safetensors file of a known model",
            help=LAYOUTS.format("; ".join(each.title for each in importing.LAYOUTS.values())),
            key="bundle_zip",
        )
        if file is not None and st.session_state.get("loaded") != file.file_id:
            st.session_state.loaded = file.file_id
            take(file)
    for name in st.session_state.pop("imported", ()):
        words = f"Imported {markdown.escape(name)}. Its run is in the list."
        st.toast(words, icon=":material/check:")
    show_finished()
    imports.progress()


def take(file: UploadedFile) -> None:
    """A bundle becomes a run at once; weights do so while the page goes on."""
    st.session_state.pop(_REFUSALS, None)
    try:
        if file.name.lower().endswith(WEIGHTS):
            import_weights(file)
            return
        run = unpack(file)
    except runs.RunError as error:
        _refuse(error)
        return
    st.session_state.run = run.id
    st.rerun()


def show_finished() -> None:
    """Why files can't be imported; or, in lists that have them, those that are: on show if no other
    run was chosen meanwhile.
    """
    for done in imports.finished():
        try:
            run = done.run.result()
        except runs.RunError as error:
            _refuse(error)
            continue
        st.session_state.setdefault("imported", []).append(run.name)
        if st.session_state.get("run") == done.shown:
            st.session_state.run = run.id
    if "imported" in st.session_state:
        st.rerun()
    for sentence in st.session_state.get(_REFUSALS, ()):
        st.error(markdown.escape(sentence))


def _refuse(error: runs.RunError) -> None:
    """Have the sentence shown until the next file comes, whatever draws the page again."""
    st.session_state.setdefault(_REFUSALS, []).append(str(error))


def unpack(file: UploadedFile) -> runs.Run:
    """The run of a bundle, which is measured in a separate process. Raises RunError."""
    person = persons.here()
    with st.spinner("Checking …"):
        person.check_named()
        limits.count_upload(person.owner, person.limits)
        run = archive.unpack(file.getvalue(), file.name, owner=person.owner, group=person.group)
        if process.can_train():
            # It can be measured later.
            with suppress(limits.LimitError):
                run_panel.measure(run)
    return run


def import_weights(file: UploadedFile) -> None:
    """Begin to import a state dict. Raises RunError."""
    if not process.can_train():
        raise runs.RunError(f"{file.name[:80]}: importing weights needs PyTorch, as training does")
    person = persons.here()
    person.check_named()
    imports.begin(file.getvalue(), file.name, person)
