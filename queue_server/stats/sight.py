"""Who may see what of an answer: one's own agencies, whose work, and no group that is one person's day. Pure.

`narrowed` and `folded` are asked for every answer, whatever the question says.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from queue_server.errors import Forbidden
from queue_server.wire.stats import StatsQuestion


class Sight(Struct, frozen=True, kw_only=True):
    """`agencies`: the only ones whose steps are counted. `clerks`: whose work may be seen by name (None: everybody's).
    `alone`: a clerk who sees nothing but their own work. `folds`: groups of one person's work are folded."""

    agencies: frozenset[str] | None = None
    clerks: frozenset[str] | None = None
    clerks_since: str = ""
    """The first day of which anything is told by clerk; earlier ones are too long ago."""
    alone: bool = False
    folds: bool = False

    def knows(self, clerk: str | None, day: str) -> bool:
        """Whether this clerk may be named for what was done on that day."""
        return clerk is not None and day >= self.clerks_since and (self.clerks is None or clerk in self.clerks)

    @property
    def scope(self) -> dict[str, tuple[str, ...]]:
        """What `narrowed` asks for by itself."""
        return {} if self.agencies is None else {"agency": tuple(sorted(self.agencies))}

    def folding(self, question: StatsQuestion) -> bool:
        """Whether groups of one person's work are folded in what this question asks for: nobody's own are."""
        return self.folds and not self.own(question)

    def own(self, question: StatsQuestion) -> bool:
        """Whether it asks for nothing but work that this caller may see by name."""
        asked = question.where.get("clerk", ())
        return bool(asked) and (self.clerks is None or self.clerks.issuperset(asked))


def narrowed(question: StatsQuestion, sight: Sight) -> StatsQuestion:
    """What is counted for this caller: by clerk no day that is too long ago.

    Raises Forbidden where it asks for what is another's."""
    where = dict(question.where)
    if sight.agencies is not None:
        wanted = set(where.get("agency", ()))
        if wanted - sight.agencies:
            raise Forbidden("That is another agency's.", reason="other_agency")
        where["agency"] = tuple(sorted(wanted or sight.agencies))
    if sight.clerks is not None:
        asked = set(where.get("clerk", ()))
        if sight.alone and not asked:
            asked = set(sight.clerks)
            where["clerk"] = tuple(sorted(asked))
        if asked - sight.clerks or ("clerk" in question.group and not asked) or (sight.alone and not asked):
            raise Forbidden("This mall shows nobody that clerk's work.", reason="clerks")
    since = sight.clerks_since if "clerk" in question.group or where.get("clerk") else ""
    if question.to < since:
        raise Forbidden(f"Nothing is told by clerk of days before {since}.", reason="clerks_past", since=since)
    return replace(question, where=where, from_=max(question.from_, since))
