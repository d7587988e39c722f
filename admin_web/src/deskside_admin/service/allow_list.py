"""Whether somebody may sign in from where he is: addresses and networks, and network cards. Pure."""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

MAC = re.compile(r"[0-9A-Fa-f]{12}")


def address_allowed(addresses: Iterable[str], listed: Iterable[str]) -> bool:
    """Tell whether one of these addresses is listed, by itself or in a network such as 10.1.0.0/16."""
    own = [one for one in map(_address, addresses) if one is not None]
    networks = [one for one in map(_network, listed) if one is not None]
    return any(one in network for one in own for network in networks)


def mac_allowed(macs: Iterable[str], listed: Iterable[str]) -> bool:
    """Tell whether one of these network cards is listed; 12 hex digits, large or small."""
    own = {one.lower() for one in macs if MAC.fullmatch(one)}
    return not own.isdisjoint(one.lower() for one in listed if MAC.fullmatch(one))


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        found = ip_address(text.strip().partition("%")[0])
    except ValueError:
        return None
    # A server that listens on IPv6 sees callers from IPv4 as ::ffff:192.0.2.1.
    return getattr(found, "ipv4_mapped", None) or found


def _network(text: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(text.strip(), strict=False)
    except ValueError:
        return None
