"""The hall at work, async: engine (the single writer), hub (push), printing, clock."""
