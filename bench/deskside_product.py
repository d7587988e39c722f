"""Deskside for the black-box bench: `run.py --adapter bench/deskside_product.py --product deskside`.

On the server's side of the line: `deskside up` and `deskside customer` on the display under test. On the
client's: Chromium with the session page, full screen, at actual size, with control. So the line lies between
the viewer and the agent's page, as it lies between websockify and noVNC.

The customer's questions are answered in the notice window with the screen's own mouse (it does not take an
answer from XTEST, see own_hand.py), and the window is then folded to its bar in the lower right corner, where
it stays: it belongs to the product, and its clock paints once a second.
"""

import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from kit import DESKSIDE, until
from notice import Notice
from products import ChromiumPage, Env

PLUGINS = "deskside-screen,deskside-control"
DEVTOOLS_PORT = 9222
SUSPENDED_S = 2.5
"""After the customer's own click the agent's input is passed over for two seconds."""
LIMIT_S = 60


class Deskside(ChromiumPage):
    """Host, gateway and viewer on one side of the line, the agent's page on the other."""

    name = "deskside"
    note = "deskside up + deskside customer; session page in Chromium, full screen, actual size, control"
    flags = [f"--remote-debugging-port={DEVTOOLS_PORT}"]  # noqa: RUF012 - the harness's base class has a list

    def start_server(self, env: Env) -> None:
        """Start gateway and viewer; the customer comes when there is a code."""
        env.server(
            [
                str(DESKSIDE), "up", "--demo", "--listen", "0.0.0.0", "--port", str(env.port),
                "--data", f"{env.scratch}/data", "--address", self._address(env), "--plugins", PLUGINS,
            ]
        )  # fmt: skip
        env.wait_port(seconds=LIMIT_S)

    def url(self, env: Env) -> str:
        """Return what the browser shows first."""
        return f"{self._address(env)}/console"

    def start_client(self, env: Env) -> None:
        """Start the browser, bring both people together, and let the customer agree."""
        folder = Path(env.scratch)
        password = until(lambda: self._password(folder), "the demo agent's password", LIMIT_S)
        super().start_client(env)
        driver = env.client(
            [
                sys.executable, str(Path(__file__).with_name("drive_page.py")),
                "--devtools", f"http://127.0.0.1:{DEVTOOLS_PORT}", "--server", self._address(env),
                "--password", password, "--folder", str(folder),
            ]
        )  # fmt: skip
        code = until((folder / "code").is_file, "a code", LIMIT_S) and self._code(folder)
        environ = {"DESKSIDE_PLUGINS": PLUGINS, "LANG": "C.UTF-8"}
        command = [str(DESKSIDE), "customer", code, "--gateway", self._address(env)]
        env.server(command, environ)
        notice = Notice(env.a)
        notice.agree_until((folder / "controlled").is_file, "an agent in control", LIMIT_S)
        notice.fold()
        # Nobody manages windows there: a click on the painted desktop would not take the keyboard back.
        notice.give_keyboard_to(1920, 1080)
        until((folder / "shown").is_file, "the session page", LIMIT_S)
        driver.wait(LIMIT_S)
        time.sleep(SUSPENDED_S)
        notice.close()

    def _address(self, env: Env) -> str:
        return f"http://{env.ip}:{env.port}"

    def _password(self, folder: Path) -> str:
        found = re.search(r"agent +(\S+)", (folder / "server0.log").read_text())
        return found[1] if found else ""

    def _code(self, folder: Path) -> str:
        return (folder / "code").read_text().strip()
