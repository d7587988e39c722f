"""A hostile customer's program against a real server: the neighbours of its viewer work on undisturbed."""

import functools
import json
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from attrs import define, field
from courier_code.messages import Frame, Noted, Stroke
from live.hostile_host import HostileHost
from live.running import until
from live.stage import CHAT, COURIER, FILES, Live, stage
from live.web import active
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from deskside.audit import AT_ONCE, LEFT_OUT
from deskside.declare import Side
from deskside.grants import Answer
from deskside.link import Answered, Ask, Ping, Request, Withdraw
from deskside.messages import Codec, pack
from deskside.pairing import Code
from deskside.testing import Page
from deskside_chat.messages import Say
from deskside_customer.locating import locate
from deskside_file_transfer.messages import FETCH_OFFERS, PERMITS, Offer, OfferedFile, WantPermit
from deskside_line.roads import dial, socket_address

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(300)]

ATTACK_S = 3
EVIL = "\x1b]0;owned\x07<script>alert('canary-of-a-host')</script>"
PATHS = (
    "../../evil-1.sh",
    "/tmp/evil-2.sh",
    "..\\..\\evil-3.bat",
    "CON",
    ".ssh/evil-4",
    "\x1b[2Jevil",
)
OUTSIDE = (Path("/tmp/evil-1.sh"), Path("/tmp/evil-2.sh"))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@define(eq=False)
class Neighbour:
    """Another support on the same viewer, which is busy all the time."""

    live: Live
    page: Page
    strokes: int = 0

    async def work(self) -> None:
        """Draw stroke after stroke and see each come back from the customer."""
        while True:
            await self.page.send("courier.strokes", Stroke(self.strokes))
            await self.page.until(lambda: self.page.pending("courier.strokes") > 0, 60)
            assert (await self.page.receive("courier.strokes", Noted)).number == self.strokes
            self.strokes += 1
            await anyio.sleep(0.01)


@define(eq=False)
class Town:
    """A server, a hostile customer's support, and a neighbour's."""

    live: Live
    neighbour: Neighbour
    host: HostileHost
    page: Page
    ticket: str
    numbers: dict[str, int] = field(factory=dict)

    def next(self, channel: str) -> int:
        """Return the next number of a channel."""
        self.numbers[channel] = self.numbers.get(channel, 0) + 1
        return self.numbers[channel]

    def rows(self, session: str, name: str = "") -> list[tuple[str, str, dict[str, Any]]]:
        """Return side, name and values of a session's events in the history."""
        path = self.live.site.folder / "gateway" / "deskside.db"
        wanted = "SELECT side, name, details FROM audit_event WHERE session = ? ORDER BY side, number"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            found = [
                (side, one, json.loads(details)) for side, one, details in db.execute(wanted, (session,))
            ]
        return [one for one in found if not name or one[1] == name]

    async def undisturbed(self, before: int) -> None:
        """See that the neighbour has gone on, and still does."""
        await until(lambda: self.neighbour.strokes > before + 5, "the neighbour's strokes", 30)
        assert self.live.gateway.process is not None
        assert self.live.gateway.process.poll() is None


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    async with stage(folder, COURIER, CHAT, FILES) as live:
        live.bring_customer()
        neighbour = Neighbour(live, await live.page())
        plugins = live.site.shelf.loaded(live.site.plugins, side=Side.HOST)
        session = await live.agent.begin()
        code = Code.read(await live.agent.code(session))
        assert code is not None
        found = await locate(live.site.address, code.locator, "en")
        host = HostileHost(
            functools.partial(dial, live.site.address, found.ticket), session, code.secret, plugins,
            person=EVIL, system=EVIL,
        )  # fmt: skip
        page = live.agent.page(session, live.plugins.catalogue)
        live.tasks.start_soon(page.run)
        await host.come(live.tasks)
        await active(page)
        live.tasks.start_soon(neighbour.work)
        yield Town(live, neighbour, host, page, found.ticket)


