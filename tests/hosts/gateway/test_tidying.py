"""Tests of what the gateway deletes by itself, a while after a company has no use for it."""

from datetime import datetime, timedelta

import pytest
from hosts.gateway.kit import Clock
from sqlmodel import Session, select

from deskside_admin.model import Company, SessionState, SignInRecord, SupportSession, User
from deskside_admin.service import sessions
from deskside_gateway.hub import Hub
from deskside_gateway.tidying import HOURLY, Tidying

pytestmark = pytest.mark.anyio


def serve(db: Session, login_name: str, number: int, now: datetime) -> None:
    user = db.exec(select(User).where(User.login_name == login_name)).one()
    row = sessions.begin(db, user, f"{number:022d}", "pc", now)
    sessions.change(db, row, sessions.Change(state=SessionState.ENDED), now)


def kept(hub: Hub) -> set[int]:
    return {int(one) for one in hub.store.at_once(lambda db: db.exec(select(SupportSession.id)).all())}


@pytest.mark.feature("COM-02")
async def test_the_gateway_deletes_what_a_company_does_not_keep(hub: Hub, clock: Clock) -> None:
    def prepare(db: Session) -> None:
        db.exec(select(Company).where(Company.name == "Hanbit")).one().keep_history = False
        for number in range(3):
            serve(db, "lee", number, clock.utc())
        serve(db, "cho", 9, clock.utc())

    hub.store.at_once(prepare)
    tidying = Tidying(hub.store)

    await tidying.look()
    at_once = kept(hub)
    clock.turn(90)
    await tidying.look()

    assert (at_once, kept(hub)) == ({0, 1, 2, 9}, {9})


@pytest.mark.feature("COM-03")
async def test_the_gateway_deletes_what_is_older_than_the_companys_months(hub: Hub, clock: Clock) -> None:
    def prepare(db: Session) -> None:
        for number, age in enumerate((500, 300, 1)):
            serve(db, "lee", number, clock.utc() - timedelta(days=age))
            at = clock.utc() - timedelta(days=age)
            row = SignInRecord(
                company_id=1, login_name=f"day {age}", kind="panel", what="refused", address="::1", at=at
            )
            db.add(row)

    hub.store.at_once(prepare)

    await Tidying(hub.store).look()

    assert kept(hub) == {1, 2}
    left = hub.store.at_once(lambda db: set(db.exec(select(SignInRecord.login_name)).all()))
    assert left == {"day 300", "day 1"}


async def test_the_sign_in_history_is_gone_through_now_and_then_only(hub: Hub, clock: Clock) -> None:
    tidying = Tidying(hub.store, rounds=1)
    old = clock.utc() - timedelta(days=500)
    row = SignInRecord(company_id=1, login_name="x", kind="panel", what="refused", address="::1", at=old)
    hub.store.at_once(lambda db: db.add(row))
    found = []

    for _ in range(HOURLY):
        await tidying.look()
        found.append(len(hub.store.at_once(lambda db: db.exec(select(SignInRecord.id)).all())))

    assert found == [1] * (HOURLY - 1) + [0]
