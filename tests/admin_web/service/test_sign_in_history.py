"""Tests of the history of signing in and of who is signed in now."""

from datetime import timedelta

import pytest
from admin_web.kit import NOW, PASSWORD, TurnedClock, make_user
from sqlmodel import Session, select

from deskside_admin.model import Company, Group, SignInKind, SignInRecord, User
from deskside_admin.service import groups, sign_in_history, signed_in, signins
from deskside_admin.service.scope import Scope
from deskside_admin.service.sign_in_history import Visit, Wanted


def enter(db: Session, user: User, clock: TurnedClock, password: str = PASSWORD, name: str = "") -> object:
    wanted = signins.Attempt(
        company_id=user.company_id, login_name=name or user.login_name, password=password, address="192.0.2.1"
    )
    return signins.sign_in(db, wanted, clock(), signins.Door())


def told(db: Session, scope: Scope, **wanted: object) -> list[tuple[str, str, str]]:
    found = sign_in_history.search(db, scope, Wanted(**wanted), 50)  # type: ignore[arg-type]
    return [(one.record.login_name, one.record.what, one.record.reason) for one in found]


def company(user: User) -> Scope:
    return Scope(company_id=user.company_id)


@pytest.mark.feature("ACC-24")
def test_successes_failures_and_sign_outs_are_all_kept_with_the_reason(
    db: Session, agent: User, admin: User, clock: TurnedClock
) -> None:
    enter(db, agent, clock, "wrong")
    enter(db, agent, clock, name="nobody")
    enter(db, agent, clock)
    signins.revoke_all(db, agent.id, clock())
    token = signins.open_for(db, agent, "::1", clock(), SignInKind.CONSOLE)
    found = signins.look_up(db, token, clock(), SignInKind.CONSOLE)
    assert found is not None
    signins.revoke(db, agent.id, found.sign_in_id, clock(), "signin.ended.administrator")
    signins.revoke(db, agent.id, found.sign_in_id, clock(), "signin.ended.stopped")

    assert told(db, company(admin)) == [
        ("lee", "out", "signin.ended.administrator"),
        ("lee", "in", ""),
        ("lee", "out", ""),
        ("lee", "in", ""),
        ("nobody", "refused", "signin.unknown"),
        ("lee", "refused", "signin.wrong"),
    ]


def test_each_sees_what_is_his(
    db: Session, agent: User, admin: User, stranger: User, clock: TurnedClock
) -> None:
    other_group = groups.create(db, admin.company_id, "Others")
    assert isinstance(other_group, Group)
    park = make_user(db, admin.company_id, other_group.id, "park")
    for one in (agent, admin, stranger, park):
        enter(db, one, clock)
    enter(db, agent, clock, name="nobody")

    def names(scope: Scope) -> set[str]:
        return {name for name, _, _ in told(db, scope)}

    assert names(company(admin)) == {"lee", "kim", "park", "nobody"}
    assert names(Scope(company_id=admin.company_id, group_id=agent.group_id)) == {"lee", "kim"}
    assert names(Scope(company_id=admin.company_id, user_id=park.id)) == {"park"}


def test_it_is_searched_by_words_kind_what_and_days(
    db: Session, agent: User, admin: User, clock: TurnedClock
) -> None:
    enter(db, agent, clock, "wrong")
    clock.turn(timedelta(days=1))
    enter(db, admin, clock)
    signins.open_for(db, agent, "2001:db8::7", clock(), SignInKind.CONSOLE)
    whole = company(admin)

    assert told(db, whole, words="LEE", what="in") == [("lee", "in", "")]
    assert told(db, whole, words="db8") == [("lee", "in", "")]
    assert told(db, whole, words="100%") == []
    assert told(db, whole, kind="console") == [("lee", "in", "")]
    assert told(db, whole, until=NOW + timedelta(hours=1)) == [("lee", "refused", "signin.wrong")]
    assert told(db, whole, first=NOW + timedelta(hours=1), what="refused") == []


def test_pages_follow_one_another_without_a_gap_also_within_one_moment(
    db: Session, agent: User, stranger: User
) -> None:
    for _ in range(7):
        sign_in_history.note(db, Visit.of(agent, "panel", "::1"), "in", NOW)
    seen: list[int] = []
    after = 0
    while page := sign_in_history.search(db, company(agent), Wanted(after=after), 3):
        seen += [one.record.id for one in page]
        after = seen[-1]

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7
    assert sign_in_history.search(db, company(stranger), Wanted(after=seen[0]), 3) == []


def test_what_is_older_than_the_company_keeps_is_forgotten(db: Session, agent: User) -> None:
    db.get_one(Company, agent.company_id).keep_months = 3
    sign_in_history.note(db, Visit.of(agent, "panel", "::1"), "in", NOW - timedelta(days=94))
    sign_in_history.note(db, Visit.of(agent, "panel", "::1"), "in", NOW - timedelta(days=80))

    sign_in_history.forget_old(db, agent.company_id, NOW)

    assert len(db.exec(select(SignInRecord)).all()) == 1


def test_the_list_of_who_is_signed_in_has_open_ones_only_by_page(
    db: Session, agent: User, admin: User, stranger: User
) -> None:
    tokens = [signins.open_for(db, agent, f"::{number}", NOW) for number in range(4)]
    signins.open_for(db, stranger, "::9", NOW)
    gone = signins.look_up(db, tokens[1], NOW)
    assert gone is not None
    signins.revoke(db, agent.id, gone.sign_in_id, NOW)
    whole = company(admin)

    first = signed_in.search(db, whole, NOW, most=2)
    second = signed_in.search(db, whole, NOW, after=first[-1].sign_in.id, most=2)

    assert [one.sign_in.address for one in [*first, *second]] == ["::3", "::2", "::0"]
    assert signed_in.search(db, whole, NOW + signins.LASTS) == []
    assert len(signed_in.search(db, whole, NOW, "service")) == 3
    assert signed_in.find(db, whole, gone.sign_in_id, NOW) is None
    assert signed_in.find(db, Scope(company_id=stranger.company_id), first[0].sign_in.id, NOW) is None
