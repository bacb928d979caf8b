"""The rules, pure: a state and a command give events or a refusal; a state and an event give a state."""
