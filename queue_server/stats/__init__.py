"""What the journal's tables say about a span of days, exact and fast: see docs/statistics.md for what is measured how.

`statistics.py` answers a question; `question.py` says which can be asked, `sight.py` who may see what of an answer.
"""
