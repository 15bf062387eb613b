"""What pages say of the user's own data sets, and the form that adds one."""

import re
import unicodedata
from contextlib import ExitStack
from pathlib import PurePath

import streamlit as st

from aemodels import pictures, runs
from aemodels.data import DataError, Source, own
from aemodels.pictures import upload
from aemodels.pictures.sizes import MNIST, PLAIN
from aemodels.runs import limits
from aemodels.views import contract
from ui import markdown, persons, turns

WAYS = {PLAIN: "scaled", MNIST: "ink centred, as in MNIST"}
PATIENCE_SECONDS = 60.0
# Reading pictures takes up to a minute of the processor and a gigabyte.
LINE = turns.Line("Somebody else's pictures are still being read; press Add again in a minute.")


def about(source: Source, shown: contract.Dataset) -> None:
    """How the pictures of one's own were made and split, or that they aren't here."""
    if not source.own:
        return
    title = markdown.escape(source.title)
    if source.sha256:
        words = f"{markdown.escape(source.about)} {_reader(source, shown)}".rstrip()
        st.caption(f"Your own pictures, **{title}**. {words}")
        return
    st.info(
        f"The pictures of **{title}** aren't here, so they are blank; the model decodes all the same. "
        f"`python -m aemodels data add PATH --name {shown['name']}` adds them."
    )


def _reader(source: Source, shown: contract.Dataset) -> str:
    """How well their reader reads them, or how to get one."""
    reader = shown["reader"]
    if reader:
        return f"Their [classifier](glossary#reader) reads {reader['accuracy']:.1%} of the test pictures right."
    if len(source.class_names) < 2:
        return ""
    command = f"python -m aemodels train-reader --dataset {shown['name']}"
    return f"The Train page trains a classifier that reads them, and so does `{command}`."


def add() -> str | None:
    """A form that makes a data set of files; returns its name once it has."""
    files = st.file_uploader(
        "A zip of a folder of PNG and JPEG pictures, with a folder for each class or none; "
        "an .npz or .csv file; or IDX files",
        accept_multiple_files=True,
        # The next files start from an empty form.
        key=f"own_files_{len(own.names())}",
    )
    st.caption(
        f"Files of more than {st.get_option('server.maxUploadSize')} MB, or of more than "
        f"{upload.LARGEST // 10**6} MB unpacked, are added by `{upload.COMMAND}` on the "
        "computer that runs this page; it takes 1 GiB."
    )
    if not files:
        return None
    title = st.text_input("Name of the data set", value=_title(files[0].name), max_chars=40)
    way = st.selectbox(
        "Pictures of other sizes than 28 × 28 are", WAYS, format_func=lambda each: WAYS[each]
    )
    invert = way == PLAIN and st.toggle(
        "Dark ink on light paper", help="Models expect light ink on dark paper, as in MNIST."
    )
    name = slug(title)
    if not name:
        st.caption("A name with at least one letter from A to Z, or a number, is needed.")
    if not st.button("Add", width="stretch", disabled=not name):
        return None
    try:
        with ExitStack() as reading:
            with st.spinner("Somebody else's pictures are read first …"):
                reading.enter_context(LINE.turn(PATIENCE_SECONDS))
            person = persons.here()
            person.check_named()
            limits.count_upload(person.owner, person.limits)
            with st.spinner("Reading the pictures …"):
                uploads = [pictures.Upload(file.name, file.getvalue()) for file in files]
                pictures.add_uploaded(name, uploads, resize=way, invert=invert, title=title.strip())
    except runs.RunError as error:
        st.error(markdown.escape(str(error)))
        return None
    except DataError as error:
        # As code, since it is there to be copied.
        parts = map(markdown.escape, f"{error}.".split(upload.COMMAND))
        st.error(f"`{upload.COMMAND}`".join(parts))
        return None
    except OSError as error:
        st.error(f"The pictures can't be stored: {markdown.escape(error.strerror or str(error))}.")
        return None
    return name


def _title(filename: str) -> str:
    """What a data set is called at first: "my-digits.npz" -> "my digits"."""
    stem = PurePath(filename).name.split(".")[0]
    return re.sub(r"[-_]+", " ", stem).strip()[: own.LONGEST_WORD]


def slug(title: str) -> str:
    """The name of a data set of this title: "Mes chiffres é" -> "mes-chiffres-e"; "" if none fits."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
