"""The agent's drawing in a real browser, with a stand-in for the session page."""

import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Route

from deskside import texts

pytestmark = pytest.mark.browser
WEB = Path(str(files("deskside_drawing"))) / "web"
LOOK = Path(str(files("deskside"))) / "look/look.css"
STUB = Path(__file__).with_name("stub.js")
KINDS = {".js": "text/javascript", ".css": "text/css"}
HTML = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Support</title>
<link rel="stylesheet" href="look.css"></head><body><main><h1>Support</h1></main></body></html>"""
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'"
ON, ASK = {"state": "on", "reason": ""}, {"state": "ask", "reason": ""}
LEE = {"id": 1, "name": "Lee Jun", "role": "agent"}
BEGIN = """async (given) => {
  const { makeUi } = await import("/stub.js");
  const { default: activate } = await import("/web/agent.js");
  window.ui = makeUi(given);
  activate(window.ui);
}"""
INK = """([x, y]) => {
  const canvas = document.querySelector(".drawing-sheet canvas");
  return [...canvas.getContext("2d").getImageData(x, y, 1, 1).data];
}"""
Start = Callable[..., Page]


def serve(route: Route) -> None:
    name = urlsplit(route.request.url).path.removeprefix("/")
    if not name:
        route.fulfill(body=HTML, content_type="text/html", headers={"Content-Security-Policy": POLICY})
        return
    path = {"look.css": LOOK, "stub.js": STUB}.get(name, WEB / name.removeprefix("web/"))
    route.fulfill(body=path.read_text(encoding="utf-8"), content_type=KINDS[path.suffix])


@pytest.fixture
def start(browser: Browser) -> Iterator[Start]:
    context = browser.new_context(viewport={"width": 900, "height": 700})
    context.route("**/*", serve)
    problems: list[str] = []

    def make(*, draw: dict[str, str] = ON, board: dict[str, str] = ON, **given: object) -> Page:
        page = context.new_page()
        page.on("console", lambda said: problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto("https://drawing.test/")
        features = {"drawing.draw": draw, "drawing.board": board}
        words = texts.load("deskside_drawing").all("en")
        page.evaluate(BEGIN, {"texts": words, "me": LEE, "features": features, **given})
        page.wait_for_function("() => document.querySelector('link[href$=\"drawing.css\"]').sheet")
        return page

    yield make
    context.close()
    assert not problems


def press(page: Page) -> None:
    page.evaluate("() => ui.button.onPress()")


def sent(page: Page, *types: str) -> list[Any]:
    return [one for one in page.evaluate("() => ui.sent") if not types or one[0] in types]


def tell(page: Page, type_: str, **fields: object) -> None:
    page.evaluate("([type, fields]) => ui.receive(type, fields)", [type_, fields])


def drag(page: Page, *places: tuple[float, float]) -> None:
    page.mouse.move(*places[0])
    page.mouse.down()
    for place in places[1:]:
        page.mouse.move(*place, steps=4)
    page.mouse.up()


def ink_at(page: Page, x: int, y: int) -> list[int]:
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return list(page.evaluate(INK, [x, y]))


def stroke(id_: int, by: int, mark: int, **more: object) -> dict[str, object]:
    made = {"id": id_, "by": by, "mark": mark, "shape": "line", "colour": "#00ff00", "width": 8}
    return {**made, "points": [[200, 600], [400, 600]], "is_done": True, **more}


@pytest.mark.feature("DRW-01")
def test_what_is_drawn_is_told_in_the_customers_pixels_and_echoed_at_once(start: Start) -> None:
    page = start(scale=0.5, left=40, top=60)
    press(page)
    page.mouse.move(140, 260)
    page.mouse.down()
    page.mouse.move(240, 260, steps=5)

    assert ink_at(page, 150, 200)[3] == 255
    page.mouse.up()
    begun = sent(page, "stroke_begun")[0][1]
    parts = sent(page, "stroke_goes_on")
    points = [point for _, fields in parts for point in fields["points"]]
    assert (begun["x"], begun["y"], begun["shape"], begun["colour"]) == (200, 400, "curve", "")
    assert points[-1] == [400, 400]
    assert points == sorted(points)
    assert len(points) == len({tuple(point) for point in points})
    assert sent(page)[-1] == ["stroke_ended", {"stroke": begun["stroke"]}]


@pytest.mark.parametrize("scale", [0.25, 1.0, 1.5])
def test_the_echo_lies_where_the_picture_is_at_every_scale_and_on_every_monitor(
    start: Start, scale: float
) -> None:
    page = start(scale=scale, left=10, top=80, width=400, height=300)
    tell(page, "origin", x=1280, y=100)
    press(page)
    drag(page, (10 + 100 * scale, 80 + 250 * scale), (10 + 300 * scale, 80 + 250 * scale))

    begun = sent(page, "stroke_begun")[0][1]
    assert (begun["x"], begun["y"]) == (1380, 350)
    assert ink_at(page, round(200 * scale), round(250 * scale))[3] == 255
    page.evaluate("() => ui.setScale(0.5)")
    assert ink_at(page, 100, 125)[3] == 255
    assert ink_at(page, 100, 110)[3] == 0


@pytest.mark.feature("DRW-02", "DRW-03", "DRW-04")
def test_shape_colour_and_width_are_chosen_in_the_palette(start: Start) -> None:
    page = start()
    tell(page, "your_pen", colour="#8a3fc2")
    press(page)
    for name in ("Arrow", "Straight line", "Rectangle", "Circle", "Free line"):
        page.get_by_role("button", name=name).click()
        drag(page, (200, 300), (220, 310), (300, 400))
    page.get_by_role("button", name="Colour 2").click()
    page.get_by_role("button", name="Line width 12 px").click()
    drag(page, (200, 300), (300, 400))

    begun = [one[1] for one in sent(page, "stroke_begun")]
    assert [one["shape"] for one in begun] == ["arrow", "line", "rectangle", "circle", "curve", "curve"]
    assert {one["colour"] for one in begun[:5]} == {""}
    assert (begun[5]["colour"], begun[5]["width"]) == ("#d3302f", 12)
    arrow = [
        one[1]["points"] for one in sent(page, "stroke_goes_on") if one[1]["stroke"] == begun[0]["stroke"]
    ]
    assert all(len(points) == 1 for points in arrow)


@pytest.mark.feature("DRW-07", "DRW-05")
def test_keys_and_buttons_undo_redo_reset_and_escape_ends(start: Start) -> None:
    page = start()
    page.keyboard.press("Control+z")
    assert not sent(page, "undo")
    press(page)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+y")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("button", name="Redo").click()
    page.get_by_role("button", name="Remove all").click()
    assert [one[0] for one in sent(page)] == ["want_picture", "undo", "redo", "undo", "redo", "reset"]

    page.keyboard.press("Escape")

    assert page.locator(".drawing-tools").count() == 0
    assert page.evaluate("() => ui.button.pressed") is False
    drag(page, (200, 300), (300, 400))
    assert not sent(page, "stroke_begun")


@pytest.mark.parametrize("last", ["canvas", "palette"])
def test_the_customers_screen_gets_the_keyboard_back_when_drawing_ends(start: Start, last: str) -> None:
    page = start()
    press(page)
    if last == "palette":
        page.get_by_role("button", name="Arrow").click()

    page.keyboard.press("Escape")

    assert page.evaluate("() => document.activeElement.id") == "stage"


def test_the_customer_is_asked_first_and_his_no_is_told(start: Start) -> None:
    page = start(draw=ASK, answer=False)
    press(page)
    page.wait_for_function("() => ui.notices.length")
    assert page.evaluate("() => ui.notices") == [["warn", "The customer said no."]]
    assert page.locator(".drawing-tools").count() == 0

    page = start(draw=ASK)
    press(page)
    page.locator(".drawing-tools").wait_for()
    assert page.evaluate("() => ui.requests") == [["drawing.draw"]]
    page.evaluate("() => ui.tellFeature('drawing.draw', {state: 'ask', reason: ''})")
    assert page.locator(".drawing-tools").count() == 0


def test_nothing_done_in_the_palette_reaches_what_listens_to_the_picture(start: Start) -> None:
    page = start()
    press(page)
    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ["pointerdown", "pointermove", "pointerup", "wheel", "contextmenu"])
            ui.stage.element.addEventListener(name, (event) => heard.push(event.target.tagName));
        }"""
    )
    page.get_by_role("button", name="Arrow").click()
    page.get_by_role("button", name="Arrow").click(button="right")
    page.mouse.wheel(0, 10)

    assert page.evaluate("() => heard") == []


