"""What leaves the house as files: reports for managers, the whole history for other programs.

commas.py        one table of a report as CSV
spreadsheet.py   a whole report as XLSX
history.py       the journal's tables as CSV
"""
