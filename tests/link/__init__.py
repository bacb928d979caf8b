"""Tests of how a device stays linked."""
