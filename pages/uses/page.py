"""Uses: what a trained autoencoder is good for, finding anomalies and describing pictures."""

from pages import anomalies, features
from ui import model_picker, query_params


def main() -> None:
    found = model_picker.shelf()
    with model_picker.header(
        "**What codes are good for.** Find what doesn't belong; name what does."
    ):
        use = query_params.choice("use", "Use", {"anomalies": "Anomalies", "features": "Features"})
        chosen = anomalies.pick() if use == "anomalies" else None
    names = ["use", "trained", "detector", "score"]
    query_params.check_names(names if use == "anomalies" else names[:1])
    query_params.show_notices()
    if use == "features":
        features.draw()
    else:
        anomalies.draw(chosen, found)


main()
