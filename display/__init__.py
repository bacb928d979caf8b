"""The hall and counter displays: pages, chime, the agent for counter panels."""
