"""The agent says which server his viewer goes to, protected or not, and through which proxy."""

import re
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
import pytest
from certificates import Authority
from end_to_end.apart import Apart, apart, says
from end_to_end.proxy import proxy
from end_to_end.sockets import Watch, watched
from end_to_end.support import PLUGINS, new_support
from end_to_end.window import Window
from live.running import Program, free_port
from playwright.sync_api import Page, expect
from screens import Hand, wait_until

from programs import DESKSIDE

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(240)]

WAIT_MS = 40_000
NAME = "help.deskside.test"
ELSEWHERE = "127.0.0.2"
SECRET_IN_ADDRESS = "kept-to-itself"
SECRET = "pass:wörd@ &%1"


@contextmanager
def viewer(folder: Path, *options: str, **environ: str) -> Iterator[tuple[Program, str]]:
    """Run a viewer of its own, with nothing but these options; give it and its address."""
    given = {"PYTHONUNBUFFERED": "1", "DESKSIDE_PLUGINS": PLUGINS, **environ}
    command = [str(DESKSIDE), "viewer", "--port", "0", "--data", str(folder / "own"), *options]
    program = Program(command, folder / "own.log", given)
    try:
        program.start()
        yield program, says(program, r"ready at (http://[^/\s]+)")[1]
    finally:
        program.kill()


def enter(page: Page, host: str, port: int = 0, *, tls: bool, plain: bool = False) -> None:
    """Fill the part about the server."""
    page.locator("#host").fill(host)
    page.locator("#port").fill(str(port or ""))
    page.locator("#tls").set_checked(tls)
    if plain:
        page.locator("#plain").check()


def through(page: Page, place: int, user: str = "", password: str = "") -> None:
    """Fill the part about the proxy."""
    page.get_by_label("This proxy").check()
    page.locator("#proxy_host").fill("127.0.0.1")
    page.locator("#proxy_port").fill(str(place))
    page.locator("#proxy_user").fill(user)
    page.locator("#proxy_password").fill(password)


def keep(page: Page) -> None:
    page.get_by_role("button", name="Save and connect").click()


def connected(page: Page) -> None:
    expect(page.locator("#login_name")).to_be_visible(timeout=WAIT_MS)


def sign_in(page: Page, site: Apart) -> None:
    page.fill("#login_name", "agent")
    page.fill("#password", site.passwords["agent"])
    page.click("#sign-in button[type=submit]")
    page.get_by_text("New support").first.wait_for(timeout=WAIT_MS)


def port_of(site: Apart) -> int:
    return int(site.address.rpartition(":")[2])


