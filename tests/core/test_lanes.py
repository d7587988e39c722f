"""Lanes: control first, nobody starves, and idling saves up nothing."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from deskside.api import Lane
from deskside.lanes import Turns


def run(turns: Turns, rounds: int, sizes: dict[Lane, int]) -> tuple[Turns, list[Lane]]:
    chosen = []
    for _ in range(rounds):
        lane = turns.next()
        assert lane is not None
        chosen.append(lane)
        turns = turns.after(lane, sizes[lane])
    return turns, chosen


def test_nothing_waits_means_nobodys_turn() -> None:
    assert Turns().next() is None


def test_a_key_press_goes_before_a_running_file() -> None:
    turns, _ = run(Turns().with_waiting({Lane.BULK}), 100, {Lane.BULK: 16_384})

    turns = turns.with_waiting({Lane.BULK, Lane.CONTROL})

    assert turns.next() is Lane.CONTROL


def test_shares_follow_the_weights_when_all_are_busy() -> None:
    sizes = dict.fromkeys(Lane, 1000)

    _, chosen = run(Turns().with_waiting(set(Lane)), 7300, sizes)

    counted = Counter(chosen)
    assert counted[Lane.CONTROL] == 64 * counted[Lane.BULK]
    assert counted[Lane.MEDIA] == 8 * counted[Lane.BULK]


def test_a_lane_that_idled_does_not_save_up_a_claim() -> None:
    sizes = {Lane.BULK: 16_384, Lane.MEDIA: 16_384}
    turns, _ = run(Turns().with_waiting({Lane.MEDIA}), 1000, sizes)

    turns = turns.with_waiting({Lane.MEDIA, Lane.BULK})
    _, chosen = run(turns, 90, sizes)

    assert Counter(chosen)[Lane.BULK] <= 11


@given(st.lists(st.tuples(st.sets(st.sampled_from(Lane), min_size=1), st.integers(1, 60_000)), max_size=60))
def test_whoever_waits_long_enough_is_served(history: list[tuple[set[Lane], int]]) -> None:
    turns = Turns()
    for waiting, size in history:
        turns = turns.with_waiting(waiting)
        lane = turns.next()
        assert lane in waiting
        turns = turns.after(lane, size)

    turns = turns.with_waiting(set(Lane))
    _, chosen = run(turns, 6000, dict.fromkeys(Lane, 1000))

    assert set(chosen) == set(Lane)
