"""The ways to a printer. To add one: a scheme in `address.py`, a file here, a line in `printer/wiring.py`."""
