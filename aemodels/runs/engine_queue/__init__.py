"""Runs that wait for an engine, such as a cluster: handed over in fair order, a few at a time."""
