"""What the journal's `steps` and `counter_spans` say about a span of days."""
