"""What every kind of journal promises. A kind's test file has a subclass of `JournalPromises` and a fixture `shelf`."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping

import msgspec
import pytest
from msgspec.structs import replace

from queue_server.domain import commands as c
from queue_server.domain import events as e
from queue_server.errors import JournalDamaged, Unavailable
from queue_server.journal.day_facts import DayRow, HallSpanRow, names_from_json
from queue_server.journal.promises import Batch, Journal, Key, OnCommit, OnFailure
from queue_server.journal.rebuild import rebuild
from queue_server.journal.rows import StepKey, StepRow
from queue_server.journal.spans import SpanRow
from queue_server.journal.verify import verify
from tests.journal.hall import MINUTE, Hall

DAY = "2026-11-23"


class Shelf(ABC):
    """One journal's place: how it is opened, and how a test can hurt it."""

    @abstractmethod
    def open(
        self,
        loop: asyncio.AbstractEventLoop | None = None,
        on_commit: OnCommit | None = None,
        on_failure: OnFailure | None = None,
    ) -> Journal: ...

    @abstractmethod
    def starve(self, journal: Journal) -> None:
        """From now on this journal cannot be written, until it is opened again."""

    @abstractmethod
    def tamper(self, seq: int) -> None:
        """Edit one event behind the journal's back."""


def batch(first: int, count: int = 1, *, stream: str = DAY, key: Key | None = None, size: int = 0) -> Batch:
    events = tuple(
        e.ServicePaused(at=seq, service=f"s{seq}", reason="x" * size, by="b", then=seq > first)
        for seq in range(first, first + count)
    )
    return Batch(first_seq=first, stream=stream, events=events, key=key)


def key(number: int) -> Key:
    return Key(key=b"key%d" % number, body=b"body%d" % number, result=f"t{number}", status=201)


class Remembering:
    """Tables in memory, empty of earlier days."""

    def __init__(self) -> None:
        self.steps: dict[StepKey, StepRow] = {}
        self.spans: list[SpanRow] = []
        self.days: dict[str, DayRow] = {}

    def write_steps(self, steps: Mapping[StepKey, StepRow | None], day: str) -> None:
        self.steps |= {key: row for key, row in steps.items() if row is not None}

    def write_spans(self, spans: Iterable[SpanRow]) -> None:
        self.spans += spans

    def earlier(self, ticket: str) -> list[StepRow]:
        return []

    def correct(self, step: StepKey, outcome: str | None, slip: bytes | None) -> None:
        raise AssertionError("there is nothing earlier")

    def write_day(self, row: DayRow) -> None:
        self.days[row.day] = row

    def name_day(self, day: str, timezone: str, names: bytes) -> None:
        self.days[day] = replace(self.days[day], timezone=timezone, names=names)

    def forget_day(self, day: str) -> None:
        raise AssertionError("nothing was imported")

    def begin_hall_span(self, row: HallSpanRow) -> None:
        raise AssertionError("nothing stood still")

    def end_hall_spans(self, day: str, at: int) -> None:
        """None goes on."""


class Listener:
    """What a journal with a loop reports, and waiting for it."""

    def __init__(self) -> None:
        self.committed: list[int] = []
        self.failures: list[Exception] = []
        self._heard = asyncio.Event()

    def on_commit(self, seq: int) -> None:
        self.committed.append(seq)
        self._heard.set()

    def on_failure(self, error: Exception) -> None:
        self.failures.append(error)
        self._heard.set()

    async def until(self, seq: int) -> None:
        async with asyncio.timeout(10):
            while not self.failures and (not self.committed or self.committed[-1] < seq):
                self._heard.clear()
                await self._heard.wait()


