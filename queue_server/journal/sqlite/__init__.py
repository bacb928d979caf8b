"""The journal in one SQLite file.

journal.py    writing, and how the file is opened
history.py    reading it, through a connection of its own
schema.py     its tables, and how older ones are carried forward
tables.py     how rows go into them
earlier.py    finding streams, and tickets of earlier days
stored.py     rows as they are stored, for whoever checks or copies them
copied.py     all of it at one moment, for whoever takes it elsewhere
verify.py     is the file what was written: history, pages, indexes, tables
compare.py    do the tables say what the events say?
rebuild.py    the file made again from the events alone
forward.py    the tables of an older version, brought to what this one writes
importing.py  history from elsewhere, into streams of its own
"""

from queue_server.journal.sqlite.journal import SqliteJournal, open_journal

__all__ = ["SqliteJournal", "open_journal"]
