"""What a counter is doing, in the words that managers read."""

from queue_server.domain import commands as c
from queue_server.domain.presence import presence
from tests.domain.hall import Hall


def test_a_counters_time_is_one_of_six_things():
    """Closed, idle, idle while people wait, walking, serving, paused with its reason; with somebody there it works."""
    hall = Hall()
    seen = [presence(hall.state, "1")]

    def then(command: type[c.Command], **fields: object) -> None:
        hall.does(command, **fields)
        seen.append(presence(hall.state, "1"))

    then(c.OpenCounter, counter="1", clerk="ani")
    then(c.IssueTicket, ticket="anna", services=("passport",))
    then(c.CallNext, counter="1")
    then(c.StartService, counter="1")
    then(c.PauseCounter, counter="1", reason="lunch")
    then(c.FinishService, counter="1")
    then(c.ResumeCounter, counter="1")

    assert seen == [
        ("closed", None),
        ("idle", None),
        ("idle_waiting", None),
        ("walking", None),
        ("serving", None),
        ("serving", None),
        ("paused", "lunch"),
        ("idle", None),
    ]
