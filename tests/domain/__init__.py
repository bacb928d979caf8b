"""Tests of queue_server/domain."""
