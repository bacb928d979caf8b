"""What may be changed and forgotten: people, sessions, devices, tokens, personal data."""
