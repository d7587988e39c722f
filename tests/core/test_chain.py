"""The chain as a host checks it: broken, expired, foreign, edited and older licences; values within caps."""

import base64
import string

import pytest
from attrs import asdict, evolve
from hypothesis import given
from hypothesis import strategies as st

from deskside.catalogue import Catalogue, Declared
from deskside.chain import CLOCK_TOLERANCE_S, TRIAL_S, Entitled, Trust, check_chain
from deskside.declare import Feature, PluginInfo
from deskside.errors import BadDocument, BadSignature
from deskside.grants import Refusal
from deskside.licence import (
    Entitlement,
    Licence,
    new_key,
    not_sold,
    public,
    read_licence,
    read_unchecked,
    sign,
)
from deskside.options import Number, Text
from deskside.signed import seal

VENDOR, GATEWAY, STRANGER = new_key(), new_key(), new_key()
NOW = 1_800_000_000
LICENCE = Licence(
    id="L1",
    company="Hanbit",
    features=("kites.fly", "kites.land"),
    seats=2,
    starts=NOW - 1000,
    ends=NOW + 1000,
    gateway_key=public(GATEWAY),
    vendor="Acme",
    tier="Standard",
    caps={"kites.fly.height": 40},
)
ENTITLEMENT = Entitlement(
    session="s1", licence="L1", features=("kites.fly",), serial=1, starts=NOW - 10, ends=NOW + 5000
)
VENDORS = (public(VENDOR),)
HEIGHT = Number("height", default=30, minimum=10, maximum=120)
FLY = Feature(key="kites.fly", options=(HEIGHT, Text("motto", max_length=20)))
KITES = Catalogue.of(
    [Declared(info=PluginInfo(name="kites", version="1.0"), features=(FLY, Feature(key="kites.land")))]
)

texts = st.text(string.printable, max_size=12)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)


def checked(licence: str, entitlement: Entitlement = ENTITLEMENT, now: int = NOW) -> Entitled | Refusal:
    return check_chain(licence, sign(entitlement, GATEWAY), VENDORS, "s1", now)


def with_options(**options: object) -> dict[str, object]:
    found = checked(sign(LICENCE, VENDOR), evolve(ENTITLEMENT, options={"kites.fly": options}))
    assert isinstance(found, Entitled)
    return dict(found.options(KITES)["kites.fly"])


@pytest.mark.feature("OPT-07", "LIC-04")
@pytest.mark.parametrize(
    ("given", "counts"), [(20, 20), (40, 40), (41, 40), (120, 40), (121, 30), (9, 30), ("9", 30), (True, 30)]
)
def test_a_number_counts_up_to_what_was_sold_and_one_nobody_may_enter_is_the_default(
    given: object, counts: int
) -> None:
    assert with_options(height=given, motto="up") == {"height": counts, "motto": "up"}


def test_a_default_beyond_what_was_sold_is_cut_too_but_never_below_the_least() -> None:
    small, tiny = (
        check_chain(
            sign(evolve(LICENCE, caps={"kites.fly.height": most}), VENDOR),
            sign(ENTITLEMENT, GATEWAY),
            VENDORS,
            "s1",
            NOW,
        )
        for most in (12, 3)
    )

    assert isinstance(small, Entitled)
    assert isinstance(tiny, Entitled)
    assert (small.options(KITES)["kites.fly"]["height"], tiny.options(KITES)["kites.fly"]["height"]) == (
        12,
        10,
    )


def test_values_of_what_is_not_sold_or_not_declared_count_for_nothing() -> None:
    told = evolve(
        ENTITLEMENT,
        features=("kites.fly", "stunts.loop"),
        options={"stunts.loop": {"a": 1}, "kites.land": {"b": 2}, "kites.fly": {"other": 3}},
    )

    found = checked(sign(LICENCE, VENDOR), told)

    assert isinstance(found, Entitled)
    assert found.options(KITES) == {"kites.fly": {"height": 30, "motto": ""}}


def test_a_licence_never_ends_a_running_session_but_begins_none() -> None:
    later = NOW + 1000 + CLOCK_TOLERANCE_S + 1
    tokens = sign(LICENCE, VENDOR), sign(ENTITLEMENT, GATEWAY)

    begins = Trust(VENDORS, trial=False).check(*tokens, "s1", later)
    runs = Trust(VENDORS, trial=False).check(*tokens, "s1", later, is_running=True)

    assert isinstance(begins, Refusal)
    assert begins.reason == "refused.licence.expired"
    assert isinstance(runs, Entitled)


