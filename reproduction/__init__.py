"""Published numbers and ours: rows that train what is missing, measure, and write a table.

    python -m aemodels reproduce --list
    python -m aemodels reproduce pca-30

`rows` says what was published and how we measure it; `bench` trains; `result` is what a row leaves
in `reproduction/<row>.json`; `report` makes REPRODUCTION.md of those files and of nothing else.
"""
