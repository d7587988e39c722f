"""What the viewer allows."""

from hypothesis import given, settings
from hypothesis import strategies as st

from deskside.api import Participant, Role
from deskside_file_transfer.ledger import MB, Ledger, Limits, from_bytes, to_bytes

AGENT = Participant(1, "Lee Jun", Role.AGENT)
LIMITS = Limits(file_mb=2, total_mb=5)


def test_only_agents_move_files() -> None:
    ledger = Ledger()

    refused = [
        ledger.decide(1, 1, sender, LIMITS)
        for sender in (None, Participant(2, "O", Role.OBSERVER), Participant(3, "C", Role.CUSTOMER))
    ]

    assert {one and one.key for one in refused} == {"file_transfer.reason.not_an_agent"}
    assert not ledger.open


def test_asking_again_about_an_open_permit_costs_nothing() -> None:
    ledger = Ledger()

    answers = [ledger.decide(1, 2 * MB, AGENT, LIMITS) for _ in range(5)]

    assert answers == [None] * 5
    assert ledger.open == {1: 2 * MB}


def test_a_host_that_begins_anew_cannot_win_room_by_it() -> None:
    ledger = Ledger()
    ledger.decide(1, 2 * MB, AGENT, LIMITS)

    ledger.void()

    assert (ledger.moved, ledger.open) == (2 * MB, {})


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3 * MB), st.integers(0, 9 * MB)), max_size=40))
def test_never_more_than_the_total_and_a_restart_forgets_nothing(steps: list[tuple[int, int, int]]) -> None:
    ledger = Ledger()
    for permit, size, moved in steps:
        ledger.decide(permit, size, AGENT, LIMITS)
        if moved % 2:
            ledger.settle(permit, moved)

        assert ledger.moved + sum(ledger.open.values()) <= LIMITS.total_mb * MB
        assert from_bytes(to_bytes({"send": ledger}), ("send", "fetch")) == {
            "send": ledger,
            "fetch": Ledger(),
        }
