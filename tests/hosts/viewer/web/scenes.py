"""Scenes that the pages are looked at in."""

import time
from collections.abc import Callable
from typing import Any

from attrs import evolve
from axe_core_python.sync_playwright import Axe
from hosts.viewer.web.far_ends import NOW, PAGE, FarEnds
from hosts.viewer.web.stand_in import StandIn, plugin
from playwright.sync_api import Page

from deskside.declare import Role
from deskside.link import FeatureNow, FeatureState, Person
from deskside.notice import SessionState

SIZES = {
    "1440x900": {"width": 1440, "height": 900},
    "1024x768": {"width": 1024, "height": 768},
    "390x844": {"width": 390, "height": 844},
}
LONG_NAME = "Bundesversicherungsanstalt für Angestellte"


def far(state: SessionState = SessionState.ACTIVE, role: Role = Role.AGENT, **more: Any) -> FarEnds:
    """Return the far ends of a session in some state."""
    began = 0.0 if state in (SessionState.WAITING, SessionState.CONNECTING) else time.time() - 761
    now = evolve(NOW, **{"state": state, "began": began, "label": "demo", **more})
    features = {
        "probe.use": FeatureNow("probe.use", FeatureState.ON),
        "desk.refused": FeatureNow("desk.refused", FeatureState.REFUSED, "group", "refused.group"),
    }
    return FarEnds(role=role, now=now, features=features, people=[Person(PAGE, "Lee Jun", role, True)])


def desk(**options: Any) -> dict[str, Any]:
    """Return the options of a stand-in whose session has a picture, buttons and panels."""
    return {"far": far(), "plugins": [plugin("desk", "desk", [])], **options}


def session(number: int, state: str, **more: Any) -> dict[str, Any]:
    """Return a session as the console gets it."""
    return {
        "id": f"s{number}", "number": f"S-20261120-{number:04}", "kind": "pc", "state": state, "reason": "",
        "people": ["Lee Jun"], "customer": {"name": "", "system": ""}, "opened": time.time() - 200,
        "began": None, "ended": None, "code": "", "link": "", "ends_at": 0, "by": "", **more,
    }  # fmt: skip


def waiting(number: int = 42, **more: Any) -> dict[str, Any]:
    """Return a session that waits for its customer."""
    link = "https://help.example.com/start/48271#0935"
    return session(
        number, "waiting", **{"code": "482 710 935", "link": link, "ends_at": time.time() + 581, **more}
    )


def console(*sessions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return the state of a console."""
    return {
        "me": {"name": "Lee Jun", "login_name": "jun", "company": "Hanbit Service 한빛"}, "demo": True,
        "page": "https://help.example.com", "sessions": list(sessions), "recent": [], **more,
    }  # fmt: skip


def full_console() -> dict[str, Any]:
    """Return a console with something of everything."""
    now = time.time()
    minji = {"name": "Kim Minji", "system": "Windows 11"}
    long, park, wang = ({"name": name, "system": ""} for name in (LONG_NAME, "박서연", "王小明"))
    over = {"began": now - 300, "ended": now - 5}
    return console(
        waiting(),
        session(41, "active", customer=minji, began=now - 761),
        session(40, "suspended", customer=long, began=now - 90),
        session(39, "connecting"),
        session(38, "ended", customer=park, by="Lee Jun", reason="ended.agent", **over),
        session(37, "ended", kind="chat", customer=wang, reason="ended.lost", **over),
    )


DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))"
AT_REST = """Promise.all(document.getAnimations()
    .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    .map((one) => one.finished.catch(() => null))).then(() => null)"""


def assert_accessible(page: Page) -> None:
    """Check the page against WCAG AA, once what moves has come to rest."""
    page.evaluate(AT_REST)
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    wrong = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]]
    assert not wrong, wrong


def assert_fits(page: Page) -> None:
    """Check that nothing makes the page wider than its window."""
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{page.url} is {wider} px wider than the window"
    cut = page.evaluate(
        """() => [...document.querySelectorAll("button, a, h1, h2, output")]
          .filter((one) => one.checkVisibility() && !one.closest(".skip, .visually-hidden, .plane"))
          .map((one) => [one, one.getBoundingClientRect()])
          .filter(([, box]) => box.width > 1 && (box.right > innerWidth + 1 || box.left < -1))
          .map(([one]) => one.textContent || one.getAttribute("aria-label"))"""
    )
    assert cut == []


def until(page: Page, expression: str, seconds: float = 10) -> None:
    """Wait for something to be true in the page; its content policy forbids the driver's own way."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"not within {seconds} s: {expression}"
        page.wait_for_timeout(30)


def wait(page: Page, is_so: Callable[[], object], what: str, seconds: float = 10) -> None:
    """Wait for something that shows outside the page, while the page's own events go on."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        page.wait_for_timeout(20)


def resize(page: Page, size: str) -> None:
    """Give the page one of the windows it is looked at in, and wait until it is drawn in it."""
    page.set_viewport_size(SIZES[size])  # type: ignore[arg-type]
    page.evaluate(DRAWN)
    page.evaluate(AT_REST)


def open_session(server: StandIn, page: Page) -> Page:
    """Open the session page and wait until its module has begun."""
    page.goto(f"{server.address}/session/one")
    until(page, "window.desk !== undefined && document.body.dataset.screen !== 'opening'")
    return page
