"""What each kind of event does to the state; the table is domain/evolve.py."""
