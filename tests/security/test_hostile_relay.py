"""The relay, and everybody else who is not in the session, may try what they like."""

import base64
import json
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path

import anyio
import httpx
import pytest
from courier_code.host import CANARY
from courier_code.messages import Part, Stroke, Whole
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from live import hostile_relay
from live.hostile_relay import frames_in
from live.running import free_port, until
from live.stage import CHAT, COURIER, Live, stage
from live.traffic import Traffic, shown
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from deskside.licence import Licence, new_key, public, sign
from deskside.notice import SessionState
from deskside.pairing import Code
from deskside_chat.messages import Say
from deskside_viewer.sockets import REFUSED

pytestmark = [pytest.mark.anyio, pytest.mark.slow, pytest.mark.timeout(240)]

WRONG_VENDOR = "The licence does not come from the vendor of this program."


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def between(folder: Path, *plugins: str) -> AsyncIterator[Live]:
    """Run a session whose viewer and customer take the hostile relay for their gateway."""
    relay_port, gateway_port = free_port(), free_port()
    relay = f"http://127.0.0.1:{relay_port}"
    async with stage(
        folder, *plugins, apart=True, relay=relay, gateway_port=gateway_port, begins=False
    ) as live:
        program = live.site.program(
            "relay", sys.executable, hostile_relay.__file__, str(relay_port), live.site.address,
            str(folder / "record"),
        )  # fmt: skip
        program.start()
        await program.says('"ready"')
        await live.start_viewer()
        await live.begin()
        yield live


async def command(live: Live, mode: str, rate: float) -> dict[str, int]:
    """Tell the relay what to do from now on; return what it did before."""
    async with httpx.AsyncClient() as client:
        answer = await client.post(f"{live.site.relay}/hostile", json={"mode": mode, "rate": rate})
    found: dict[str, int] = answer.json()
    return found


@pytest.mark.feature("SES-09")
async def test_what_the_relay_records_holds_nothing_of_the_session(tmp_path: Path) -> None:
    async with between(tmp_path, COURIER, CHAT) as live:
        live.bring_customer()
        page = await live.page()
        await page.request("courier.show")
        page.listen("courier.picture")
        await page.send("chat.lines", Say("canary-of-chat-to"))
        live.customer.tell(say="canary-of-chat-back")
        await page.send("courier.strokes", Stroke(1, "canary-of-keys"))
        await page.send("courier.parcels", Part(b"canary-of-a-file" * 4000))
        await page.send("courier.parcels", Whole(1, ""))
        await page.receive("courier.parcels", Whole)
        await page.until(lambda: len(page.media["courier.picture"]) > 5)
        await until(lambda: len(shown(live)) == 2, "chat")

        pictures = [message for message, _ in page.media["courier.picture"]]
        assert CANARY.encode() in pictures[-1].content  # type: ignore[attr-defined]
        secret = secret_of(live)
        frames = frames_in(tmp_path / "record")
        everything = b"\0".join(frames)
        assert sum(len(frame) for frame in frames) > 200_000
        digits = live.code.replace(" ", "")
        for canary in (b"canary", CANARY.encode(), secret, digits.encode(), live.code.encode(), b"Kim"):
            assert canary not in everything, canary
        assert base64.b64encode(secret) not in everything
        assert secret.hex().encode() not in everything


def secret_of(live: Live) -> bytes:
    """Return the session's secret, as the customer's machine keeps it."""
    kept = next((live.site.folder / "home" / "deskside").glob("resume-*"))
    assert kept.stat().st_mode & 0o077 == 0
    return base64.b64decode(json.loads(kept.read_text())["secret"])


@pytest.mark.feature("SES-09")
async def test_a_relay_that_tampers_ends_roads_only_and_all_arrives_once(tmp_path: Path) -> None:
    async with between(tmp_path, COURIER, CHAT) as live:
        live.bring_customer()
        await live.page()
        for mode in ("change", "replay", "drop", "reorder", "truncate"):
            page = await live.page()
            traffic = Traffic(live, page, strokes=100, lines=5, parcel=1_000_000, label=f"{mode} ")
            await command(live, mode, 0.05)
            await traffic.run()
            did = await command(live, "honest", 0)
            await traffic.prove()
            assert did["done"] > 0, did
            assert page.closed == {}
        assert '"told": "code"' not in live.customer.said


