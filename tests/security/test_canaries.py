"""What customers and agents choose to be called never runs: canaries in real browsers without the policy.

The content policy of our pages would stop a script as well; here it is taken away, so that only the
escaping stands between a name and a reader.
"""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from end_to_end.support import Demo, new_support, sign_in
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Page, expect
from security.panel_server import served, signed_in
from security.panel_world import World, make
from sqlmodel import Session, select

from deskside_admin.database import engine_for
from deskside_admin.model import Company, Feedback, Group, LicenceRow, SignInRecord, SupportSession, User
from deskside_admin.service import audit, sessions
from deskside_admin.service.audit import Event
from deskside_admin.service.sessions import Change, SessionState

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

TAG = "<img src=x onerror=canary()>"
"""Runs where markup is taken as markup; 28 characters, so that it fits into every entry."""
QUOTED = '"autofocus onfocus=canary() a="'
"""Runs where it gets out of an attribute."""
WAIT_MS = 30_000


def cage(page: Page) -> None:
    """Let every page of a browser note that a canary has sung."""
    page.context.add_init_script("window.canary = () => { document.documentElement.dataset.sung = 'yes'; }")
    page.context.on("dialog", lambda dialog: pytest.fail(f"a dialog was opened: {dialog.message}"))


def assert_silent(page: Page) -> None:
    """What would sing sooner or later counts as well: elements and attributes made of a name."""
    bait = "img[src='x'], [onerror], [onfocus], [href^='javascript:'], [data-sung]"
    assert page.locator(bait).count() == 0, page.url


def fill(world: World) -> None:
    """Put canaries into everything that a customer, an agent or a guesser can set."""
    with Session(world.engine) as db:
        for user in (db.get_one(User, one) for one in world.home.people.values()):
            user.name = user.family_name = user.chat_name = TAG
            user.given_name = user.nickname = user.position = user.reading = QUOTED
            user.mail = user.telephone = user.mobile = TAG[:13]
        for number, group in enumerate(db.get_one(Group, one) for one in world.home.groups.values()):
            group.name, group.external_id = f"{TAG}{number}", f"{QUOTED}{number}"
        for firm in (world.home, world.away):
            company = db.get_one(Company, firm.id)
            company.name = company.contact_name = company.contact_mail = TAG
            company.site = company.mail = QUOTED
        for session in world.home.sessions.values():
            _speak(db, db.get_one(SupportSession, session))
        for name in (TAG, QUOTED):
            row = SignInRecord(
                company_id=world.home.id, login_name=name, kind="panel", what="refused", address=TAG,
                at=db.get_one(Company, world.home.id).created,
            )  # fmt: skip
            db.add(row)
            user_id, at = world.home.people["victim"], row.at
            db.add(Feedback(company_id=world.home.id, user_id=user_id, at=at, text=name))
        for licence in db.exec(select(LicenceRow)):
            licence.tier = licence.vendor = TAG
        db.commit()


def _speak(db: Session, row: SupportSession) -> None:
    change = Change(state=SessionState.ENDED, customer_name=TAG, customer_system=QUOTED, by=TAG)
    sessions.change(db, row, change, row.opened)
    for number, (plugin, name) in enumerate(
        [
            ("core", "participant_joined"),
            ("core", "feature_granted"),
            ("chat", "said"),
            ("file_transfer", "sent"),
        ]
    ):
        details = {"name": TAG, "feature": QUOTED, "file": TAG, "text": QUOTED}
        event = Event(
            session=row.id, side="host", number=10 + number, at=row.opened, plugin=plugin, name=name,
            details=details,
        )  # fmt: skip
        audit.record(db, [event])


def addresses(world: World, who: str) -> list[str]:
    """Return every page of the panel, with objects that this person may see."""
    whose = who if who == "agent" else "victim"
    given: dict[str, object] = {
        "user_id": world.home.people[whose],
        "group_id": world.home.groups["one"],
        "session_id": world.home.sessions[whose],
        "company_id": world.home.id,
    }
    open_ones = {"static", "look", "setup", "signin"}
    found = []
    for rule in world.panel.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint.partition(".")[0] not in open_ones:
            built = rule.build({name: given[name] for name in rule.arguments})
            assert built is not None
            found.append(built[1])
    return found


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = make(tmp_path, FileSystemBytecodeCache(str(tmp_path)))
    fill(made)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("who", ["operator", "leader", "agent"])
