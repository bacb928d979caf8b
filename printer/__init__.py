"""The agent beside a thermal printer, and what a slip looks like."""
