"""A viewer's calls about its agent: places, the second step, the end of a sign-in."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from anyio import create_task_group
from hosts.gateway.kit import PASSWORD, Clock
from sqlmodel import Session, select

from deskside.declare import Policy
from deskside_admin.model import Company, FeaturePolicy, OptionValue, SignIn, User
from deskside_admin.rules import AUTO_LOGOUT, IP_ALLOW, MAC_ALLOW
from deskside_admin.service import code_generator, signins
from deskside_gateway.control import Control
from deskside_gateway.hub import Hub
from deskside_gateway.refusals import Refused
from deskside_gateway.watch import Watch

pytestmark = pytest.mark.anyio

Pushed = list[tuple[str, Mapping[str, Any]]]
LEE = {"company": "1", "login_name": "lee", "password": PASSWORD}


@pytest.fixture
def pushed() -> Pushed:
    return []


async def viewer(hub: Hub, pushed: Pushed, *, hosted: bool = True, address: str = "203.0.113.9") -> Control:
    async def push(name: str, fields: Mapping[str, Any]) -> Mapping[str, Any]:
        pushed.append((name, fields))
        return {}

    control = Control(hub, push, address)
    await control.call("hello", {"node_secret": hub.node_secret.hex()} if hosted else {})
    return control


@asynccontextmanager
async def in_background(hub: Hub) -> AsyncIterator[None]:
    """Wait at the end of the block for what the hub does beside."""
    async with create_task_group() as tasks:
        hub.background = tasks
        yield
    hub.background = None


async def refusal(control: Control, name: str, **arguments: object) -> Refused:
    with pytest.raises(Refused) as no:
        await control.call(name, arguments)
    return no.value


def change(hub: Hub, step: Any, login_name: str = "lee") -> Any:
    def run(db: Session) -> Any:
        return step(db, db.exec(select(User).where(User.login_name == login_name)).one())

    return hub.store.at_once(run)


def say_for_group(hub: Hub, feature: str, **values: object) -> None:
    def say(db: Session, user: User) -> None:
        db.merge(FeaturePolicy(group_id=user.group_id, feature=feature, policy=Policy.ALL))
        for key, value in values.items():
            db.merge(
                OptionValue(group_id=user.group_id, feature=feature, option=key, value=value, locked=True)
            )

    change(hub, say)


async def test_a_browser_at_a_hosted_viewer_is_judged_by_its_own_address(hub: Hub, pushed: Pushed) -> None:
    say_for_group(hub, IP_ALLOW.key, addresses=["198.51.100.1"])
    control = await viewer(hub, pushed)

    no = await refusal(control, "sign_in", **LEE, address="203.0.113.9")

    assert no.reason == "signin.address"
    assert await control.call("sign_in", {**LEE, "address": "198.51.100.1"})
    claimed = await refusal(control, "sign_in", **LEE, address="::1", addresses=["198.51.100.1"])
    assert claimed.reason == "signin.address"


@pytest.mark.parametrize(
    ("address", "reported", "comes_in"),
    [("203.0.113.9", ["10.1.2.3"], True), ("10.1.2.3", [], True), ("203.0.113.9", ["10.2.2.3"], False)],
)
@pytest.mark.feature("SEC-04")
async def test_a_local_viewer_is_judged_by_the_address_seen_and_by_those_it_reports(
    hub: Hub, pushed: Pushed, address: str, reported: list[str], comes_in: bool
) -> None:
    say_for_group(hub, IP_ALLOW.key, addresses=["10.1.2.3"])
    control = await viewer(hub, pushed, hosted=False, address=address)

    if comes_in:
        assert await control.call("sign_in", {**LEE, "addresses": reported, "address": "10.9.9.9"})
    else:
        no = await refusal(control, "sign_in", **LEE, addresses=reported, address="10.1.2.3")
        assert no.reason == "signin.address"


async def test_only_a_local_viewer_can_show_a_network_card(hub: Hub, pushed: Pushed) -> None:
    say_for_group(hub, MAC_ALLOW.key, addresses=["0011223344aa"])
    local, hosted = await viewer(hub, pushed, hosted=False), await viewer(hub, pushed)

    assert await local.call("sign_in", {**LEE, "macs": ["0011223344aa"]})
    assert (await refusal(local, "sign_in", **LEE)).reason == "signin.mac"
    assert (await refusal(hosted, "sign_in", **LEE, macs=["0011223344aa"])).reason == "signin.mac_browser"


@pytest.mark.parametrize(
    "wrong", [{"macs": "x"}, {"macs": [1]}, {"macs": ["x" * 65]}, {"addresses": ["x"] * 33}, {"macs": None}]
)
async def test_what_a_local_viewer_reports_is_bounded(
    hub: Hub, pushed: Pushed, wrong: dict[str, object]
) -> None:
    control = await viewer(hub, pushed, hosted=False)

    assert (await refusal(control, "sign_in", **LEE, **wrong)).reason == "refused.request"


async def test_a_code_generator_is_asked_before_there_is_a_token(
    hub: Hub, pushed: Pushed, clock: Clock
) -> None:
    secret = code_generator.new_secret()
    generator = pyotp.TOTP(secret)
    change(
        hub,
        lambda db, user: code_generator.enrol(
            db, user, secret, generator.at(clock.utc()), hub.box, clock.utc()
        ),
    )
    clock.turn(60)
    control = await viewer(hub, pushed, hosted=False)
    begun = await control.call("sign_in", LEE)
    assert set(begun) == {"second"}
    assert not control.is_trusted

    wrong = await refusal(control, "second_step", second=begun["second"], code="abc")
    found = await control.call("second_step", {"second": begun["second"], "code": generator.at(clock.utc())})

    assert (wrong.reason, wrong.values) == ("signin.second.wrong", {"left": 4})
    assert (await control.call("agent", {"token": found["token"]}))["asks_code"]
    assert control.is_trusted


@pytest.mark.feature("ACC-21")
@pytest.mark.parametrize("hosted", [True, False])
async def test_whoever_serves_a_console_is_told_within_one_look_that_its_sign_in_is_over(
    hub: Hub, pushed: Pushed, hosted: bool
) -> None:
    control = await viewer(hub, pushed, hosted=hosted)
    token = (await control.call("sign_in", LEE))["token"]
    sign_in = (await control.call("agent", {"token": token}))["sign_in"]
    watch = Watch(hub)
    change(
        hub,
        lambda db, user: signins.revoke(db, user.id, sign_in, hub.store.now(), "signin.ended.administrator"),
    )

    async with in_background(hub):
        await watch.look()

    assert pushed == [("signed_out", {"sign_in": sign_in, "why": "signin.ended.administrator"})]
    no = await refusal(control, "agent", token=token)
    assert (no.reason, no.values) == ("refused.signed_out", {"why": "signin.ended.administrator"})
    async with in_background(hub):
        await watch.look()
    assert len(pushed) == 1


async def test_the_watch_signs_out_who_does_nothing(hub: Hub, pushed: Pushed, clock: Clock) -> None:
    say_for_group(hub, AUTO_LOGOUT.key, minutes="5")
    control = await viewer(hub, pushed)
    token = (await control.call("sign_in", LEE))["token"]
    await control.call("agent", {"token": token})
    clock.turn(300)

    async with in_background(hub):
        await Watch(hub).look()

    assert [fields["why"] for _, fields in pushed] == ["signin.ended.idle"]


async def test_a_viewer_that_has_gone_is_told_nothing(hub: Hub, pushed: Pushed) -> None:
    control = await viewer(hub, pushed)
    token = (await control.call("sign_in", LEE))["token"]
    await control.call("agent", {"token": token})

    control.close()

    assert hub.consoles == {}


async def test_a_running_support_outlives_the_sign_in_of_a_local_viewers_agent(
    hub: Hub, pushed: Pushed
) -> None:
    local = await viewer(hub, pushed, hosted=False)
    token = (await local.call("sign_in", LEE))["token"]
    wait = await local.call("new_wait", {"token": token, "kind": "pc"})
    change(hub, lambda db, user: signins.revoke_all(db, user.id, hub.store.now(), why="signin.ended.idle"))

    changed = await local.call("changed", {"session": wait["session"], "state": "active"})
    ticket = await local.call("ticket", {"session": wait["session"]})
    stranger = await viewer(hub, pushed, hosted=False)

    assert changed == {}
    assert ticket["ticket"]
    assert (await refusal(local, "new_wait", token=token, kind="pc")).reason == "refused.signed_out"
    assert (await refusal(stranger, "ticket", session=wait["session"])).reason == "refused.session.unknown"


async def test_seats_are_told_as_they_are_taken_and_given_back(hub: Hub, pushed: Pushed) -> None:
    control = await viewer(hub, pushed)
    lee = (await control.call("sign_in", LEE))["token"]
    park = (await control.call("sign_in", {**LEE, "login_name": "park"}))["token"]

    full = await control.call("seats", {"token": lee})
    refused = await refusal(control, "sign_in", **{**LEE, "login_name": "kim"})
    await control.call("sign_out", {"token": park})

    assert full == {"total": 2, "used": 2, "free": 0, "concurrent": True}
    assert refused.reason == "refused.licence.seats"
    assert (await control.call("seats", {"token": lee}))["free"] == 1


async def test_a_new_password_is_judged_and_ends_the_agents_other_sign_ins(hub: Hub, pushed: Pushed) -> None:
    control = await viewer(hub, pushed)
    token = (await control.call("sign_in", LEE))["token"]

    weak = await control.call("change_password", {"token": token, "old": "x", "new": "abc111"})
    kept = await control.call("change_password", {"token": token, "old": PASSWORD, "new": "Another-horse-8"})

    assert [(one["entry"], one["reason"]) for one in weak["problems"]] == [
        ("old", "entry.password_wrong"),
        ("new", "entry.password.length"),
        ("new", "entry.password.run"),
    ]
    assert kept == {"problems": []}
    assert await control.call("agent", {"token": token})
    assert (await refusal(control, "sign_in", **LEE)).reason == "signin.wrong"


async def test_a_password_that_is_too_old_lets_nobody_wait_for_a_customer(
    hub: Hub, pushed: Pushed, clock: Clock
) -> None:
    def thirty_days(db: Session, user: User) -> None:
        db.get_one(Company, user.company_id).password_days = 30
        user.password_changed = clock.utc() - timedelta(days=30)

    change(hub, thirty_days)
    control = await viewer(hub, pushed)
    token = (await control.call("sign_in", LEE))["token"]

    assert (await control.call("agent", {"token": token}))["password_due"]
    assert (await refusal(control, "new_wait", token=token, kind="pc")).reason == "refused.password_due"


async def test_own_details_are_kept_by_version(hub: Hub, pushed: Pushed) -> None:
    control = await viewer(hub, pushed)
    token = (await control.call("sign_in", LEE))["token"]
    before = await control.call("details", {"token": token})
    entered = {"token": token, "chat_name": " Jun ", "nickname": "", "position": "Desk"}

    kept = await control.call("keep_details", {**entered, "version": before["version"]})
    late = await control.call("keep_details", {**entered, "version": before["version"]})
    bad = await control.call("keep_details", {**entered, "chat_name": "x" * 81, "version": 2})

    assert kept == {"problems": []}
    assert (await control.call("agent", {"token": token}))["chat_name"] == "Jun"
    assert late["problems"][0]["reason"] == "conflict.changed"
    assert (bad["problems"][0]["entry"], bad["problems"][0]["reason"]) == ("chat_name", "entry.too_long")


async def test_a_sign_in_of_the_panel_opens_nothing_here(hub: Hub, pushed: Pushed) -> None:
    token = change(hub, lambda db, user: signins.open_for(db, user, "::1", hub.store.now()))
    control = await viewer(hub, pushed)

    assert (await refusal(control, "agent", token=token)).reason == "refused.signed_out"
    rows = hub.store.at_once(lambda db: db.exec(select(SignIn)).all())
    assert [row.kind for row in rows] == ["panel"]
