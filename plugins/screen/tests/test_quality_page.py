"""The quality control in a real browser: what it sends, what it shows, and what is on the canvas then."""

import base64
from collections.abc import Callable, Iterator
from typing import Any

import fixtures
import numpy as np
import pytest
from attrs import asdict
from playwright.sync_api import Page, expect
from screens import wait_until

from deskside_screen.colours import halved, reduced
from deskside_screen.messages import ChoosePicture, Colours, Frame, Tiles
from deskside_screen.tiles import Box

from .stub_page import HEIGHT, WIDTH, canvas, serving, settled, wanted
from programs import WIDE

pytestmark = pytest.mark.browser
browser = fixtures.browser
GOOD = {"network": "normal", "detection": "fast", "colours": "true", "scale": 1, "quality": 80}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with serving() as address:
        yield address


@pytest.fixture
def open_stub(browser: Any, address: str) -> Iterator[Callable[..., Page]]:
    contexts = []

    def make(role: str = "agent") -> Page:
        contexts.append(browser.new_context(viewport=WIDE))
        page = contexts[-1].new_page()
        page.goto(f"{address}/stub.html?role={role}")
        page.wait_for_function("window.stub?.sent.length > 0")
        return page

    yield make
    for one in contexts:
        one.close()


def tell(page: Page, **changed: Any) -> None:
    page.evaluate("(now) => stub.give('view', 'picture_now', now)", {**GOOD, **changed})


def label(page: Page) -> str:
    found: str = page.evaluate("stub.buttons.find((one) => one.label.startsWith('screen.picture')).label")
    return found


def open_form(page: Page) -> None:
    page.evaluate("void stub.buttons.find((one) => one.label.startsWith('screen.picture')).onPress()")
    page.locator("details").evaluate("(one) => (one.open = true)")


def sent(page: Page) -> list[dict[str, Any]]:
    return [one[2] for one in page.evaluate("stub.sent") if one[1] == "choose_picture"]


def give(page: Page, messages: list[Frame | Tiles]) -> None:
    """Give the page messages as the camera has made them."""
    for message in messages:
        if isinstance(message, Frame):
            fields = {"width": message.width, "height": message.height, "scale": message.scale}
            page.evaluate(
                "(frame) => stub.give('frames', 'frame', {sequence: 1, monitor: 0, ...frame})", fields
            )
            continue
        made = [
            {**asdict(one), "packing": one.packing.value, "data": base64.b64encode(one.data).decode()}
            for one in message.pieces
        ]
        page.evaluate("(pieces) => stub.tiles(pieces)", made)


@pytest.mark.feature("CFG-13")
def test_one_control_in_words_from_the_fastest_to_the_best(open_stub: Callable[..., Page]) -> None:
    page = open_stub()
    tell(page)
    assert label(page) == "screen.picture.now screen.picture.step.4"
    open_form(page)
    slider = page.get_by_label("screen.picture.step", exact=True)
    expect(slider).to_have_value("4")
    expect(slider).to_have_attribute("aria-valuetext", "screen.picture.step.4")

    slider.focus()
    for key in ("Home", "ArrowRight", "ArrowRight", "End"):
        page.keyboard.press(key)

    assert sent(page) == [
        {"network": "normal", "colours": "bits8", "scale": 2},
        {"network": "normal", "colours": "true", "scale": 2, "quality": 60},
        {"network": "normal", "colours": "bits16", "scale": 1},
        {"network": "normal", "colours": "true", "scale": 1, "quality": 95},
    ]
    tell(page, quality=95)
    assert label(page) == "screen.picture.now screen.picture.step.5"
    tell(page, colours="grey")
    assert label(page) == "screen.picture.now screen.picture.own"
    expect(slider).to_have_attribute("aria-valuetext", "screen.picture.own")


