"""Small stand-ins, written by hand, for parts that a test of another part needs."""
