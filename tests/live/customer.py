"""The customer program without its window: real road, real plugins; the surface is a pipe of JSON lines."""

import asyncio
import json
import logging
import os
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import anyio
from attrs import asdict, define, field

from deskside import texts
from deskside.declare import Side
from deskside.loader import load
from deskside.notice import Answered, NoticeState, Question
from deskside.pairing import Code
from deskside.restarting import left_out
from deskside_chat.window import Wrote
from deskside_customer.program import Order, run
from deskside_customer.ui import Action, Drop, End, Press, Step, Stop, yes_to
from deskside_file_transfer.windows import Picked
from deskside_line.roads import hush_libraries


def tell(kind: str, **fields: object) -> None:
    sys.stdout.write(json.dumps({"told": kind, **fields}, default=str) + "\n")
    sys.stdout.flush()


@define(eq=False)
class Inbox:
    """What came from another thread, in order."""

    _items: deque[Any] = field(factory=deque)
    _changed: anyio.Event = field(factory=anyio.Event)

    def put(self, item: object) -> None:
        self._items.append(item)
        self._changed.set()

    def __aiter__(self) -> AsyncIterator[Any]:
        return self._read()

    async def _read(self) -> AsyncIterator[Any]:
        while True:
            while not self._items:
                self._changed = anyio.Event()
                await self._changed.wait()
            yield self._items.popleft()


class ChatWindow:
    """What chat's window is: it says what it shows."""

    def __init__(self) -> None:
        self.events = Inbox()

    def show_conversation(self, lines: tuple[Any, ...]) -> None:
        tell("conversation", lines=[[line.sender, line.text] for line in lines])

    def add(self, line: Any) -> None:
        tell("line", sender=line.sender, text=line.text)

    def __getattr__(self, name: str) -> Any:
        return lambda *_, **__: None


class Dialogs:
    """What the file dialogs are: the customer picks whatever LIVE_PICKS names."""

    def __init__(self) -> None:
        self.events = Inbox()

    async def documents(self) -> str:
        return str(Path.home() / "Documents")

    def choose(self, dialog: int, who: str) -> None:
        self.events.put(Picked(dialog, tuple(filter(None, os.environ.get("LIVE_PICKS", "").split(":")))))

    def dismiss(self, dialog: int) -> None:
        tell("dismissed", dialog=dialog)

    def open_folder(self, path: str) -> None:
        tell("opened", path=path)


class Surface:
    """A customer who says yes to everything."""

    language = "en"

    def __init__(self) -> None:
        self.actions = Inbox()
        self.windows = {"chat.window/1": ChatWindow(), "file_transfer.windows/1": Dialogs()}
        self._words = texts.load("deskside_customer")

    def text(self, key: str, **values: object) -> str:
        return self._words.say("en", key, **values)

    def show(self, state: NoticeState) -> None:
        tell("notice", **asdict(state))

    def progress(self, step: Step, problem: str = "") -> None:
        tell("step", step=step, problem=problem)

    async def ask(self, question: Question) -> Answered:
        tell("question", features=question.features, who=question.who)
        return yes_to(question.features)

    async def ask_code(self, problem: str = "") -> str | None:
        tell("code", problem=problem)
        return None

    async def ask_password(self, problem: str = "") -> str | None:
        tell("password", problem=problem)
        return os.environ.get("LIVE_PASSWORD")

    async def window(self, service: str, owner: str = "") -> Any | None:
        return self.windows.get(service)

    def tell_page(self, address: str) -> None:
        tell("page", address=address)

    def guard_questions(self, *, on: bool) -> None:
        pass

    def read(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take commands from the pipe; runs in a thread of its own."""
        for line in sys.stdin:
            loop.call_soon_threadsafe(self.obey, json.loads(line))

    def obey(self, command: dict[str, Any]) -> None:
        actions: dict[str, Action] = {}
        match command:
            case {"say": text}:
                self.windows["chat.window/1"].events.put(Wrote(text))
            case {"stop": feature}:
                actions["one"] = Stop(feature)
            case {"press": button}:
                actions["one"] = Press(button)
            case {"drop": paths}:
                actions["one"] = Drop(tuple(map(Path, paths)))
            case {"end": _}:
                actions["one"] = End()
        for action in actions.values():
            self.actions.put(action)


async def main() -> int:
    logging.basicConfig(
        level=os.environ.get("LIVE_LOG", "info").upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    hush_libraries()
    allowed = set(os.environ.get("DESKSIDE_PLUGINS", "").split(","))
    plugins = load(Side.HOST, allowed.__contains__, without=left_out())
    for refused in plugins.refused:
        if refused.distribution in allowed:
            tell("refused", name=refused.name, reason=refused.reason)
    surface = Surface()
    loop = asyncio.get_running_loop()
    threading.Thread(target=surface.read, args=(loop,), daemon=True).start()
    order = Order(
        gateway=sys.argv[2],
        plugins=plugins,
        code=Code.read(sys.argv[1]),
        trust=os.environ.get("LIVE_TRUST", ""),
        name="Kim",
    )
    code = await run(surface, order)
    tell("over", code=code)
    return code


if __name__ == "__main__":
    sys.exit(anyio.run(main))
