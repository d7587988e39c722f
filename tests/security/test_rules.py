"""Rules of security that hold for all programs at once, and that no other test shows."""

import ast
import json
import re
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from attrs import evolve
from end_to_end.support import Demo
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from deskside import settings
from deskside.api import Consent, Feature, Number, PluginInfo
from deskside.catalogue import Catalogue, Declared
from deskside.errors import DesksideError
from deskside.grants import Answer
from deskside.host_desk import Desk
from deskside.link import CORE, FeatureNow, FeatureState
from deskside.messages import unpack
from deskside.wire import MAX_PACKET, Packet
from deskside_customer.settings import DECLARED as OF_CUSTOMER
from deskside_gateway.settings import DECLARED as OF_GATEWAY
from deskside_viewer.settings import DECLARED as OF_VIEWER

from programs import Server

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = sorted(path for path in ROOT.glob("*/**/src/**/*.py") if ".venv" not in path.parts)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


def written(node: ast.AST) -> str:
    return ast.unparse(node)


# 3: no shell anywhere.

SHELLS = re.compile(r"os\.(system|popen|spawn\w*)|.*getoutput|.*create_subprocess_shell|pty\.spawn")
STARTERS = re.compile(
    r"subprocess\.(run|Popen|call|check_call|check_output)|(anyio\.)?(run|open)_process|os\.exec\w+"
)


def test_nothing_shipped_starts_a_shell_or_a_program_by_a_line_of_text() -> None:
    for path in SHIPPED:
        for call in calls(path):
            name, where = written(call.func), f"{named(path)}:{call.lineno}"
            assert not SHELLS.fullmatch(name), where
            assert not any(one.arg == "shell" for one in call.keywords), where
            if STARTERS.fullmatch(name):
                assert call.args, where
                assert not isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp), where


# 6: every WebSocket is behind something that a browser elsewhere does not have.

SOCKETS = {
    "/v1/relay": "a ticket, and no browser at all",
    "/v1/host": "a ticket, and no browser at all",
    "/v1/control": "a node's secret or a password, and no browser at all",
    "/console/socket": "a cookie of the same site, and the own origin",
    "/session/{id}/socket": "a ticket that is good once, and the own origin",
    "/help/{id}/socket": "a ticket that is good once, and the own origin",
}


