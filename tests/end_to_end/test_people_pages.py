"""The pages of users and groups in a real browser: order by mouse and keyboard, deleting step by step."""

import re
from collections.abc import Callable, Iterator

import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Page, expect
from security.panel_server import served, signed_in
from security.panel_world import World, make
from sqlmodel import Session

from deskside_admin.model import Group, User

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

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
    groups = ["고객 지원", f"Night {LONG}", "Empty"]
    with Session(world.engine) as db:
        for one, name in zip(world.home.people.values(), names, strict=True):
            db.get_one(User, one).name = name
        for one, name in zip(world.home.groups.values(), groups, strict=True):
            db.get_one(Group, one).name = name
        db.commit()


def order(page: Page) -> list[str]:
    return page.locator("tbody .main a").all_inner_texts()


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
