"""A whole support over one outbound port: neither agent's nor customer's PC can be reached from outside."""

import hashlib
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from certificates import Authority
from end_to_end.apart import Apart, apart
from end_to_end.proxy import proxy
from end_to_end.sockets import Watch, watched
from end_to_end.support import PLUGINS, new_support
from end_to_end.window import Window
from live.running import free_port
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.screen, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
ELSEWHERE = "127.0.0.2"
"""The gateway's own address, so that what goes there is told from what stays on the machine."""
NAME = "help.deskside.test"


@pytest.mark.feature("PLT-01")
def test_both_sides_call_one_port_of_the_gateway_and_nobody_can_call_them(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    port = free_port()
    with apart(tmp_path, plugins=PLUGINS, place=(ELSEWHERE, port)) as site:
        watch, viewer, customer = support(site, open_page(), tmp_path)
        gateway = site.gateway.process
        assert gateway is not None

    assert watch.looks > 10
    assert watch.doors(gateway.pid) == {("tcp", ELSEWHERE, port)}, "what is open would have been seen"
    assert watch.partners(viewer) == {(ELSEWHERE, port)}
    assert watch.partners(customer) == {(ELSEWHERE, port)}
    console = int(site.console.rpartition(":")[2])
    assert watch.doors(viewer) == {("tcp", "127.0.0.1", console)}
    assert watch.doors(customer) == set()


@pytest.mark.feature("PLT-01")
def test_where_only_port_443_of_the_gateway_can_be_reached_through_a_proxy_a_whole_support_works(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    authority, place = Authority.make(tmp_path / "tls"), (ELSEWHERE, free_port())
    pair = authority.pair(NAME)
    tls = ("--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key))
    with proxy(f"{NAME}:443", place) as wall:
        way = {"https_proxy": f"http://127.0.0.1:{wall.port}", "SSL_CERT_FILE": str(authority.file)}
        given = {"plugins": PLUGINS, "place": place, "address": f"https://{NAME}"}
        with apart(tmp_path, *tls, **given, **way) as site:  # type: ignore[arg-type]
            watch, viewer, customer = support(site, open_page(), tmp_path, **way)

    assert set(wall.asked) == {f"CONNECT {NAME}:443"}
    assert len(wall.asked) > 4
    for pid in (viewer, customer):
        assert watch.partners(pid) == {("127.0.0.1", wall.port)}


def support(site: Apart, console: Page, folder: Path, **way: str) -> tuple[Watch, int, int]:
    """Hold a support with a picture, a file and its end; return what was seen of both programs."""
    site.sign_in(console)
    page, code = new_support(console)
    assert site.viewer.process is not None
    assert site.gateway.process is not None
    with Hand() as screen:
        window = Window.open(
            screen, folder / "home", code, "--gateway", site.address, DESKSIDE_PLUGINS=PLUGINS, **way
        )
        pids = site.viewer.process.pid, window.program.pid
        with watched(*pids, site.gateway.process.pid) as watch:
            window.answer(yes=True)
            expect(page.locator("#stage canvas.picture").first).to_be_visible(timeout=WAIT_MS)
            send_a_file(page, window, folder)
            page.get_by_role("button", name="End", exact=True).click()
            page.get_by_role("dialog").get_by_role("button", name="End").click()
            window.says("has ended")
    return watch, *pids


def send_a_file(page: Page, window: Window, folder: Path) -> None:
    """Send a file, which goes over a road of its own."""
    content = random.Random(3).randbytes(2_000_000)
    (folder / "report.bin").write_bytes(content)
    page.get_by_role("button", name="Files").first.click()
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Send files…").first.click()
    chooser.value.set_files(folder / "report.bin")
    window.answer(yes=True)
    found = wait_until(lambda: list(window.folder.rglob("report.bin")), "the file at the customer's", 60)
    assert hashlib.sha256(found[0].read_bytes()).digest() == hashlib.sha256(content).digest()
