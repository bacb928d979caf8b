"""The edge that all answers leave by: problems, headers, unknown addresses, faults, limits, health."""

from __future__ import annotations

from pathlib import Path

from queue_server.errors import STATUS
from queue_server.web.problems import TITLES
from tests.web.edge import CONFIG, Edge, edge_at


async def test_everything_that_goes_wrong_is_a_problem(edge: Edge):
    """Unknown addresses, wrong methods and bodies too large are problem details like any refusal."""
    unknown = await edge.get("/nowhere")
    below = await edge.get("/tickets/x/y/z")
    method = await edge.ask("DELETE", "/tickets", by="kiosk")
    large = await edge.post("/tickets", b"[" + b"0," * 50_000 + b"0]", by="kiosk")

    assert unknown.said[:2] == below.said[:2] == (404, "not_found")
    assert method.said[:2] == (405, "invalid")
    assert set(method.headers["Allow"].replace(" ", "").split(",")) == {"GET", "HEAD", "POST"}
    assert large.said[:2] == (413, "invalid")
    for answer in (unknown, below, method, large):
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer["status"] == answer.status
        assert answer["type"].endswith(f"#{answer.code}")


async def test_a_browser_gets_a_page_where_there_is_none(edge: Edge):
    """Whoever asked for a page reads a page, not JSON."""
    answer = await edge.get("/nowhere", Accept="text/html")

    assert answer.status == 404
    assert answer.headers["Content-Type"].startswith("text/html")


async def test_every_answer_is_hardened(edge: Edge):
    """No answer may be sniffed, framed, or kept by a cache; refusals and pages included."""
    answers = [
        await edge.get(path) for path in ("/mall", "/me", "/nowhere", "/healthz", "/metrics", "/openapi.json", "/")
    ]

    for answer in answers:
        assert answer.headers["Server"] == "Antrean"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]
    policy = answers[-1].headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
    assert "unsafe" not in policy


async def test_health_and_readiness(edge: Edge):
    """Both are green while commands are taken; neither needs a token."""
    health, ready = await edge.get("/healthz"), await edge.get("/readyz")

    assert (health.status, health["status"], ready.status) == (200, "ok", 200)


async def test_a_disk_that_does_not_write_turns_health_red(edge: Edge):
    """While the journal fails, commands and views are 503 and not known; afterwards everything goes on."""
    edge.engine.failed(OSError("no space left"))

    health = await edge.get("/healthz")
    ticket = await edge.post("/tickets", {"service": "visa"}, by="kiosk", Idempotency_Key="t")
    mall = await edge.get("/mall")

    assert health.status == 503
    assert ticket.said[:2] == mall.said[:2] == (503, "unavailable")
    assert ticket.headers["Retry-After"] == "1"


async def test_metrics_count_answers_by_route(edge: Edge):
    """Prometheus reads answers by pattern and status, never by address, and the hall's own figures."""
    ticket = await edge.ticket()
    await edge.get(f"/tickets/{ticket['id']}")
    await edge.get("/tickets/nothing")

    text = (await edge.get("/metrics")).body.decode()

    assert 'antrean_http_answers_total{method="GET",route="/api/v1/tickets/{ticket}",status="200"} 1.0' in text
    assert 'antrean_http_answers_total{method="GET",route="/api/v1/tickets/{ticket}",status="404"} 1.0' in text
    assert 'antrean_http_seconds_bucket{le="+Inf",method="POST",route="/api/v1/tickets"} 1.0' in text
    assert 'antrean_waiting{service="passport"} 1.0' in text
    assert ticket["id"] not in text


async def test_an_address_may_be_limited_altogether(tmp_path: Path):
    """`requests` limits everything but what operations ask."""
    async with edge_at(tmp_path, config=CONFIG + '\n[limits]\nrequests = "3 per minute"\n') as edge:
        answers = [await edge.get("/mall") for _ in range(4)]
        health = await edge.get("/healthz")

        assert [a.status for a in answers] == [200, 200, 200, 429]
        assert health.status == 200


def test_every_code_has_a_title():
    """A code without its words would be an answer that nobody can read."""
    assert TITLES.keys() == STATUS.keys()
