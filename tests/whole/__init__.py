"""Whole servers in processes of their own: real sockets, real files, real browsers."""
