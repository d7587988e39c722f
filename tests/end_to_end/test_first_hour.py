"""The first hour of an administrator and an agent, in a real browser against the real server."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import frozen
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from programs import NARROW, WIDE, Server

pytestmark = pytest.mark.browser

PASSWORD = "Correct-horse-7"
OpenPage = Callable[..., Page]


def set_up(page: Page, server: Server) -> None:
    page.goto(server.first_link)
    page.get_by_label("Company name").fill("Hanbit Service 한빛")
    page.get_by_label("Name", exact=True).fill("Lee Jun")
    page.get_by_label("Login name").fill("jun")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password once more").fill(PASSWORD)
    page.get_by_role("button", name="Create and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lee Jun")


def sign_in(page: Page, server: Server, login_name: str, password: str) -> None:
    page.goto(server.address)
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Login name").fill(login_name)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()


def assert_accessible(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def assert_fits(page: Page) -> None:
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"


@frozen
class Settled:
    """A server with an administrator, and the cookies that sign him in."""

    server: Server
    cookies: StorageState


@pytest.fixture(scope="module")
def settled(server: Server, browser: Browser) -> Settled:
    context = browser.new_context()
    page = context.new_page()
    page.goto(server.first_link)
    assert_accessible(page)
    set_up(page, server)
    cookies = context.storage_state()
    context.close()
    return Settled(server, cookies)


def test_the_first_link_makes_one_administrator_and_then_leads_nowhere(
    start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    server, page = start_server(), open_page()

    set_up(page, server)

    stranger = open_page()
    answer = stranger.goto(server.first_link)
    assert answer is not None
    assert answer.status == 404


@pytest.mark.feature("ACC-03")
def test_an_added_agent_signs_in_with_the_password_shown_once_and_must_choose_another(
    start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    server, administrator, agent = start_server(), open_page(), open_page()
    set_up(administrator, server)

    administrator.get_by_role("link", name="Users", exact=True).click()
    administrator.get_by_role("link", name="Add user").first.click()
    administrator.get_by_label("Family name").fill("김")
    administrator.get_by_label("Given name").fill("민지")
    administrator.get_by_label("Login name").fill("minji")
    administrator.get_by_role("button", name="Add user").click()
    shown = administrator.locator("output, code, .password").first.inner_text().strip()
    sign_in(agent, server, "minji", shown)

    expect(agent.get_by_label("Present password")).to_be_visible()
    agent.get_by_label("Present password").fill(shown)
    agent.get_by_label("New password").fill(PASSWORD)
    agent.get_by_label("Password once more").fill(PASSWORD)
    agent.get_by_role("button", name="Change password").click()
    expect(agent.get_by_role("link", name="Users", exact=True)).to_have_count(0)


def test_a_wrong_password_is_refused_in_one_sentence_without_saying_which_was_wrong(
    start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    server, page = start_server(), open_page()
    set_up(open_page(), server)

    said = set()
    for login_name in ("jun", "nobody"):
        sign_in(page, server, login_name, "wrong wrong wrong")
        said.add(page.get_by_text("do not fit together").inner_text())

    assert len(said) == 1


def test_a_sign_in_outlives_a_restart_of_the_server_and_ends_with_sign_out(
    start_server: Callable[..., Server], open_page: OpenPage
) -> None:
    first, page = start_server(), open_page()
    set_up(page, first)
    port = first.address.rpartition(":")[2]

    first.stop()
    start_server("--port", port, new=False)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lee Jun")

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{first.address}/admin/")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


PLUGIN = """
from deskside.api import Feature, PluginInfo, hookimpl

@hookimpl
def deskside_plugin():
    return PluginInfo(name="greet", version="1.0")

@hookimpl
def deskside_features():
    return (Feature(key="greet.wave"),)
"""


def install_plugin(shelf: Path) -> None:
    code, info = shelf / "greet_code", shelf / "acme_greet-1.0.dist-info"
    (code / "texts").mkdir(parents=True)
    info.mkdir()
    (code / "__init__.py").write_text("")
    (code / "plugin.py").write_text(PLUGIN)
    (code / "texts" / "en.toml").write_text(
        '"greet.title" = "Greeting"\n"greet.wave.title" = "Wave a hand"\n'
    )
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: acme-greet\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[deskside.plugin]\ngreet = greet_code.plugin\n")


@pytest.mark.parametrize(("allowed", "shown"), [("Acme_Greet", 1), ("", 0), ("acme", 0)])
def test_an_installed_plugins_feature_is_a_switch_in_the_panel_once_the_operator_allows_it(
    start_server: Callable[..., Server], open_page: OpenPage, tmp_path: Path, allowed: str, shown: int
) -> None:
    install_plugin(tmp_path / "shelf")
    server = start_server("--plugins", allowed, PYTHONPATH=str(tmp_path / "shelf"))
    page = open_page()
    set_up(page, server)

    page.get_by_role("link", name="Groups", exact=True).click()
    page.get_by_role("link", name="First group", exact=True).click()

    expect(page.get_by_text("Wave a hand")).to_have_count(shown)
    if shown:
        page.get_by_label("No use").check(force=True)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_label("No use")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko", "zh-CN", "ja"])
def test_the_public_pages_fit_and_are_accessible_in_every_language_and_light(
    settled: Settled, open_page: OpenPage, artifacts: Path, scheme: str, language: str
) -> None:
    server = settled.server
    page = open_page(locale=language, color_scheme=scheme, storage_state=settled.cookies)

    for path in ("", "no-such-page"):
        for size in (WIDE, NARROW):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(f"{server.address}/{path}")
            assert_fits(page)
            name = re.sub(r"\W+", "-", path).strip("-") or "start"
            page.screenshot(
                path=artifacts / f"{name}-{language}-{scheme}-{size['width']}.png", full_page=True
            )
        assert_accessible(page)
