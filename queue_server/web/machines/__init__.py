"""Kiosks, displays and printers as the edge knows them: letting them in, whether they live, what they show."""
