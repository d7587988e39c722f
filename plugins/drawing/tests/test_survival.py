"""What outlives reloads, cuts, the viewer and the session, and what does not."""

import anyio
import pytest

from deskside.testing import Kit, pair, plugin
from deskside_drawing import host, viewer
from deskside_drawing import plugin as declares
from deskside_drawing.messages import (
    GEOMETRY,
    OVERLAY,
    Origin,
    Shape,
    StrokeBegun,
    StrokeEnded,
    StrokeGoesOn,
)

from .stand_ins import FakeGeometry, FakeOverlay, ScreenPlugin, join, until, watch

pytestmark = pytest.mark.anyio


async def test_a_reloaded_page_gets_the_picture_and_his_unfinished_stroke_is_ended(kit: Kit) -> None:
    lee, park = await join(kit), await join(kit, "Park")
    await lee.draw(1, (1, 1), (2, 2))
    await lee.send(StrokeBegun(2, Shape.CURVE, "", 4, 5, 5))
    await until(lambda: park.marks == [1, 2])
    lee.strokes.clear()
    lee.page.reload()

    await until(lambda: lee.marks == [1, 2])
    await until(lambda: all(stroke.is_done for stroke in park.strokes.values()))


async def test_a_stroke_in_progress_survives_cuts_without_a_lost_or_doubled_point(
    kit: Kit, overlay: FakeOverlay
) -> None:
    lee = await join(kit)
    wanted = [(0, 0)]
    await lee.send(StrokeBegun(1, Shape.CURVE, "", 4, 0, 0))
    for part in range(12):
        points = tuple((part, 1 + number) for number in range(20))
        wanted += points
        await lee.send(StrokeGoesOn(1, points))
        if part % 3 == 0:
            await kit.line.lose()
        if part % 4 == 1:
            lee.page.cut()
        await anyio.sleep(0.01)
    await lee.send(StrokeEnded(1))

    await until(lambda: lee.strokes and all(stroke.is_done for stroke in lee.strokes.values()))
    assert [stroke.points for stroke in overlay.strokes.values()] == [tuple(wanted)]
    assert [stroke.points for stroke in lee.strokes.values()] == [tuple(wanted)]
    assert not lee.doubled


async def test_strokes_and_colours_outlive_the_viewer(kit: Kit, overlay: FakeOverlay) -> None:
    lee = await join(kit)
    colour = lee.colour
    await lee.draw(1, (1, 1), (2, 2))
    await until(lambda: lee.marks == [1])
    lee.colour = ""
    resets = lee.page.resets
    await kit.kill_viewer()
    await until(lambda: lee.page.resets > resets and lee.colour)
    await lee.draw(2, (1, 1), (2, 2))

    await until(lambda: [stroke.mark for stroke in overlay.strokes.values()] == [1, 2])
    assert lee.colour == colour


async def test_pages_hear_where_on_the_desktop_their_picture_lies(
    overlay: FakeOverlay, geometry: FakeGeometry
) -> None:
    drawing = plugin("drawing", plugin=declares, host=host, viewer=viewer)
    services = {OVERLAY: overlay, GEOMETRY: geometry}
    async with pair(plugins=[drawing, plugin("screen", plugin=ScreenPlugin)], services=services) as kit:
        watcher = await watch(kit)
        await until(lambda: watcher.origin == Origin(0, 0))
        geometry.show(left=1280, top=20)

        await until(lambda: watcher.origin == Origin(1280, 20))


async def test_the_overlay_is_closed_with_the_session_and_hears_that_it_lives_until_then(
    overlay: FakeOverlay,
) -> None:
    async with pair("deskside-drawing", services={OVERLAY: overlay}) as kit:
        await watch(kit)
        await until(lambda: overlay.beats > 1)
        kit.host.end()
        await until(lambda: overlay.is_closed)