async def oversize(it: Town) -> None:
    """Send what is too large, too odd, or on channels where nobody speaks, again and again."""
    bad = (b"\xc1" * 60_000, pack([0, 0, 0, b"x" * 1_060_000]), pack([99, 1, 0, b""]), b"\x00" * 1_150_000)
    while True:
        for packet in bad:
            await it.host.until(lambda: set(it.host._roads) == {False, True})
            await it.host.raw(packet)
            await it.host.raw(packet, bulk=True)


async def deaf(it: Town) -> None:
    """Ask without end and never listen."""
    it.host.is_deaf = True
    while True:
        await it.host.say(Ping(1.0))


async def turns(it: Town) -> None:
    """Take rights back without end."""
    while True:
        await it.host.say(Withdraw(("courier.carry", "chat.text", "file_transfer.send")))


async def pictures(it: Town) -> None:
    """Show pictures without end, whatever there is room for."""
    it.page.listen("courier.picture")
    it.page.say(Request(1, ("courier.show",), ""))
    await it.host.until(lambda: it.host.named(Ask))
    await it.host.say(Answered(it.host.named(Ask)[-1].id, Answer.YES, ("courier.show",)))
    await it.page.until_feature("courier.show", "on")
    body = Codec.of((Frame,)).encode(Frame(1, bytes(100_000)))
    while True:
        await it.host.put("courier.picture", 1, 1, body)


async def permits(it: Town) -> None:
    """Want to move files of impossible names and sizes for people who do not exist."""
    codec = Codec.of(PERMITS)
    while True:
        for name in PATHS:
            number = it.next("file_transfer.send_permits")
            wanted = WantPermit(number, number % 3, name, 2**50 if number % 2 else 7)
            await it.host.put("file_transfer.send_permits", number, 0, codec.encode(wanted))


async def offers(it: Town) -> None:
    """Offer files of impossible names to the page."""
    codec = Codec.of(FETCH_OFFERS)
    while True:
        files = tuple(OfferedFile(id_, name, 2**50) for id_, name in enumerate(PATHS, 1))
        number = it.next("file_transfer.fetch_offers")
        await it.host.put(
            "file_transfer.fetch_offers", number, it.page.participant, codec.encode(Offer(files))
        )


async def talk(it: Town) -> None:
    """Say evil things in the chat without end."""
    codec = Codec.of(it.host.plugins.catalogue.channels["chat.desk"].messages)
    while True:
        number = it.next("chat.desk")
        await it.host.put("chat.desk", number, 0, codec.encode(Say(EVIL, number)))


async def notes(it: Town) -> None:
    """Send short messages without end, and acknowledge nothing."""
    codec = Codec.of(it.host.plugins.catalogue.channels["courier.strokes"].messages)
    while True:
        number = it.next("courier.strokes")
        body = codec.encode(Noted(7, 1, EVIL)) if number % 2 else codec.encode(Stroke(1))
        await it.host.put("courier.strokes", number, it.page.participant, body)


ATTACKS: dict[str, tuple[Callable[[Town], Awaitable[None]], str]] = {
    "oversize": (oversize, "refused from the customer's machine: .*not one msgpack value"),
    "deaf": (deaf, ""),
    "turns": (turns, "more of withdraw than any machine needs"),
    "pictures": (pictures, ""),
    "permits": (permits, ""),
    "offers": (offers, ""),
    "talk": (talk, ""),
    "notes": (notes, ""),
}


async def attacked(it: Town, what: str) -> None:
    """Let the host do one thing for a while, and see what came of it."""
    attack, why = ATTACKS[what]
    before, suspended = it.neighbour.strokes, it.live.customer.said.count('"suspended"')
    await it.host.until(lambda: set(it.host._roads) == {False, True})
    await active(it.page, 60)

    with anyio.move_on_after(ATTACK_S):
        await attack(it)
    it.host.is_deaf = False

    await it.undisturbed(before)
    assert it.live.customer.said.count('"suspended"') == suspended, what
    if why:
        await it.live.gateway.says(why)
    said = it.live.gateway.said
    for word in ("canary-of-a-host", "\x1b", "Traceback"):
        assert word not in said, what


