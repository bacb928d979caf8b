"""The server: rules, memory, live push, HTTP API, staff and manager pages."""

__version__ = "0.1.0"