def test_no_websocket_is_unknown_here() -> None:
    found = {
        str(call.args[0].value)
        for path in SHIPPED
        for call in calls(path)
        if written(call.func) == "WebSocketRoute" and isinstance(call.args[0], ast.Constant)
    }
    assert found == set(SOCKETS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    demo = Demo.start(tmp_path_factory.mktemp("server") / "var")
    yield demo
    demo.stop()


@pytest.mark.parametrize("path", sorted(SOCKETS))
@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_page_from_elsewhere_is_told_nothing(running: Demo, path: str, origin: str) -> None:
    where = running.address.replace("http", "ws", 1) + path.replace("{id}", "A" * 22)
    told = answer_of(f"{where}?ticket=guess", origin)

    # What is no browser may ask to be let in, and is refused.
    assert told in ("403", "closed") or (path == "/v1/control" and not origin and told == "refused")


def answer_of(where: str, origin: str) -> str:
    """Return what becomes of a WebSocket that is opened with a made-up cookie and ticket."""
    headers = {"Cookie": "deskside_console=" + "x" * 40}
    try:
        with connect(where, origin=origin or None, additional_headers=headers) as line:  # type: ignore[arg-type]
            line.send('{"id": 1, "call": "recent", "with": {"token": "guess"}}')
            told = str(line.recv(10))
            return "refused" if set(json.loads(told)) == {"id", "refused"} else told
    except InvalidStatus as no:
        return str(no.response.status_code)
    except ConnectionClosed as closed:
        return "closed" if closed.rcvd is not None and closed.rcvd.code >= 1008 else repr(closed.rcvd)


def test_the_cookie_of_a_console_stays_at_its_site_and_away_from_scripts(running: Demo) -> None:
    given = {"company": "", "login_name": "agent", "password": running.passwords["agent"]}
    answer = httpx.post(f"{running.address}/console/sign-in", json=given)
    assert answer.status_code == 200
    told = {part.strip().lower() for part in answer.headers["set-cookie"].split(";")}
    assert {"httponly", "samesite=strict"} <= told


# 8: every secret of a server can be replaced by removing it.


def test_every_secret_of_a_server_can_be_rotated(start_server: Callable[..., Server]) -> None:
    first = start_server()
    names = sorted(path.name for path in first.data.glob("*.secret"))
    before = {name: (first.data / name).read_bytes() for name in names}
    assert len(names) >= 5
    token = bytes.fromhex(before["metrics.secret"].decode()).hex()
    assert metrics(first, token) == 200

    first.stop()
    for name in names:
        (first.data / name).unlink()
    second = start_server()

    after = {name: (second.data / name).read_bytes() for name in names}
    assert not set(before.values()) & set(after.values())
    assert metrics(second, token) == 404
    assert metrics(second, bytes.fromhex(after["metrics.secret"].decode()).hex()) == 200
    assert httpx.get(f"{second.address}/readyz").status_code == 200
    assert httpx.get(second.first_link).status_code == 200


def metrics(server: Server, token: str) -> int:
    return httpx.get(f"{server.address}/metrics", headers={"Authorization": f"Bearer {token}"}).status_code


# 9: what claims to be large costs nothing before it is.

LIARS = {
    "bytes of four gigabytes": b"\xc6\xff\xff\xff\xff",
    "a text of four gigabytes": b"\xdb\xff\xff\xff\xff",
    "a list of four thousand million": b"\xdd\xff\xff\xff\xff",
    "a map of as many": b"\xdf\xff\xff\xff\xff",
    "an extension of as many": b"\xc9\xff\xff\xff\xff\x01",
    "lists in lists": b"\x91" * 100_000,
    "a packet with such a body": b"\x94\x01\x01\x00\xc6\xff\xff\xff\xff",
    "a list that is as long as may be": b"\xdc\xff\xff" + b"\xc0" * 1000,
}


@pytest.mark.parametrize("what", sorted(LIARS))
def test_a_size_is_believed_only_once_it_is_there(what: str) -> None:
    tracemalloc.start()
    try:
        for decode in (Packet.decode, CORE.decode, lambda raw: unpack(raw, MAX_PACKET)):
            with pytest.raises(DesksideError):
                decode(LIARS[what])
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2_000_000


# 10: no option hides the indicator, and nothing shipped answers for the customer.

SAYS_YES = {
    "hosts/customer/src/deskside_customer/ui.py": "what the customer's own click or word becomes",
    "hosts/viewer/src/deskside_viewer/demo.py": "the made-up customer of the demo, who has no machine",
    "core/src/deskside/testing/kit.py": "the test kit",
}
MADE_OF_A_CLICK = {
    "hosts/customer/src/deskside_customer/qt/question_page.py",
    "hosts/customer/src/deskside_customer/terminal.py",
}


def test_a_yes_is_made_only_of_what_the_customer_did() -> None:
    for path in SHIPPED:
        for call in calls(path):
            name = written(call.func)
            if name in ("Answered", "make") and call.args and written(call.args[0]) == "Answer.YES":
                assert named(path) in SAYS_YES, f"{named(path)}:{call.lineno}"
            if name == "yes_to":
                assert named(path) in MADE_OF_A_CLICK, f"{named(path)}:{call.lineno}"


@pytest.mark.parametrize(
    "declared", [OF_CUSTOMER, OF_VIEWER, OF_GATEWAY], ids=["customer", "viewer", "gateway"]
)
def test_no_setting_of_a_program_is_about_consent_or_the_indicator(
    declared: tuple[settings.Setting, ...],
) -> None:
    wrong = re.compile(r"consent|indicator|unattended|silent|invisible|hidden|hide|auto_?accept|always_yes")
    assert declared
    assert not [one.name for one in declared if wrong.search(f"{one.name} {one.help}".lower())]


@pytest.mark.parametrize("consent", list(Consent))
def test_whatever_sees_the_machine_has_its_line_whatever_is_set(consent: Consent) -> None:
    option = Number("anything", default=0, minimum=0, maximum=1)
    sees = Feature(key="eye.see", consent=consent, indicator=True, options=(option,))
    info = PluginInfo(name="eye", version="1.0")
    catalogue = Catalogue.of([Declared(info=info, features=(sees,))])
    desk = Desk(catalogue, _nobody, lambda _: None, licensed=frozenset({"eye.see"}))
    desk.answers["eye.see"] = Answer.YES
    on = FeatureNow("eye.see", FeatureState.ON)

    for paused in (set(), {"eye.see"}):
        desk.paused = paused
        (line,) = desk.lines({"eye.see": evolve(on, is_paused=bool(paused))}, lambda key: key)
        assert line.can_stop


async def _nobody(question: object) -> object:
    raise AssertionError(question)
