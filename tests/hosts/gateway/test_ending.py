"""What a customer is shown after a support: told to his program, and a page that only its ticket opens."""

import json
from datetime import timedelta
from urllib.parse import quote

import httpx
import pytest
from hosts.gateway.kit import WAIT_S, Clock, Settled
from sqlmodel import Session, create_engine, select
from websockets.sync.client import connect

from deskside_admin.model import FeaturePolicy, OptionValue, SupportSession, User
from deskside_admin.service import sessions
from deskside_gateway import ending
from deskside_gateway.ending import Summary
from deskside_gateway.hub import Hub

ADDRESS = "https://www.example.com/thanks?from=support"
SUMMARY = Summary(agent="Lee", company="Hanbit", number="S-1", began=1000.0, ended=4725.4)


def say(db: Session, group_id: int, feature: str, policy: str, **values: object) -> None:
    db.merge(FeaturePolicy(group_id=group_id, feature=feature, policy=policy))
    for option, value in values.items():
        db.merge(OptionValue(group_id=group_id, feature=feature, option=option, value=value, locked=False))


def decide(hub: Hub, feature: str, policy: str, **values: object) -> None:
    hub.store.at_once(lambda db: say(db, 1, feature, policy, **values))


def ended(hub: Hub, session: str, *, took_place: bool = True) -> str:
    """Hold a support of an hour and two minutes."""

    def hold(db: Session) -> None:
        user = db.exec(select(User).where(User.login_name == "lee")).one()
        now = hub.store.now()
        row = sessions.begin(db, user, session, "pc", now)
        row.began = now - timedelta(seconds=3725) if took_place else None
        row.state, row.ended = "ended", now

    hub.store.at_once(hold)
    return session


@pytest.mark.feature("END-05")
@pytest.mark.parametrize("notice", [True, False])
@pytest.mark.parametrize("popup", [True, False])
@pytest.mark.anyio
async def test_notice_and_popup_are_told_each_by_itself(hub: Hub, notice: bool, popup: bool) -> None:
    decide(hub, "ending.notice", "all" if notice else "none")
    decide(hub, "ending.popup", "all" if popup else "none", address=ADDRESS, width=640, height=480)

    told = await ending.after(hub, ended(hub, "one"))

    assert set(told) == {name for name, wanted in (("notice", notice), ("popup", popup)) if wanted}
    if popup:
        assert told["popup"] == {"address": ADDRESS, "width": 640, "height": 480}
    if notice:
        assert told["notice"].startswith("https://help.example/ended/")


@pytest.mark.anyio
async def test_by_default_there_is_a_notice_and_a_popup_without_an_address_is_none(hub: Hub) -> None:
    assert set(await ending.after(hub, ended(hub, "one"))) == {"notice"}
    decide(hub, "ending.popup", "all")
    assert set(await ending.after(hub, ended(hub, "two"))) == {"notice"}


@pytest.mark.anyio
async def test_where_no_support_took_place_nothing_opens(hub: Hub) -> None:
    assert await ending.after(hub, ended(hub, "one", took_place=False)) == {}
    assert await ending.after(hub, "no such session") == {}


@pytest.mark.feature("END-02")
@pytest.mark.anyio
async def test_a_company_that_protects_its_agents_names_has_none_on_the_page(hub: Hub) -> None:
    named = await ending.after(hub, ended(hub, "one"))
    decide(hub, "waiting.privacy", "all")
    nameless = await ending.after(hub, ended(hub, "two"))

    told = [ending.read(hub, one["notice"].rpartition("/")[2]) for one in (named, nameless)]

    assert [one and one.agent for one in told] == ["Lee", ""]
    assert [one and one.lasted for one in told] == ["1:02:05", "1:02:05"]


def test_a_ticket_tells_nothing_and_each_is_another(hub: Hub, clock: Clock) -> None:
    one, other = (ending.seal(hub, SUMMARY) for _ in "ab")

    assert one != other
    assert not any(word in one for word in ("Lee", "Hanbit", "S-1"))
    changed = one[:-8] + ("A" if one[-8] != "A" else "B") + one[-7:]
    for wrong in (changed, one[:-4], "", "ü", "A" * 5000, hub.box.seal("{}", "something else")):
        assert ending.read(hub, wrong) is None
    clock.turn(SUMMARY.ended + ending.LASTS_S)
    assert ending.read(hub, one) is None


def test_the_page_is_for_whoever_has_its_ticket_in_his_language(settled: Settled) -> None:
    assert httpx.get(f"{settled.address}/ended/{quote('not a ticket')}").status_code == 404
    address = told_at_the_end(settled)["notice"]

    page = httpx.get(address, headers={"Accept-Language": "ko"})

    assert page.status_code == 200
    assert "지원이 끝났습니다" in page.text
    assert "<dd>Lee</dd>" in page.text
    assert (page.headers["cache-control"], page.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "script-src 'self'" in page.headers["content-security-policy"]
    changed = address[:-6] + ("A" if address[-6] != "A" else "B") + address[-5:]
    assert httpx.get(changed).status_code == 404


def told_at_the_end(settled: Settled) -> dict[str, object]:
    """Hold a support with a customer's program; viewer and program are told the same at its end."""
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()
        found = settled.post("/v1/locate", "10.9.0.1", locator=wait["locator"]).json()
        with connect(f"{settled.sockets}/v1/host?ticket={found['ticket']}", compression=None) as host:
            assert "entitlement" in json.loads(host.recv(WAIT_S))
            viewer.call("changed", session=wait["session"], state="active")
            told = viewer.call("changed", session=wait["session"], state="ended", by="Lee")
            frame = json.loads(host.recv(WAIT_S))
    assert frame["end"]["by"] == "Lee"
    after: dict[str, object] = frame["end"]["after"]
    assert set(after) == set(told["after"])
    return after


def test_the_row_of_a_support_is_not_needed_for_its_page(settled: Settled) -> None:
    address = str(told_at_the_end(settled)["notice"])
    engine = create_engine(f"sqlite:///{settled.server.data / 'deskside.db'}")
    with Session(engine) as db:
        for row in db.exec(select(SupportSession)).all():
            db.delete(row)
        db.commit()
    engine.dispose()

    assert "Lee" in httpx.get(address).text
