"""The hostile host as a program: whatever people read of it is written to be taken for something else."""

import functools
import json
import os
import sys

import anyio
import anyio.to_thread
from attrs import evolve

from deskside.agree import Hello, Unavailable
from deskside.declare import Side
from deskside.link import End, Roster, Stopped
from deskside.loader import load
from deskside.messages import Codec
from deskside.pairing import Code
from deskside_chat.messages import Say
from deskside_customer.locating import locate
from deskside_file_transfer.messages import Offer, OfferedFile
from deskside_line.roads import dial
from deskside_screen.messages import Monitors, MonitorShape
from live.hostile_host import HostileHost

EVIL = "<img src=x onerror=window.owned=1>"


class Liar(HostileHost):
    """A host that greets with words of its own."""

    def _hello(self) -> Hello:
        return evolve(super()._hello(), unavailable=(Unavailable("control.mouse", EVIL),))


async def main() -> None:
    code = Code.read(sys.argv[1])
    assert code is not None
    found = await locate(sys.argv[2], code.locator, "en")
    plugins = load(Side.HOST, set(os.environ["DESKSIDE_PLUGINS"].split(",")).__contains__)
    road = functools.partial(dial, sys.argv[2], found.ticket)
    host = Liar(road, found.session, code.secret, plugins, person=EVIL, system=EVIL)
    async with anyio.create_task_group() as tasks:
        await host.come(tasks)
        await host.until(lambda: any(one.people for one in host.named(Roster)))
        page = host.named(Roster)[-1].people[-1].id

        def body(channel: str, message: object) -> bytes:
            return Codec.of(plugins.catalogue.channels[channel].messages).encode(message)  # type: ignore[arg-type]

        await host.put("chat.desk", 1, 0, body("chat.desk", Say(f"said {EVIL}", 1)))
        offer = Offer((OfferedFile(1, f"../named {EVIL}", 5),))
        await host.put("file_transfer.fetch_offers", 1, page, body("file_transfer.fetch_offers", offer))
        shapes = tuple(MonitorShape(number, f"shown {EVIL}", 0, 0, 10, 10) for number in (1, 2))
        await host.put("screen.view", 1, page, body("screen.view", Monitors(1, shapes)))
        await host.say(Stopped("drawing", EVIL))
        sys.stdout.write(json.dumps({"told": "all"}) + "\n")
        sys.stdout.flush()
        await anyio.to_thread.run_sync(sys.stdin.readline)
        await host.say(End(EVIL))
        await anyio.sleep(1)
        tasks.cancel_scope.cancel()


if __name__ == "__main__":
    anyio.run(main)
