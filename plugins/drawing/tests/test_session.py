"""Two agents and the customer draw through the real wire."""

import anyio
import pytest

from deskside.testing import Kit, pair
from deskside_drawing.messages import (
    DRAW,
    Redo,
    Reset,
    Shape,
    Undo,
)
from deskside_drawing.overlay import PenDropped, SceneChanged
from deskside_drawing.pens import PALETTE

from .stand_ins import FakeOverlay, by_customer, join, until, watch

pytestmark = pytest.mark.anyio


@pytest.mark.feature("DRW-01", "DRW-06")
async def test_both_sides_draw_at_once_and_everyone_has_every_stroke_in_its_authors_colour(
    kit: Kit, overlay: FakeOverlay
) -> None:
    lee, park = await join(kit), await join(kit, "Park")
    async with anyio.create_task_group() as tasks:
        for number in range(5):
            tasks.start_soon(lee.draw, 10 + number, (1, number), (2, 2))
            tasks.start_soon(park.draw, 20 + number, (1, number), (2, 2))
        await overlay.do(*by_customer(5, (7, 7), (8, 8)))

    await until(lambda: len(overlay.strokes) == 11)
    for watcher in (lee, park):
        await until(lambda watcher=watcher: list(watcher.strokes) == list(overlay.strokes))
    colours = {stroke.by: stroke.colour for stroke in overlay.strokes.values()}
    assert colours == {0: PALETTE[0], lee.page.participant: lee.colour, park.page.participant: park.colour}
    assert len(set(colours.values())) == 3
    assert {stroke.points for stroke in overlay.strokes.values() if stroke.by == 0} == {((7, 7), (8, 8))}


@pytest.mark.feature("DRW-02", "DRW-03", "DRW-04")
async def test_shape_colour_and_width_arrive_as_chosen(kit: Kit, overlay: FakeOverlay) -> None:
    lee = await join(kit)
    for mark, shape in enumerate(Shape):
        await lee.draw(mark, (1, 1), (5, 9), (30, 20), colour="#00ff00", shape=shape)
    await lee.draw(9, (1, 1), (2, 2), colour="nonsen")

    await until(lambda: len(overlay.strokes) == 6)
    *shapes, last = overlay.strokes.values()
    assert [stroke.shape for stroke in shapes] == list(Shape)
    assert {stroke.colour for stroke in shapes} == {"#00ff00"}
    assert {len(stroke.points) for stroke in shapes[1:]} == {2}
    assert (last.colour, last.width) == (lee.colour, 4)


@pytest.mark.feature("DRW-07")
async def test_undo_and_redo_are_each_persons_own(kit: Kit, overlay: FakeOverlay) -> None:
    lee, park = await join(kit), await join(kit, "Park")
    await lee.draw(1, (1, 1), (2, 2))
    await until(lambda: 1 in park.marks)
    await park.draw(2, (1, 1), (2, 2))
    await until(lambda: 2 in lee.marks)
    await overlay.do(*by_customer(3, (1, 1), (2, 2)))
    await until(lambda: lee.marks == [1, 2, 3])

    await lee.send(Undo())
    await until(lambda: park.marks == [2, 3])
    await overlay.do(Undo())
    await until(lambda: park.marks == [2])
    await lee.send(Undo())
    await park.send(Undo(), Redo())
    await overlay.do(Redo())
    await lee.send(Redo())

    await until(lambda: sorted(lee.marks) == [1, 2, 3] == sorted(park.marks))
    assert {stroke.mark for stroke in overlay.strokes.values()} == {1, 2, 3}


@pytest.mark.feature("DRW-05")
async def test_reset_by_either_removes_everything_by_both(kit: Kit, overlay: FakeOverlay) -> None:
    lee = await join(kit)
    for act in (lee.send, overlay.do):
        await lee.draw(1, (1, 1), (2, 2))
        await overlay.do(*by_customer(2, (1, 1), (2, 2)))
        await until(lambda: sorted(lee.marks) == [1, 2])
        await act(Reset())
        await until(lambda: not lee.strokes and not overlay.strokes)
    await lee.send(Redo())
    await overlay.do(Redo())
    await anyio.sleep(0.05)
    assert not overlay.strokes


async def test_the_agent_draws_only_after_the_customers_yes_and_no_longer_after_his_stop(
    kit: Kit, overlay: FakeOverlay
) -> None:
    watcher = await watch(kit)
    await watcher.draw(1, (1, 1), (2, 2))
    await until(lambda: watcher.declined == [1])
    assert not overlay.strokes

    await watcher.page.request(DRAW)
    assert [question.features for question in kit.questions] == [(DRAW,)]
    await watcher.draw(2, (1, 1), (2, 2))
    await overlay.do(*by_customer(3, (1, 1), (2, 2)))
    await until(lambda: len(overlay.strokes) == 2)
    kit.host.stop(DRAW)

    await until(lambda: [stroke.by for stroke in overlay.strokes.values()] == [0])
    await watcher.draw(4, (1, 1), (2, 2))
    await until(lambda: watcher.declined == [1, 4])
    assert [stroke.mark for stroke in overlay.strokes.values()] == [3]


@pytest.mark.feature("DRW-09", "NTC-06")
async def test_the_customer_starts_from_the_notice_window_without_any_agents_right(
    kit: Kit, overlay: FakeOverlay
) -> None:
    watcher = await watch(kit)
    button = kit.notices[-1].buttons[0].id
    kit.host.press(button)
    await until(lambda: overlay.pen == PALETTE[0])
    await overlay.do(*by_customer(1, (3, 3), (4, 4)))

    await until(lambda: watcher.marks == [1])
    kit.host.press(button)
    await until(lambda: not overlay.pen)
    await overlay.do(PenDropped())
    kit.host.press(button)
    await until(lambda: overlay.pen)


@pytest.mark.feature("DRW-08")
@pytest.mark.parametrize("vanish", ["switch", "never"])
async def test_strokes_go_when_the_customer_goes_to_another_program_unless_told_to_stay(
    overlay: FakeOverlay, services: dict[str, object], vanish: str
) -> None:
    options = {"drawing.board": {"vanish": vanish}}
    async with pair("deskside-drawing", services=services, options=options) as kit:
        lee = await join(kit)
        await lee.draw(1, (1, 1), (2, 2))
        await until(lambda: overlay.strokes)
        await overlay.do(SceneChanged(), *by_customer(2, (1, 1), (2, 2)))

        await until(lambda: 2 in lee.marks)
        assert lee.marks == ([2] if vanish == "switch" else [1, 2])
