"""The part of Uses about anomalies: detectors, live, and what each direction teaches."""

from typing import Any

import plotly.graph_objects as go
import streamlit as st

import lens
from aemodels.bundles import bundle
from reproduction.result import Result, number
from ui import charts, lens_data, query_params, results_cache, results_table

ROWS = {"digits": "anomaly-digits", "clothes": "anomaly-fashion"}
MODELS = {
    "shallow-64": "AE, 64 codes",
    "ae-16": "AE, 16 latents",
    "vae-16": "VAE, 16 latents",
    "pca-16": "PCA, 16 latents",
}
SCORES = {
    "squared error": ("squared", "Squared error"),
    "negative ELBO": ("elbo", "ELBO"),
    "negative ELBO beyond the grey levels": ("excess", "ELBO without greys"),
}
# Not the digits' colours: these bars are models.
COLOURS = ("#4c63d2", "#e07b39")


def title(model: str) -> str:
    """What a person reads for a model's name."""
    name = model.removesuffix("-fashion")
    return MODELS.get(name, name)


def pick() -> tuple[Result, dict[str, Any]] | None:
    """Pickers of what was learnt, of the model and of its score; the row and the detector, or None
    where the row has no numbers.
    """
    trained = query_params.choice(
        "trained", "Trained on", {"digits": "Learnt digits", "clothes": "Learnt clothes"}
    )
    row = results_cache.find(ROWS[trained])
    detectors = row.details.get("detectors", []) if row else []
    if row is None or not detectors:
        return None
    # A model has one name in the address, whatever it learnt.
    models = {each["model"].removesuffix("-fashion"): title(each["model"]) for each in detectors}
    model = query_params.choice("detector", "Model", models, many=True)
    mine = [each for each in detectors if each["model"].removesuffix("-fashion") == model]
    if len(mine) == 1:
        st.query_params.pop("score", None)
        return row, mine[0]
    scores = dict(SCORES[each["score"]] for each in mine)
    score = query_params.choice("score", "Score", scores, many=True)
    return row, next(each for each in mine if SCORES[each["score"]][0] == score)


def draw(chosen: tuple[Result, dict[str, Any]] | None, found: bundle.BundleIndex) -> None:
    """The lens with the chosen detector, and three lessons below."""
    if chosen is None:
        results_cache.get(ROWS[st.query_params["trained"]])
    else:
        row, detector = chosen
        show(row, detector, found)
    first, second, third = st.columns([5, 4, 4], gap="large")
    with first:
        directions()
    with second:
        shoe()
    with third:
        left_out()


def show(row: Result, detector: dict[str, Any], found: bundle.BundleIndex) -> None:
    """Histogram, ROC and pictures of one detector."""
    item = next((item for item in found.bundles if item.name == detector["model"]), None)
    lens.anomalies(
        lens.contract.Detector(
            edges=detector["edges"],
            normal=detector["normal"],
            anomalous=detector["strange"],
            auroc=detector["auroc"],
            score=detector["score"],
            unit=detector["unit"],
            most_anomalous=detector["strangest"],
            least_anomalous=detector["passing"],
        ),
        lens_data.dataset(row.details["normal"]),
        lens_data.dataset(row.details["strange"]),
        model=lens_data.model(item) if item else None,
        reconstructed=detector.get("redrawn"),
    )
    where = row.details.get("trained_on")
    if where:
        st.caption(f"Trained on {where}. The pictures were redrawn when it was measured.")
    elif item is None:
        st.caption(
            f"`{detector['model']}` isn't in the zoo, so nothing is redrawn here. "
            f"`python -m reproduction {row.id}` makes it."
        )


