"""Uses: a trained autoencoder as an anomaly detector and as a source of features."""

from pages.uses import anomalies, features
from ui import address, page_header, zoo_cache
from ui.page_header import header
from ui.parameters import USE, USES


def main() -> None:
    zoo = zoo_cache.load()
    with header("**What codes are good for.**"):
        use = USE.pick()
        chosen = anomalies.pick() if use == "anomalies" else None
    page_header.title(f"Uses: {USE.choices[use].lower()}")
    if use == "features":
        address.finish([USE])
        features.draw()
    else:
        shown = anomalies.read(chosen, zoo)
        address.finish(USES)
        anomalies.draw(chosen, shown, zoo)


main()
