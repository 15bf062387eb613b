"""The anomaly part of Uses: one detector in the lens, and three experiments in folds."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

import lens
from aemodels import views
from aemodels.views import contract
from reproduction.result import Result, number
from ui import address, charts, markdown, results_cache, results_table, telling, terms
from ui.given import Address, Values
from ui.parameters import ANOMALIES_VIEW, DETECTOR, LOOK, SCORE, THRESHOLD, TRAINED
from ui.zoo_cache import Zoo

# A row and one of its detectors.
Chosen = tuple[Result, dict[str, Any]]

# By the data set that the models were trained on.
ROWS = {"digits": "anomaly-digits", "clothes": "anomaly-fashion"}
MODELS = {
    "shallow-64": "AE, 64 latents",
    "ae-16": "AE, 16 latents",
    "vae-16": "VAE, 16 latents",
    "pca-16": "PCA, 16 latents",
}
SCORES = {
    "squared error": ("squared", "Squared error"),
    "negative ELBO": ("elbo", "ELBO"),
    "negative ELBO minus its floor": ("excess", "ELBO without floor"),
}


def base_name(model: str) -> str:
    """A model's name without the data set that it was trained on: its name in the address."""
    return model.removesuffix("-fashion")


def title(model: str) -> str:
    """A model's name as pages show it."""
    return MODELS.get(base_name(model), base_name(model))


def pick() -> Chosen | None:
    """Pickers of training data, model and score; the row and its detector, or None where the row has
    no numbers.
    """
    trained = TRAINED.pick()
    row = results_cache.find(ROWS[trained])
    detectors = row.details.get("detectors", []) if row else []
    if row is None or not detectors:
        return None
    model = DETECTOR.of({base_name(d["model"]): title(d["model"]) for d in detectors}).pick()
    mine = [each for each in detectors if base_name(each["model"]) == model]
    if len(mine) == 1:
        return row, mine[0]
    score = SCORE.of(dict(SCORES[each["score"]] for each in mine)).pick()
    return row, next(each for each in mine if SCORES[each["score"]][0] == score)


def choose(given: Mapping[str, str]) -> Chosen | None:
    """The row and its detector that these texts of an address name, or the row's first detector; None
    where the row has no numbers.
    """
    row = results_cache.find(ROWS[given.get(TRAINED.name, "digits")])
    detectors = row.details.get("detectors", []) if row else []
    if row is None or not detectors:
        return None
    for each in detectors:
        model, score = base_name(each["model"]), SCORES[each["score"]][0]
        if given.get(DETECTOR.name, model) == model and given.get(SCORE.name, score) == score:
            return row, each
    return row, detectors[0]


def page(zoo: Zoo, chosen: Chosen, values: Values) -> contract.Anomalies:
    """What the lens shows of the detector that was chosen."""
    row, detector = chosen
    item = zoo.get(detector["model"])
    return contract.Anomalies(
        view="anomalies",
        base="",
        detector=of_details(detector),
        normal=views.dataset(row.details["normal"]),
        anomalous=views.dataset(row.details["anomalous"]),
        model=views.model(item) if item else None,
        reconstructed=detector.get("reconstructed"),
        state=state(chosen, values),
    )


def state(chosen: Chosen, values: Values) -> contract.AnomaliesState:
    """The threshold and the image shown large."""
    _, detector = chosen
    images = [f"normal-{image}" for image, _ in detector["most_anomalous"]]
    images += (f"anomalous-{image}" for image, _ in detector["least_anomalous"])
    return contract.AnomaliesState(
        visit=values.visit, threshold=values.of(THRESHOLD), look=values.of(LOOK.among(images))
    )


def of_details(detector: Mapping[str, Any]) -> contract.Detector:
    """A detector of a row's details in the form that the lens takes."""
    return contract.Detector(
        edges=detector["edges"],
        normal=detector["normal"],
        anomalous=detector["anomalous"],
        auroc=detector["auroc"],
        score=detector["score"],
        unit=detector["unit"],
        most_anomalous=detector["most_anomalous"],
        least_anomalous=detector["least_anomalous"],
    )


def read(chosen: Chosen | None, zoo: Zoo) -> contract.Anomalies | None:
    """What the lens shows as the address says."""
    if chosen is None:
        return None
    row, detector = chosen
    address.belong(ANOMALIES_VIEW, f"{row.id} {detector['model']} {detector['score']}")
    return page(zoo, chosen, Address())


def draw(chosen: Chosen | None, shown: contract.Anomalies | None, zoo: Zoo) -> None:
    """The lens with the chosen detector, and three experiments in folds."""
    telling.opening(
        "**What was never learned is redrawn badly.** So the error of a reconstruction is an alarm.",
        "drag the threshold; then choose *Trained on clothes*, where digits are what is strange.",
        "how many anomalies are flagged while 5 % of the normal images are; and a score that fails.",
    )
    if chosen is None or shown is None:
        results_cache.get(ROWS[TRAINED.text or "digits"])
    else:
        show(*chosen, shown)
    telling.takeaway("A bad reconstruction is a good alarm; a likelihood can be fooled.")
    with st.container(horizontal=True):
        telling.lesson(zoo, "anomalies")
    telling.fold("Both directions, and a score that fails", directions)
    telling.fold("One shoe among 10,000 digits", shoe)
    telling.fold("One digit left out", left_out)


