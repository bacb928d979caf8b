"""What leaves the house as files, and what comes in: reports for managers, history from and for other programs.

commas.py        one table of a report as CSV
spreadsheet.py   a whole report as XLSX
paper.py         a page as PDF, by Chromium
offline.py       the statistics of a data folder without its server
history.py       the journal's tables as CSV
own_export.py    and these, read back
mapping.py       how another system's log is read
foreign.py       and that, row by row
gathered.py      rows until each day is complete
importing.py     what is new of each day, into the journal
"""
