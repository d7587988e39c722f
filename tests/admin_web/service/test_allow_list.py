"""Tests of who may sign in from where."""

import pytest

from deskside_admin.service.allow_list import address_allowed, mac_allowed


@pytest.mark.parametrize(
    ("addresses", "listed", "is_allowed"),
    [
        (["192.0.2.7"], ["192.0.2.7"], True),
        (["192.0.2.7"], ["192.0.2.8"], False),
        (["198.51.100.1", "10.1.2.3"], ["10.1.2.3"], True),
        (["10.1.2.3"], ["10.1.0.0/16"], True),
        (["10.2.2.3"], ["10.1.0.0/16"], False),
        (["10.1.2.3"], ["10.1.2.3/16"], True),
        (["2001:db8::5"], ["2001:db8::/32"], True),
        (["::ffff:192.0.2.7"], ["192.0.2.7"], True),
        (["fe80::1%eth0"], ["fe80::/10"], True),
        (["192.0.2.7"], [], False),
        ([], ["192.0.2.7"], False),
        (["nonsense", ""], ["nonsense", "", "0.0.0.0/0"], False),
    ],
)
def test_an_address_is_allowed_by_itself_or_by_its_network(
    addresses: list[str], listed: list[str], is_allowed: bool
) -> None:
    assert address_allowed(addresses, listed) is is_allowed


@pytest.mark.parametrize(
    ("macs", "listed", "is_allowed"),
    [
        (["0011223344aa"], ["0011223344AA"], True),
        (["0011223344ab"], ["0011223344aa"], False),
        (["000000000000", "0011223344aa"], ["0011223344aa"], True),
        (["00:11:22:33:44:aa"], ["00:11:22:33:44:aa"], False),
        ([], ["0011223344aa"], False),
        (["0011223344aa"], [], False),
    ],
)
def test_a_network_card_is_allowed_by_its_twelve_digits(
    macs: list[str], listed: list[str], is_allowed: bool
) -> None:
    assert mac_allowed(macs, listed) is is_allowed