async def test_whatever_a_host_floods_its_viewer_with_the_neighbour_works_on(tmp_path: Path) -> None:
    async with town(tmp_path) as it:
        files = everything(tmp_path)
        for what in ATTACKS:
            await attacked(it, what)

        new = everything(tmp_path) - files
        assert not [one for one in new if "evil" in one.name]
        assert not [one for one in OUTSIDE if one.exists()]
        assert {one.relative_to(tmp_path).parts[0] for one in new} <= {"gateway", "home"}
        refused = [side for side, _, _ in it.rows(it.host.session, "file_refused")]
        assert 0 < refused.count("viewer") <= AT_ONCE + 100
        await active(it.page, 60)


def everything(folder: Path) -> set[Path]:
    """Return every file and folder below this one."""
    return set(folder.rglob("*"))


async def test_what_a_host_reports_is_bounded_its_own_and_shown_as_text(tmp_path: Path) -> None:
    async with town(tmp_path) as it:
        session, other = it.host.session, it.live.session
        where = socket_address(it.live.site.address, "/v1/host", ticket=it.ticket)
        count = 3 * AT_ONCE

        async with connect(where) as line:
            for start in range(1, count, 100):
                events = [event(session, number) for number in range(start, start + 100)]
                await line.send(json.dumps({"events": events}))
        for wrong in (
            event(other, 1),
            {**event(session, 1), "side": "viewer"},
            {**event(session, 1), "name": EVIL},
        ):
            assert await is_closed(where, {"events": [wrong]})

        def told() -> list[Any]:
            return it.rows(session, LEFT_OUT)

        await until(lambda: sum(values["count"] for _, _, values in told()) >= 100, "what was left out")
        stored = it.rows(session, "evil_done")
        assert 2 * AT_ONCE <= len(stored) < 2 * AT_ONCE + 200
        assert {side for side, _, _ in told()} == {"gateway"}
        assert not [one for one in it.rows(other) if one[1] == "evil_done"]
        assert not [one for one in it.rows(session) if one[0] == "viewer" and one[1] == "evil_done"]

        html = await history(it.live, session)
        assert "alert(" in html
        assert "<script>alert(" not in html
        assert "\x1b" not in html
        await it.undisturbed(it.neighbour.strokes)


def event(session: str, number: int) -> dict[str, Any]:
    """Return an event as a customer's program reports it."""
    values = {"what": EVIL, "name": EVIL, "feature": EVIL}
    return {
        "session": session, "side": "host", "number": number, "at": 1.8e9, "plugin": "chat",
        "name": "evil_done", "values": values,
    }  # fmt: skip


async def is_closed(where: str, frame: dict[str, Any]) -> bool:
    """Tell whether a line is closed because of a frame."""
    async with connect(where) as line:
        await line.send(json.dumps(frame))
        try:
            with anyio.fail_after(10):
                while True:
                    assert "stored" not in json.loads(await line.recv())
        except ConnectionClosed:
            return True


async def history(live: Live, session: str) -> str:
    """Return a session's page of the panel as the administrator sees it."""
    password = (await live.gateway.says(r"^  admin +(\S+)$"))[1]
    async with httpx.AsyncClient(base_url=live.site.address, follow_redirects=True, timeout=30) as http:
        form = (await http.get("/admin/sign-in")).text
        token = re.search(r'name="csrf_token" value="([^"]+)"', form)
        assert token is not None
        given = {"csrf_token": token[1], "login_name": "admin", "password": password}
        assert (await http.post("/admin/sign-in", data=given)).status_code == 200
        found = await http.get(f"/admin/history/{session}")
        assert found.status_code == 200
        return found.text
