"""What stands in for metal and paper in the tests."""
