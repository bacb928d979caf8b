"""Telling a citizen's phone while its page is closed: Web Push (RFC 8030), where the mall has switched it on.

saying.py       what is to be said of a ticket now, given what was said last; pure
wording.py      how, in the phone's language; pure
sealing.py      encrypts a message for one phone alone (RFC 8291)
vapid.py        says who sends it (RFC 8292), and keeps the key for that
endpoints.py    which push services a message may go through
services.py     which of them are in trouble, so that the hall is told
kept.py         the phones, in a file of their own: what was said last is on disk, so that a restart loses nothing
erasing.py      takes the phones of a ticket out of that file, also beside the running server
telling.py      looks what is to be said, and sends it, again where it was not taken

Nothing here is a queue of messages. What a phone should know follows from its ticket, and only the latest of it is
worth saying: so after an outage it hears how things are, and nothing of what is over.
"""
