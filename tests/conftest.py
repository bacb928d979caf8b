"""What every test may use; parts of one room stand in that room's own conftest."""