def show(row: Result, detector: dict[str, Any], shown: contract.Anomalies) -> None:
    """Histogram, ROC curve and images of one detector."""
    found = lens.anomalies(
        shown["detector"],
        shown["normal"],
        shown["anomalous"],
        model=shown["model"],
        reconstructed=shown["reconstructed"],
        state=shown["state"],
    )
    address.keep(ANOMALIES_VIEW, found)
    where = row.details.get("trained_on")
    if where:
        st.caption(f"Trained on {where}. Its reconstructions were stored when it was measured.")
    elif shown["model"] is None:
        st.caption(
            f"`{detector['model']}` isn't in the zoo, so nothing is reconstructed here. "
            f"Run `python -m reproduction {row.id}` to train it."
        )


def detectors() -> dict[str, contract.Detector]:
    """All of them by the name that a lesson's numbers have for them, such as "vae-16-fashion-elbo":
    the model's, and where it has several scores that of the score.
    """
    found: dict[str, contract.Detector] = {}
    for row in map(results_cache.find, ROWS.values()):
        every = row.details.get("detectors", []) if row else []
        models = [each["model"] for each in every]
        for each in every:
            several = models.count(each["model"]) > 1
            score = f"-{SCORES[each['score']][0]}" if several else ""
            found[each["model"] + score] = of_details(each)
    return found


def directions() -> None:
    """Both directions in one table, and why a score fails in one of them."""
    rows = {trained: results_cache.find(name) for trained, name in ROWS.items()}
    if not any(rows.values()):
        return
    areas: dict[str, dict[str, str]] = {}
    for trained, row in rows.items():
        for each in row.details["detectors"] if row else ():
            score = "" if each["score"] == "squared error" else f", {SCORES[each['score']][1]}"
            areas.setdefault(title(each["model"]) + score, {})[trained] = f"{each['auroc']:.4f}"
    cells = [
        (name, *(found.get(trained, "–") for trained in ROWS)) for name, found in areas.items()
    ]
    head = ("AUROC", *TRAINED.choices.values())
    st.container(key="results_directions").markdown(terms.link(markdown.table(head, cells)))
    row = rows["clothes"]
    if row is None:
        return
    floor = row.details["entropy_floor"]
    st.markdown(
        terms.link(
            "An AUROC below 0.5 means anomalies look *more* normal than the training data. Cross-entropy "
            "can't fall below the entropy of an image's own grey levels, "
            f"**{floor['fashion-mnist']:.0f} nats** for clothes but **{floor['mnist']:.0f}** for digits, so "
            "a model trained on clothes prefers any black-and-white image; subtracting that floor fixes it."
        )
    )
    st.caption(
        "The score is the squared error unless another is named. On this failure of likelihoods: "
        "Nalisnick et al. 2019, *Do deep generative models know what they don't know?*"
    )


def shoe() -> None:
    """The published experiment, then the same with every other shoe."""
    row = results_cache.get("shoe")
    if row:
        text = results_table.of_figures(row.figures, "AE, 64 latents")
        st.container(key="results_shoe").markdown(terms.link(text))
    digits = results_cache.find(ROWS["digits"])
    kinds = digits.details.get("shoes", []) if digits else []
    if kinds:
        every, first = (sum(kind[name] for kind in kinds) for name in ("shoes", "first"))
        parts = [
            f"{kind['first'] / kind['shoes']:.0%} of {kind['kind'].lower()}s" for kind in kinds
        ]
        st.markdown(
            f"One shoe proves little. Of all **{every:,}** shoes, each hidden among the digits on its own, "
            f"**{first / every:.0%}** score higher than every digit ({', '.join(parts)})."
        )
    if row:
        st.caption(f"{row.source}.")


def left_out() -> None:
    """AUROC of each digit that the model never saw, with few latents and with many."""
    row = results_cache.get("leave-one-out")
    if row is None:
        return
    sizes = [key for key in row.details if key.startswith("auroc_")]
    figure = charts.bars(
        {f"{key.removeprefix('auroc_')} latents": row.details[key] for key in sizes},
        [str(digit) for digit in row.details["digits"]],
        "digit %{x}: %{y:.3f}",
    )
    figure.add_hline(0.5, line_dash="dot", line_width=1, line_color=charts.GREY)
    digit = {"title": "digit left out", "type": "category"}
    charts.show(figure, "left_out", digit, {"title": "AUROC", "range": [0, 1]}, 260)
    means = [
        f"{key.removeprefix('auroc_')} latents **{sum(row.details[key]) / 10:.3f}**"
        + (f" (published {number(each.published[0])})" if each.published else "")
        for key, each in zip(sizes, row.figures, strict=True)
    ]
    st.markdown(
        f"Mean: {', '.join(means)}. Far harder than shoes: a model trained on nine digits builds the "
        "tenth from the same strokes. At 0.5 (dotted line) it is only guessing."
    )
