"""Tests of the agent beside a printer and of what a slip looks like."""
