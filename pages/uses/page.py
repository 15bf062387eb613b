"""Uses: a trained autoencoder as an anomaly detector and as a source of features."""

from pages.uses import anomalies, features
from ui import query_params, zoo_cache
from ui.page_header import header
from ui.query_params import Choice

USE = Choice("use", "Use", {"anomalies": "Anomalies", "features": "Features"})


def main() -> None:
    zoo = zoo_cache.load()
    with header("**What codes are good for.** Spot what doesn't belong; classify what does."):
        use = USE.pick()
        chosen = anomalies.pick() if use == "anomalies" else None
    query_params.finish([USE, *anomalies.PARAMETERS] if use == "anomalies" else [USE])
    if use == "features":
        features.draw()
    else:
        anomalies.draw(chosen, zoo)


main()
