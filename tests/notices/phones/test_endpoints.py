"""A browser names its push service, and the server asks only those that the mall lets it ask."""

from __future__ import annotations

import pytest

from queue_server.notices.phones.endpoints import NoSuchPlace, Outside, allowed, is_outside, own_hosts
from queue_server.settings.tables import PUSH_SERVICES

TRIAL = ("push.example", "http://127.0.0.1:9000")


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/abc:APA91b",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAA",
        "https://web.push.apple.com/QGv0",
        "https://db5p.notify.windows.com/w/?token=BQ%3d",
    ],
)
def test_the_services_of_the_usual_browsers_are_asked(endpoint: str):
    """As they stand in config.toml, each with what is below it."""
    assert allowed(endpoint, PUSH_SERVICES)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example/1",
        "https://push.example:8443/1",
        "https://push.example.evil.id/1",
        "https://notpush.example/1",
        "https://somebody@push.example/1",
        "https://push.example@10.0.0.1/1",
        "https://10.0.0.1/1",
        "https://[::1]/1",
        "https://localhost/1",
        "file:///etc/passwd",
        "https://push.example/\n1",
        "https://push.example/" + "a" * 1024,
        "http://127.0.0.1:9001/1",
        "https://127.0.0.1:9000/1",
        "http://127.0.0.1:9000.evil.id/1",
        "https://[push.example/1",
        "https://evil.com\\.push.example/x",
        "https://evil.com\\@push.example/x",
        "https://evil.com%2f.push.example/x",
        "https://evil_com.push.example/x",
        "https://a..push.example/x",
        "https://.push.example/x",
        "https://push.example",
        "https://push.example/\\x",
        "",
    ],
)
def test_nothing_else_is_asked(endpoint: str):
    """Not encrypted, another port, another name, an address inside, a name before an @: none of it."""
    assert not allowed(endpoint, TRIAL)


def test_one_that_is_listed_whole_is_asked_as_it_stands():
    """For a trial in one's own network."""
    assert allowed("http://127.0.0.1:9000/push/1", TRIAL)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b:1::808:808",
        "2002:7f00:1::",
        "2001:0:1::1",
        "fe80::1",
        "fec0::1",
        "fd00::1",
        "ff02::1",
    ],
)
def test_no_form_of_an_address_leads_inside(address: str):
    """However it is written, and whatever it carries within."""
    assert not is_outside(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_the_open_internet_is_outside(address: str):
    """Also where a network of IPv6 alone reaches it through a gateway."""
    assert is_outside(address)


async def test_a_name_that_nobody_has_leads_nowhere():
    """It is told from a line that is down."""
    resolver = Outside(frozenset)

    with pytest.raises(NoSuchPlace):
        await resolver.resolve("nobody.invalid", 443)
    await resolver.close()


async def test_a_name_that_leads_inside_is_not_followed():
    """A push service's name whose address is this machine's or the mall's network leads nowhere, but for a trial."""
    trial, strict = Outside(lambda: own_hosts(["http://localhost:9"])), Outside(frozenset)

    found = await trial.resolve("localhost", 9)

    assert {one["host"] for one in found} <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError, match="no address outside"):
        await strict.resolve("localhost", 9)
    await trial.close()
    await strict.close()
