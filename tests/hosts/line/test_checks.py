"""Why a server cannot be reached, where a proxy stands in between or the address is none."""

import anyio
import pytest

from deskside_line.checks import failed_check, words


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_behind_a_proxy_the_proxy_is_named_and_not_what_only_it_can_see(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("https_proxy", "http://user:secret@proxy.test:3128")

    failed = await failed_check("https://no-such-name.invalid", was_silent=False)

    assert str(failed).startswith("The proxy proxy.test:3128 does not lead to no-such-name.invalid.")
    assert "secret" not in str(failed)


@pytest.mark.anyio
@pytest.mark.parametrize("address", ["https://", "https://host:99999999", "nonsense"])
async def test_an_address_that_is_none_is_not_found(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)

    failed = await failed_check(address, was_silent=False)

    assert failed.key in {"line.failed.name", "line.failed.port"}


@pytest.mark.anyio
@pytest.mark.parametrize(("address", "port"), [("http://127.0.0.1", 80), ("https://127.0.0.1", 443)])
async def test_the_port_that_is_closed_is_named_even_where_the_address_names_none(
    address: str, port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(host: str, called: int) -> None:
        raise ConnectionRefusedError(called)

    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(anyio, "connect_tcp", refuse)

    failed = await failed_check(address, was_silent=False)

    assert str(failed).startswith(f"127.0.0.1 does not answer on port {port}.")


def test_every_sentence_says_which_server_is_meant() -> None:
    assert all("{host}" in sentence for sentence in words().by_language["en"].values())
