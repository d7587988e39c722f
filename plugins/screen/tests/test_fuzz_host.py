"""Whatever pages say on the screen's channels, the host goes on, and the others see what they saw."""

import random
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import deskside_screen.host
import deskside_screen.plugin
from deskside.api import Role
from deskside.errors import BadMessage
from deskside.link import Ack, Closed, FeatureState, MediaAck, Message
from deskside.messages import Codec, pack
from deskside.testing import Page, pair, plugin
from deskside_screen import plugin as declared
from deskside_screen.messages import (
    ChooseMonitor,
    ChoosePicture,
    Colours,
    Detection,
    Monitors,
    Network,
    WantState,
)
from deskside_screen.tiles import Box

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(180)]
SCREEN = plugin("screen", plugin=deskside_screen.plugin, host=deskside_screen.host)
CODECS = {one.name: Codec.of(one.messages) for one in declared.deskside_channels()}
SPOKEN = {one.name: CODECS[one.name] for one in declared.deskside_channels() if one.senders}
FRAMES = "screen.frames"
PLAIN = ChoosePicture(Network.NORMAL, Detection.FAST, Colours.TRUE, 1, 80)
EDGES = [0, 1, -1, 2, 31, 32, 33, 255, 2**15 - 1, 2**15, 2**31, 2**53 - 1, -(2**53) + 1]


def value_of(kind: dict[str, Any], chance: random.Random) -> Any:
    """Return something of a field's kind, within its limits or at them."""
    match kind["kind"]:
        case "bool":
            return chance.random() < 0.5
        case "int" | "float":
            least, most = kind.get("min", -(2**53)), kind.get("max", 2**53)
            fitting = [one for one in [*EDGES, least, most] if least <= one <= most]
            return int(chance.choice(fitting)) if kind["kind"] == "int" else float(chance.choice(fitting))
        case "text":
            length = max(kind.get("min", 0), min(kind.get("max", 5), chance.choice([0, 5, 80])))
            return chance.choice(kind["values"]) if "values" in kind else "é" * length
        case "bytes":
            return chance.randbytes(max(kind.get("min", 0), min(kind.get("max", 9), 9)))
        case "maybe":
            return chance.choice([None, value_of(kind["of"], chance)])
        case "list":
            return [
                value_of(kind["of"], chance) for _ in range(max(kind.get("min", 0), chance.choice([0, 2])))
            ]
        case "tuple":
            return [value_of(one, chance) for one in kind["of"]]
        case _:
            return [value_of(one, chance) for one in kind["fields"]]


def message_of(codec: Codec, chance: random.Random) -> bytes:
    """Return a message that fits."""
    schema = codec.schema()
    number = chance.randrange(len(schema))
    return pack([number, *[value_of(one, chance) for one in schema[number]["fields"]]])


@pytest.mark.parametrize("name", sorted(CODECS))
def test_no_bytes_bring_a_channel_down(name: str) -> None:
    codec = CODECS[name]

    @settings(max_examples=300, deadline=None)
    @given(st.randoms(use_true_random=False), st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=4))))
    def search(chance: random.Random, changes: list[tuple[int, bytes]]) -> None:
        torn = bytearray(message_of(codec, chance))
        for at, data in changes:
            torn[at : at + len(data)] = data
        with suppress(BadMessage):
            codec.decode(bytes(torn))

    search()


async def say_anything(page: Page, chance: random.Random, count: int) -> None:
    """Send messages that fit, and words of the core that do not."""
    totals = [0, 1, 2**20, 2**40, 2**53 - 1]
    for _ in range(count):
        name = f"screen.{chance.choice(sorted(SPOKEN))}"
        core: list[Callable[[], Message]] = [
            lambda: MediaAck(FRAMES, chance.choice(totals[1:])),
            lambda name=name: Ack(name, chance.choice(totals[1:])),
            lambda name=name: MediaAck(name, chance.choice(totals)),
            lambda name=name: Closed(name, "closed.bad_message"),
        ]
        if chance.random() < 0.2:
            page.say(chance.choice(core)())
            await anyio.lowlevel.checkpoint()
            continue
        stream = page._stream(name)
        with anyio.move_on_after(5):
            await page.until(lambda stream=stream: bool(stream.out.has_room))
            stream.out.put(message_of(stream.codec, chance))
            if page._schedule is not None:
                page._schedule.put_stream(stream.out)


@pytest.mark.parametrize("role", [Role.AGENT, Role.OBSERVER])
@pytest.mark.parametrize("seed", range(3))
async def test_whatever_a_page_says_the_host_goes_on_and_the_others_see(
    desktop, document, make_decoder, role: Role, seed: int
) -> None:
    decoder = make_decoder()
    desktop.paint(Box(0, 0, 640, 400), document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        page, liar = await kit.page(), await kit.page(role, "Kim")
        for one in (page, liar):
            one.listen(FRAMES)

        await say_anything(liar, random.Random(seed), 200)
        # What a page may choose for all is chosen back, by one that may.
        later = await kit.page()
        liar.cut()
        await later.send("screen.view", ChooseMonitor(0))
        await later.send("screen.view", PLAIN)
        desktop.paint(Box(10, 10, 300, 200), 0x336699)

        taken = 0

        def shows() -> bool:
            nonlocal taken
            for message, _ in page.media[FRAMES][taken:]:
                decoder.take(message)
                taken += 1
            return bool(decoder.shows(desktop.pixels))

        await page.until(shows, 120)
        assert page.features[declared.SEE].state is FeatureState.ON


async def next_monitors(page: Page) -> Monitors:
    """Return what the page is told next of monitors."""
    while not isinstance(told := await page.receive("screen.view", Message), Monitors):
        pass
    return told


async def test_a_page_that_asks_and_takes_no_answer_holds_nobody_up(desktop, document) -> None:
    desktop.paint(Box(0, 0, 640, 400), document(640, 400))
    async with pair(plugins=[SCREEN]) as kit:
        page, liar = await kit.page(), await kit.page(Role.OBSERVER, "Kim")
        with anyio.move_on_after(20):
            for _ in range(3000):
                await liar.send("screen.view", WantState())

        await page.send("screen.view", ChooseMonitor(2))

        while (await next_monitors(page)).shown != 2:
            pass
