"""What licence and options do not allow is no item of the customer's notice window."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from end_to_end.office import decide, tick
from end_to_end.support import PLUGINS, Demo, new_support, sign_in
from end_to_end.window import Window
from playwright.sync_api import Page
from screens import Hand, wait_until

from deskside.declare import Side
from deskside.licence import Licence, new_key, public, sign
from deskside.loader import load

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

DROP = "Drop files here to send them"
ALL = {"Chat", "Draw", "Received files", "Send files", DROP}
DAY_S = 24 * 3600


@contextmanager
def running(data: Path, *options: str) -> Iterator[Demo]:
    demo = Demo.start(data, *options)
    try:
        yield demo
    finally:
        demo.stop()


def items(window: Window) -> set[str]:
    """Return what the customer could start from his window now."""
    return {one.words for one in window.widgets() if one.name.startswith("press ") or one.words == DROP}


def shown_in(demo: Demo, console: Page, home: Path, *more: str) -> set[str]:
    """Begin a support and return what the customer's window offers once it stands."""
    page, code = new_support(console)
    with Hand() as screen:
        given = {"DESKSIDE_PLUGINS": PLUGINS}
        window = Window.open(screen, home, code, "--gateway", demo.address, *more, **given)
        window.answer(yes=True)
        # A pause goes to the other side and back: whatever was to come has come by then.
        for line in ("sees your screen · paused", "sees your screen\n"):
            wait_until(lambda: items(window), "the first of the items", 40)
            window.click("stop screen.view")
            window.says(line)
        screen.save(home / "window.png")
        found = items(window)
        page.get_by_role("button", name="End", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="End").click()
        window.says("has ended")
        assert not items(window)
    page.close()
    return found


@pytest.mark.feature("NTC-15")
def test_what_the_options_do_not_allow_is_not_in_the_window(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    data = tmp_path / "var"
    with running(data) as demo:
        console = open_page()
        sign_in(console, demo)
        assert shown_in(demo, console, tmp_path / "all") == ALL

        decide(data, chat__text="none", file_transfer__fetch="none")
        assert shown_in(demo, console, tmp_path / "group") == {"Draw", "Received files"}

        decide(data, chat__text="user", file_transfer__fetch="all", file_transfer__drop="none")
        tick(data, chat__text=False)
        assert shown_in(demo, console, tmp_path / "user") == {"Draw", "Received files", "Send files"}

        tick(data, chat__text=True)
        decide(data, file_transfer__drop="all", drawing__board="none")
        assert shown_in(demo, console, tmp_path / "again") == ALL - {"Draw"}


@pytest.mark.feature("NTC-15")
def test_what_the_licence_does_not_contain_is_not_in_the_window(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    data, vendor = tmp_path / "var", new_key()
    (tmp_path / "licence").write_text(sold(data, vendor, without=("drawing.board", "chat.text")))
    (tmp_path / "trust.toml").write_text(f'vendor_keys = ["{public(vendor)}"]\n')

    with running(data, "--licence", str(tmp_path / "licence"), "--vendor-keys", public(vendor)) as demo:
        console = open_page()
        sign_in(console, demo)
        found = shown_in(demo, console, tmp_path / "sold", "--trust", str(tmp_path / "trust.toml"))

    assert found == {"Received files", "Send files", DROP}


def sold(data: Path, vendor: Ed25519PrivateKey, without: tuple[str, ...]) -> str:
    """Return a licence for the server that will run on this folder, with all features but some."""
    gateway, now = new_key(), int(time.time())
    data.mkdir(mode=0o700)
    (data / "signing.secret").write_text(gateway.private_bytes_raw().hex())
    (data / "signing.secret").chmod(0o600)
    declared = load(Side.VIEWER, PLUGINS.split(",").__contains__).catalogue.features
    licence = Licence(
        id="L-1", company="Hanbit Demo", features=tuple(set(declared) - set(without)), seats=5,
        starts=now - DAY_S, ends=now + DAY_S, gateway_key=public(gateway),
    )  # fmt: skip
    return sign(licence, vendor)
