"""How settings are chosen: tried on the first 50,000 training digits, measured on the last 10,000.

    python -m reproduction.choices --list
    python -m reproduction.choices plain-64 sparse-kl --jobs 2

`candidates` lists what is tried for each model; `histories/` has a file for each with every trial
and its figures. The rule is in `rule`: candidates stand in order of preference, and the first is
chosen whose mean criterion is within a stated tolerance of the best one's. Test images are never
read.
"""
