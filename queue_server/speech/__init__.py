"""What is said aloud, per language; voices and their cache."""
