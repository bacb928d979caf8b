"""The server: rules, memory, live push, HTTP API, staff and manager pages."""
