"""Real processes, killed or starved in the middle of their work."""
