"""Other rules until the day ends: previewed, saved, refused."""

from __future__ import annotations

from pathlib import Path

from tests.web.edge import CONFIG, Edge, edge_at


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


async def test_a_preview_of_targets_shows_the_order_between_services(edge: Edge):
    """Targets shift one service against another, so every counter that serves it shows whom it would call."""
    visa = await edge.ticket("visa")
    edge.wait(60)
    passport = await edge.ticket("passport")

    preview = await edge.post("/rules/preview", {"targets": {"passport": 60}}, by="supervisor")

    at = {one["counter"]: one for one in preview["counters"]}
    assert at.keys() == {"1", "2"}
    assert [place["ticket"] for place in at["1"]["now"]] == [visa["id"], passport["id"]]
    assert [place["ticket"] for place in at["1"]["order"]] == [passport["id"], visa["id"]]
    assert [place["ticket"] for place in at["2"]["order"]] == [passport["id"]]


async def test_a_preview_names_each_counter_once(edge: Edge):
    """A counter that is named and serves what is named stands there once, first; who is bound to one sees that one."""
    bound = edge.token("supervisor", name="sri", counter="2")
    wish = {"targets": {"passport": 60}, "help_after": {"2": {"passport": 600}}}

    preview = await edge.post("/rules/preview", wish, by="supervisor")
    theirs = await edge.post("/rules/preview", {"targets": {"passport": 60}}, by=bound)

    assert [one["counter"] for one in preview["counters"]] == ["2", "1"]
    assert [one["counter"] for one in theirs["counters"]] == ["2"]


async def test_targets_do_not_drift(edge: Edge):
    """One number gives the others the share that config.toml gives them, however often and from whatever it is set."""
    for wanted in ({"regular": 1}, 86_400, {"regular": 1}, 86_400):
        await edge.post("/rules", {"targets": {"passport": wanted}, "reason": "mistake"}, by="supervisor")

    rules = await edge.get("/rules", by="clerk")
    assert rules["targets"]["passport"] == {"regular": 86_400, "elderly": 43_200}


async def test_a_target_of_nothing_can_be_raised_again(edge: Edge):
    """After a target of 0 all categories get their share of the next one."""
    none = await edge.post("/rules", {"targets": {"passport": 0}, "reason": "mistake"}, by="supervisor")
    raised = await edge.post("/rules", {"targets": {"passport": 900}, "reason": "mistake"}, by="supervisor")

    assert none["targets"]["passport"] == {"regular": 0, "elderly": 0}
    assert raised["targets"]["passport"] == {"regular": 900, "elderly": 450}


async def test_a_derived_target_is_no_longer_than_one_that_is_named(tmp_path: Path):
    """Where a category waits longer than others, a day is the longest for it too."""
    patient = CONFIG.replace("target_share = 0.5", "target_share = 10")
    async with edge_at(tmp_path, config=patient) as edge:
        saved = await edge.post("/rules", {"targets": {"passport": 80_000}, "reason": "mistake"}, by="supervisor")

    assert saved["targets"]["passport"] == {"regular": 80_000, "elderly": 86_400}