@pytest.mark.feature("ACC-04", "AGT-03")
def test_server_and_port_are_entered_before_signing_in_and_can_be_others_later(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    page = open_page()
    with apart(tmp_path / "a") as first, apart(tmp_path / "b") as second:
        with viewer(tmp_path) as (_, address):
            page.goto(f"{address}/console")
            assert page.url.endswith("/console/connection")
            enter(page, "127.0.0.1", port_of(first), tls=False)
            keep(page)
            connected(page)
            expect(page.get_by_role("link", name="Connection settings")).to_be_visible()
            sign_in(page, first)

            page.goto(f"{address}/console/connection")
            expect(page.get_by_text("Sign out to change the connection.")).to_be_visible()
            expect(page.locator("#host")).to_be_disabled()
            asked = page.request.post(
                f"{address}/console/connection", data={"host": "127.0.0.1", "port": "1"}
            )
            assert asked.status == 409
            page.goto(f"{address}/console")
            page.get_by_role("button", name="Sign out").click()
            connected(page)

            page.get_by_role("link", name="Connection settings").click()
            assert page.locator("#port").input_value() == str(port_of(first))
            enter(page, f"http://127.0.0.1:{port_of(second)}/", tls=False)
            keep(page)
            connected(page)
            page.fill("#login_name", "agent")
            page.fill("#password", first.passwords["agent"])
            page.click("#sign-in button[type=submit]")
            expect(page.get_by_role("alert")).to_contain_text("do not fit together")
            sign_in(page, second)

        page.context.clear_cookies()
        with viewer(tmp_path) as (_, address):
            page.goto(f"{address}/console")
            connected(page)
            sign_in(page, second)
        page.context.clear_cookies()
        with viewer(tmp_path, "--gateway", first.address) as (_, address):
            page.goto(f"{address}/console")
            sign_in(page, first)


@pytest.mark.feature("ACC-05")
def test_whoever_asks_for_protection_gets_it_or_nothing(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    with apart(tmp_path) as site, viewer(tmp_path) as (program, address):
        page.goto(f"{address}/console")
        expect(page.locator("#tls")).to_be_checked()
        enter(page, "127.0.0.1", port_of(site), tls=True)
        keep(page)
        expect(page.get_by_role("alert")).to_contain_text("does not speak TLS", timeout=WAIT_MS)
        with listening() as (port, heard):
            page.locator("#port").fill(str(port))
            keep(page)
            expect(page.get_by_role("alert")).to_contain_text("TLS", timeout=WAIT_MS)
        assert heard
        assert all(one.startswith(b"\x16\x03") for one in heard), "nothing but TLS was offered"

        page.reload()
        expect(page.locator("#tls")).to_be_checked()
        assert program.process is not None
        assert program.process.poll() is None


@pytest.mark.feature("ACC-05")
def test_without_protection_it_leaves_the_machine_only_if_somebody_says_so_in_words(
    open_page: Callable[..., Page], tmp_path: Path, artifacts: Path
) -> None:
    page = open_page()
    with (
        apart(tmp_path) as site,
        proxy(f"{NAME}:80", ("127.0.0.1", port_of(site))) as wall,
        viewer(tmp_path) as (_, address),
    ):
        page.goto(f"{address}/console")
        through(page, wall.port)
        enter(page, NAME, tls=False)
        expect(page.get_by_text("everybody on the way to this server can read")).to_be_visible()
        keep(page)
        expect(page.get_by_text("Switch protection on, or confirm")).to_be_visible()
        page.screenshot(path=artifacts / "connection-plain.png", full_page=True)
        given = {"host": NAME, "port": "80", "tls": False, "proxy": "none"}
        assert page.request.post(f"{address}/console/connection", data=given).status == 422
        assert wall.asked == []

        enter(page, NAME, tls=False, plain=True)
        keep(page)
        connected(page)
        assert set(wall.asked) == {f"CONNECT {NAME}:80"}
        expect(page.get_by_text(f"The connection to {NAME} is not protected.")).to_be_visible()
        sign_in(page, site)

    refused = Program(
        [
            str(DESKSIDE),
            "viewer",
            "--port",
            "0",
            "--data",
            str(tmp_path / "x"),
            "--gateway",
            f"http://{NAME}",
        ],
        tmp_path / "refused.log",
    )
    refused.start()
    says(refused, r"is not protected by TLS: passwords could be read on the way")
    refused.kill()
    (tmp_path / "said").mkdir()
    with viewer(tmp_path / "said", "--gateway", f"http://{NAME}", "--plain"):
        pass


@pytest.mark.feature("ACC-05")
def test_only_a_browser_of_this_machine_that_names_this_machine_may_choose_the_server(
    tmp_path: Path,
) -> None:
    wanted = {"host": "127.0.0.1", "port": "1", "tls": False}
    with viewer(tmp_path) as (_, address):
        foreign = {"Host": "attacker.test:8410", "Origin": "http://attacker.test:8410"}

        assert httpx.get(f"{address}/console/connection", headers=foreign).status_code == 404
        assert httpx.post(f"{address}/console/connection", json=wanted, headers=foreign).status_code == 409
        assert httpx.post(f"{address}/console/connection", data={"host": "127.0.0.1"}).status_code == 415
        assert not (tmp_path / "own" / "connection.json").exists()


@pytest.mark.screen
@pytest.mark.feature("ACC-06", "PLT-01")
def test_through_a_proxy_with_a_password_a_whole_support_works_and_no_log_holds_the_password(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    authority, place = Authority.make(tmp_path / "tls"), (ELSEWHERE, free_port())
    pair = authority.pair(NAME)
    tls = ("--tls-certificate", str(pair.certificate), "--tls-key", str(pair.key))
    way = {"SSL_CERT_FILE": str(authority.file)}
    loud = ("--log-level", "debug")
    page = open_page()
    with (
        proxy(f"{NAME}:443", place, wants=f"agent:{SECRET}") as wall,
        apart(tmp_path, *tls, plugins=PLUGINS, place=place, address=f"https://{NAME}", **way) as site,
        viewer(tmp_path, *loud, **way) as (program, address),
    ):
        page.goto(f"{address}/console")
        enter(page, NAME, tls=True)
        through(page, wall.port)
        keep(page)
        expect(page.get_by_role("alert")).to_contain_text("wants a user name", timeout=WAIT_MS)
        through(page, wall.port, "agent", "wrong")
        keep(page)
        expect(page.get_by_role("alert")).to_contain_text("wants a user name", timeout=WAIT_MS)
        assert set(wall.turned_away) >= {"", "agent:wrong"}
        through(page, wall.port, "agent", SECRET)
        keep(page)
        connected(page)
        sign_in(page, site)
        assert program.process is not None
        watch, customer = support(page, wall.port, tmp_path, way)
        assert watch.partners(program.process.pid) == {("127.0.0.1", wall.port)}
        assert watch.partners(customer) == {("127.0.0.1", wall.port)}

    assert set(wall.asked) == {f"CONNECT {NAME}:443"}
    kept = tmp_path / "own" / "connection.json"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    logs = [path for path in tmp_path.rglob("*.log") if path.is_file()]
    assert len(logs) >= 3
    for path in logs:
        said = path.read_text(errors="replace")
        assert not re.search("w(ö|%C3%B6)rd", said), path.name
        assert "cGFzczp3" not in said


def support(console: Page, wall: int, folder: Path, way: dict[str, str]) -> tuple[Watch, int]:
    """Hold a support with a picture and its end; the customer's program is told of the proxy by options."""
    (folder / "password").write_text(f"{SECRET}\n")
    options = (
        "--gateway", f"https://{NAME}", "--log-level", "debug", "--proxy", f"127.0.0.1:{wall}",
        "--proxy-user", "agent", "--proxy-password-file", str(folder / "password"),
    )  # fmt: skip
    page, code = new_support(console)
    with Hand() as screen:
        window = Window.open(screen, folder / "home", code, *options, DESKSIDE_PLUGINS=PLUGINS, **way)
        with watched(window.program.pid, *_viewers(folder)) as watch:
            window.answer(yes=True)
            expect(page.locator("#stage canvas.picture").first).to_be_visible(timeout=WAIT_MS)
            page.get_by_role("button", name="End", exact=True).click()
            page.get_by_role("dialog").get_by_role("button", name="End").click()
            window.says("has ended")
    return watch, window.program.pid


def _viewers(folder: Path) -> list[int]:
    """Return the process whose data lie there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if str(folder / "own").encode() in words:
                found.append(int(path.parent.name))
    return found


@pytest.mark.feature("ACC-06")
def test_a_proxy_of_the_system_is_found_and_none_means_none(
    open_page: Callable[..., Page], tmp_path: Path
) -> None:
    page = open_page()
    dead = f"http://nobody:{SECRET_IN_ADDRESS}@127.0.0.1:{free_port()}"
    with (
        apart(tmp_path) as site,
        proxy(f"127.0.0.1:{port_of(site)}", ("127.0.0.1", port_of(site))) as wall,
    ):
        found = f"http://127.0.0.1:{wall.port}"
        with viewer(tmp_path, "--gateway", site.address, http_proxy=found) as (_, address):
            page.goto(f"{address}/console/connection")
            expect(page.get_by_text(f"At present: 127.0.0.1:{wall.port}")).to_be_visible()
            page.goto(f"{address}/console")
            sign_in(page, site)
        assert set(wall.asked) == {f"CONNECT 127.0.0.1:{port_of(site)}"}
        asked = len(wall.asked)
        page.context.clear_cookies()
        options = ("--gateway", site.address, "--log-level", "debug")
        with viewer(tmp_path, *options, http_proxy=dead) as (program, address):
            page.goto(f"{address}/console/connection")
            keep(page)
            expect(page.get_by_role("alert")).to_contain_text("The proxy 127.0.0.1", timeout=WAIT_MS)
            page.get_by_label("No proxy").check()
            keep(page)
            connected(page)
            sign_in(page, site)
            assert SECRET_IN_ADDRESS not in program.said
        assert len(wall.asked) == asked, "a direct way is one"


@contextmanager
def listening() -> Iterator[tuple[int, list[bytes]]]:
    """Take calls, note how each begins, and hang up."""
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def take() -> None:
            with suppress(OSError):
                while True:
                    near, _ = listener.accept()
                    with near:
                        if first := near.recv(100):
                            heard.append(first)

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield listener.getsockname()[1], heard
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
    thread.join()
    wait_until(lambda: not thread.is_alive(), "the end of listening", 5)
