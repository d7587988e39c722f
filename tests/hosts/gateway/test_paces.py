"""Tests of how often each address may ask."""

from hosts.gateway.kit import Clock

from deskside_gateway.paces import Paces


def test_an_address_asks_a_few_times_at_once_and_then_slowly() -> None:
    clock = Clock()
    paces = Paces(3, 1 / 6, clock=clock.monotonic)

    at_once = [paces.allows("192.0.2.1") for _ in range(5)]
    clock.turn(6)
    later = [paces.allows("192.0.2.1") for _ in range(2)]

    assert at_once == [True, True, True, False, False]
    assert later == [True, False]


def test_addresses_do_not_slow_each_other_but_one_customers_network_counts_once() -> None:
    paces = Paces(1, 0, clock=Clock().monotonic)

    assert [paces.allows(one) for one in ("192.0.2.1", "192.0.2.2", "2001:db8::1")] == [True] * 3
    assert not paces.allows("2001:db8::2")
    assert not paces.allows("::ffff:192.0.2.1")


def test_memory_is_bounded_and_the_longest_quiet_goes_first() -> None:
    paces = Paces(1, 0, most=2, clock=Clock().monotonic)

    for one in ("192.0.2.1", "192.0.2.2", "192.0.2.1", "192.0.2.3"):
        paces.allows(one)

    assert len(paces) == 2
    assert not paces.allows("192.0.2.1")
    assert paces.allows("192.0.2.2")
