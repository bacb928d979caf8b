"""The touchscreen page, where a citizen takes a ticket."""