def test_without_a_board_the_button_says_why(start: Start) -> None:
    page = start(board={"state": "refused", "reason": "Not in this licence."})

    assert page.evaluate("() => [ui.button.disabled, ui.button.reason]") == [True, "Not in this licence."]


def test_the_echo_of_a_stroke_stays_until_the_picture_has_it_and_goes_when_it_is_removed(
    start: Start,
) -> None:
    page = start(left=0, top=80)
    press(page)
    drag(page, (100, 380), (200, 380))
    mark = sent(page, "stroke_begun")[0][1]["stroke"]
    tell(page, "drawn", stroke=stroke(7, 1, mark, is_done=False, points=[[200, 600]]))
    tell(page, "drawn_on", id=7, start=1, points=[[400, 600]])
    assert ink_at(page, 150, 300)[3] == 255
    tell(page, "finished", id=7)
    assert ink_at(page, 150, 300)[3] == 255
    page.wait_for_function(f"() => ({INK})([150, 300])[3] === 0")

    tell(page, "drawn", stroke=stroke(8, 2, 5))
    assert ink_at(page, 150, 300)[:2] == [0, 255]
    tell(page, "removed", ids=[8, 99])
    assert ink_at(page, 150, 300)[3] == 0


def test_a_stroke_that_is_not_allowed_is_taken_back(start: Start) -> None:
    page = start(left=0, top=80)
    press(page)
    drag(page, (100, 380), (200, 380))
    tell(page, "declined", stroke=sent(page, "stroke_begun")[0][1]["stroke"])

    assert ink_at(page, 150, 300)[3] == 0
    assert page.evaluate("() => ui.notices[0][0]") == "warn"


