"""Published numbers and ours: rows that train what is missing, measure, and write a table.

    python -m reproduction --list
    python -m reproduction pca-30

`rows` has the published numbers and how we measure ours, `context` data and models, `result` the
JSON file that a row writes to `results/`, `report` the REPRODUCTION.md made from those files.
"""
