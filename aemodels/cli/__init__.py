"""The command line: `python -m aemodels`."""