def directions() -> None:
    """Both directions in one table, and why one score fails in one of them."""
    rows = {trained: results_cache.find(name) for trained, name in ROWS.items()}
    if not any(rows.values()):
        return
    st.markdown("#### The other way round")
    lines = ["| AUROC | learnt digits | learnt clothes |", "|---|--:|--:|"]
    areas: dict[str, dict[str, str]] = {}
    for trained, row in rows.items():
        for each in row.details["detectors"] if row else ():
            score = "" if each["score"] == "squared error" else f", {SCORES[each['score']][1]}"
            areas.setdefault(title(each["model"]) + score, {})[trained] = f"{each['auroc']:.4f}"
    lines += [
        f"| {name} | {found.get('digits', '–')} | {found.get('clothes', '–')} |"
        for name, found in areas.items()
    ]
    st.container(key="results_directions").markdown("\n".join(lines))
    row = rows["clothes"]
    if row is None:
        return
    floor = row.details["entropy_floor"]
    st.markdown(
        "Below 0.5 strange pictures look *more* normal than what was learnt. Cross-entropy can't fall "
        f"below the entropy of a picture's own grey levels, **{floor['fashion-mnist']:.0f} nats** for "
        f"cloth but **{floor['mnist']:.0f}** for ink on paper, so an ELBO that learnt clothes favours "
        "whatever is black and white; taken without that floor it finds the digits."
    )
    st.caption(
        "The score is the squared error where no other is named. That likelihood fails this way: "
        "Nalisnick et al. 2019, *Do deep generative models know what they don't know?*"
    )


def shoe() -> None:
    """The published experiment, and how it goes with every other shoe."""
    st.markdown("#### One shoe among 10,000 digits")
    row = results_cache.get("shoe")
    if row:
        text = results_table.markdown(row.figures, "AE, 64 codes")
        st.container(key="results_shoe").markdown(text)
    digits = results_cache.find(ROWS["digits"])
    kinds = digits.details.get("shoes", []) if digits else []
    if kinds:
        every, first = (sum(kind[name] for kind in kinds) for name in ("shoes", "first"))
        parts = [
            f"{kind['first'] / kind['shoes']:.0%} of {kind['kind'].lower()}s" for kind in kinds
        ]
        st.markdown(
            f"One shoe proves little: of all **{every:,}** shoes, each hidden alone, "
            f"**{first / every:.0%}** are stranger than every digit ({', '.join(parts)})."
        )
    if row:
        st.caption(f"{row.source}.")


def left_out() -> None:
    """AUROC of each digit that the model never saw, with few and with many latents."""
    st.markdown("#### One digit left out")
    row = results_cache.get("leave-one-out")
    if row is None:
        return
    figure = go.Figure()
    digits = [str(digit) for digit in row.details["digits"]]
    sizes = [key for key in row.details if key.startswith("auroc_")]
    for key, colour in zip(sizes, COLOURS, strict=True):
        figure.add_bar(
            name=f"{key.removeprefix('auroc_')} latents",
            x=digits,
            y=row.details[key],
            marker_color=colour,
            hovertemplate="digit %{x}: %{y:.3f}",
        )
    figure.add_hline(0.5, line_dash="dot", line_width=1, line_color=charts.GREY)
    figure.update_layout(
        barmode="group",
        height=260,
        margin={"l": 0, "r": 0, "t": 30, "b": 0},
        xaxis={"title": "digit left out", "type": "category", "fixedrange": True},
        yaxis={"title": "AUROC", "range": [0, 1], "fixedrange": True},
        legend={"orientation": "h", "y": 1.16, "x": 0},
    )
    st.plotly_chart(figure, config={"displayModeBar": False}, key="left_out")
    means = [
        f"{key.removeprefix('auroc_')} latents **{sum(row.details[key]) / 10:.3f}**"
        + (f" (published {number(each.published[0])})" if each.published else "")
        for key, each in zip(sizes, row.figures, strict=True)
    ]
    st.markdown(
        f"Mean: {', '.join(means)}. Far harder than shoes: a model of nine digits draws the tenth from "
        "the same strokes. At 0.5, the dotted line, it only guesses."
    )
