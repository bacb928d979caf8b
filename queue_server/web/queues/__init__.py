"""What a hall does over HTTP: tickets, counters, boards, rules; and what of them is shown to whom."""
