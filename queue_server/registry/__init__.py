"""What may be changed and forgotten: tokens, people, sessions, devices, personal data. A file of its own.

    roles.py      who may be let in as what
    store.py      the file: how it is opened, who may use it when
    schema.py     its tables
    tokens.py     bearer tokens of devices and programs
    people.py     who signs in, and with which secret
    sessions.py   browsers that are signed in
    pairings.py   new screens, let in by the code that they show
    devices.py    what every kiosk, printer and display last said of itself
    acts.py       who did what, on its way into the journal; from which address, which stays here
    personal.py   names, phones, notes: encrypted, each under a random reference, and forgotten for good
    keys.py       what their keys are sealed by, from outside the file
    citizens.py   names, phones, identity numbers of citizens: whose, and when they are due to go
    daily.py      which tickets somebody has today, by marks that tell nothing of whose they are

Every call is synchronous and takes one of three costs. *Looking up* (`tokens.find`, `sessions.find`, lists) takes some
microseconds and may be done in the event loop. *Changing* waits for the disk, and *secrets* (`people.check`,
`people.add`, `people.set_secret`) take tens of milliseconds on purpose: both belong into a thread.
"""
