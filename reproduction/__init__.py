"""Published numbers and ours: rows that train what is missing, measure, and write a table.

    python -m reproduction --list
    python -m reproduction pca-30

`rows` has what was published and how ours is measured, `context` data and models, `result` the JSON
file that a row leaves in `results/`, `report` the REPRODUCTION.md that is made of those files.
"""
