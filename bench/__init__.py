"""Benchmarks, each with its limit or a peer measured beside it in the same run."""
