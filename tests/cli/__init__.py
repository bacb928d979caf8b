"""Tests of queue_server/cli."""
