"""When agents' pages are locked, by a clock turned by hand."""

import pytest
from attrs import define

from deskside_viewer.locking import Locks

ME, OTHER = 7, 8


@define
class Clock:
    """Seconds, turned by hand."""

    passed: float = 1000.0

    def now(self) -> float:
        return self.passed


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def locks(clock: Clock) -> Locks:
    locks = Locks(clock.now)
    locks.signed_in("mine")
    locks.know(ME, "mine", 5)
    return locks


def test_pages_are_locked_after_the_minutes_without_use_and_not_before(locks: Locks, clock: Clock) -> None:
    clock.passed += 299
    assert not locks.is_locked(ME)
    locks.used(ME)
    clock.passed += 299
    assert not locks.is_locked(ME)

    clock.passed += 1
    assert locks.is_locked(ME)


def test_a_locked_page_is_not_opened_by_use_nor_by_another_rule(locks: Locks, clock: Clock) -> None:
    clock.passed += 300
    locks.used(ME)
    assert locks.is_locked(ME)
    locks.know(ME, "mine", 0)
    assert locks.is_locked(ME)
    locks.know(ME, "mine", 60)
    assert locks.is_locked(ME)

    locks.unlock(ME)
    assert not locks.is_locked(ME)
    assert locks.minutes(ME) == 60


def test_without_minutes_nothing_is_ever_locked(locks: Locks, clock: Clock) -> None:
    locks.signed_in("others")
    locks.know(OTHER, "others", 0)
    clock.passed += 1_000_000

    assert not locks.is_locked(OTHER)
    assert not locks.is_locked(0), "a customer's page belongs to no sign-in"


def test_a_program_that_began_anew_locks_whom_it_finds_signed_in(clock: Clock) -> None:
    locks = Locks(clock.now)
    locks.know(ME, "mine", 5)
    locks.know(OTHER, "others", 0)

    assert locks.is_locked(ME), "nobody knows how long he has been away"
    assert not locks.is_locked(OTHER)


def test_fewer_minutes_count_from_the_last_use(locks: Locks, clock: Clock) -> None:
    clock.passed += 120
    locks.know(ME, "mine", 1)

    assert locks.is_locked(ME)
