"""Why a server cannot be reached, where a proxy stands in between or the address is none."""

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


def test_every_sentence_says_which_server_is_meant() -> None:
    assert all("{host}" in sentence for sentence in words().by_language["en"].values())
