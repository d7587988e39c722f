"""Agents, a customer's page and his desktop talk through the real wire."""

from collections.abc import AsyncIterator
from typing import Any

import anyio
import pytest
from attrs import evolve

from deskside.api import Refusal, Role
from deskside.errors import TransportEnded
from deskside.grants import Gate
from deskside.testing import Kit, Page, pair
from deskside_chat.messages import (
    PREVIEW,
    WINDOW,
    Draft,
    History,
    Line,
    Said,
    Say,
    Types,
    Typing,
    WantHistory,
)
from deskside_chat.window import Missed, Opened, Typed, Wrote

pytestmark = pytest.mark.anyio
LINES = "chat.lines"
PREVIEW_OFF = {"chat.preview": Refusal(Gate.GROUP, "refused.group")}


class FakeWindow:
    """A chat window that remembers what it shows; a test is its customer."""

    def __init__(self) -> None:
        self.shown: list[Line] = []
        self.alerts: list[str] = []
        self.waiting: tuple[str, ...] = ()
        self.typing: tuple[str, ...] = ()
        self.is_open = self.previewed = False
        self._put, self._events = anyio.create_memory_object_stream[Any](100)

    @property
    def events(self) -> AsyncIterator[Any]:
        return self._events

    async def do(self, event: object) -> None:
        await self._put.send(event)

    def open(self) -> None:
        self.is_open = True
        self._put.send_nowait(Opened())

    def show_conversation(self, lines: tuple[Line, ...]) -> None:
        self.shown = list(lines)

    def add(self, line: Line) -> None:
        self.shown.append(line)

    def alert(self, name: str, text: str, count: int) -> None:
        if not self.is_open:
            self.alerts.append(f"{name}: {text}")
            self._put.send_nowait(Missed(count))

    def show_waiting(self, texts: tuple[str, ...]) -> None:
        self.waiting = texts

    def show_typing(self, names: tuple[str, ...]) -> None:
        self.typing = names

    def show_preview(self, *, is_on: bool) -> None:
        self.previewed = is_on

    def close(self) -> None:
        self._put.close()
        self._events.close()


@pytest.fixture
def window() -> FakeWindow:
    return FakeWindow()


async def until(condition: Any) -> None:
    with anyio.fail_after(10):
        while not condition():  # noqa: ASYNC110 - what is waited for has no event
            await anyio.sleep(0.01)


