"""A customer's calls over HTTP against a running server, with a viewer that waits."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from hosts.gateway.kit import Settled
from sqlmodel import Session, create_engine

from deskside.pairing import Code
from deskside_admin.model import FeaturePolicy


def test_a_locator_tells_who_waits_and_gives_a_ticket(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()

        answer = settled.post("/v1/locate", "10.2.0.1", locator=wait["locator"])

    found = answer.json()
    assert answer.status_code == 200
    assert (found["session"], found["number"]) == (wait["session"], wait["number"])
    assert (found["agent"], found["company"], found["kind"]) == ("Lee", "Hanbit", "pc")
    assert found["ticket"].startswith(f"{wait['session']}.host.")
    assert 590 <= found["ends_in_s"] <= 600
    assert answer.headers["cache-control"] == "no-store"


def test_a_wrong_locator_is_refused_in_the_customers_language_and_costs_time(settled: Settled) -> None:
    headers = {"X-Forwarded-For": "10.2.0.2", "Accept-Language": "ko"}
    answers = [
        httpx.post(f"{settled.address}/v1/locate", json={"locator": "0000"}, headers=headers) for _ in "ab"
    ]

    assert [one.status_code for one in answers] == [404, 429]
    assert answers[0].json()["reason"] == "refused.code.unknown"
    assert "상담원이 없습니다" in answers[0].json()["text"]
    assert answers[1].json() == {
        "reason": "refused.code.wait",
        "values": {"seconds": 1},
        "text": "시도가 너무 많습니다. 1초 후에 다시 시도하세요.",
    }
    assert answers[1].headers["retry-after"] == "1"


def test_a_browser_that_looks_is_announced_to_the_agent(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()
        headers = {
            "X-Forwarded-For": "10.2.0.3",
            "User-Agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/156.0 Safari/537.36",
        }
        httpx.post(f"{settled.address}/v1/locate", json={"locator": wait["locator"]}, headers=headers)

        name, fields = viewer.serve_one()

    assert name == "visited"
    assert fields == {"session": wait["session"], "browser": "Chrome 156", "system": "Windows 10 or 11"}


def test_a_customers_program_that_starts_is_announced_to_the_agent(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait()
        headers = {"X-Forwarded-For": "10.2.0.9", "User-Agent": "deskside-customer"}
        httpx.post(f"{settled.address}/v1/locate", json={"locator": wait["locator"]}, headers=headers)

        assert viewer.serve_one() == ("loading", {"session": wait["session"]})


def test_a_customer_with_only_a_browser_is_let_in_by_the_viewer(settled: Settled) -> None:
    code = Code.make("0000")
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")
        viewer.answers["join"] = {"page": "/help/x?ticket=1"}
        asked = {"locator": wait["locator"], "secret": code.secret, "name": "Minji 민지", "language": "ko"}

        answer = in_background(settled, "10.2.0.4", asked)
        name, fields = viewer.serve_one()

    assert answer() == (200, {"page": "/help/x?ticket=1"})
    assert name == "join"
    assert fields == {
        "session": wait["session"],
        "secret": code.secret,
        "name": "Minji 민지",
        "language": "ko",
    }


def test_one_wrong_secret_burns_the_code(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")
        viewer.answers["join"] = None
        asked = {"locator": wait["locator"], "secret": "0000", "name": "", "language": "en"}

        answer = in_background(settled, "10.2.0.5", asked)
        viewer.serve_one()
        status, content = answer()
        again = viewer.call("burn", session=wait["session"])

    assert (status, content["reason"]) == (409, "refused.code.wrong")
    assert "new one" in content["text"]
    assert again["locator"] != wait["locator"]
    assert settled.post("/v1/locate", "10.2.0.6", locator=wait["locator"]).status_code == 404
    assert settled.post("/v1/locate", "10.2.0.5", locator=again["locator"]).status_code == 429


@pytest.fixture
def asks_password(settled: Settled) -> Iterator[None]:
    """Let everybody's customers need a session password."""
    policy = FeaturePolicy(group_id=1, feature="security.session_password", policy="all")
    engine = create_engine(f"sqlite:///{settled.server.data / 'deskside.db'}")
    with Session(engine, expire_on_commit=False) as db:
        db.add(policy)
        db.commit()
        yield
        db.delete(policy)
        db.commit()
    engine.dispose()


@pytest.mark.feature("CON-17")
def test_the_session_password_goes_to_the_viewer_and_without_one_nothing_is_tried(
    settled: Settled, asks_password: None
) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")
        assert wait["password"] == "auto"
        assert settled.post("/v1/locate", "10.2.0.20", locator=wait["locator"]).json()["password"] is True
        viewer.answers["join"] = {"page": "/help/x?ticket=1"}
        asked = {"locator": wait["locator"], "secret": "1234", "name": "", "language": "en"}

        missing = settled.post("/v1/join", "10.2.0.20", **asked)
        odd = settled.post("/v1/join", "10.2.0.20", **asked, password="12a4")
        answer = in_background(settled, "10.2.0.20", {**asked, "password": "5678"})
        name, fields = viewer.serve_one()

        assert answer()[0] == 200
    assert (missing.status_code, missing.json()["reason"]) == (409, "refused.code.password")
    assert (odd.status_code, odd.json()["values"]) == (400, {"field": "password"})
    assert (name, fields["secret"]) == ("join", "12345678")


