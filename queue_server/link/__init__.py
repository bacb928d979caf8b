"""How a device outside stays linked: the one door to the `websockets` library."""
