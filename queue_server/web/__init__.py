"""The HTTP and websocket edge: routes, access, pages, templates, static files."""