@pytest.mark.feature("CON-17")
def test_nobody_learns_which_of_number_and_password_was_wrong(settled: Settled, asks_password: None) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")
        viewer.answers["join"] = None
        asked = {"locator": wait["locator"], "secret": "0000", "name": "", "language": "en"}

        answer = in_background(settled, "10.2.0.21", {**asked, "password": "5678"})
        viewer.serve_one()

        assert answer()[1]["reason"] == "refused.code.wrong_either"


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "/\\evil.example", ""])
def test_a_viewer_cannot_send_a_customer_elsewhere(settled: Settled, page: str) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")
        viewer.answers["join"] = {"page": page}
        asked = {"locator": wait["locator"], "secret": "0000", "name": "", "language": "en"}

        answer = in_background(settled, "10.2.0.7", asked)
        viewer.serve_one()

        assert answer()[0] == 504


def test_a_viewer_that_has_gone_is_said_so(settled: Settled) -> None:
    with settled.viewer("lee") as viewer:
        wait = viewer.wait("chat")

    answer = settled.post(
        "/v1/join", "10.2.0.8", locator=wait["locator"], secret="0000", name="", language="en"
    )

    assert (answer.status_code, answer.json()["reason"]) == (503, "refused.viewer.gone")


@pytest.mark.parametrize("path", ["/v1/locate", "/v1/join"])
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "application/json", 400),
        (b"[]", "application/json", 400),
        (b'{"locator": 1234}', "application/json", 400),
        (b'{"locator": "\xff"}', "application/json", 400),
        (b'{"locator": "' + b"1" * 5000 + b'"}', "application/json", 413),
        (b'{"locator": "1234"}', "text/plain", 400),
        (b"[" * 4000, "application/json", 400),
    ],
)
def test_wrong_input_is_a_clear_refusal(
    settled: Settled, path: str, content: bytes, kind: str, status: int
) -> None:
    answer = httpx.post(settled.address + path, content=content, headers={"Content-Type": kind})

    assert answer.status_code == status
    assert answer.json()["text"]


def test_other_methods_and_other_sites_get_nothing(settled: Settled) -> None:
    assert httpx.get(f"{settled.address}/v1/locate").status_code == 405
    answer = httpx.options(
        f"{settled.address}/v1/locate",
        headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"},
    )
    assert "access-control-allow-origin" not in answer.headers


def test_a_sweep_from_ten_addresses_leaves_waiting_codes_undisturbed(settled: Settled) -> None:
    with settled.viewer("lee") as viewer, httpx.Client(base_url=settled.address) as client:
        waits = [viewer.wait() for _ in range(20)]
        answered = []
        for guess in range(600):
            headers = {"X-Forwarded-For": f"10.3.0.{guess % 10}"}
            content = {"locator": f"{guess * 7 % 10_000:04d}"}
            answered.append(client.post("/v1/locate", json=content, headers=headers).status_code)

        found = [
            settled.post("/v1/locate", f"10.4.0.{number}", locator=wait["locator"]).status_code
            for number, wait in enumerate(waits)
        ]

    assert answered.count(429) > 500
    assert found.count(200) >= 17


def test_metrics_tell_of_waits_relay_and_refusals(settled: Settled) -> None:
    settled.post("/v1/locate", "10.2.0.9", locator="nope")
    token = (settled.server.data / "metrics.secret").read_text()

    text = httpx.get(f"{settled.address}/metrics", headers={"Authorization": f"Bearer {token}"}).text

    for name in ("deskside_waits", "deskside_relay_messages_total", "deskside_viewer_sessions"):
        assert f"\n{name} " in text
    assert 'deskside_join_total{answer="refused.code.unknown"}' in text


def test_a_body_that_never_comes_is_not_waited_for_by_others(settled: Settled) -> None:
    host, port = settled.address.removeprefix("http://").split(":")
    head = (
        "POST /v1/locate HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), 15) as silent:
        silent.sendall(head.encode())

        assert httpx.get(f"{settled.address}/healthz").status_code == 200
        assert b" 408 " in silent.recv(4096)


def in_background(
    settled: Settled, address: str, fields: dict[str, str]
) -> Callable[[], tuple[int, dict[str, Any]]]:
    """Ask to join, and return a function that waits for the answer."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(settled.post, "/v1/join", address, **fields)

    def finish() -> tuple[int, dict[str, Any]]:
        answer = future.result(20)
        pool.shutdown()
        return answer.status_code, answer.json()

    return finish
