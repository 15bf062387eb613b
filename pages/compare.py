"""Compare: two to four models side by side, as maps and in numbers."""

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

import lens
from aemodels import views
from aemodels.data import Source
from ui import (
    address,
    charts,
    family_colours,
    markdown,
    metrics_table,
    model_picker,
    own_data,
    page_header,
    page_words,
    random_codes,
    terms,
    view_states,
    zoo_cache,
)
from ui.given import Address
from ui.model_catalogue import PickedModel
from ui.page_header import header
from ui.parameters import COMPARE, COMPARE_VIEW, FRAMES


def main() -> None:
    zoo = zoo_cache.load()
    with header(page_words.SENTENCES["compare"]):
        models = model_picker.pick_several(zoo, view_states.LATENTS["compare"])
    # Each map has its own zoom.
    address.belong([FRAMES], " ".join(each.model["name"] for each in models))
    dataset = models[0].bundle.config.data.dataset
    source = views.source(dataset, models[0].bundle)
    state = view_states.compare(Address(), source)
    address.finish(COMPARE)
    data = views.dataset(dataset, models[0].bundle)
    own_data.about(source, data)
    shown = [each.model for each in models]
    page_header.title(f"Compare {', '.join(each['title'] for each in shown)}")
    address.keep(COMPARE_VIEW, lens.compare(shown, data, state))
    numbers, classes = st.columns(2, gap="large")
    with numbers:
        st.markdown("## In numbers")
        st.markdown(metrics_table.of_models(models))
        st.caption(terms.link(page_words.of_numbers(source)))
    if source.class_names:
        with classes:
            st.markdown("## Error by class")
            errors_by_class(models, source)
    st.markdown("## Random codes, decoded")
    drawn, why = random_codes.compared(shown, zoo, dataset)
    if why:
        st.caption(why)
    random_codes.show(drawn, source.plural)
    with st.expander("How to read this"):
        st.markdown(terms.link(page_words.COMPARE))


def errors_by_class(models: Sequence[PickedModel], source: Source) -> None:
    """A chart for those models whose errors are on the same pixels as the first one's."""
    kind = metrics_table.pixels(models[0])
    alike = [each for each in models if metrics_table.pixels(each) == kind]
    axis = {"title": source.noun, "type": "category"}
    charts.show(by_class(models, kind), "by_class", axis, f"squared error per {source.noun}", 260)
    others = [markdown.escape(each.model["title"]) for each in models if each not in alike]
    if others:
        st.caption(
            f"On {kind} pixels. Errors on other pixels can't be compared with these: {', '.join(others)}."
        )


def by_class(models: Sequence[PickedModel], kind: str) -> go.Figure:
    """The reconstruction error of each class, one bar for each model measured on pixels of this kind."""
    colours = family_colours.of([each.model["family"] for each in models])
    bars = {
        each.model["title"]: (each.bundle.metrics.sse_by_class or (), colour)
        for each, colour in zip(models, colours, strict=True)
        if metrics_table.pixels(each) == kind
    }
    return charts.bars(
        {title: errors for title, (errors, _) in bars.items()},
        models[0].bundle.source.class_names,
        "%{x}: %{y:.1f}",
        [colour for _, colour in bars.values()],
    )


main()
