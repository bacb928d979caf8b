"""Simulated days: citizens and clerks on the public HTTP API, for `antrean replay` and `antrean demo --rush`."""
