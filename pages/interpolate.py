"""Interpolate: five ways from one real digit to another."""

import streamlit as st

import lens
from pages import address, shelf


def main() -> None:
    found = shelf.shelf()
    with shelf.header("**Drag the slider.** Digit A turns into digit B in five ways."):
        latents = shelf.pick_size(found)
        models = shelf.trio(found, latents)
    address.check_names(
        ["source", "model", "latents", "variant", "pca", "ae", "vae", "a", "b", "t"]
    )
    data = {
        "models": models[::-1],
        "a": address.index("a", 10_000),
        "b": address.index("b", 10_000),
        "t": address.number("t", 0, 1),
    }
    address.show_notices()
    state = lens.show("interpolate", data)
    if state:
        for name in ("a", "b", "t"):
            address.put(name, f"{state[name]:g}")
    with st.expander("What am I seeing?"):
        st.markdown(
            r"""
Each row goes from the code of A to the code of B and decodes every step. **Straight**: $z=(1-t)\,z_A+t\,z_B$.
**Spherical**: the direction turns at constant speed while the length goes straight, so the path keeps away from the
centre, where a VAE with many latents has put few codes. **Cross-fade** mixes the pixels themselves: the yardstick that
any model must beat. A VAE's ends are its means μ, so the film is the same each time.

The redrawn A and B differ from the real ones: that is what the code could not hold.
"""
        )


main()
