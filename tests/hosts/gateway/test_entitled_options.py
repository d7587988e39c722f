"""What is in force is worked out on the server when a support begins, and signed for the customer's side."""

import pytest
from attrs import evolve
from hosts.gateway.kit import NOW
from sqlmodel import Session, select

from deskside.catalogue import Catalogue, Declared
from deskside.chain import Trust
from deskside.declare import Feature, Kind, PluginInfo, Policy
from deskside.grants import Gate, Grant, Refusal
from deskside.licence import Licence
from deskside.options import Number
from deskside_admin import rules
from deskside_admin.model import Group, LicenceRow, User
from deskside_admin.service import entitling, features, sessions
from deskside_admin.service.entitling import Entitled
from deskside_admin.service.policy import GroupRule, GroupValue, UserChoice
from deskside_gateway.hub import Hub, features_as_json

FLY = Feature(key="kites.fly", options=(Number("height", default=30, minimum=1, maximum=120),))
TALK = Feature(key="kites.talk", kinds=(Kind.PC,))
LOOP = Feature(key="kites.loop", requires=("kites.fly",))
SECRET = "10.77.66.55"


@pytest.fixture
def catalogue() -> Catalogue:
    info = PluginInfo(name="kites", version="1.0")
    return Catalogue.of([Declared(info=info, features=(FLY, TALK, LOOP)), *rules.declared()])


def begin(hub: Hub, kind: str) -> Entitled:
    def opened(db: Session) -> Entitled:
        user = db.exec(select(User).where(User.login_name == "lee")).one()
        row = sessions.begin(db, user, f"session-{kind}", kind, NOW)
        return entitling.entitle(db, hub.issuer, row, NOW)

    return hub.store.at_once(opened)


def set_up(hub: Hub, **said: GroupRule) -> None:
    def keep(db: Session) -> None:
        group = db.get_one(Group, 1)
        wanted = {key.replace("__", "."): rule for key, rule in said.items()}
        assert isinstance(features.set_for_group(db, hub.issuer.catalogue, group, wanted, group.version), int)

    hub.store.at_once(keep)


@pytest.mark.feature("OPT-07")
def test_viewer_and_host_get_the_same_values_and_the_hosts_are_signed_by_the_server(hub: Hub) -> None:
    set_up(
        hub, kites__fly=GroupRule(Policy.USER, {"height": GroupValue(50)}), kites__talk=GroupRule(Policy.NONE)
    )

    def choose(db: Session) -> None:
        lee = db.exec(select(User).where(User.login_name == "lee")).one()
        mine = {"kites.fly": UserChoice(None, {"height": 70})}
        assert features.set_for_user(db, hub.issuer.catalogue, lee, mine, lee.version) is None

    hub.store.at_once(choose)

    entitled = begin(hub, "pc")

    told = features_as_json(entitled)
    chain = Trust().check(entitled.licence, entitled.entitlement, "session-pc", NOW.timestamp())
    assert not isinstance(chain, Refusal)
    assert told["kites.fly"] == {"on": True, "options": {"height": 70}}
    assert told["kites.talk"]["on"] is False
    assert set(chain.features) == {"kites.fly", "kites.loop"}
    assert chain.entitlement.options == {"kites.fly": {"height": 70}}


@pytest.mark.feature("OPT-06")
def test_a_switch_for_one_kind_of_support_leaves_the_others_alone(hub: Hub) -> None:
    set_up(hub, kites__fly=GroupRule(Policy.NONE), kites__talk=GroupRule(Policy.NONE))

    in_pc, in_chat = begin(hub, "pc").features, begin(hub, "chat").features

    assert isinstance(in_pc["kites.talk"], Refusal)
    assert isinstance(in_chat["kites.talk"], Grant)
    assert isinstance(in_chat["kites.fly"], Refusal)


def test_who_may_sign_in_from_where_is_never_told_to_a_customers_machine(hub: Hub) -> None:
    set_up(hub, security__ip_allow=GroupRule(Policy.ALL, {"addresses": GroupValue([SECRET])}))

    entitled = begin(hub, "pc")

    chain = Trust().check(entitled.licence, entitled.entitlement, "session-pc", NOW.timestamp())
    assert not isinstance(chain, Refusal)
    assert SECRET not in str(features_as_json(entitled))
    assert SECRET not in str(chain)
    assert not any(key.startswith("security.") for key in chain.entitlement.features)


def test_what_needs_something_that_the_licence_lacks_is_off_as_well(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    sold = entitling._trial

    def smaller(row: LicenceRow, issuer: entitling.Issuer) -> Licence:
        return evolve(sold(row, issuer), features=["kites.loop"])

    monkeypatch.setattr(entitling, "_trial", smaller)

    told = begin(hub, "pc").features

    assert told["kites.fly"].gate is Gate.LICENCE  # type: ignore[union-attr]
    assert told["kites.loop"] == Refusal(Gate.GROUP, "policy.needs", {"feature": "kites.fly"})
