"""Tests of what the agent's own machine reports when he signs in."""

import uuid
from pathlib import Path

import pytest

from deskside_viewer import machine


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def card(folder: Path, name: str, address: str) -> None:
    (folder / name).mkdir()
    (folder / name / "address").write_text(address + "\n")


def test_network_cards_are_told_as_twelve_digits_without_loopback_and_nonsense(tmp_path: Path) -> None:
    card(tmp_path, "eth0", "00:11:22:33:44:AA")
    card(tmp_path, "lo", "00:00:00:00:00:00")
    card(tmp_path, "tunnel", "0.0.0.0")

    assert machine.macs(tmp_path) == {"0011223344aa"}


@pytest.mark.parametrize(("number", "found"), [(0x0011223344AA, {"0011223344aa"}), (0x010203040506, set())])
def test_without_a_list_of_cards_the_systems_own_is_told_unless_it_is_made_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, found: set[str]
) -> None:
    monkeypatch.setattr(uuid, "getnode", lambda: number)

    assert machine.macs(tmp_path) == found


@pytest.mark.parametrize("gateway", ["http://127.0.0.1:8400", "https://127.0.0.1"])
def test_the_address_is_that_of_the_way_to_the_gateway(gateway: str) -> None:
    assert machine.address_towards(gateway) == "127.0.0.1"


def test_a_gateway_whose_name_nobody_knows_leaves_the_address_out() -> None:
    assert machine.address_towards("https://nowhere.invalid") == ""


@pytest.mark.anyio
async def test_a_report_has_both() -> None:
    told = await machine.report("http://127.0.0.1:8400")

    assert told["addresses"] == ["127.0.0.1"]
    assert isinstance(told["macs"], list)
