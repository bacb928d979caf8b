"""Telling people who do not look at a screen: alerts by e-mail, webhook and Apprise, and reports that are sent.

finding.py     what the rules of config.toml find in the hall now; pure
watching.py    notes in the journal what begins and ends
following.py   makes messages of what the journal says, from a place that it remembers
wording.py     how they are said, in each language; pure
outbox.py      the messages that are still to be sent, in a file: a restart neither loses nor doubles one
sending.py     sends them, again and again with growing pauses, outside quiet hours
mail.py   webhook.py   other.py      how each kind is sent
"""
