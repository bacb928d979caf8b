"""Tests of queue_server/service."""
