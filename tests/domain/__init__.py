"""The rules of the hall, proved without clock, disk or network."""
