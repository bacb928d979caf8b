"""Simulated days: reading a recorded one, making a mall of it, adding up, and a busy hall."""
