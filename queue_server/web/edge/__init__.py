"""The other end of a connection: who it is, how often it may ask, how long it may be silent, what every answer has."""
