"""A database that goes away, is full, or was never there: clear words, sessions unharmed, nothing lost."""

import re
import resource
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest
from courier_code.messages import Noted, Stroke
from live.running import until
from live.stage import CHAT, COURIER, Live, stage

from deskside.testing import Page

from postgres import USER, Cluster
from programs import DESKSIDE, clean_environment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

SENTENCE = "Nothing was changed, and running supports go on."


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL that a test may stop and start."""
    with Cluster() as made:
        yield made


@pytest.fixture(scope="module")
def locked() -> Iterator[Cluster]:
    """A PostgreSQL that asks for a password."""
    with Cluster(password="right-secret") as made:
        yield made


async def still_works(page: Page, number: int) -> None:
    """Send a stroke to the customer's side, and see it come back."""
    await page.send("courier.strokes", Stroke(number))
    await page.until(lambda: page.pending("courier.strokes") > 0, 30)
    assert (await page.receive("courier.strokes", Noted)).number == number


def numbers(address: str, session: str) -> dict[str, list[int]]:
    """Return the numbers of a session's events by side, as PostgreSQL holds them."""
    wanted = "SELECT side, number FROM audit_event WHERE session = %s ORDER BY side, number"
    found: dict[str, list[int]] = {}
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        for side, number in connection.execute(wanted, (session,)):
            found.setdefault(side, []).append(number)
    return found


def state(address: str, session: str) -> str:
    """Return a session's state as PostgreSQL holds it."""
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        row = connection.execute("SELECT state FROM support_session WHERE id = %s", (session,)).fetchone()
    assert row is not None
    return str(row[0])


async def everybody_is_told(live: Live) -> None:
    """Ask for what needs the database, and read the one sentence; what needs none is there."""
    http = live.agent.http
    answers = {
        "panel": await http.get("/admin/sign-in"),
        "new support": await http.post("/console/sessions", json={"kind": "pc"}),
        "sign-in": await http.post("/console/sign-in", json={"login_name": "agent", "password": "wrong-one"}),
    }
    async with httpx.AsyncClient(base_url=live.site.console, cookies={"deskside_console": "x" * 43}) as other:
        answers["another's console"] = await other.get("/console")
    for name, answer in answers.items():
        assert answer.status_code == 503, (name, answer.status_code, answer.text)
        assert SENTENCE in answer.text, (name, answer.text)
    assert (await http.get("/readyz")).status_code == 503
    for path in ("/healthz", "/", "/console"):
        assert (await http.get(path)).status_code == 200, path


@pytest.mark.anyio
async def test_a_session_runs_on_while_postgresql_is_away_and_ends_without_losing_an_event(
    cluster: Cluster, tmp_path: Path
) -> None:
    address = cluster.address(cluster.create())
    async with stage(tmp_path, COURIER, CHAT, database=address) as live:
        live.bring_customer()
        page = await live.page()
        await still_works(page, 1)

        cluster.stop()
        await still_works(page, 2)
        await everybody_is_told(live)
        await still_works(page, 3)
        await live.agent.http.post(f"/console/sessions/{live.session}/end", json={})
        await live.customer.says('"told": "over", "code": 0')
        cluster.start()

        await until(lambda: state(address, live.session) == "ended", "the end is noted")
        await until(lambda: set(numbers(address, live.session)) == {"host", "viewer"}, "both have reported")
        for side, found in numbers(address, live.session).items():
            assert found == list(range(1, len(found) + 1)), side
        assert (await live.agent.sign_in()) is live.agent
        assert await live.agent.begin()


@pytest.mark.anyio
async def test_events_outlive_a_server_that_is_killed_while_postgresql_is_away(
    cluster: Cluster, tmp_path: Path
) -> None:
    address = cluster.address(cluster.create())
    async with stage(tmp_path, COURIER, CHAT, database=address) as live:
        live.bring_customer()
        page = await live.page()
        await still_works(page, 1)
        before = len(numbers(address, live.session)["viewer"])

        cluster.stop()
        await live.agent.http.post(f"/console/sessions/{live.session}/end", json={})
        await live.customer.says('"told": "over", "code": 0')
        kept = tmp_path / "gateway" / "events.waiting"
        await until(lambda: kept.exists() and "session_ended" in kept.read_text(), "the events are kept")
        live.gateway.kill()
        cluster.start()
        live.gateway.start()
        await live.gateway.says("ready at", 60)

        await until(lambda: len(numbers(address, live.session)["viewer"]) > before, "the events are stored")
        await until(lambda: not kept.exists(), "nothing is kept any more")


@pytest.mark.anyio
async def test_a_full_disk_refuses_clearly_harms_no_session_and_is_forgotten_when_there_is_room(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path, COURIER, CHAT) as live:
        live.bring_customer()
        page = await live.page()
        await still_works(page, 1)
        assert live.gateway.process is not None
        server, least = live.gateway.process.pid, 4096

        # As a full disk does it: no file of this process can grow.
        _, most = resource.prlimit(server, resource.RLIMIT_FSIZE)
        resource.prlimit(server, resource.RLIMIT_FSIZE, (least, most))
        answer = await live.agent.http.post("/console/sessions", json={"kind": "pc"})
        assert (answer.status_code, SENTENCE in answer.text) == (503, True), answer.text
        await still_works(page, 2)
        resource.prlimit(server, resource.RLIMIT_FSIZE, (most, most))

        assert await live.agent.begin()
        await still_works(page, 3)


@pytest.mark.parametrize(
    ("user", "password", "database", "said"),
    [
        (USER, "wrong-secret", "postgres", "password authentication failed"),
        ("nobody_here", "wrong-secret", "postgres", "password authentication failed"),
        (USER, "right-secret", "nowhere", "does not exist"),
    ],
    ids=["password", "user", "database"],
)
def test_wrong_credentials_at_the_start_are_one_sentence_without_the_password(
    user: str, password: str, database: str, said: str, locked: Cluster, tmp_path: Path
) -> None:
    outcome, words = start_with(locked.address(database, user, password), tmp_path)

    assert outcome == 2
    assert len(words.splitlines()) == 1, words
    assert words.startswith("deskside up: the database cannot be used: ")
    assert said in words
    assert "secret" not in words


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("postgresql+psycopg://deskside@127.0.0.1:1/deskside", "refused"),
        ("postgresql://deskside@/deskside?host=/nowhere", "No such file"),
        ("postgresql://deskside@host.invalid/deskside", "host.invalid"),
        ("mysql://deskside@127.0.0.1/deskside", "begins with mysql"),
        ("not an address", "its address is none"),
        ("postgresql://deskside:secret@host:x/name", "its address is none"),
        ("sqlite:////proc/nowhere/data.db", "cannot be used"),
    ],
)
def test_a_wrong_address_at_the_start_is_one_sentence(address: str, said: str, tmp_path: Path) -> None:
    outcome, words = start_with(address, tmp_path)

    assert outcome == 2
    assert len(words.splitlines()) == 1, words
    assert re.match(r"deskside up: the database cannot be used: \S", words)
    assert said in words


def start_with(database: str, folder: Path) -> tuple[int, str]:
    """Start a server with this database, and return how it ended and what it said."""
    done = subprocess.run(
        [str(DESKSIDE), "up", "--port", "0", "--data", str(folder / "var"), "--database", database],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=clean_environment(),
    )
    return done.returncode, done.stdout + done.stderr
