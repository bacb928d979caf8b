"""What managers and auditors read: statistics, reports, what is behind a number, the audit."""
