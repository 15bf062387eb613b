"""What is tried for every model, by the name of its history."""

from reproduction.choices.candidates import large, rows, small
from reproduction.choices.choice import Choice

CHOICES: dict[str, Choice] = {
    choice.name: choice for choice in (*large.CHOICES, *small.CHOICES, *rows.CHOICES)
}

SOLVED = "solved exactly; there is nothing to choose"
# The zoo's models, and the rows with models of their own, whose settings aren't chosen.
WITHOUT: dict[str, str] = {
    "pca-2": SOLVED,
    "pca-16": SOLVED,
    "pca-30": SOLVED,
    "pca-2-64": SOLVED,
    "vae-2-keras": "epochs, batch size and learning rate as published",
    "vae-20": "the published recipe as published",
    "flaw": "those of the example, as it is taught",
}
