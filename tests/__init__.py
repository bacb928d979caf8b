"""Tests, in the shape of the house: one folder per room, whole/ for the house itself."""
