"""What happened: append only, hash-chained, one stream per business day."""
