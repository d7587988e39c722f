"""Everything at once: strokes, chat and parcels; and the proof that nothing was lost or came twice."""

import hashlib
import json
from pathlib import Path

import anyio
from attrs import define, field
from courier_code.host import content_of
from courier_code.messages import Fetch, Noted, Part, Stroke, Whole

from deskside.api import Message
from deskside.testing import Page
from deskside_chat.messages import History, Said, Say, WantHistory
from live.running import until
from live.stage import Live

PIECE = 64 * 1024
PATIENCE_S = 90
"""Longer than any break of a test."""


@define(eq=False)
class Traffic:
    """One page and the customer, both busy."""

    live: Live
    page: Page
    strokes: int = 400
    lines: int = 40
    parcel: int = 20_000_000
    pause_s: float = 0.02
    label: str = ""
    """Before each line of chat, so that several of these can follow one another."""
    noted: list[int] = field(factory=list)
    done: set[str] = field(factory=set)

    async def run(self) -> None:
        """Send everything and wait until all has come back."""
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._stroke)
            tasks.start_soon(self._note)
            tasks.start_soon(self._say)
            tasks.start_soon(self._hear)
            await self.page.send("courier.parcels", Fetch(self.parcel))
            tasks.start_soon(self._push)
            tasks.start_soon(self._pull)

    async def half_way(self) -> None:
        """Wait until traffic is in full swing."""
        await until(lambda: len(self.noted) > self.strokes // 4, "strokes")

    async def _stroke(self) -> None:
        for number in range(self.strokes):
            await self._send("courier.strokes", Stroke(number, f"stroke {number}"))
            await anyio.sleep(self.pause_s)

    async def _note(self) -> None:
        while len(self.noted) < self.strokes:
            await self.page.until(lambda: self.page.pending("courier.strokes") > 0, PATIENCE_S)
            self.noted.append((await self.page.receive("courier.strokes", Noted)).number)

    async def _say(self) -> None:
        for number in range(self.lines):
            await self._send("chat.lines", Say(f"{self.label}agent {number}"))
            await anyio.sleep(self.pause_s * 8)

    async def _hear(self) -> None:
        for number in range(self.lines):
            self.live.customer.tell(say=f"{self.label}customer {number}")
            await anyio.sleep(self.pause_s * 8)

    async def _push(self) -> None:
        content = content_of(self.parcel)
        sum_ = hashlib.sha256(content).hexdigest()
        for start in range(0, len(content), PIECE):
            await self._send("courier.parcels", Part(content[start : start + PIECE]))
        await self._send("courier.parcels", Whole(len(content), sum_))

    async def _send(self, channel: str, message: Message) -> None:
        await self.page.until(lambda: self.page._stream(channel).out.has_room, PATIENCE_S)
        await self.page.send(channel, message)

    async def _pull(self) -> None:
        """Take what comes: the answer to our parcel, and a parcel of the host's."""
        sum_, size, wanted = hashlib.sha256(), 0, hashlib.sha256(content_of(self.parcel)).hexdigest()
        for _ in range(2):
            while True:
                await self.page.until(lambda: self.page.pending("courier.parcels") > 0, PATIENCE_S)
                message = await self.page.receive("courier.parcels", object)  # type: ignore[type-var]
                if isinstance(message, Whole):
                    break
                sum_.update(message.content)
                size += len(message.content)
            assert message == Whole(self.parcel, wanted)
        assert (size, sum_.hexdigest()) == (self.parcel, wanted)

    async def prove(self) -> None:
        """Assert that everything came once and in order, on the far side too."""
        assert self.noted == list(range(self.strokes))
        log = (self.live.site.folder / "home" / "strokes.log").read_text().splitlines()
        mine = f"{self.page.participant} "
        assert [line for line in log if line.startswith(mine)] == [f"{mine}{n}" for n in range(self.strokes)]
        names = (f"{self.label}agent", f"{self.label}customer")
        wanted = {who: [f"{who} {n}" for n in range(self.lines)] for who in names}
        await self.chat_is(wanted)

    async def chat_is(self, wanted: dict[str, list[str]]) -> None:
        """Assert that page and customer's window both hold exactly these lines of each, in order."""
        total = sum(len(lines) for lines in wanted.values())
        said: list[str] = []

        def of_these(texts: list[str]) -> int:
            return sum(text.startswith(tuple(wanted)) for text in texts)

        with anyio.move_on_after(30):
            while of_these(said) < total or of_these(shown(self.live)) < total:
                said = await history(self.page)
                await anyio.sleep(0.1)
        for texts in (said, shown(self.live)):
            for who, lines in wanted.items():
                assert [text for text in texts if text.startswith(who)] == lines


async def history(page: Page) -> list[str]:
    """Return the whole conversation, as the viewer knows it."""
    await page.send("chat.lines", WantHistory())
    texts: list[str] = []
    while True:
        match await page.receive("chat.lines", object):  # type: ignore[type-var]
            case History(lines, is_last):
                texts += [line.text for line in lines]
                if is_last:
                    return texts
            case Said():
                pass


def shown(live: Live) -> list[str]:
    """Return the lines in the customer's chat window."""
    texts: list[str] = []
    for line in live.customer.said.splitlines():
        told = json.loads(line) if line.startswith('{"told"') else {}
        if told.get("told") == "conversation":
            texts = [text for _, text in told["lines"]]
        elif told.get("told") == "line":
            texts.append(told["text"])
    return texts


def home(live: Live) -> Path:
    """Return the customer's folder."""
    return live.site.folder / "home"
