"""What happened: append only, hash-chained, and the tables that statistics read.

promises.py    what the engine may rely on, whatever keeps the journal
sqlite.py      the one kind of journal there is so far
writer.py      the thread that commits whatever has gathered
schema.py      its tables, and how older ones are carried forward
rows.py        the rows of `steps`, made from tickets
spans.py       the rows of `counter_spans`, made from what counters did
chain.py       how a row is hashed
past.py        tickets of earlier days: finding them, and what today's events still change about them
verify.py      was history edited?
rebuild.py     the tables made again from the events alone
"""
