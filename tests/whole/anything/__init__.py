"""Anything at all, done to a whole mall by chance: commands, other rules, restarts, kills, wrong clocks, new days.

    python -m tests.whole.anything SEED [DEEDS]

plays one run again. What must always hold is in `holds.py`, told apart from what happens: `malls.py` writes config.toml
anew, `machine.py` is the computer with its clocks, `deeds.py` what people do, `run.py` puts one after the other.
"""
