"""Whether a filter is withheld: what it leaves out, or takes in beside another one, would be one person's work.

A filter is a cut through a table of all values of what it names. Which cells of that table are folded does not depend
on the filter; it may ask for none of them or for all. Two filters then never differ by one person's work. Filters by
time are no such cuts: days, weekdays and half-hours are asked for in any span.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from queue_server.stats.columns import Words
from queue_server.stats.folding import Workers
from queue_server.stats.groups import BY_TIME, Conditions, Groups, values_by_code
from queue_server.stats.source import Prepared

Where = Mapping[str, tuple[str, ...]]


def cuts(where: Where, scope: Where) -> dict[str, tuple[str, ...]]:
    """What of `where` the asker chose: not when, nor what is their own `scope` anyway."""
    return {name: values for name, values in where.items() if name not in BY_TIME and values != scope.get(name)}


def withheld(prepared: Prepared, where: Where, scope: Where, days: Sequence[str], words: Words) -> bool:
    """Whether nothing is told of what `where` asks for. `prepared` are all these days; `scope` is all that its asker
    may see."""
    chosen = cuts(where, scope)
    if not chosen:
        return False
    groups = Groups(tuple(chosen), days, words)
    by_time = {name: values for name, values in where.items() if name in BY_TIME}
    conditions, workers = Conditions({**scope, **by_time}, words), Workers()
    names = list(dict.fromkeys(["clerk", *groups.columns, *conditions.columns]))
    for chunk in prepared.chunks(names):
        of = groups.codes(chunk.columns, chunk.days, chunk.sizes)
        here = conditions.chosen(chunk.columns, chunk.days, chunk.sizes)
        clerks = chunk.columns["clerk"]
        workers.add(*((of, clerks) if here is None else (of[here], clerks[here])))
    folded = workers.folded(tuple(chosen), groups.split)
    if not folded.size:
        return False
    asked = np.ones(folded.size, dtype=bool)
    for name, codes in groups.split(folded).items():
        known = values_by_code(name, words)
        asked &= np.isin(codes, [code for code, value in enumerate(known) if value in chosen[name]])
    return bool(asked.any()) and (not asked.all() or workers.is_one_person(folded.tolist()))
