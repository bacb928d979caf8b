"""How a page is made and reaches a browser; pages that have no room of their own."""
