"""Locators, tries, delays: what a guesser can and cannot disturb."""

import random
from contextlib import suppress

import pytest
from hosts.gateway.kit import Clock
from hypothesis import given
from hypothesis import strategies as st

from deskside_gateway.broker import MOST_WAITS, Broker, Offer, new_session_id
from deskside_gateway.delays import LONGEST_WAIT_S, QUIET_S, Delays, network_of, pause_after
from deskside_gateway.refusals import Refused


def offer(session: str = "s1") -> Offer:
    return Offer(session=session, number="S-20261121-0001", kind="pc", agent="Lee", company="Hanbit")


@pytest.fixture
def broker(clock: Clock) -> Broker:
    return Broker(clock.monotonic)


def refusal(broker: Broker, locator: str, address: str) -> Refused:
    with pytest.raises(Refused) as no:
        broker.locate(locator, address)
    return no.value


def test_a_locator_leads_to_who_waits(broker: Broker) -> None:
    wait = broker.open(offer())

    found = broker.locate(wait.locator, "10.0.0.1")

    assert found.offer == offer()
    assert len(wait.locator) == 4
    assert broker.ends_in_s(wait) == 600


def test_a_code_dies_after_ten_minutes(broker: Broker, clock: Clock) -> None:
    wait = broker.open(offer())
    clock.turn(600)

    assert refusal(broker, wait.locator, "10.0.0.1").reason == "refused.code.unknown"
    assert len(broker) == 0


def test_a_code_that_is_used_up_or_replaced_leads_nowhere(broker: Broker, clock: Clock) -> None:
    first = broker.open(offer())
    second = broker.open(offer())
    assert refusal(broker, first.locator, "10.0.0.1").reason == "refused.code.unknown"
    clock.turn(1)

    broker.close("s1")

    assert refusal(broker, second.locator, "10.0.0.1").reason == "refused.code.unknown"


def test_while_one_customer_tries_the_code_is_in_use_for_others_for_half_a_minute(
    broker: Broker, clock: Clock
) -> None:
    wait = broker.open(offer())
    broker.locate(wait.locator, "10.0.0.1")

    assert broker.locate(wait.locator, "10.0.0.1") is wait
    no = refusal(broker, wait.locator, "10.0.0.2")
    assert (no.reason, no.values) == ("refused.code.in_use", {"seconds": 30})
    clock.turn(30)
    assert broker.locate(wait.locator, "10.0.0.2") is wait


def test_wrong_guesses_cost_an_address_twice_as_much_each_time(broker: Broker, clock: Clock) -> None:
    paid = []
    for _ in range(14):
        refusal(broker, "x", "10.0.0.1")
        seconds = int(refusal(broker, "x", "10.0.0.1").values["seconds"])
        paid.append(seconds)
        clock.turn(seconds)

    assert paid == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600]
    clock.turn(QUIET_S)
    refusal(broker, "x", "10.0.0.1")
    assert refusal(broker, "x", "10.0.0.1").values == {"seconds": 1}


def test_asking_during_the_pause_costs_nothing_more_and_others_are_not_concerned(
    broker: Broker, clock: Clock
) -> None:
    wait = broker.open(offer())
    refusal(broker, "x", "10.0.0.1")
    for _ in range(50):
        assert refusal(broker, wait.locator, "10.0.0.1").reason == "refused.code.wait"

    assert broker.locate(wait.locator, "10.0.0.2") is wait
    clock.turn(31)
    assert broker.locate(wait.locator, "10.0.0.1") is wait


def test_a_wrong_proof_burns_the_code_and_counts_against_who_tried(broker: Broker) -> None:
    wait = broker.open(offer())
    broker.locate(wait.locator, "10.0.0.1")

    broker.burn("s1")
    again = broker.open(offer())

    assert again.locator != wait.locator
    assert refusal(broker, again.locator, "10.0.0.1").reason == "refused.code.wait"


def test_a_used_locator_rests_so_that_a_slow_customer_does_not_reach_another_agent(clock: Clock) -> None:
    broker = Broker(clock.monotonic, lambda _: 0)
    first = broker.open(offer("a")).locator
    broker.close("a")

    assert broker.open(offer("b")).locator != first
    clock.turn(601)
    assert broker.open(offer("c")).locator == first


def test_one_address_holds_few_codes_at_once(broker: Broker) -> None:
    waits = [broker.open(offer(f"s{number}")) for number in range(9)]
    for wait in waits[:8]:
        broker.locate(wait.locator, "10.0.0.1")

    assert refusal(broker, waits[8].locator, "10.0.0.1").reason == "refused.code.wait"
    assert broker.locate(waits[8].locator, "10.0.0.2") is waits[8]


def test_half_of_the_locators_stay_free(broker: Broker) -> None:
    for number in range(MOST_WAITS):
        broker.open(offer(f"s{number}"))

    with pytest.raises(Refused, match="none_free"):
        broker.open(offer("one more"))


def test_a_sweep_of_ten_thousand_guesses_from_ten_addresses_disturbs_hardly_anybody(
    broker: Broker, clock: Clock
) -> None:
    chance = random.Random(7)
    sessions = {f"s{number}" for number in range(200)}
    for session in sessions:
        broker.open(offer(session))
    disturbed = set()

    for guess in range(10_000):
        try:
            found = broker.locate(f"{guess:04d}", f"10.0.0.{guess % 10}")
        except Refused:
            pass
        else:
            disturbed.add(found.offer.session)
            broker.burn(found.offer.session)
        clock.turn(chance.uniform(0.0, 0.1))

    assert len(sessions - disturbed) >= 190


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from(["open", "close", "burn", "locate", "turn"]))))
def test_each_session_has_at_most_one_locator_and_each_locator_one_session(
    steps: list[tuple[int, str]],
) -> None:
    clock = Clock()
    broker = Broker(clock.monotonic)
    for number, act in steps:
        session = f"s{number}"
        if act == "open":
            broker.open(offer(session))
        elif act == "turn":
            clock.turn(150)
        elif act == "locate":
            for wait in list(broker._by_locator.values()):
                with suppress(Refused):
                    broker.locate(wait.locator, f"10.0.0.{number}")
        else:
            getattr(broker, act)(session)

        by_session = {wait.offer.session: wait.locator for wait in broker._by_locator.values()}
        assert by_session == {one: wait.locator for one, wait in broker._by_session.items()}
        assert len(broker._by_locator) == len(by_session)


def test_memory_for_guessers_is_bounded() -> None:
    delays = Delays(most=100)
    for number in range(1000):
        delays.count(f"10.0.{number // 250}.{number % 250}", 0.0)

    assert len(delays) == 100


@given(st.integers(0, 10_000))
def test_a_pause_never_shrinks_and_never_passes_an_hour(count: int) -> None:
    assert pause_after(count) <= pause_after(count + 1) <= LONGEST_WAIT_S


def test_an_ipv6_customer_is_one_guesser_with_his_whole_network() -> None:
    assert network_of("2001:db8:1:2:3::4") == network_of("2001:db8:1:2:ffff::1")
    assert network_of("2001:db8:1:3::4") != network_of("2001:db8:1:2::4")
    assert network_of("::ffff:10.0.0.1") == "10.0.0.1"
    assert network_of("fe80::1%eth0") == "fe80::/64"
    assert network_of("testclient") == "testclient"


def test_session_ids_are_128_random_bits_that_are_safe_in_an_address() -> None:
    ids = {new_session_id() for _ in range(100)}

    assert len(ids) == 100
    assert {len(one) for one in ids} == {22}