class Reader:
    """A page that keeps lines by id, as the page module does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines: dict[int, Line] = {}
        self.types: dict[int, Types] = {}
        self.twice: list[Line] = []
        self.histories = 0
        self.seen = ""

    def forget(self) -> None:
        """Be a page that was loaded anew."""
        self.lines.clear()
        self.seen = ""

    async def run(self) -> None:
        while True:
            # A new boot word of the page, or a viewer that began anew.
            now = f"{self.page.boot} {self.page.resets}"
            if self.seen != now:
                self.seen = now
                await self.page.send(LINES, WantHistory())
            if not self.page.pending(LINES):
                await anyio.sleep(0.005)
                continue
            self.take(await self.page.receive(LINES, object))  # type: ignore[type-var]

    def take(self, message: object) -> None:
        match message:
            case Said(line):
                self.twice += [line] if line.id in self.lines else []
                self.lines[line.id] = line
            case History(lines, is_last):
                self.lines.update({line.id: line for line in lines})
                self.histories += is_last
            case Types() as types:
                self.types[types.sender] = types

    @property
    def texts(self) -> list[str]:
        return [self.lines[id_].text for id_ in sorted(self.lines)]

    async def until_texts(self, *texts: str) -> None:
        await until(lambda: self.texts == list(texts))

    async def say(self, text: str) -> None:
        await self.page.send(LINES, Say(text))


async def join(kit: Kit, role: Role = Role.AGENT, name: str = "Lee Jun") -> Reader:
    reader = Reader(await kit.page(role, name))
    kit.tasks.start_soon(reader.run)
    await until(lambda: reader.histories)
    return reader


@pytest.fixture
async def kit(window: FakeWindow) -> AsyncIterator[Kit]:
    async with pair("deskside-chat", services={WINDOW: window}, refusals=PREVIEW_OFF) as kit:
        yield kit


@pytest.mark.feature("CHT-01")
async def test_two_agents_and_the_customer_at_his_desk_read_the_same_lines(
    kit: Kit, window: FakeWindow
) -> None:
    lee, park = await join(kit), await join(kit, name="Park")
    await lee.say("hello")
    await until(lambda: len(window.shown) == 1)  # two pages have a road each: nothing says who is first
    await park.say("안녕하세요")
    await until(lambda: len(window.shown) == 2)
    await window.do(Wrote("my printer 打印机"))

    for reader in (lee, park):
        await reader.until_texts("hello", "안녕하세요", "my printer 打印机")
    await until(lambda: [line.text for line in window.shown] == lee.texts and not window.waiting)
    first, _, last = (lee.lines[id_] for id_ in sorted(lee.lines))
    assert (first.name, first.role, last.sender, last.role) == ("Lee Jun", Role.AGENT, 0, Role.CUSTOMER)
    assert not lee.twice


@pytest.mark.feature("CHT-02", "NTC-05")
async def test_a_line_while_the_chat_is_closed_is_announced_and_the_button_opens_it(
    kit: Kit, window: FakeWindow
) -> None:
    lee = await join(kit)
    await lee.say("are you there?")
    await until(lambda: window.alerts == ["Lee Jun: are you there?"])
    await until(lambda: any("1" in text for text in kit.notices[-1].messages))

    kit.host.press(kit.notices[-1].buttons[0].id)

    await until(lambda: window.is_open and not kit.notices[-1].messages)
    await lee.say("good")
    await until(lambda: len(window.shown) == 2)
    assert len(window.alerts) == 1


async def test_a_reloaded_page_gets_the_whole_history_in_parts(kit: Kit) -> None:
    lee = await join(kit)
    texts = [f"{number} " + "가" * 3000 for number in range(40)]
    for text in texts:
        await lee.say(text)
    await lee.until_texts(*texts)

    lee.page.reload()
    lee.forget()

    await lee.until_texts(*texts)


async def test_an_observer_reads_but_what_he_says_goes_nowhere(kit: Kit) -> None:
    lee, watcher = await join(kit), await join(kit, Role.OBSERVER, "Choi")
    await watcher.say("psst")
    await watcher.page.send(LINES, Typing(True))
    await lee.say("hello")

    await watcher.until_texts("hello")
    assert lee.texts == ["hello"]
    assert not lee.types


@pytest.mark.feature("CHT-03")
async def test_a_customer_with_only_a_browser_talks_without_any_program() -> None:
    async with pair("deskside-chat", kind="chat", refusals=PREVIEW_OFF) as kit:
        agent = await kit.page(active=False)
        customer = await join(kit, Role.CUSTOMER, "Kim")
        reader = Reader(agent)
        kit.tasks.start_soon(reader.run)
        await customer.say("help")
        await reader.until_texts("help")
        await reader.say("of course")

        await customer.until_texts("help", "of course")
        assert reader.lines[1].role is Role.CUSTOMER


async def test_a_killed_viewer_loses_and_doubles_nothing(kit: Kit, window: FakeWindow) -> None:
    lee, park = await join(kit), await join(kit, name="Park")
    said: list[str] = []
    for round_ in range(6):
        for number in range(4):
            said += [f"lee {round_} {number}", f"desk {round_} {number}"]
            await lee.say(said[-2])
            await window.do(Wrote(said[-1]))
        if round_ % 2 == 0:
            await anyio.sleep(0.002 * round_)
        resets = lee.page.resets, park.page.resets
        await kit.kill_viewer()
        await until(lambda: lee.page.resets > resets[0] and park.page.resets > resets[1])  # noqa: B023

    await until(lambda: len(lee.lines) == len(said))
    for reader in (lee, park):
        await until(lambda reader=reader: reader.texts == lee.texts)
    await until(lambda: [line.text for line in window.shown] == lee.texts)
    assert sorted(lee.texts) == sorted(said)
    assert [text for text in lee.texts if text.startswith("lee")] == said[::2]
    assert [text for text in lee.texts if text.startswith("desk")] == said[1::2]
    assert not window.waiting


async def test_lines_written_while_the_line_is_cut_arrive_once_when_it_is_back(
    kit: Kit, window: FakeWindow
) -> None:
    lee = await join(kit)
    await kit.line.cut()
    await window.do(Wrote("still here?"))
    await until(lambda: window.waiting == ("still here?",))
    await lee.say("yes")
    kit.line.mend()

    await until(lambda: {line.text for line in window.shown} == {"yes", "still here?"})
    await until(lambda: not window.waiting)
    await lee.until_texts(*[line.text for line in window.shown])


@pytest.mark.feature("CHT-15")
async def test_agents_see_what_the_customer_types_and_he_only_sees_that_they_type(
    window: FakeWindow,
) -> None:
    async with pair("deskside-chat", services={WINDOW: window}) as kit:
        lee = await join(kit)
        kim = await join(kit, Role.CUSTOMER, "Kim")
        await kim.page.send("chat.drafts", Draft("my passw"))
        await window.do(Typed("on my desk"))
        await lee.page.send(LINES, Typing(True))

        await until(lambda: lee.types.get(kim.page.participant) and lee.types.get(0))
        assert {types.text for types in lee.types.values()} == {"my passw", "on my desk"}
        await until(lambda: lee.page.participant in kim.types and 0 in kim.types)
        assert {types.text for types in kim.types.values()} == {""}
        await until(lambda: "Lee Jun" in window.typing)

        await kim.page.send(LINES, Typing(False))
        await until(lambda: not lee.types[kim.page.participant].is_typing)


async def test_without_preview_no_text_leaves_before_it_is_sent(kit: Kit, window: FakeWindow) -> None:
    lee = await join(kit)
    await window.do(Typed("secret"))

    await until(lambda: 0 in lee.types)
    assert lee.types[0] == Types(0, lee.types[0].name, Role.CUSTOMER, True, "")


async def test_whoever_goes_while_he_types_types_no_more(kit: Kit, window: FakeWindow) -> None:
    lee, park = await join(kit), await join(kit, name="Park")
    await park.page.send(LINES, Typing(True))
    await until(lambda: window.typing == ("Park",))
    await until(lambda: lee.types[park.page.participant].is_typing)

    park.page.connect = _nowhere
    park.page.cut()

    await until(lambda: window.typing == ())
    await until(lambda: not lee.types[park.page.participant].is_typing)


async def test_the_customers_window_is_told_when_what_he_types_is_no_longer_seen(window: FakeWindow) -> None:
    async with pair("deskside-chat", services={WINDOW: window}) as kit:
        await join(kit)
        await window.do(Opened())
        await until(lambda: window.previewed)

        viewer = kit.viewer
        refused = {PREVIEW: Refusal(Gate.GROUP, "refused.group")}
        viewer.entitlement = evolve(viewer.entitlement, features={**viewer.entitlement.features, **refused})
        viewer.grants.judge()

        await until(lambda: not window.previewed)


def _nowhere(page: Page) -> Any:
    raise TransportEnded("the page is gone for good")
