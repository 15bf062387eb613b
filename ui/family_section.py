"""One family's section of the Families page: words, live reconstructions, a chart, numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import streamlit as st

import lens
from ui import lens_data, results_table, settings_form
from ui.model_picker import MODEL
from ui.zoo_cache import Zoo

READABLE = 900  # pixels that a line of prose may be wide


@dataclass(frozen=True)
class Section:
    """One section.

    `strip` names the zoo's models that reconstruct digits live, with their labels; `chart` draws
    what is specific to the family; `rows` are those of the reproduction; the links lead to
    `example`. `controls`, `kind` and `level` say how the digits can be corrupted, as
    `lens.reconstruct` takes them.
    """

    title: str
    sentence: str
    idea: str
    paper: str
    strip: Mapping[str, str]
    example: str
    chart: Callable[[Zoo], None] = lambda zoo: None
    rows: tuple[str, ...] = ()
    controls: Literal["corruption", "perturbation"] | None = None
    kind: str = ""
    level: float = 0.3

    def draw(self, zoo: Zoo) -> None:
        """The whole section."""
        with st.container(width=READABLE):
            st.markdown(self.sentence)
            st.markdown(self.idea)
            st.caption(self.paper)
        self._strip(zoo)
        self.chart(zoo)
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
                f"Not in the zoo: {', '.join(missing)}. Run `python -m reproduction` to train "
                "missing models. Showing the rest.",
                icon=":material/hourglass_empty:",
            )

    def _links(self, zoo: Zoo) -> None:
        model = zoo.get(self.example)
        if model is None:
            return
        with st.container(horizontal=True):
            if st.button("Open in Explore", icon=":material/touch_app:"):
                st.switch_page("explore.py", query_params={MODEL.name: model.name})
            if st.button("Train one like it", icon=":material/model_training:"):
                settings_form.start_from(model.config)
                st.switch_page("train.py")
