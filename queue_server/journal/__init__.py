"""What happened: append only, hash-chained, and the tables that statistics read.

promises.py    what everybody may rely on, whatever keeps the journal
chain.py       how a row is hashed
verify.py      was history edited?
rows.py        the rows of `steps`, made from tickets
spans.py       the rows of `counter_spans`, made from what counters did
past.py        what today's events still change about tickets of earlier days
rebuild.py     both tables made again from the events alone
writer.py      the thread that commits whatever has gathered
sqlite/        the one kind of store there is so far: a file

All but `sqlite/` works on rows and knows no store. Another kind is another room like that one.
"""
