"""A PostgreSQL of the tests' own: from the system's package, in a temporary folder, on a Unix socket."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Self

import psycopg
from attrs import define, field

PROGRAMS = Path("/usr/lib/postgresql")
"""Where Debian and Ubuntu keep them, a folder per version."""
QUICK = {
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "16MB",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
START_LIMIT_S = 30
USER = "deskside"
EMPTY = """
DO $$
DECLARE one record; used boolean;
BEGIN
    PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid();
    SET LOCAL session_replication_role = replica;
    FOR one IN SELECT tablename AS name FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', one.name) INTO used;
        IF used THEN EXECUTE format('DELETE FROM %I', one.name); END IF;
    END LOOP;
    FOR one IN SELECT sequencename AS name FROM pg_sequences WHERE last_value IS NOT NULL
    LOOP
        PERFORM setval(one.name::regclass, 1, false);
    END LOOP;
END $$
"""


def program(name: str) -> str:
    """Return the path of one of PostgreSQL's programs; script/test installs them."""
    versions = [one for one in PROGRAMS.glob("*/bin") if one.parent.name.isdigit()]
    folders = sorted(versions, key=lambda one: int(one.parent.name), reverse=True)
    found = shutil.which(name, path=os.pathsep.join([*map(str, folders), os.environ.get("PATH", "")]))
    assert found, "no PostgreSQL on this machine: run script/test, which installs it"
    return found


@define(eq=False)
class Cluster:
    """A cluster that runs as long as the `with` block, and can be stopped and started inside it."""

    password: str = ""
    """What its only user has to prove; without one he is believed."""
    folder: Path = field(init=False)
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _databases: int = field(default=0, init=False)

    def __enter__(self) -> Self:
        self.folder = Path(tempfile.mkdtemp(prefix="deskside-postgres-"))
        try:
            self._make()
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def address(self, database: str = "postgres", user: str = USER, password: str | None = None) -> str:
        """Return the address of a database in it."""
        word = self.password if password is None else password
        return f"postgresql+psycopg://{user}{f':{word}' if word else ''}@/{database}?host={self.folder}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = [part for key, value in QUICK.items() for part in ("-c", f"{key}={value}")]
        place = ["-D", str(self.folder / "data"), "-k", str(self.folder), "-c", "listen_addresses="]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_unprivileged("--pdeathsig", "INT"), program("postgres"), *place, *options],
                stdout=log,
                stderr=log,
                cwd=self.folder,
            )
        self._wait()

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        if self._process is None:
            return
        process, self._process = self._process, None
        # "Fast": it ends connections and shuts down in order.
        process.send_signal(signal.SIGINT)
        try:
            process.wait(START_LIMIT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def create(self, template: str = "template0") -> str:
        """Make a database from a template, and return its name."""
        self._databases += 1
        name = f"test_{self._databases}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name

    def empty(self, name: str) -> None:
        """Take every row out of a database, whoever is connected: much quicker than another copy."""
        self.run(EMPTY, name)

    def run(self, statement: str, database: str = "postgres") -> None:
        """Run one statement outside any transaction."""
        with self._connect(database) as connection:
            connection.execute(statement.encode())

    def _connect(self, database: str) -> psycopg.Connection[tuple[object, ...]]:
        return psycopg.connect(
            host=str(self.folder), user=USER, password=self.password, dbname=database, autocommit=True
        )

    def _make(self) -> None:
        word = self.folder / "password"
        word.write_text(self.password or "none")
        self.folder.chmod(0o700)
        for one in (self.folder, word):
            _give(one)
        method = "scram-sha-256" if self.password else "trust"
        subprocess.run(
            [
                *_unprivileged(),
                program("initdb"),
                *("-D", self.folder / "data", "-U", USER, "--pwfile", word, f"--auth={method}"),
                *("--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"),
            ],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=self.folder,
        )

    def _wait(self) -> None:
        ends = time.monotonic() + START_LIMIT_S
        while time.monotonic() < ends:
            assert self._process is not None
            assert self._process.poll() is None, (self.folder / "log").read_text()
            with suppress(psycopg.OperationalError):
                self._connect("postgres").close()
                return
            time.sleep(0.02)
        raise AssertionError(f"PostgreSQL did not start: {(self.folder / 'log').read_text()}")


def _owner() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        return pwd.getpwnam("nobody")


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, _owner().pw_uid, _owner().pw_gid)


def _unprivileged(*more: str) -> list[str]:
    """Return the start of a command that is not root: PostgreSQL refuses to be."""
    if os.geteuid() != 0:
        return ["setpriv", *more] if more else []
    user = _owner()
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", *more]
