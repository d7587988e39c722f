"""A customer's program that is in the session and keeps to no rule harms nothing but itself.

Everything it does wrong is refused, and the log says what that was, never what was in it.
"""

import functools
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import anyio
import anyio.lowlevel
import courier_code.host
import courier_code.plugin
import courier_code.viewer
import pytest
from attrs import define
from courier_code.messages import Frame, Noted, Notes, Stroke, WantNotes
from live.hostile_host import HostileHost

from deskside.agree import hello_of
from deskside.api import ChannelSpec, Ends, Feature, PluginInfo, PluginSession, Side, hookimpl
from deskside.declare import Role
from deskside.grants import Answer, Gate, Refusal
from deskside.link import (
    CORE,
    MOST_DELIVERED,
    Ack,
    Admitted,
    Answered,
    ClassState,
    Closed,
    Delivered,
    Drop,
    End,
    Enter,
    Far,
    FeatureNow,
    Features,
    FeatureState,
    HostLink,
    Outcome,
    Paused,
    Person,
    Ping,
    Request,
    Resync,
    Retry,
    Roster,
    SessionNow,
    Stopped,
    Welcome,
    Withdraw,
)  # fmt: skip
from deskside.messages import Codec, Message, pack
from deskside.notice import SessionState
from deskside.session import MOST_REFUSALS_LOGGED
from deskside.testing import Kit, Page, pair, plugin
from deskside.testing.kit import SESSION
from deskside.viewer_inbox import MOST_GREETINGS_LOGGED
from deskside.wire import MAX_PACKET, Packet

pytestmark = pytest.mark.anyio

CANARY = "canary-of-content"
COURIER = plugin("courier", plugin=courier_code.plugin, host=courier_code.host, viewer=courier_code.viewer)
NEVER = {"courier.show": Refusal(Gate.GROUP, "refused.group")}
BY_PAGE = Codec.of((Stroke, Noted))
FRAMES = Codec.of((Frame,))


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@define(eq=False)
class Scene:
    """A viewer, an agent's page, and a host that a test moves."""

    kit: Kit
    host: HostileHost
    page: Page
    caplog: pytest.LogCaptureFixture

    def number(self, channel: str) -> int:
        return self.host.number_of(f"courier.{channel}")

    def refusals(self) -> str:
        """Return what the log says was refused."""
        said = (one.getMessage() for one in self.caplog.records if one.name.startswith("deskside"))
        return "\n".join(one for one in said if "refused from" in one)

    async def refused(self, why: str) -> None:
        """Wait until the log says this, and see that it says nothing of any content."""
        with anyio.fail_after(20):
            while why not in self.refusals():  # noqa: ASYNC110 - a log keeps no event
                await anyio.sleep(0.01)
        assert "refused from the customer's machine" in self.refusals()
        assert CANARY not in self.caplog.text
        assert "Traceback" not in self.caplog.text

    async def lives(self) -> None:
        """See that viewer, page and line still work, and that nothing is on that never was granted."""
        viewer = self.kit.viewer
        await self.page.until(lambda: self.page.session is not None)
        await self.page.send("courier.notes", Stroke(7))
        await self.page.send("courier.notes", WantNotes())
        while 7 not in (await self.page.receive("courier.notes", Notes)).numbers:
            pass
        heard = len(self.host.heard)
        await self.host.until(lambda: len(self.host.heard) > heard and False in self.host._roads)
        assert not viewer.over.is_set()
        assert self.page.features["courier.show"].state is FeatureState.REFUSED
        assert {one.id: one.role for one in self.page.people} == {self.page.participant: Role.AGENT}


@asynccontextmanager
async def scene(caplog: pytest.LogCaptureFixture) -> AsyncIterator[Scene]:
    caplog.set_level(logging.INFO)
    async with pair(plugins=[COURIER], host=False, refusals=NEVER) as kit:
        dial = functools.partial(kit.line.dial, "host")
        host = HostileHost(dial, SESSION, "1234", kit.host_plugins)
        page = await kit.page(active=False)
        await host.come(kit.tasks)
        await page.until_state(SessionState.ACTIVE)
        page.listen("courier.picture")
        yield Scene(kit, host, page, caplog)


Wrong = Callable[[Scene], Awaitable[None]]


def raw(make: Callable[[Scene], bytes]) -> Wrong:
    async def do(it: Scene) -> None:
        await it.host.raw(make(it))

    return do


def core(message: Message, participant: int = 0) -> Wrong:
    async def do(it: Scene) -> None:
        await it.host.say(message, participant)

    return do


def on(channel: str, body: bytes, number: int = 1, participant: int = 0, *, bulk: bool = False) -> Wrong:
    async def do(it: Scene) -> None:
        await it.host.put(f"courier.{channel}", number, participant, body, bulk=bulk)

    return do


