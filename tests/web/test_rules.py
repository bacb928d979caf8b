"""Other rules until the day ends: previewed, saved, refused."""

from __future__ import annotations

from tests.web.edge import Edge


async def test_a_preview_shows_the_order_and_changes_nothing(edge: Edge):
    """Other targets are tried on the people who wait now; the day's rules stay as they are."""
    await edge.ticket()
    edge.wait(600)
    elderly = await edge.ticket(category="elderly")
    wish = {"targets": {"passport": {"elderly": 60}}, "help_after": {"2": {"passport": 600}}}

    preview = await edge.post("/rules/preview", wish, by="supervisor")
    rules = await edge.get("/rules", by="supervisor")

    queue, counter = preview["queues"][0], preview["counters"][0]
    assert queue["service"] == "passport"
    assert queue["order"][0]["ticket"] == elderly["id"]
    assert queue["now"][0]["ticket"] != elderly["id"]
    assert counter["counter"] == "2"
    assert {place["why"] for place in counter["order"]} == {"helped"}
    assert {place["why"] for place in counter["now"]} == {"due"}
    assert rules["targets"]["passport"] == {"regular": 900, "elderly": 450}


async def test_one_number_is_a_target_for_all_in_proportion(edge: Edge):
    """A target in seconds is that of regular citizens; the others keep their share of it."""
    saved = await edge.post("/rules", {"targets": {"passport": 600}, "reason": "mistake"}, by="supervisor")

    assert saved["targets"]["passport"] == {"regular": 600, "elderly": 300}
    assert (await edge.get("/queues", by="clerk")).body[0]["target_s"] == 600


async def test_what_is_saved_is_recorded_with_its_reason(edge: Edge):
    """Saving needs a reason and a supervisor; what does not exist is named."""
    wish = {"help_after": {"2": {"passport": 300}}}

    unsaid = await edge.post("/rules", wish, by="supervisor")
    empty = await edge.post("/rules", {"reason": "mistake"}, by="supervisor")
    clerk = await edge.post("/rules", {**wish, "reason": "mistake"}, by="clerk")
    service = await edge.post("/rules/preview", {"targets": {"x": 60}}, by="supervisor")
    category = await edge.post("/rules/preview", {"targets": {"visa": {"x": 60}}}, by="supervisor")
    counter = await edge.post("/rules/preview", {"help_after": {"9": {"visa": 60}}}, by="supervisor")
    saved = await edge.post("/rules", {**wish, "reason": "mistake"}, by="supervisor")
    none = await edge.post("/rules", {"help_after": {"2": {"passport": 0}}, "reason": "mistake"}, by="supervisor")

    assert unsaid["fields"] == {"field": "reason"}
    assert empty["fields"] == {"field": "targets"}
    assert clerk.said == (403, "forbidden", "role")
    assert service.said[:2] == (404, "unknown_service")
    assert category.said == (422, "invalid", "category")
    assert counter.said[:2] == (404, "not_found")
    assert saved["help_after"] == {"2": {"passport": 300}}
    assert none["help_after"] == {}


async def test_an_agencys_supervisor_changes_only_its_own(edge: Edge):
    """Targets of another agency's service are out of reach."""
    theirs = edge.token("supervisor", name="sri", agency="immigration")

    own = await edge.post("/rules", {"targets": {"visa": 60}, "reason": "mistake"}, by=theirs)
    foreign = await edge.post("/rules", {"targets": {"birth": 60}, "reason": "mistake"}, by=theirs)

    assert own["targets"].keys() == {"passport", "visa"}
    assert foreign.said == (403, "forbidden", "other_agency")
