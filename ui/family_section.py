"""One family's section of the Families page: an idea, something to drag, a sentence; folds below."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import streamlit as st

import lens
from aemodels import views
from aemodels.views import contract
from ui import address, page_words, parts, results_table, settings_form, telling, terms
from ui.given import Address, Values
from ui.parameters import MODEL, RECONSTRUCT_VIEW
from ui.parts import Part
from ui.query_params import Parameter
from ui.zoo_cache import Zoo

View = Callable[[], None]


@dataclass(frozen=True)
class Fold:
    """What is hidden until a reader asks for it: numbers, charts, a formula."""

    title: str
    parts: Callable[[Zoo], Sequence[Part]]


@dataclass(frozen=True)
class Section:
    """One section, told in this order: `idea` in one line; what to `drag` and what to `look` for;
    the view; what it shows in one `sentence`; then links and folds.

    `strip` names the zoo's models that reconstruct digits live, with their labels; `picture` is
    what belongs to the view. `formula` and `paper` are a fold, as are `folds` and the `rows` of the
    reproduction; links lead to `lesson`, the key of the one about this idea, and to `example`.
    `controls`, `kind` and `level` say what a person can change, as `lens.reconstruct` takes them.
    """

    title: str
    idea: str
    drag: str
    look: str
    sentence: str
    formula: str
    paper: str
    strip: Mapping[str, str]
    example: str
    picture: Callable[[Zoo], Sequence[Part]] = lambda zoo: ()
    folds: tuple[Fold, ...] = ()
    lesson: str | None = None
    rows: tuple[str, ...] = ()
    controls: Literal["corruption", "perturbation", "size"] | None = None
    kind: str = ""
    level: float = 0.3

    @property
    def parameters(self) -> tuple[Parameter[Any], ...]:
        """Those that its view sets."""
        return RECONSTRUCT_VIEW[self.controls]

    def view(self, zoo: Zoo) -> View:
        """Read the address; what draws the view as the address says."""
        page = self._reconstruct(zoo, Address())
        return lambda: self._strip(zoo, page)

    def page(
        self, zoo: Zoo, values: Values
    ) -> contract.Reconstruct | contract.Draws | contract.Beta | None:
        """What its view shows with these values; None where the zoo has no model for it."""
        return self._reconstruct(zoo, values)

    def _reconstruct(self, zoo: Zoo, values: Values) -> contract.Reconstruct | None:
        models = [
            views.labelled(zoo[name], label) for name, label in self.strip.items() if name in zoo
        ]
        if not models:
            return None
        return contract.Reconstruct(
            view="reconstruct",
            base="",
            models=models,
            dataset=views.dataset("mnist"),
            images=None,
            controls=self.controls,
            kind=self.kind,
            level=self.level,
            state=self._state(values),
        )

    def shown(self) -> str:
        """The name of the model that the links lead to."""
        return self.example

    def draw(self, zoo: Zoo, view: View) -> None:
        """The whole section."""
        telling.opening(self.idea, self.drag, self.look)
        view()
        parts.draw(self.picture(zoo))
        telling.takeaway(self.sentence)
        self._links(zoo)
        for fold in self.folds:
            telling.fold(fold.title, functools.partial(_draw, fold, zoo))
        telling.fold("Formula and paper", self._formula)
        if self.rows:
            telling.fold("Published numbers and ours", lambda: results_table.table(self.rows))

    def _formula(self) -> None:
        with st.container(width=telling.READABLE):
            st.markdown(terms.link(self.formula))
            st.caption(self.paper)

    def _state(self, values: Values) -> contract.ReconstructState:
        """The digits, and how they are corrupted."""
        usual = {"kind": self.kind, "level": self.level}
        found = {
            each.name: values.of(each.usually(usual[each.name]) if each.name in usual else each)
            for each in RECONSTRUCT_VIEW[self.controls]
        }
        return contract.ReconstructState(
            visit=values.visit,
            images=found["images"],
            kind=found.get("kind"),
            level=found.get("level"),
            angle=found.get("angle"),
            noise=found.get("noise"),
            size=found.get("size"),
            rows=found.get("rows"),
        )

    def _strip(self, zoo: Zoo, page: contract.Reconstruct | None) -> None:
        if page:
            found = lens.reconstruct(
                page["models"],
                page["dataset"],
                controls=page["controls"],
                kind=page["kind"],
                level=page["level"],
                state=page["state"],
            )
            address.keep(RECONSTRUCT_VIEW[self.controls], found)
        tell_missing([name for name in self.strip if name not in zoo])

    def _links(self, zoo: Zoo) -> None:
        model = zoo.get(self.shown())
        with st.container(horizontal=True):
            telling.lesson(zoo, self.lesson)
            if model is None:
                return
            if st.button(page_words.OPEN_IN_EXPLORE, key="go-explore", icon=":material/touch_app:"):
                address.switch("explore.py", {MODEL.name: model.name})
            if st.button("Train one like it", key="go-train", icon=":material/model_training:"):
                settings_form.start_from(model.config)
                address.switch("train.py")


def _draw(fold: Fold, zoo: Zoo) -> None:
    parts.draw(fold.parts(zoo))


def tell_missing(names: Sequence[str]) -> None:
    """Say which models a section lacks, if any."""
    if names:
        st.info(
            f"Not in the zoo: {', '.join(names)}. Run `python -m reproduction` to train "
            "missing models. Showing the rest.",
            icon=":material/hourglass_empty:",
        )
