"""Seats: named ones by users, concurrent ones by console sign-ins, never more than the licence has."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from admin_web.kit import NOW, make_user
from admin_web.licensing import install
from attrs import define, field
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from deskside_admin.model import SignIn, SignInKind, SupportSession, User
from deskside_admin.service import licences, sessions
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.outcome import Refused
from deskside_admin.service.seating import Seats
from deskside_admin.service.tokens import digest, new_token

LATER = NOW + timedelta(hours=1)


@pytest.fixture
def people(db: Session, admin: User) -> list[User]:
    """Kim, the administrator, and four agents of the same company."""
    return [
        admin,
        *(make_user(db, admin.company_id, admin.group_id, name) for name in ("a1", "a2", "a3", "a4")),
    ]


def sign_in(db: Session, user: User) -> Refused | None:
    """Sign a user in to the console, in one transaction."""
    if no := licences.take_seat(db, user, NOW):
        db.rollback()
        return no
    db.add(_sign_in(user))
    db.commit()
    return None


@define
class Door:
    """Where people sign in at the same moment: whoever was let in waits a little for another one.

    If seats were not counted one at a time, two would meet here.
    """

    inside: int = 0
    met: bool = False
    changed: threading.Condition = field(factory=threading.Condition)

    def sign_in(self, db: Session, user: User) -> Refused | None:
        """Sign a user in."""
        if no := licences.take_seat(db, user, NOW):
            return no
        self._wait()
        db.add(_sign_in(user))
        db.commit()
        return None

    def _wait(self) -> None:
        with self.changed:
            self.inside += 1
            self.met = self.met or self.inside > 1
            self.changed.notify_all()
            self.changed.wait_for(lambda: self.met, timeout=0.05)
            self.inside -= 1


def _sign_in(user: User) -> SignIn:
    return SignIn(
        user_id=user.id,
        token_sha256=digest(new_token()),
        address="::1",
        created=NOW,
        last_seen=NOW,
        ends=NOW + timedelta(hours=12),
        kind=SignInKind.CONSOLE,
        has_seat=True,
    )


@pytest.mark.feature("LIC-02")
def test_a_concurrent_licence_limits_who_is_signed_in_at_once_not_who_exists(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=2, concurrent=True)

    outcomes = [sign_in(db, user) for user in people[:3]]

    assert outcomes[:2] == [None, None]
    assert outcomes[2] is not None
    assert outcomes[2].reason == "refused.licence.seats"
    assert licences.seats(db, people[0].company_id, LATER) == Seats(2, 2, concurrent=True)


def test_a_second_sign_in_of_the_same_user_takes_no_second_seat(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=1, concurrent=True)

    outcomes = [sign_in(db, people[0]), sign_in(db, people[0])]

    assert outcomes == [None, None]
    assert licences.seats(db, people[0].company_id, LATER).used == 1


@pytest.mark.parametrize("change", [{"revoked": NOW}, {"ends": NOW}, {"has_seat": False}, {"kind": "panel"}])
def test_who_is_signed_in_no_longer_or_elsewhere_holds_no_seat(
    db: Session, issuer: Issuer, people: list[User], change: dict[str, object]
) -> None:
    install(db, issuer, people[0].company_id, seats=1, concurrent=True)
    sign_in(db, people[0])
    for name, value in change.items():
        setattr(db.exec(select(SignIn)).one(), name, value)
    db.commit()

    assert licences.seats(db, people[0].company_id, NOW).free == 1
    assert sign_in(db, people[1]) is None


@pytest.mark.feature("LIC-01")
def test_a_named_licence_has_as_many_users_as_seats_and_they_all_may_sign_in(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=5)

    outcomes = [sign_in(db, user) for user in people]

    assert outcomes == [None] * 5
    assert licences.seats(db, people[0].company_id, NOW) == Seats(5, 5, concurrent=False)
    no = licences.may_activate(db, people[0].company_id, NOW)
    assert no is not None
    assert (no.reason, no.problems[0].values) == ("licence.all_seats_taken", {"seats": 5})


def test_system_administrators_and_stopped_users_take_no_named_seat(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=5)
    people[1].role, people[2].active = "system", False
    db.commit()

    assert licences.seats(db, people[0].company_id, NOW).used == 3
    assert licences.may_activate(db, people[0].company_id, NOW) is None


def test_under_a_smaller_named_licence_those_who_came_first_keep_their_seats(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=5)
    install(db, issuer, people[0].company_id, id="L-2", seats=2)

    signed_in = [licences.take_seat(db, user, NOW) is None for user in people]
    serving = [licences.may_support(db, user, NOW) is None for user in people]

    assert signed_in == serving == [True, True, False, False, False]
    assert licences.seats(db, people[0].company_id, NOW) == Seats(2, 5, concurrent=False)
    assert licences.seats(db, people[0].company_id, NOW).free == 0


def test_whoever_was_signed_in_before_a_smaller_licence_cannot_serve_beyond_it(
    db: Session, issuer: Issuer, people: list[User]
) -> None:
    install(db, issuer, people[0].company_id, seats=5, concurrent=True)
    for number, user in enumerate(people[:2]):
        sign_in(db, user)
        row = sessions.begin(db, user, f"{number}" * 22, "pc", NOW)
        row.state, row.began = "active", NOW
    db.commit()

    install(db, issuer, people[0].company_id, id="L-2", seats=2, concurrent=True)

    assert licences.may_support(db, people[0], NOW) is None
    assert licences.may_support(db, people[2], NOW) is not None
    assert [one.state for one in db.exec(select(SupportSession))] == ["active", "active"]


def test_a_company_does_not_count_against_another(
    db: Session, issuer: Issuer, people: list[User], stranger: User
) -> None:
    install(db, issuer, people[0].company_id, seats=1, concurrent=True)
    install(db, issuer, stranger.company_id, id="L-2", seats=1, concurrent=True)

    assert [sign_in(db, one) for one in (people[0], stranger)] == [None, None]


def test_companies_without_a_licence_of_their_own_share_the_seats_of_the_servers_trial(
    db: Session, issuer: Issuer, people: list[User], stranger: User
) -> None:
    licences.start_trial(db, NOW)
    outcomes = [sign_in(db, one) for one in (people[0], stranger)]

    third = sign_in(db, people[1])

    assert outcomes == [None, None]
    assert third is not None
    assert third.reason == "refused.licence.seats"
    for one in (people[0], stranger):
        assert licences.seats(db, one.company_id, NOW) == Seats(2, 2, concurrent=True)
    install(db, issuer, stranger.company_id, seats=1, concurrent=True)
    assert sign_in(db, people[1]) is None
    assert licences.seats(db, people[0].company_id, NOW) == Seats(2, 2, concurrent=True)
    assert licences.seats(db, stranger.company_id, NOW) == Seats(1, 1, concurrent=True)


def test_a_licence_that_the_settings_name_takes_the_first_company_out_of_the_trial(
    db: Session, issuer: Issuer, people: list[User], stranger: User
) -> None:
    licences.start_trial(db, NOW)
    row = install(db, issuer, people[0].company_id, seats=3, concurrent=True)
    row.company_id = None
    db.commit()

    outcomes = [sign_in(db, one) for one in (*people[:3], stranger)]

    assert outcomes == [None] * 4
    assert licences.seats(db, people[0].company_id, NOW) == Seats(3, 3, concurrent=True)
    assert licences.seats(db, stranger.company_id, NOW) == Seats(2, 1, concurrent=True)


def test_on_trial_no_more_agents_of_all_companies_serve_at_once_than_it_has_seats(
    db: Session, people: list[User], stranger: User
) -> None:
    licences.start_trial(db, NOW)
    for number, user in enumerate((people[0], stranger)):
        row = sessions.begin(db, user, f"{number}" * 22, "pc", NOW)
        row.state, row.began = "active", NOW
    db.commit()

    no = licences.may_support(db, people[1], NOW)

    assert no is not None
    assert no.reason == "refused.licence.seats"
    assert licences.may_support(db, stranger, NOW) is None


@pytest.mark.feature("LIC-02")
def test_fifty_people_who_sign_in_at_the_same_moment_get_no_more_than_the_seats(
    engine: Engine, db: Session, issuer: Issuer, admin: User
) -> None:
    users = [make_user(db, admin.company_id, admin.group_id, f"u{number}") for number in range(50)]

    @settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.integers(0, 12), st.integers(0, 3))
    def check(total: int, already: int) -> None:
        for row in db.exec(select(SignIn)):
            db.delete(row)
        db.commit()
        install(db, issuer, admin.company_id, seats=total, concurrent=True)
        for user in users[: min(already, total)]:
            assert sign_in(db, user) is None

        door = Door()
        outcomes = _all_at_once(engine, users, door.sign_in)

        with Session(engine) as fresh:
            holding = {row.user_id for row in fresh.exec(select(SignIn)) if row.has_seat}
            assert len(holding) == total
            assert licences.seats(fresh, admin.company_id, LATER) == Seats(total, total, concurrent=True)
        assert sum(one is None for one in outcomes) == total
        assert not door.met

    check()


def _all_at_once(
    engine: Engine, users: list[User], act: Callable[[Session, User], Refused | None]
) -> list[Refused | None]:
    """Let every user act in a thread and a transaction of his own, all begun at the same moment."""
    ids, found = [user.id for user in users], list[Refused | None]()
    start = threading.Barrier(len(ids))

    def run(user_id: int) -> None:
        start.wait()
        with Session(engine, expire_on_commit=False) as own:
            outcome = act(own, own.get_one(User, user_id))
        found.append(outcome)

    threads = [threading.Thread(target=run, args=(one,)) for one in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(ids), "some of them failed"
    return found
