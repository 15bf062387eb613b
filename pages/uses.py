"""Uses: what a trained autoencoder is good for, finding anomalies and describing pictures."""

from pages import address, anomalies, features, shelf


def main() -> None:
    found = shelf.shelf()
    with shelf.header("**What codes are good for.** Find what doesn't belong; name what does."):
        use = address.choice("use", "Use", {"anomalies": "Anomalies", "features": "Features"})
        chosen = anomalies.pick() if use == "anomalies" else None
    names = ["use", "trained", "detector", "score"]
    address.check_names(names if use == "anomalies" else names[:1])
    address.show_notices()
    if use == "features":
        features.draw()
    else:
        anomalies.draw(chosen, found)


main()
