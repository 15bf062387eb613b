"""One family's part of the Families page: its words, its live strip, its picture, its numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

import lens
from aemodels.bundles.bundle import Bundle
from ui import lens_data, results_table, settings_form

Zoo = Mapping[str, Bundle]  # by name
READABLE = 900  # pixels that a line of prose may be wide


@dataclass(frozen=True)
class Section:
    """What is said and shown of a family.

    `strip` has the zoo's models that redraw digits live, with their labels; `picture` draws what is
    particular to the family; `rows` are those of the reproduction; the links are about `example`.
    """

    title: str
    sentence: str
    idea: str
    paper: str
    strip: Mapping[str, str]
    example: str
    picture: Callable[[Zoo], None] = lambda zoo: None
    rows: tuple[str, ...] = ()
    controls: Literal["corruption", "perturbation"] | None = None
    kind: str = ""
    level: float = 0.3

    def draw(self, zoo: Zoo) -> None:
        with st.container(width=READABLE):
            st.markdown(self.sentence)
            st.markdown(self.idea)
            st.caption(self.paper)
        self._strip(zoo)
        self.picture(zoo)
        if self.rows:
            results_table.table(self.rows)
        self._links(zoo)

    def _strip(self, zoo: Zoo) -> None:
        models = [
            lens_data.labelled(zoo[name], label)
            for name, label in self.strip.items()
            if name in zoo
        ]
        missing = [name for name in self.strip if name not in zoo]
        if models:
            lens.reconstruct(
                models,
                lens_data.dataset("mnist"),
                controls=self.controls,
                kind=self.kind,
                level=self.level,
            )
        if missing:
            st.info(
                f"Not in the zoo: {', '.join(missing)}. `python -m reproduction` trains what is "
                "missing; the rest is shown.",
                icon=":material/hourglass_empty:",
            )

    def _links(self, zoo: Zoo) -> None:
        model = zoo.get(self.example)
        if model is None:
            return
        with st.container(horizontal=True):
            if st.button("Open in Explore", icon=":material/touch_app:"):
                st.switch_page(
                    "explore.py",
                    query_params={
                        "model": model.family,
                        "latents": str(model.latent_dim),
                        "variant": model.name,
                    },
                )
            if st.button("Train one like it", icon=":material/model_training:"):
                settings_form.start_from(model.config)
                st.switch_page("train.py")