def test_no_page_of_the_panel_runs_what_somebody_is_called(
    world: World, open_page: Callable[..., Page], who: str
) -> None:
    page = open_page(bypass_csp=True)
    cage(page)
    with served(world.panel) as address:
        signed_in(page.context, world, who, address)
        shown = 0
        for path in [*addresses(world, who), f"/users/?q={QUOTED}", f"/history/?q={TAG}"]:
            answer = page.goto(f"{address}{path}")
            assert answer is not None
            if answer.status == 403 or path.endswith(("/photo", "/logo")):
                continue
            shown += 1
            assert TAG in page.locator("body").inner_text(), path
            for element in page.locator("summary").all():
                element.click()
            assert_silent(page)
    assert shown >= {"operator": 20, "leader": 12, "agent": 5}[who]


def test_a_canary_would_sing_where_markup_is_taken_as_markup(open_page: Callable[..., Page]) -> None:
    """Otherwise the silence of the other pages would prove nothing."""
    careless = Flask("careless")
    careless.add_url_rule("/", "show", lambda: f"<p>{TAG}</p>")
    careless.add_url_rule("/entry", "entry", lambda: f'<input value="{QUOTED}">')
    page = open_page(bypass_csp=True)
    cage(page)

    with served(careless) as address:
        for path in ("/", "/entry"):
            page.goto(f"{address}{path}")
            page.locator("[data-sung]").wait_for()
            with pytest.raises(AssertionError):
                assert_silent(page)


def test_no_script_of_ours_turns_text_into_markup() -> None:
    root = Path(__file__).resolve().parents[2]
    scripts = [path for path in root.glob("*/**/src/**/*.js") if ".venv" not in path.parts]
    sinks = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|setHTMLUnsafe"
        r"|srcdoc|DOMParser|\beval\b|new Function|setAttribute\(\s*[\"']on"
    )

    found = [f"{path.name}: {one[0]}" for path in scripts for one in sinks.finditer(path.read_text())]

    assert found == []
    assert len(scripts) > 40


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    demo = Demo.start(tmp_path / "var")
    yield demo
    demo.stop()


def rename(folder: Path) -> None:
    """Give the demo's company, group and people names that bite, and its agent a past support."""
    engine = engine_for(f"sqlite:///{folder / 'deskside.db'}")
    with Session(engine) as db:
        for user in db.exec(select(User)):
            user.name, user.chat_name, user.nickname, user.position = QUOTED, TAG, TAG, QUOTED
        for company in db.exec(select(Company)):
            company.name = TAG
        agent = db.exec(select(User).where(User.login_name == "agent")).one()
        row = sessions.begin(db, agent, "c" * 22, "pc", agent.created)
        _speak(db, row)
        db.commit()
    engine.dispose()


def test_neither_console_nor_session_page_runs_names_chat_or_file_names(
    demo: Demo, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    rename(tmp_path / "var")
    console = open_page(bypass_csp=True)
    cage(console)

    sign_in(console, demo)
    expect(console.get_by_text(TAG).first).to_be_visible(timeout=WAIT_MS)
    assert_silent(console)
    agent, code = new_support(console, "Chat only")
    customer = open_page(viewport={"width": 390, "height": 844}, bypass_csp=True)
    cage(customer)
    customer.goto(demo.address)
    customer.get_by_role("textbox").first.fill(code)
    customer.locator("#go").click()
    expect(customer.get_by_text(TAG).first).to_be_visible(timeout=WAIT_MS)
    customer.locator("#name").fill(TAG)
    customer.locator("#chat").click()
    box = customer.get_by_role("textbox", name="Message")
    for text in (TAG, QUOTED, "<script>canary()</script>", "javascript:canary()"):
        box.fill(text)
        box.press("Enter")

    agent.get_by_role("button", name="Chat").first.click()
    expect(agent.get_by_text("<script>canary()</script>").first).to_be_visible(timeout=WAIT_MS)
    expect(agent.get_by_text(TAG).first).to_be_visible()
    answer = agent.get_by_role("textbox", name="Message")
    answer.fill(f"{TAG} {QUOTED}")
    answer.press("Enter")
    expect(customer.get_by_text(f"{TAG} {QUOTED}").first).to_be_visible(timeout=WAIT_MS)
    expect(console.get_by_text(TAG).first).to_be_visible()

    for page in (console, agent, customer):
        assert_silent(page)
