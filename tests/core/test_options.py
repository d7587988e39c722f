"""Values beside switches: what each kind accepts, and what no declaration may ask for."""

import pytest

from deskside.declare import Feature, Policy, Scope, Tab
from deskside.errors import DeclarationError
from deskside.options import List, Number, Option, Pattern, Text

ADDRESSES = List("addresses", pattern=Pattern.NETWORK, most=2)


@pytest.mark.feature("SEC-04")
@pytest.mark.parametrize(
    "address", ["10.0.0.1", "192.168.7.7", "203.0.113.9", "::1", "2001:db8::5", "fd00::1"]
)
def test_private_and_public_addresses_are_both_accepted(address: str) -> None:
    assert ADDRESSES.accepts([address])


@pytest.mark.parametrize(
    ("option", "value"),
    [
        (ADDRESSES, "10.0.0.1"),
        (ADDRESSES, ["10.0.0.1", "10.0.0.1"]),
        (ADDRESSES, ["10.0.0.1", "10.0.0.2", "10.0.0.3"]),
        (ADDRESSES, ["10.0.0.999"]),
        (ADDRESSES, ["2001:DB8::5"]),
        (ADDRESSES, ["fe80::1%eth0"]),
        (ADDRESSES, [""]),
        (ADDRESSES, [7]),
        (List("cards", pattern=Pattern.MAC), ["00:11:22:33:44:55"]),
        (List("cards", pattern=Pattern.MAC), ["00112233445"]),
        (Text("page", max_length=80, pattern=Pattern.LINK), "javascript:alert(1)"),
        (Text("page", max_length=80, pattern=Pattern.LINK), "https://"),
        (Text("page", max_length=80, pattern=Pattern.LINK), "http://[::1"),
        (Text("pin", max_length=4, pattern=Pattern.PIN), "123"),
        (Text("pin", max_length=4, pattern=Pattern.PIN), "12a4"),
        (Text("pin", max_length=4, pattern=Pattern.PIN), "\u0661234"),
        (Text("motto", max_length=80), "two\nlines"),
        (Text("motto", max_length=80), "a\0b"),
        (Number("height", default=1, minimum=1, maximum=2), True),
    ],
)
def test_what_does_not_fit_is_not_accepted(option: Option, value: object) -> None:
    assert not option.accepts(value)


@pytest.mark.parametrize(
    ("pattern", "typed", "kept"),
    [
        (Pattern.NETWORK, " 2001:DB8:0::5 ", "2001:db8::5"),
        (Pattern.MAC, " 0011223344FF", "0011223344ff"),
        (Pattern.LINK, " https://example.com/help ", "https://example.com/help"),
        (Pattern.NETWORK, "nonsense", "nonsense"),
    ],
)
def test_a_text_is_kept_in_one_form(pattern: Pattern, typed: str, kept: str) -> None:
    assert pattern.tidied(typed) == kept
    assert pattern.tidied(kept) == kept


def test_nothing_is_listed_at_first_and_nobody_can_change_that_for_all() -> None:
    ADDRESSES.default.append("10.0.0.1")

    assert ADDRESSES.default == []


def test_how_supports_begin_and_end_is_declared_for_groups_only() -> None:
    with pytest.raises(DeclarationError, match="the group's alone"):
        Feature(key="kites.season", tab=Tab.START_END)


def test_users_cannot_be_given_what_is_the_groups_alone() -> None:
    with pytest.raises(DeclarationError, match="the group's alone"):
        Feature(key="kites.line", scope=Scope.GROUP, policy=Policy.USER)


def test_what_a_feature_requires_is_named_by_key() -> None:
    with pytest.raises(DeclarationError, match="requires"):
        Feature(key="kites.loop", requires=("flying",))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("203.0.113.9", "203.0.113.9"),
        (" 10.1.2.3/16 ", "10.1.0.0/16"),
        ("2001:DB8::5/32", "2001:db8::/32"),
        ("10.1.0.0/33", ""),
        ("10.1.0.0/", ""),
        ("fe80::1%eth0", ""),
        ("nonsense", ""),
    ],
)
def test_a_network_is_kept_in_one_form_and_an_address_stays_one(typed: str, kept: str) -> None:
    tidied = Pattern.NETWORK.tidied(typed)

    assert Pattern.NETWORK.fits(tidied) is bool(kept)
    assert not kept or tidied == kept