async def test_a_wrong_number_burns_the_code_and_the_agent_sees_why_and_a_new_one(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        page = await live.page(wait=False)
        right = Code.read(live.code)
        assert right is not None
        wrong = Code(right.locator, f"{(int(right.secret) + 1) % 10_000:04d}").shown()
        guesser = live.site.customer(wrong)
        guesser.start()

        await page.until(
            lambda: page.session is not None and page.session.reason == "waiting.code_burned", 30
        )
        await guesser.says("The number was not right")
        fresh = await live.agent.code(live.session)
        assert fresh
        assert fresh != live.code
        again = live.site.customer(live.code)
        again.start()
        await again.says('"told": "code", "problem": ".')
        await until(lambda: guesser.process is not None and guesser.process.poll() is not None)

        live.code = await live.agent.code(live.session)
        await anyio.sleep(2)
        live.bring_customer()
        await page.until_state(SessionState.ACTIVE)


async def test_rights_of_a_foreign_vendor_end_the_session_in_words(tmp_path: Path) -> None:
    ours, foreign = new_key(), new_key()
    trust = tmp_path / "trust.toml"
    trust.write_text(f'vendor_keys = ["{public(ours)}"]\ntrial = false\n')
    async with stage(tmp_path, COURIER) as live:
        await is_refused(live, trust)

        live.gateway.kill()
        licence = tmp_path / "licence"
        licence.write_text(foreign_licence(live, foreign))
        live.gateway.command += ["--licence", str(licence), "--vendor-keys", public(foreign)]
        live.gateway.start()
        await live.gateway.says("ready at", 60)
        await live.begin()
        await is_refused(live, trust)


def foreign_licence(live: Live, vendor: object) -> str:
    """Return a licence for this server by a vendor that the customer's program does not know."""
    raw = bytes.fromhex((live.site.folder / "gateway" / "signing.secret").read_text())
    gateway = public(Ed25519PrivateKey.from_private_bytes(raw))
    names = tuple(live.plugins.catalogue.features)
    whole = Licence(
        id="F", company="Hanbit Demo", features=names, seats=5, starts=0, ends=2**33, gateway_key=gateway
    )
    return sign(whole, vendor)  # type: ignore[arg-type]


async def is_refused(live: Live, trust: Path) -> None:
    """Let a customer come whose program trusts only its own vendor, and see it end on both sides."""
    page = await live.page(wait=False)
    live.bring_customer(LIVE_TRUST=str(trust))
    await page.until(lambda: page.session is not None and page.session.state is SessionState.ENDED, 30)
    assert page.session is not None
    assert page.session.reason == "refused.licence.vendor"
    await live.customer.says(f'"state": "ended".*{WRONG_VENDOR}')
    assert not (live.site.folder / "home" / "strokes.log").exists()


async def is_turned_away(address: str, origin: str | None, **headers: str) -> bool:
    """Tell whether a WebSocket is closed as refused before it was told anything."""
    try:
        async with connect(address, origin=origin, additional_headers=headers) as line:  # type: ignore[arg-type]
            with anyio.fail_after(10):
                await line.recv()
    except InvalidStatus as no:
        return no.response.status_code == 403
    except ConnectionClosed as closed:
        return closed.rcvd is not None and closed.rcvd.code == REFUSED
    return False


@pytest.mark.feature("SES-09")
async def test_a_page_without_its_own_fresh_ticket_and_origin_stays_outside(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        other = await live.agent.begin()
        where = f"{live.site.console.replace('http', 'ws', 1)}/session/{live.session}/socket"

        async def ticket(session: str) -> str:
            return str((await live.agent.boot(session))["ticket"])

        async def refused(given: str, origin: str | None) -> bool:
            return await is_turned_away(f"{where}{given}", origin)

        own = live.site.console
        assert await refused("", own)
        assert await refused("?ticket=made-up", own)
        assert await refused(f"?ticket={await ticket(other)}", own)
        assert await refused(f"?ticket={await ticket(live.session)}", "http://evil.example")
        assert await refused(f"?ticket={await ticket(live.session)}", None)
        assert await refused(f"?ticket={await ticket(live.session)}", f"{own}.evil.example")
        good = await ticket(live.session)
        (await connect(f"{where}?ticket={good}", origin=own)).transport.abort()
        assert await refused(f"?ticket={good}", own)


async def test_somebody_elses_session_does_not_exist_for_a_foreign_user(tmp_path: Path) -> None:
    async with stage(tmp_path, COURIER) as live:
        foreign = await live.someone_else()
        nobody = httpx.AsyncClient(
            base_url=live.site.console, headers={"content-type": "application/json"}, timeout=30
        )
        session = live.session
        gets = [f"/session/{session}", f"/session/{session}/start", f"/session/{session}/start?as=observer"]
        posts = [f"/console/sessions/{session}/code", f"/console/sessions/{session}/end"]
        helps = [f"/help/{session}", f"/help/{session}/start", f"/help/{session}?ticket=guess"]
        async with aclosing(nobody), aclosing(foreign.http):
            for path in gets:
                assert (await foreign.http.get(path)).status_code == 404, path
                assert (await nobody.get(path)).status_code in (303, 401), path
            for path in posts:
                assert (await foreign.http.post(path, json={})).status_code == 404, path
                assert (await nobody.post(path, json={})).status_code == 401, path
            for path in helps:
                assert (await foreign.http.get(path)).status_code == 404, path
                assert (await live.agent.http.get(path)).status_code == 404, path
            assert (await nobody.post("/console/sessions", json={})).status_code == 401
            cookie = "; ".join(f"{name}={value}" for name, value in foreign.http.cookies.items())
        address = f"{live.site.console.replace('http', 'ws', 1)}/console/socket"
        async with connect(address, origin=live.site.console, additional_headers={"cookie": cookie}) as line:  # type: ignore[arg-type]
            state = json.loads(await line.recv())
        assert state["me"]["login_name"] == "else"
        assert state["sessions"] == []
        assert await is_turned_away(address, live.site.console)
        assert await is_turned_away(address, "http://evil.example", cookie=cookie)
