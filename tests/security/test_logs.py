"""No log holds what people say, draw, show or send, nor what lets anybody in, however much is logged."""

import json
import re
from pathlib import Path

import pytest
from courier_code.host import CANARY
from courier_code.messages import Noted, Part, Stroke, Whole
from live.files import Sender
from live.running import Program, until
from live.stage import CHAT, COURIER, FILES, Live, stage
from live.traffic import shown

from deskside.messages import pack
from deskside.wire import Packet
from deskside_chat.messages import Say

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]

WORDS = ("said-by-the-agent", "said-by-the-customer", "drawn-by-the-agent", "bytes-of-a-file", CANARY)
FILE = "quarterly figures of Hanbit.txt"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def louder(program: Program) -> None:
    """Let a program log everything it can."""
    place = program.command.index("--log-level") + 1
    program.command[place] = "debug"


async def again(live: Live) -> None:
    """Start server and viewer anew, as loud as they can be."""
    assert live.viewer is not None
    for program in (live.viewer, live.gateway):
        program.kill()
        louder(program)
    live.gateway.start()
    await live.gateway.says("ready at", 60)
    live.viewer.start()
    await live.viewer.says("ready at", 60)
    await live.agent.sign_in()
    await live.begin()


def logs(live: Live) -> str:
    """Return everything that server, viewer and the customer's program have logged."""
    assert live.viewer is not None
    programs = (live.gateway, live.viewer, live.customer)
    lines = "\n".join(one.log.read_text("utf-8", "replace") for one in programs)
    # What a person reads at the server's start, and what the customer's window is told, is no log.
    kept = [one for one in lines.splitlines() if not one.startswith(('{"told"', "  agent", "  admin"))]
    return "\n".join(kept)


async def test_at_their_loudest_the_programs_log_no_content_and_no_secret(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER, CHAT, FILES, apart=True) as live:
        await again(live)
        live.bring_customer(LIVE_LOG="debug")
        page = await live.page()
        await page.request("courier.show")
        page.listen("courier.picture")
        await page.send("chat.lines", Say("said-by-the-agent"))
        live.customer.tell(say="said-by-the-customer")
        await page.send("courier.strokes", Stroke(1, "drawn-by-the-agent"))
        assert (await page.receive("courier.strokes", Noted)).text == "drawn-by-the-agent"
        await page.send("courier.parcels", Part(b"bytes-of-a-file" * 1000))
        await page.send("courier.parcels", Whole(1, ""))
        await page.receive("courier.parcels", Whole)
        sender = Sender(page, FILE, b"bytes-of-a-file" * 1000)
        assert await sender.push(await sender.offer())
        await page.until(lambda: len(page.media["courier.picture"]) > 3)
        await until(lambda: len(shown(live)) == 2, "chat")
        await wrong(live)

        said = logs(live)
        found = {word for word in (*WORDS, FILE, *secrets_of(live, page.secret)) if word in said}
        assert not found
        assert not re.search(r"ticket=|\.(host|viewer)\.\d{9,}\.", said)
        assert "refused from page" in said
        assert "the other end is" in said


async def wrong(live: Live) -> None:
    """Send what is refused, so that the refusal is logged too."""
    page = await live.page()
    number = sorted(page.catalogue.channels).index("courier.strokes") + 1
    assert page._schedule is not None
    page._schedule.put_core(Packet(number, 1, 1, pack([0, "said-by-the-agent"])))
    assert live.viewer is not None
    await live.viewer.says("refused from page")


def secrets_of(live: Live, page_secret: str) -> list[str]:
    """Return whatever opens a door."""
    folder = live.site.folder
    kept = next((folder / "home" / "deskside").glob("resume-*"))
    resume = json.loads(kept.read_text())
    files = [one.read_text().strip() for one in folder.glob("*/*.secret")]
    cookies = [value for value in live.agent.http.cookies.values() if value]
    password = re.search(r"^  agent +(\S+)$", live.gateway.said, re.M)
    digits = live.code.replace(" ", "")
    found = [resume["secret"], digits, live.code, page_secret, *files, *cookies]
    return found + ([password[1]] if password else [])
