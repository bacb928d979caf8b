"""The registry: what lets in, and what is forgotten."""
