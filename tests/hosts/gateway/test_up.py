"""`deskside up` as a real process: starts, answers, refuses, stops."""

import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlmodel import Session

from deskside.licence import Licence, new_key, public, sign
from deskside_admin.database import engine_for
from deskside_admin.service import licences

from programs import DESKSIDE, Server, clean_environment


def run(*arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(DESKSIDE), *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
        env=clean_environment(**environ),
    )


def test_it_says_where_it_is_and_how_to_make_the_first_administrator(server: Server) -> None:
    assert server.address.startswith("http://127.0.0.1:")
    assert server.first_link.startswith(f"{server.address}/admin/setup/")
    assert httpx.get(server.first_link).status_code == 200


def test_health_readiness_and_metrics_answer(server: Server) -> None:
    token = (server.data / "metrics.secret").read_text()

    metrics = httpx.get(f"{server.address}/metrics", headers={"Authorization": f"Bearer {token}"})

    assert httpx.get(f"{server.address}/healthz").text == "alive\n"
    assert httpx.get(f"{server.address}/readyz").text == "ready\n"
    assert "python_info" in metrics.text


def test_metrics_without_the_token_do_not_exist(server: Server) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"Authorization": b"Bearer \xff"}):
        assert httpx.get(f"{server.address}/metrics", headers=headers).status_code == 404


def test_secrets_and_database_are_readable_by_their_owner_only(server: Server) -> None:
    files = [path for path in server.data.iterdir() if path.name != "lock"]

    assert {path.name for path in files} >= {"panel.secret", "metrics.secret", "deskside.db"}
    assert stat.S_IMODE(server.data.stat().st_mode) == 0o700
    for path in files:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path.name


def test_a_second_process_on_the_same_data_is_refused_in_one_sentence(server: Server) -> None:
    second = run("up", "--port", "0", "--data", str(server.data))

    assert second.returncode == 2
    assert second.stderr.startswith("deskside up: another Deskside already runs with the data folder")
    assert second.stderr.count("\n") == 1


def test_a_stopped_server_starts_again_with_the_same_data(start_server: Callable[..., Server]) -> None:
    first = start_server()
    secret = (first.data / "panel.secret").read_text()

    first.stop()
    second = start_server()

    assert second.data == first.data
    assert (second.data / "panel.secret").read_text() == secret
    assert httpx.get(first.first_link.replace(first.address, second.address)).status_code == 404
    assert httpx.get(second.first_link).status_code == 200


def test_a_port_in_use_is_refused_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])

        done = run("up", "--port", port, "--data", str(tmp_path / "other"))

    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environ", "named"),
    [
        (["--port", "70000"], {}, "port"),
        (["--port", "x"], {}, "port"),
        (["--log-level", "loud"], {}, "log_level"),
        (["--settings", "/does/not/exist.toml"], {}, "/does/not/exist.toml"),
        (["--data", "/dev/null/x"], {}, "/dev/null/x"),
        (["--database", "nonsense"], {}, "database"),
        (["--database", "sqlite:////dev/null/x.db"], {}, "database"),
        (["--tls-certificate", "/does/not/exist.pem"], {}, "TLS"),
        ([], {"DESKSIDE_PORT": "many"}, "DESKSIDE_PORT"),
    ],
)
def test_a_value_that_does_not_fit_is_refused_by_name_without_a_traceback(
    tmp_path: Path, arguments: list[str], environ: dict[str, str], named: str
) -> None:
    done = run("up", "--data", str(tmp_path / "var"), *arguments, **{"DESKSIDE_PORT": "0", **environ})

    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_config_does_not_show_the_password_of_the_database() -> None:
    address = "postgresql+psycopg://deskside:s3cret@word@db.example.com/deskside?sslmode=require"

    done = run("config", DESKSIDE_DATABASE=address)

    assert "s3cret" not in done.stdout
    assert "word" not in done.stdout.split("database = ")[1].splitlines()[0]
    assert "postgresql+psycopg://deskside:***@db.example.com/deskside?sslmode=require" in done.stdout


def test_config_explains_where_every_value_came_from() -> None:
    done = run("config", "--port", "9000", DESKSIDE_LISTEN="0.0.0.0")

    assert "port = 9000  (--port;" in done.stdout
    assert "listen = '0.0.0.0'  (DESKSIDE_LISTEN;" in done.stdout
    assert "data = 'var'  (default;" in done.stdout


@pytest.mark.parametrize("content", ["", "abcd", "not hex"])
def test_a_damaged_secret_is_refused_in_one_sentence_and_never_used(tmp_path: Path, content: str) -> None:
    (tmp_path / "panel.secret").write_text(content)

    done = run("up", "--port", "0", "--data", str(tmp_path))

    assert done.returncode == 2
    assert "panel.secret is damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_trial_and_its_key_are_made_once_and_kept(start_server: Callable[..., Server]) -> None:
    first = start_server()
    key = (first.data / "signing.secret").read_text()
    first.stop()

    second = start_server()

    assert (second.data / "signing.secret").read_text() == key
    assert {"signing.secret", "node.secret", "tickets.secret"} <= {one.name for one in second.data.iterdir()}


def test_a_licence_that_cannot_be_used_is_refused_in_one_sentence(tmp_path: Path) -> None:
    licence = tmp_path / "licence.txt"
    licence.write_text("no licence")
    said = {}
    for path in (tmp_path / "nowhere.txt", licence):
        done = run("up", "--port", "0", "--data", str(tmp_path / "var"), "--licence", str(path))
        assert done.returncode == 2
        said[path.name] = done.stderr.splitlines()[-1]

    assert "cannot be read: No such file" in said["nowhere.txt"]
    assert "is not signed by a vendor named in vendor_keys" in said["licence.txt"]


def test_a_vendors_licence_for_this_server_is_taken(
    start_server: Callable[..., Server], tmp_path: Path
) -> None:
    first, vendor = start_server(), new_key()
    gateway = Ed25519PrivateKey.from_private_bytes(bytes.fromhex((first.data / "signing.secret").read_text()))
    first.stop()
    licence = Licence(
        id="L-1",
        company="Hanbit",
        features=(),
        seats=3,
        starts=0,
        ends=2**32,
        gateway_key=public(gateway),
    )
    file = tmp_path / "licence.txt"
    file.write_text(sign(licence, vendor) + "\n")

    second = start_server("--licence", str(file), "--vendor-keys", public(vendor))

    engine = engine_for(f"sqlite:///{second.data / 'deskside.db'}")
    with Session(engine) as db:
        row = licences.in_force(db, 1)
    engine.dispose()
    assert row is not None
    assert (row.id, row.seats) == ("L-1", 3)


def test_the_gateway_runs_without_a_viewer(tmp_path: Path) -> None:
    done = run("gateway", "--port", "70000", "--data", str(tmp_path / "var"))

    assert done.returncode == 2
    assert done.stderr.startswith("deskside gateway: ")


def test_config_says_where_the_node_secret_is_but_never_what(server: Server) -> None:
    done = run("config", "--data", str(server.data))

    assert str(server.data / "node.secret") in done.stdout
    assert (server.data / "node.secret").read_text() not in done.stdout
