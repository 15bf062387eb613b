"""Interpolate: five ways from one real digit to another."""

import streamlit as st

import lens
from ui import lens_data, model_picker, query_params


def main() -> None:
    found = model_picker.shelf()
    with model_picker.header("**Drag the slider.** Digit A turns into digit B in five ways."):
        latents = model_picker.pick_size(found)
        models = model_picker.trio(found, latents)
    query_params.check_names(
        ["source", "model", "latents", "variant", "pca", "ae", "vae", "a", "b", "t"]
    )
    a, b = (query_params.index(name, 10_000) for name in "ab")
    t = query_params.number("t", 0, 1)
    query_params.show_notices()
    state = lens.interpolate(models[::-1], lens_data.dataset("mnist"), a, b, t)
    if state:
        for name, value in (("a", state["a"]), ("b", state["b"]), ("t", state["t"])):
            query_params.put(name, f"{value:g}")
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