class JournalPromises:
    # What was recorded is there

    def test_events_come_back_as_they_were(self, shelf: Shelf):
        """A day is read back event by event, in order, each key beside the first event of its batch."""
        journal = shelf.open()
        first, second = batch(1, 2, key=key(1)), batch(3)

        journal.append(first)
        journal.append(second)

        assert [tuple(row) for row in journal.read_day(DAY)] == [
            (1, first.events[0], key(1)),
            (2, first.events[1], None),
            (3, second.events[0], None),
        ]

    def test_a_long_day_comes_back_whole(self, shelf: Shelf):
        """However many events a day has, none is left out or read twice."""
        journal = shelf.open()
        journal.append(batch(1, 2_500))

        assert [row.seq for row in journal.read_day(DAY)] == list(range(1, 2_501))

    def test_a_reopened_journal_goes_on_where_it_was(self, shelf: Shelf):
        """Closing and opening changes nothing: the last row, the chain and what is durable stay."""
        journal = shelf.open()
        journal.append(batch(1, 3))
        last = journal.last()
        journal.close()

        again = shelf.open()
        again.append(batch(4))

        assert (last.seq, last.stream) == (3, DAY)
        assert again.last_at() == 4
        assert again.durable_seq == 4
        assert [row.seq for row in again.read_day(DAY)] == [1, 2, 3, 4]

    def test_streams_keep_apart_in_one_chain(self, shelf: Shelf):
        """Each stream is read alone, days and imports apart, though `seq` and the chain run on through all."""
        journal = shelf.open()
        for seq, stream in enumerate([DAY, "import-1", DAY, "2026-11-24"], 1):
            journal.append(batch(seq, stream=stream))

        assert journal.days() == [DAY, "2026-11-24"]
        assert [row.seq for row in journal.read_day(DAY)] == [1, 3]
        assert [row.seq for row in journal.read_day("import-1")] == [2]

    def test_rows_are_taken_in_order_only(self, shelf: Shelf):
        """A batch that does not follow the last row is refused, and nothing has changed."""
        journal = shelf.open()
        journal.append(batch(1))

        for wrong in (1, 3):
            with pytest.raises(ValueError, match="does not follow"):
                journal.append(batch(wrong))

        assert journal.last().seq == 1

    def test_an_edited_event_is_found_when_read(self, shelf: Shelf):
        """Reading a day stops at the first row that does not hash to what it says."""
        journal = shelf.open()
        journal.append(batch(1, 5))
        shelf.tamper(3)

        with pytest.raises(JournalDamaged) as damage:
            list(journal.read_day(DAY))

        assert damage.value.fields["seq"] == 3

    # Reading beside it, for statistics, checks and copies

    def test_rows_are_read_from_any_one_on(self, shelf: Shelf):
        """All that is on disk comes as it is stored, days, imports and all, from the row that was asked for."""
        journal = shelf.open()
        for seq, stream in enumerate([DAY, "import-1", DAY, "2026-11-24"], 1):
            journal.append(batch(seq, stream=stream))

        rows = list(journal.read_from(1))

        assert [(row.seq, row.stream, row.at) for row in rows] == [
            (1, DAY, 1),
            (2, "import-1", 2),
            (3, DAY, 3),
            (4, "2026-11-24", 4),
        ]
        assert [msgspec.json.decode(row.data, type=e.ServicePaused).service for row in rows] == ["s1", "s2", "s3", "s4"]
        assert rows[-1].hash == journal.last().hash
        assert list(journal.read_from(3)) == rows[2:]
        assert list(journal.read_from(5)) == []

    def test_many_rows_come_one_after_the_other(self, shelf: Shelf):
        """Row by row, however many, without one left out or read twice."""
        journal = shelf.open()
        journal.append(batch(1, 12_000))

        assert [row.seq for row in journal.read_from(2)] == list(range(2, 12_001))

    def test_rows_read_are_what_a_chain_is_checked_by(self, shelf: Shelf):
        """Whoever has only the rows finds them whole, knows whose they are, and finds the one that was edited."""
        journal = shelf.open()
        hall = Hall(journal)
        hall.open_day()
        for _ in range(3):
            hall.issue()

        found = verify(journal.read_from(1))
        shelf.tamper(4)
        edited = verify(journal.read_from(1))

        assert (found.rows, found.wrong, found.last_hash) == (journal.last().seq, None, journal.last().hash.hex())
        assert (found.days, found.mall, found.journal) == (1, "mall", "0123456789abcdef")
        assert edited.wrong_seq == 4

    def test_tables_are_made_again_from_rows(self, shelf: Shelf):
        """Rows are enough for `steps` and `counter_spans`, in whatever store they are to be."""
        journal = shelf.open()
        hall = Hall(journal)
        hall.open_day()
        ticket = hall.issue()
        hall.do(c.OpenCounter, counter="1", clerk="ani")
        for move in (c.CallNext, c.StartService, c.FinishService):
            hall.at += MINUTE
            hall.do(move, counter="1", clerk="ani")
        tables = Remembering()

        count = rebuild(journal.read_from(1), tables)

        assert count == journal.last().seq
        assert [(row.ticket, row.state, row.counter) for row in tables.steps.values()] == [(ticket, "finished", "1")]
        assert names_from_json(tables.days[DAY].names).services["pass"] == {"en": "pass"}
        assert [span.state for span in tables.spans if span.counter == "1"] == [
            "idle_waiting",
            "walking",
            "serving",
            "idle",
        ]

    def test_a_days_rules_are_those_it_ended_with(self, shelf: Shelf):
        """Names, targets and services of any day can be asked for without replaying it."""
        hall = Hall(shelf.open())
        hall.open_day()
        hall.do(c.SetRules, rules=replace(hall.state.rules, name={"en": "Renamed"}))
        renamed = hall.state.rules
        hall.close_day()
        hall.open_day()

        assert hall.journal.rules_on(DAY) == renamed
        assert hall.journal.rules_on("2026-11-24") == hall.state.rules != renamed
        assert hall.journal.rules_on("2026-11-25") is None

    def test_edited_rules_are_found_when_read(self, shelf: Shelf):
        """Rules that do not hash to what they say are nobody's."""
        hall = Hall(shelf.open())
        hall.open_day()
        shelf.tamper(2)

        with pytest.raises(JournalDamaged):
            hall.journal.rules_on(DAY)

    def test_a_reader_has_its_own_way_in(self, shelf: Shelf):
        """It sees what is on disk while the journal writes on, keeps no commit waiting, and outlives it."""
        journal = shelf.open()
        journal.append(batch(1, 12_000))
        reader = journal.reader()

        slowly = reader.read_from(1)
        first = next(slowly)
        journal.append(batch(12_001))
        rest = list(slowly)
        journal.close()

        assert (first.seq, len(rest), reader.last().seq) == (1, 12_000, 12_001)
        assert (reader.last_at(), reader.days()) == (12_001, [DAY])
        reader.close()

    def test_keys_are_remembered_from_a_moment_on(self, shelf: Shelf):
        """Idempotency keys come back with the time and place of their event, older ones left out."""
        journal = shelf.open()
        for seq in (1, 2, 3):
            journal.append(batch(seq, key=key(seq)))

        assert [tuple(row) for row in journal.keys_since(2)] == [(2, 2, key(2)), (3, 3, key(3))]

    def test_words_of_late_streams_are_found(self, shelf: Shelf):
        """Whether an event of the last streams names something can be asked without replaying them."""
        journal = shelf.open()
        journal.append(batch(1))
        journal.append(batch(2, stream="2026-11-24"))

        assert journal.mentions('"s2"', streams=1)
        assert not journal.mentions('"s1"', streams=1)
        assert journal.mentions('"s1"', streams=2)

    # Only what is on disk is called durable

    async def test_appending_does_not_wait_and_reports_later(self, shelf: Shelf):
        """With a loop, `append` only takes; `durable_seq` moves and `on_commit` speaks when the disk has it."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)

        journal.append(batch(1))
        before = (journal.last().seq, journal.durable_seq)
        await heard.until(1)

        assert before == (1, 0)
        assert (journal.durable_seq, heard.committed) == (1, [1])
        journal.close()

    async def test_what_gathers_is_committed_together(self, shelf: Shelf):
        """Batches that come while a commit runs share the next one, so load makes commits fewer."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)

        for seq in range(1, 101):
            journal.append(batch(seq))
        await heard.until(100)

        assert heard.committed == sorted(heard.committed)
        assert len(heard.committed) <= 3
        assert [row.seq for row in journal.read_day(DAY)] == list(range(1, 101))
        journal.close()

    async def test_closing_commits_what_has_gathered(self, shelf: Shelf):
        """Nothing that was taken is dropped by an orderly end, and all of it is reported."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
        for seq in range(1, 21):
            journal.append(batch(seq))

        journal.close()

        assert heard.committed[-1] == 20
        assert shelf.open().last().seq == 20

    # When the disk fails

    async def test_a_failed_write_is_told_once_and_nothing_is_taken_after_it(self, shelf: Shelf):
        """After a failure every append is refused until the journal is opened again."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
        journal.append(batch(1))
        await heard.until(1)
        shelf.starve(journal)

        for seq in range(2, 12):
            journal.append(batch(seq, size=100_000))
        await heard.until(11)

        assert len(heard.failures) == 1
        assert journal.durable_seq == heard.committed[-1] < 11
        with pytest.raises(Unavailable):
            journal.append(batch(journal.last().seq + 1))
        journal.close()

    async def test_after_reopening_there_is_what_was_reported(self, shelf: Shelf):
        """Reopening forgets what never reached the disk, keeps what did, and the chain goes on from there."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
        journal.append(batch(1))
        await heard.until(1)
        shelf.starve(journal)
        journal.append(batch(2, size=1_000_000))
        await heard.until(2)

        journal.reopen()
        kept = journal.last().seq
        journal.append(batch(kept + 1))
        heard.failures.clear()
        await heard.until(kept + 1)

        assert kept == journal.durable_seq - 1 == 1
        assert [row.seq for row in journal.read_day(DAY)] == list(range(1, kept + 2))
        journal.close()

    async def test_what_is_discarded_is_there_whole_or_not_and_the_journal_goes_on(self, shelf: Shelf):
        """An engine that finds a fault of its own begins again from what is on disk, and is told no failure."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
        for seq in range(1, 200):
            journal.append(batch(seq, size=10_000))
        journal.discard()

        with pytest.raises(Unavailable):
            journal.append(batch(200))
        await asyncio.to_thread(journal.reopen)
        kept = journal.last().seq
        journal.append(batch(kept + 1))
        await heard.until(kept + 1)

        assert 0 <= kept < 199
        assert journal.durable_seq == kept + 1
        assert heard.failures == []
        assert [row.seq for row in journal.read_day(DAY)] == list(range(1, kept + 2))
        journal.close()

    def test_what_cannot_be_encoded_leaves_the_journal_as_it_was(self, shelf: Shelf):
        """A batch that fails before it is handed over was never there: the next one takes its place."""
        journal = shelf.open()
        journal.append(batch(1))
        odd: str = object()  # type: ignore[assignment]  # what a mistake elsewhere could pass

        with pytest.raises(TypeError):
            journal.append(Batch(first_seq=2, stream=DAY, events=(e.ServiceResumed(at=1, service=odd, by="b"),)))
        journal.append(batch(2))

        assert journal.last().seq == 2

    def test_a_batch_is_kept_whole_or_not_at_all(self, shelf: Shelf):
        """A failure in the middle of a batch leaves none of it."""
        journal = shelf.open()
        journal.append(batch(1))
        shelf.starve(journal)

        with pytest.raises(Unavailable):
            journal.append(batch(2, 50, size=100_000))

        assert shelf.open().last().seq == 1

    async def test_what_could_not_be_read_back_is_never_kept(self, shelf: Shelf):
        """An event that a restart could not read fails like a bad disk, rather than locking the mall out for ever."""
        heard = Listener()
        journal = shelf.open(asyncio.get_running_loop(), heard.on_commit, heard.on_failure)
        wrong: str = None  # type: ignore[assignment]  # what a mistake elsewhere could pass
        event = e.ServiceResumed(at=1, service=wrong, by="b")
        journal.append(Batch(first_seq=1, stream=DAY, events=(event,)))
        await heard.until(1)

        journal.reopen()

        assert len(heard.failures) == 1
        assert journal.last().seq == 0
        journal.close()

    # Tickets of any day

    def test_a_ticket_of_an_earlier_day_is_found(self, shelf: Shelf):
        """Whoever holds yesterday's slip still learns how it ended; staff find it by number and day."""
        hall = Hall(shelf.open())
        hall.open_day()
        ticket = hall.issue("pass", "tax", kiosk="k", slip_job="j1")
        other = hall.issue("pass")
        hall.do(c.OpenCounter, counter="1", clerk="ani")
        hall.at += MINUTE
        hall.do(c.CallNext, counter="1", clerk="ani")
        hall.close_day()
        was = hall.state.tickets[ticket]
        hall.open_day()

        found = hall.journal.load_ticket(ticket)

        assert found is not None
        assert (found.id, found.number, found.day, found.state) == (ticket, "A001", DAY, was.state)
        assert [(s.service, s.state, s.called_at) for s in found.steps] == [
            (s.service, s.state, s.called_at) for s in was.steps
        ]
        assert found.slip.state == was.slip.state
        assert hall.journal.find_number("A002", DAY) == [other]
        assert hall.journal.find_number("A002", "2026-11-24") == []
        assert hall.journal.load_ticket("nobody") is None

    def test_a_ticket_of_today_is_found(self, shelf: Shelf):
        """The journal's rows answer for the running day too, of whoever is done with it."""
        hall = Hall(shelf.open())
        hall.open_day()
        ticket = hall.issue("tax")
        hall.do(c.CancelTicket, ticket=ticket)

        found = hall.journal.load_ticket(ticket)

        assert found is not None
        assert found.steps == hall.state.tickets[ticket].steps

    def test_an_undone_transfer_leaves_no_step_behind(self, shelf: Shelf):
        """What an undo takes away is gone from the rows as well."""
        hall = Hall(shelf.open())
        hall.open_day()
        ticket = hall.issue("pass")
        hall.do(c.OpenCounter, counter="1", clerk="ani")
        hall.do(c.CallNext, counter="1", clerk="ani")
        hall.do(c.StartService, counter="1", clerk="ani")
        hall.do(c.TransferTicket, counter="1", clerk="ani", service="tax")
        hall.do(c.Undo, counter="1", clerk="ani")
        hall.do(c.FinishService, counter="1", clerk="ani", outcome="done")

        found = hall.journal.load_ticket(ticket)

        assert found is not None
        assert [(step.service, step.state) for step in found.steps] == [("pass", "finished")]

    def test_late_words_reach_yesterdays_ticket(self, shelf: Shelf):
        """A correction, a reprint and a printer's late report of today are seen on the ticket of an earlier day."""
        hall = Hall(shelf.open())
        hall.open_day()
        ticket = hall.issue("pass", kiosk="k", slip_job="j1")
        hall.do(c.OpenCounter, counter="1", clerk="ani")
        hall.do(c.CallNext, counter="1", clerk="ani")
        hall.do(c.StartService, counter="1", clerk="ani")
        hall.do(c.FinishService, counter="1", clerk="ani", outcome="done")
        hall.close_day()
        hall.open_day()
        day = hall.state.day
        events = (
            e.SlipReported(at=hall.at, ticket=ticket, job="j1", state="printed"),
            e.OutcomeCorrected(at=hall.at, ticket=ticket, step=0, outcome="referred", reason="mistake", by="ani"),
        )

        hall.journal.append(Batch(first_seq=hall.state.seq + 1, stream=day, events=events, late=events))

        found = hall.journal.load_ticket(ticket)
        assert found is not None
        assert (found.slip.state, found.steps[0].outcome) == ("printed", "referred")
