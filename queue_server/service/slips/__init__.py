"""A slip from its ticket to paper: which agent gets which job, what agents say, what is believed and done of it."""
