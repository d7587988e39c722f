"""Gateway and viewer as the programs of two machines, for tests that look with a browser."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from attrs import define
from live.running import START_LIMIT_S, Program, free_port
from playwright.sync_api import Page
from screens import wait_until

from programs import DESKSIDE


@define
class Apart:
    """A gateway with the demo company, and the viewer on its agent's own machine."""

    gateway: Program
    viewer: Program
    address: str
    console: str

    @property
    def passwords(self) -> dict[str, str]:
        """Return the passwords of admin and agent."""
        return dict(re.findall(r"^  (admin|agent) +(\S+)$", self.gateway.said, re.MULTILINE))

    def sign_in(self, page: Page) -> None:
        """Sign the agent in at his viewer."""
        page.goto(f"{self.console}/console")
        page.fill("#login_name", "agent")
        page.fill("#password", self.passwords["agent"])
        page.click("button[type=submit]")
        page.get_by_text("New support").first.wait_for()

    def open_panel(self, page: Page, path: str = "", who: str = "admin") -> None:
        """Sign the administrator, or the agent, in at the panel and open a page of it."""
        page.goto(f"{self.address}/admin/{path}")
        page.get_by_label("Login name").fill(who)
        page.get_by_label("Password").fill(self.passwords[who])
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(f"**/admin/{path}")


def says(program: Program, pattern: str, limit_s: float = START_LIMIT_S) -> re.Match[str]:
    """Wait until a program has said something."""
    try:
        found: re.Match[str] = wait_until(
            lambda: re.search(pattern, program.said, re.MULTILINE), pattern, limit_s
        )
    except AssertionError:
        raise AssertionError(f"{program.log.name} did not say {pattern!r}:\n{program.said[-4000:]}") from None
    return found


@contextmanager
def apart(
    folder: Path,
    *more: str,
    plugins: str = "",
    deskside: Sequence[str] = (str(DESKSIDE),),
    place: tuple[str, int] = ("127.0.0.1", 0),
    address: str = "",
    hosted: bool = False,
    **environ: str,
) -> Iterator[Apart]:
    """Start both; `more` are options of the gateway, which listens at `place` and is known as `address`.

    A `hosted` viewer belongs to the server: customers' browsers may come to it.
    """
    host, port = place[0], place[1] or free_port()
    known_as = address or f"http://{host}:{port}"
    given = {"PYTHONUNBUFFERED": "1", "DESKSIDE_PLUGINS": plugins, **environ}
    gateway = Program(
        [*deskside, "gateway", "--demo", "--listen", host, "--port", str(port),
         "--data", str(folder / "gateway"), "--address", known_as, *more],
        folder / "gateway.log", given,
    )  # fmt: skip
    seat = free_port() if hosted else 0
    secret = str(folder / "gateway" / "node.secret")
    as_hosted = ("--node-secret-file", secret, "--address", f"http://127.0.0.1:{seat}") if hosted else ()
    viewer = Program(
        [*deskside, "viewer", "--gateway", known_as, "--port", str(seat),
         "--data", str(folder / "viewer"), *as_hosted],
        folder / "viewer.log", given,
    )  # fmt: skip
    try:
        gateway.start()
        says(gateway, "ready at")
        viewer.start()
        console = says(viewer, r"ready at (http://[^/\s]+)")[1]
        yield Apart(gateway, viewer, known_as, console)
    finally:
        viewer.kill()
        gateway.kill()