def test_a_trial_counts_only_where_it_is_allowed_marked_and_short() -> None:
    trial = evolve(LICENCE, demo=True, ends=NOW - 1000 + TRIAL_S)
    tokens = [
        sign(one, GATEWAY) for one in (trial, evolve(trial, demo=False), evolve(trial, ends=trial.ends + 1))
    ]
    right = sign(ENTITLEMENT, GATEWAY)

    outcomes = [isinstance(Trust().check(token, right, "s1", NOW), Entitled) for token in tokens]
    forbidden = Trust(VENDORS, trial=False).check(tokens[0], right, "s1", NOW)

    assert outcomes == [True, False, False]
    assert isinstance(forbidden, Refusal)
    assert forbidden.reason == "refused.licence.vendor"


def test_an_older_licence_lacks_what_came_later_and_counts_all_the_same() -> None:
    old = {key: value for key, value in asdict(LICENCE).items() if key not in ("vendor", "tier", "caps")}

    found = checked(seal(old, "Licence", VENDOR))

    assert isinstance(found, Entitled)
    assert (found.licence.vendor, found.licence.tier, found.licence.caps) == ("", "", {})
    assert not_sold(found.licence).reason == "refused.licence.unnamed"


@given(
    st.sampled_from(
        [one for one in asdict(LICENCE) if one not in ("vendor", "tier", "caps", "concurrent", "demo")]
    )
)
def test_a_signed_licence_that_lacks_what_it_needs_is_refused(name: str) -> None:
    content = {key: value for key, value in asdict(LICENCE).items() if key != name}

    found = checked(seal(content, "Licence", VENDOR))

    assert isinstance(found, Refusal)
    assert found.reason == "refused.licence.unreadable"


@given(
    st.text(string.ascii_lowercase, min_size=1, max_size=10).filter(lambda one: one not in asdict(LICENCE)),
    anything,
)
def test_a_signed_licence_with_fields_of_a_later_version_is_refused(name: str, value: object) -> None:
    found = checked(seal({**asdict(LICENCE), name: value}, "Licence", VENDOR))

    assert isinstance(found, Refusal)
    assert found.reason == "refused.licence.unreadable"


@given(st.sampled_from(sorted(asdict(LICENCE))), anything)
def test_a_signed_licence_with_any_value_is_either_understood_whole_or_refused(
    name: str, value: object
) -> None:
    token = seal({**asdict(LICENCE), name: value}, "Licence", VENDOR)

    try:
        found = read_licence(token, public(VENDOR))
    except BadDocument:
        return

    assert sign(found, VENDOR)
    assert all(type(one) is int for one in (found.seats, found.starts, found.ends, *found.caps.values()))
    assert all(
        type(one) is str for one in (found.id, found.company, found.vendor, found.tier, *found.features)
    )


@given(st.data())
def test_a_hand_edited_licence_is_refused_wherever_it_was_edited(data: st.DataObject) -> None:
    token = sign(LICENCE, VENDOR)
    place = data.draw(st.integers(0, len(token) - 1))
    letter = data.draw(
        st.sampled_from(string.ascii_letters + string.digits + "-_.").filter(lambda one: one != token[place])
    )
    edited = token[:place] + letter + token[place + 1 :]

    found = checked(edited)

    # The last letter of base64 has bits that stand for nothing: there an edit may change no content.
    assert isinstance(found, Refusal) or _same_content(edited, token)


@given(st.integers(0, 400))
def test_a_licence_that_was_cut_off_is_refused(kept: int) -> None:
    token = sign(LICENCE, VENDOR)

    assert isinstance(checked(token[: min(kept, len(token) - 2)]), Refusal)


def test_a_foreign_licence_shows_what_it_says_but_proves_nothing() -> None:
    token = sign(LICENCE, STRANGER)

    found = checked(token)

    assert isinstance(found, Refusal)
    assert found.reason == "refused.licence.vendor"
    assert read_unchecked(token) == LICENCE


def test_a_document_too_long_to_be_read_is_not_signed_at_all() -> None:
    with pytest.raises(ValueError, match="65536 is the most"):
        sign(evolve(LICENCE, features=tuple(f"a.b{number}" for number in range(20_000))), VENDOR)


def _same_content(left: str, right: str) -> bool:
    try:
        return all(_decoded(a) == _decoded(b) for a, b in zip(left.split("."), right.split("."), strict=True))
    except (ValueError, BadSignature):
        return False


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