NOTED = BY_PAGE.encode(Noted(0, 1, CANARY))
ME = Person(1, CANARY, Role.AGENT, True)
NOW = SessionNow(SessionState.ENDED, "", CANARY, "", "", "", "", 0.0, 0.0, True, "")
ALL_ON = Features(tuple(FeatureNow(key, FeatureState.ON) for key in ("courier.show", "courier.carry")))

WRONG: dict[str, tuple[Wrong, str]] = {
    "no packet at all": (raw(lambda _: CANARY.encode()), "not one msgpack value"),
    "a packet too large": (
        raw(lambda it: pack([it.number("desk"), 1, 0, CANARY.encode() * 62_000])),
        f"bytes where at most {MAX_PACKET} are allowed",
    ),
    "a frame too large": (raw(lambda _: CANARY.encode() * 70_000), "a frame of"),
    "a packet of wrong parts": (raw(lambda _: pack([CANARY, 1, 0, b""])), "channel must be a whole number"),
    "a packet of five": (raw(lambda _: pack([0, 1, 0, b"", CANARY])), "a packet is a list of"),
    "an unknown channel": (
        raw(lambda _: Packet(99, 1, 0, b"\x90").encode()),
        "channel 99, which nobody agreed on",
    ),
    "a channel of the viewer and its pages": (on("notes", NOTED), "courier.notes, where no host speaks"),
    "a class that does not exist": (on("picture", b"\x90", 1, 9), "class 9, which does not exist"),
    "pictures that were never granted": (
        on("picture", FRAMES.encode(Frame(1, CANARY.encode())), 1, 1),
        "courier.picture: courier.show is not granted",
    ),
    "another one's name": (on("desk", NOTED, 1, 1), "courier.desk in the name of page 1"),
    "a gap in the numbers": (on("desk", NOTED, 7), "packet 7 of courier.desk came after 0"),
    "a type that is not declared": (on("desk", pack([42, CANARY])), "unknown message type 42"),
    "a field of the wrong type": (on("desk", pack([0, CANARY])), "Stroke.number: expected a whole number"),
    "a field beyond its limit": (on("desk", pack([0, -5, CANARY])), "number must lie from 0"),
    "a text beyond its limit": (
        on("desk", pack([0, 1, CANARY * 500])),
        "text must have a length from 0 to 2000",
    ),
    "too many fields": (on("desk", pack([0, 1, "x", CANARY])), "Stroke has 1 to 2 fields, got 3"),
    "a map": (on("desk", b"\x82\x00\x01\x01\x02"), "not one msgpack value"),
    "a page's field of the wrong type": (
        on("strokes", pack([1, CANARY, 1, ""]), 1, 1),
        "courier.strokes: Noted.sender: expected a whole number",
    ),
    "bytes for a page that are no message": (
        on("parcels", CANARY.encode(), 1, 1, bulk=True),
        "courier.parcels: not one msgpack value",
    ),
    "an answer to nothing": (core(Ack("courier.desk", 9)), "was acknowledged but never sent"),
    "rights of its own making": (core(ALL_ON), "features is nothing that a host sends"),
    "people of its own making": (core(Roster((ME,))), "roster is nothing that a host sends"),
    "a request of an agent": (core(Request(1, ("courier.show",), CANARY)), "request is nothing that a host"),
    "an outcome for a page": (core(Outcome(1, ("courier.show",), "", "", ()), 1), "host tells a page"),
    "the state of the session": (core(NOW), "session_now is nothing that a host sends"),
    "the state of its own line": (core(HostLink(True, True, 0.0)), "host_link is nothing that a host sends"),
    "a page's entrance": (core(Enter(1, CANARY, CANARY)), "enter is nothing that a host sends"),
    "a welcome for a page": (
        core(Welcome(1, CANARY, CANARY, True), 1),
        "welcome is nothing that a host tells",
    ),
    "another try for a plugin": (core(Retry("courier")), "retry is nothing that a host sends"),
    "a class's state": (core(ClassState("courier.picture", 1, 1, 0, False, 0)), "class_state is nothing"),
    "a right taken back in a page's name": (core(Withdraw(("courier.carry",)), 1), "withdraw is nothing"),
    "more received than can ever be": (
        raw(lambda _: Packet(0, 0, 0, forged_resync(2**53 - 1)).encode()),
        "number must lie from 0 to",
    ),
}


def forged_resync(number: int) -> bytes:
    """Return a Resync that no codec of ours would make."""
    body = CORE.encode(Resync(Far.VIEWER, False, "b", "", False, (Delivered("courier.desk", 1),)))
    return body.replace(pack(["courier.desk", 1]), pack(["courier.desk", number]))


