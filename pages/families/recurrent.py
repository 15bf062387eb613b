"""The recurrent autoencoder, which reads and writes an image row by row."""

from ui.family_section import Section

RECURRENT = Section(
    title="Recurrent",
    idea="**Read row by row, written row by row.** The code is all that passes from one GRU to the other.",
    drag="click a digit for another of its class, or press *Next digits*.",
    look="which of the two rows keeps more of a digit's own hand.",
    sentence="From a code of the same size, the recurrent network here redraws digits more exactly than the dense one.",
    formula=r"""
A GRU reads the 28 rows from the top, $h_t=\mathrm{GRU}(x_t,h_{t-1})$, and its last state becomes the code. A second GRU
receives the code at each of 28 steps and writes one row from each of its states. It never sees the
rows that it has written.
""",
    paper="Srivastava, Mansimov and Salakhutdinov 2015, [Unsupervised learning of video representations using LSTMs](https://arxiv.org/abs/1502.04681)",
    strip={"recurrent-16": "GRU · 16", "loss-bce": "Dense · 16"},
    example="recurrent-16",
    rows=("recurrent",),
)
