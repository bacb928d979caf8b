"""The journal held to its promises."""