@pytest.mark.parametrize("what", sorted(WRONG))
async def test_what_no_host_may_send_is_refused_by_name_and_the_session_goes_on(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    do, why = WRONG[what]
    async with scene(caplog) as it:
        await do(it)
        await it.refused(why)
        await it.lives()
        assert it.page.media["courier.picture"] == []
        assert it.page.pending("courier.strokes") == 0


async def test_a_claim_to_have_received_nearly_everything_does_not_use_up_the_numbers(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with scene(caplog) as it:
        knows = it.kit.viewer.boot
        for far, who in ((Far.VIEWER, 0), (Far.HOST, 1)):
            delivered = tuple(Delivered(f"courier.{name}", MOST_DELIVERED) for name in ("desk", "strokes"))
            await it.host.say(Resync(far, False, it.host.boot, knows, bool(who), delivered), who)
        for number in range(3):
            await it.page.send("courier.strokes", Stroke(number))
        desk = it.kit.viewer.ports["courier.desk"].pair(0).out
        await it.host.until(lambda: desk.next_number == MOST_DELIVERED + 1)
        desk.put(NOTED)
        it.kit.viewer.transmit(desk)
        await it.host.until(lambda: MOST_DELIVERED + 1 in [one.number for one in it.host.packets])
        await it.lives()


async def flood(it: Scene, message: Message, count: int, who: int = 0) -> None:
    for number in range(count):
        await it.host.say(message, who)
        if number % 100 == 0:
            await anyio.lowlevel.checkpoint()


FLOODS: dict[str, tuple[Message, str]] = {
    "rights taken back": (Withdraw(("courier.carry",)), "more of withdraw than any machine needs"),
    "pauses": (Paused("courier.carry", True), "more of paused than any machine needs"),
    "failed plugins": (Stopped("nobody", "stopped.raised"), "more of stopped than any machine needs"),
    "admissions": (Admitted(), "more of admitted than any machine needs"),
    "pages dropped": (Drop("closed.behind"), "more of drop than any machine needs"),
}


@pytest.mark.parametrize("what", sorted(FLOODS))
async def test_nobody_has_everything_judged_anew_again_and_again(
    what: str, caplog: pytest.LogCaptureFixture
) -> None:
    message, why = FLOODS[what]
    async with scene(caplog) as it:
        told = len(it.host.named(Features))
        with anyio.move_on_after(3):
            await flood(it, message, 5000, 1 if isinstance(message, Drop) else 0)
        await it.refused(why)
        assert len(it.host.named(Features)) - told < 1000
        await it.host.until(lambda: False in it.host._roads)
        assert not it.kit.viewer.over.is_set()


async def test_greetings_without_end_end_the_line_not_the_viewer(caplog: pytest.LogCaptureFixture) -> None:
    async with scene(caplog) as it:
        hello = hello_of(it.kit.host_plugins.catalogue, "any program")
        with anyio.move_on_after(3):
            await flood(it, hello, 1000)
        await it.refused("more of hello than any machine needs")
        assert it.caplog.text.count("the other end is any program") <= MOST_GREETINGS_LOGGED


async def test_who_asks_and_does_not_listen_loses_his_line(caplog: pytest.LogCaptureFixture) -> None:
    async with scene(caplog) as it:
        it.host.is_deaf = True
        with anyio.move_on_after(20):
            while "does not take what it has asked for" not in it.refusals():
                await flood(it, Ping(1.0), 500)
        it.host.is_deaf = False
        await it.refused("does not take what it has asked for")
        assert len(it.kit.viewer.link.schedule._core) < 30_000
        await it.lives()


class Sink:
    """A plugin whose viewer part has other things to do than to read."""

    @staticmethod
    @hookimpl
    def deskside_plugin() -> PluginInfo:
        return PluginInfo(name="courier", version="1.0")

    @staticmethod
    @hookimpl
    def deskside_features() -> tuple[Feature, ...]:
        return (Feature(key="courier.carry"),)

    @staticmethod
    @hookimpl
    def deskside_channels() -> tuple[ChannelSpec, ...]:
        desk = ChannelSpec(
            name="desk", feature="courier.carry", messages=(WantNotes, Stroke), ends=Ends.HOST_VIEWER,
            owner=Side.VIEWER, window_bytes=32 * 1024,
        )  # fmt: skip
        return (desk,)

    @staticmethod
    @hookimpl
    async def deskside_run_session(session: PluginSession) -> None:
        async with session.open("desk"):
            await anyio.sleep_forever()


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (WantNotes(), "more messages came on courier.desk than may wait"),
        (Stroke(1, CANARY * 100), "more came on courier.desk than its window allows"),
    ],
    ids=["short", "long"],
)
async def test_streams_without_end_are_bounded_where_nobody_takes_them(
    caplog: pytest.LogCaptureFixture, message: Message, why: str
) -> None:
    async with pair(plugins=[plugin("courier", plugin=Sink, viewer=Sink)], host=False) as kit:
        host = HostileHost(functools.partial(kit.line.dial, "host"), SESSION, "1234", kit.host_plugins)
        page = await kit.page(active=False)
        await host.come(kit.tasks)
        await page.until_state(SessionState.ACTIVE)
        it, body, number = Scene(kit, host, page, caplog), Codec.of((WantNotes, Stroke)).encode(message), 1
        with anyio.move_on_after(40):
            while "courier.desk" not in it.refusals():
                await host.put("courier.desk", number, 0, body)
                number += 1

        await it.refused(why)
        assert len(kit.viewer.ports["courier.desk"]._queue) == 0  # what waited was let go of
        assert number * len(body) < 3_000_000
        assert page.session is not None
        assert page.session.state is SessionState.ACTIVE


