"""A kiosk learns what its reader and its buttons mean: of what it offers, and nothing else."""

from __future__ import annotations

from pathlib import Path

from tests.web.edge import CONFIG, edge_at

MORE = """
[kiosks.K2]
services = ["passport", "roll"]
choose_by = "codes"
keys = { F1 = "passport" }
"""


async def test_a_kiosk_learns_its_codes_and_keys(tmp_path: Path):
    """Codes as capitals, of its own menu; those of a paper roll give no number."""
    config = CONFIG
    for service, codes in (("passport", '["pass-1", "9780201379624"]'), ("visa", '["VISA"]'), ("roll", '["ROLL"]')):
        config = config.replace(f"[services.{service}]\n", f"[services.{service}]\ncodes = {codes}\n")
    async with edge_at(tmp_path, config=config + MORE) as edge:
        token = edge.token("kiosk", name="K2")
        async with edge.live("kiosk:K2", by=token) as socket:
            await socket.receive_json()
            own = (await socket.receive_json())["view"]
        async with edge.live("kiosk:K1", by="kiosk") as socket:
            await socket.receive_json()
            other = (await socket.receive_json())["view"]

    assert (own["choose_by"], own["keys"]) == ("codes", {"F1": "passport"})
    assert own["codes"] == {"PASS-1": "passport", "9780201379624": "passport"}
    assert (other["choose_by"], other["keys"], set(other["codes"])) == (
        "screen",
        {},
        {"PASS-1", "9780201379624", "VISA"},
    )