def test_after_a_reset_the_whole_picture_is_asked_for_and_only_what_is_under_way_is_echoed(
    start: Start,
) -> None:
    page = start(left=0, top=80)
    page.evaluate("() => ui.reset()")
    assert len(sent(page, "want_picture")) == 2
    unfinished = stroke(3, 2, 9, is_done=False, points=[[200, 300], [400, 300]])
    tell(page, "picture", strokes=[stroke(2, 2, 8), unfinished])

    assert ink_at(page, 150, 300)[3] == 0
    assert ink_at(page, 150, 150)[3] == 255


def test_a_line_that_never_ends_goes_on_in_another_stroke(start: Start) -> None:
    page = start(left=0, top=80, scale=1, width=850, height=600)
    press(page)
    page.mouse.move(20, 300)
    page.mouse.down()
    page.evaluate(
        """() => {
          const canvas = document.querySelector(".drawing-sheet canvas");
          for (let step = 0; step < 2200; step += 1) {
            const place = { clientX: 20 + ((3 * step) % 800), clientY: 310 + Math.floor(step / 100) };
            canvas.dispatchEvent(new PointerEvent("pointermove", { pointerId: 1, ...place }));
          }
        }"""
    )
    page.mouse.up()

    begun = sent(page, "stroke_begun")
    assert len(begun) == 2
    assert len(sent(page, "stroke_ended")) == 2
    points = {one[1]["stroke"]: 1 for one in begun}
    for _, fields in sent(page, "stroke_goes_on"):
        points[fields["stroke"]] += len(fields["points"])
    assert max(points.values()) == 1900


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_palette_breaks_no_rule_of_accessibility(start: Start, scheme: Any, artifacts: Path) -> None:
    page = start()
    page.emulate_media(color_scheme=scheme)
    press(page)
    page.locator(".drawing-tools").wait_for()
    page.screenshot(path=artifacts / f"drawing_page_{scheme}.png")
    found = Axe().run(page)

    assert not found["violations"], json.dumps(found["violations"], indent=1)[:3000]