@pytest.mark.feature("CFG-01", "CFG-02", "CFG-03", "CFG-06")
def test_each_part_can_be_chosen_alone(open_stub: Callable[..., Page]) -> None:
    page = open_stub()
    tell(page)
    open_form(page)

    page.get_by_label("screen.view.network.title").select_option("fast")
    page.get_by_label("screen.view.detection.title").select_option("graphics")
    page.get_by_label("screen.view.colours.title").select_option("bits16")
    page.get_by_label("screen.picture.scale.title").select_option("2")

    assert sent(page) == [{"network": "fast"}, {"detection": "graphics"}, {"colours": "bits16"}, {"scale": 2}]
    expect(page.get_by_text("screen.picture.sent")).to_be_visible()


@pytest.mark.feature("CFG-04")
def test_the_quality_is_greyed_with_the_reason_where_it_has_no_effect(open_stub: Callable[..., Page]) -> None:
    page = open_stub()
    tell(page)
    open_form(page)
    quality = page.get_by_label("screen.view.quality.title")
    expect(quality).to_be_enabled()
    expect(quality).to_have_value("80")
    quality.focus()
    page.keyboard.press("ArrowLeft")
    assert sent(page) == [{"quality": 79}]

    for other in ({"colours": "bits16"}, {"network": "fast"}):
        tell(page, **other)
        expect(quality).to_be_disabled()
        expect(page.get_by_text("screen.picture.quality.needs")).to_be_visible()
    tell(page)
    expect(quality).to_be_enabled()


@pytest.mark.feature("CFG-12")
def test_another_agents_choice_is_shown_at_once_and_an_observer_only_looks(
    open_stub: Callable[..., Page],
) -> None:
    page = open_stub("observer")
    tell(page)
    open_form(page)
    fields = page.locator(".screen-quality input, .screen-quality select")
    assert fields.count() == 6

    tell(page, colours="grey", network="fast", scale=2, quality=40)

    assert [one.input_value() for one in fields.all()][1:] == ["fast", "fast", "grey", "2", "40"]
    for one in fields.all():
        expect(one).to_be_disabled()
    expect(page.get_by_text("screen.picture.agents")).to_be_visible()
    assert sent(page) == []


@pytest.mark.feature("CFG-03", "CFG-12", "CFG-13")
def test_the_canvas_shows_what_was_chosen_and_then_every_pixel_again(
    open_stub: Callable[..., Page], make_rig: Callable[..., Any], document: Callable[..., Any]
) -> None:
    page, rig = open_stub(), make_rig(WIDTH, HEIGHT)
    source = document(WIDTH, HEIGHT) ^ (np.arange(WIDTH, dtype=np.uint32) // 3 * 0x010203)
    rig.desktop.paint(Box(0, 0, WIDTH, HEIGHT), source)
    made = rig.session.join(1, room=100_000_000)
    given = 0

    def show(wish: ChoosePicture, picture: Any) -> None:
        nonlocal given
        rig.camera.settings = rig.camera.settings.chosen(wish)
        for _ in range(40):
            rig.steps()
            if made.shows(picture):
                break
        give(page, made.messages[given:])
        given = len(made.messages)

    show(ChoosePicture(), source)
    assert settled(page, source)
    for colours in (Colours.BITS_16, Colours.BITS_8, Colours.GREY):
        show(ChoosePicture(colours=colours), reduced(source, colours))
        assert settled(page, reduced(source, colours))
    assert len(np.unique(canvas(page).reshape(-1, 3), axis=0)) <= 256

    half = reduced(halved(source), Colours.GREY)
    show(ChoosePicture(scale=2), half)
    whole = np.zeros_like(source)
    whole[: HEIGHT // 2, : WIDTH // 2] = half
    corner = slice(0, HEIGHT // 2), slice(0, WIDTH // 2)
    wait_until(lambda: np.array_equal(canvas(page)[corner], wanted(whole)[corner]), "half the picture")
    assert page.evaluate("stub.size") == {"width": WIDTH, "height": HEIGHT}

    show(ChoosePicture(colours=Colours.TRUE, scale=1), source)
    assert settled(page, source)