async def test_a_page_that_cannot_read_what_comes_closes_that_channel_and_the_log_says_so(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with pair(plugins=[COURIER], host=False) as kit:
        caplog.set_level(logging.INFO)
        host = HostileHost(functools.partial(kit.line.dial, "host"), SESSION, "1234", kit.host_plugins)
        page = await kit.page(active=False)
        await host.come(kit.tasks)
        await page.until_state(SessionState.ACTIVE)
        page.listen("courier.picture")
        kit.viewer.memory.answers["courier.show"] = Answer.YES
        kit.viewer.grants.judge()
        await page.until_feature("courier.show", "on")
        for mark in (1, 0, 0):
            await host.put("courier.picture", mark, 1, pack([0, CANARY, 1]))

        await page.until(lambda: "courier.picture" in page.closed)
        it = Scene(kit, host, page, caplog)
        await it.refused("courier.picture: page 1 cannot read it")
        assert page.media["courier.picture"] == []


async def test_words_of_its_own_reach_neither_log_nor_page(caplog: pytest.LogCaptureFixture) -> None:
    evil = "\x1b]0;owned\x07<script>alert(1)</script>\u202e" + CANARY
    async with pair(plugins=[COURIER], host=False) as kit:
        caplog.set_level(logging.DEBUG)
        dial = functools.partial(kit.line.dial, "host")
        host = HostileHost(dial, SESSION, "1234", kit.host_plugins, person=evil, system=evil)
        page = await kit.page(active=False)
        await host.come(kit.tasks)
        await page.until_state(SessionState.ACTIVE)
        assert page.session is not None
        shown = "]0;owned<script>alert(1)</script>" + CANARY
        assert (page.session.customer, kit.viewer.memory.system) == (shown, shown)

        await host.say(Stopped("courier", evil[:90]))
        await page.until_feature("courier.carry", "stopped")
        assert page.features["courier.carry"].reason == "stopped.raised"
        await host.say(Closed(evil[:90], evil[:90]))
        await host.say(Answered(7, Answer.YES, (evil[:90],)))
        await host.say(End(evil[:90]))
        await page.until_state(SessionState.ENDED)
        assert (page.session.reason, page.session.by) == ("ended.customer", shown)
        assert CANARY not in caplog.text
        assert "\x1b" not in caplog.text


@pytest.mark.parametrize("reason", ["ended.forced", "ended.agent", "ended.lost", "session.lost"])
async def test_it_cannot_end_the_session_in_somebody_elses_name(
    reason: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with scene(caplog) as it:
        await it.host.say(End(reason))
        await it.page.until_state(SessionState.ENDED)
        assert it.page.session is not None
        assert it.page.session.reason == "ended.customer"


async def test_it_drops_and_answers_only_what_there_is(caplog: pytest.LogCaptureFixture) -> None:
    async with scene(caplog) as it:
        for number in (2, 77, 2**31 - 1):
            await it.host.say(Drop("closed.behind"), number)
            await it.host.say(Ack("courier.strokes", 1), number)
            await it.host.put("courier.strokes", 1, number, NOTED)
        await it.lives()
        assert it.kit.viewer.must_renew == set()
        assert set(it.kit.viewer.ports["courier.notes"].pairs) <= {1}


async def test_the_log_is_not_flooded_either(caplog: pytest.LogCaptureFixture) -> None:
    async with scene(caplog) as it:
        for _ in range(3 * MOST_REFUSALS_LOGGED):
            it.kit.viewer.refused("the customer's machine", "this or that")
        assert it.refusals().count("this or that") == MOST_REFUSALS_LOGGED
        assert "is not logged" in it.caplog.text
