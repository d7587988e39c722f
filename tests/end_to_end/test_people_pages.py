"""The pages of users, groups and the company in a real browser: order by mouse and keyboard, looks, reach."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_core_python.sync_playwright import Axe
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Page, expect
from security.panel_server import served, signed_in
from security.panel_world import NOW, World, make
from sqlmodel import Session

from deskside_admin.model import Company, Group, User

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SIZES = ({"width": 1280, "height": 900}, {"width": 360, "height": 800})
LONG = "Rindfleischetikettierungsüberwachungsaufgabenübertragung"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("world")
    made = make(folder, FileSystemBytecodeCache(str(folder)))
    dress(made)
    yield made
    made.engine.dispose()


@pytest.fixture(scope="module")
def address(world: World) -> Iterator[str]:
    with served(world.panel) as address:
        yield address


@pytest.fixture
def page(world: World, address: str, open_page: Callable[..., Page]) -> Page:
    page = open_page()
    signed_in(page.context, world, "operator", address)
    return page


def dress(world: World) -> None:
    """Give people and groups names as they are, long ones among them."""
    names = ["김민지", "Park Ha-neul", LONG, "王小明", "山田たろう", "Lee Jun", "Anna Müller", "최유진"]
    with Session(world.engine) as db:
        for one, name in zip(world.home.people.values(), names, strict=True):
            user = db.get_one(User, one)
            user.name, user.chat_name, user.mail = name, name[:12], "someone@hanbit.example"
        for one, name in zip(
            world.home.groups.values(), ["고객 지원", f"Night {LONG}", "Empty"], strict=True
        ):
            db.get_one(Group, one).name = name
        victim = db.get_one(User, world.home.people["victim"])
        victim.locked_at, victim.wrong_passwords = NOW, 5
        far = db.get_one(User, world.home.people["far"])
        far.active = False
        company = db.get_one(Company, world.home.id)
        company.name, company.lock_after_wrong = f"Hanbit {LONG}"[:80], True
        db.commit()


def order(page: Page) -> list[str]:
    return page.locator("tbody .main a").all_inner_texts()


def pages(world: World) -> dict[str, str]:
    user, stopped = world.home.people["victim"], world.home.people["far"]
    return {
        "home": "/",
        "users": "/users/",
        "user": f"/users/{user}",
        "user-new": "/users/new",
        "users-stopped": "/users/stopped",
        "user-delete": f"/users/{stopped}/delete",
        "groups": "/groups/",
        "group": f"/groups/{world.home.groups['empty']}",
        "company": "/company/",
        "history": "/history/",
    }


@pytest.mark.feature("GRP-05")
def test_groups_are_put_in_order_by_keyboard_and_the_focus_stays_on_the_arrow(
    world: World, address: str, page: Page
) -> None:
    page.goto(f"{address}/groups/")
    first, second, third = order(page)
    arrow = page.get_by_role("button", name=f"Move {third} up")

    arrow.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text(third)
    expect(page.get_by_role("button", name=f"Move {third} up")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.locator("tbody .main a")).to_have_text([third, first, second])


@pytest.mark.feature("GRP-05")
def test_groups_are_put_in_order_by_dragging_a_row(world: World, address: str, page: Page) -> None:
    page.goto(f"{address}/groups/")
    first, second, third = order(page)

    page.locator("tbody tr").nth(0).drag_to(
        page.locator("tbody tr").nth(2), target_position={"x": 40, "y": 40}
    )

    expect(page.get_by_role("status")).to_contain_text("The order is saved.")
    expect(page.locator("tbody .main a")).to_have_text([second, third, first])
    page.reload()
    assert order(page) == [second, third, first]


@pytest.mark.feature("USR-13")
def test_a_user_is_deleted_for_good_step_by_step(world: World, address: str, page: Page) -> None:
    page.goto(f"{address}/users/{world.home.people['colleague']}")
    name = page.locator("h1").inner_text().partition(" ·")[0]
    page.get_by_role("button", name="Stop user").click()
    page.goto(f"{address}/users/stopped")
    page.get_by_role("link", name=f"Delete {name} for good").click()
    expect(page.get_by_text("This cannot be undone.")).to_be_visible()
    page.get_by_label(re.compile("to delete")).fill("colleague")

    page.get_by_role("button", name="Delete for good").click()

    expect(page.get_by_text("still runs. End it first.")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "ko", "zh-CN", "ja"])
def test_every_page_fits_and_is_accessible_in_every_language_and_light(
    world: World, address: str, open_page: Callable[..., Page], artifacts: Path, scheme: str, language: str
) -> None:
    # Colours are judged as they stay, not half-way on their road there.
    page = open_page(locale=language, color_scheme=scheme, reduced_motion="reduce")
    signed_in(page.context, world, "operator", address)

    for name, path in pages(world).items():
        for size in SIZES:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            page.goto(f"{address}{path}")
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            page.screenshot(
                path=artifacts / f"people-{name}-{language}-{scheme}-{size['width']}.png", full_page=True
            )
            assert wider <= 0, f"{path} is {wider} px wider than {size['width']} px"
        page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
        assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == [], (
            path
        )
