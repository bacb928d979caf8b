"""An agent takes jobs, prints each once and says what became of it."""

from queue_server.wire.printing import Sending
from tests.printer.conftest import Bench, slip


async def test_a_job_is_printed_once_and_confirmed_by_its_id(bench: Bench):
    """A job ends as printed when the printer has repeated its id, and lies on paper once."""
    bench.start()

    job = await bench.server.give(slip())
    result = await bench.server.result(job)

    assert (result.outcome, result.evidence) == ("printed", "id")
    assert bench.on_paper(slip()) == 1
    assert bench.server.acks_of(job) == ["accepted"]
    assert await bench.server.heard(Sending, job=job)
