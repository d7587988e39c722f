"""Every page of the panel, filled and empty, in every language, light and dark, wide and narrow."""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from attrs import define, field
from axe_core_python.sync_playwright import Axe
from end_to_end.filled import MANY, build
from end_to_end.walk import NEWCOMER, Visit, of_forms, of_routes, of_strangers
from jinja2 import BytecodeCache, FileSystemBytecodeCache
from playwright.sync_api import Page, Response
from security.panel_server import served, signed_in
from security.panel_world import World

from deskside.texts import LANGUAGES, Texts
from deskside_admin.panel import views
from deskside_admin.service import passwords

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WIDE, NARROW, NARROWEST = (
    {"width": 1280, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 800},
)
LOOKS = (("light", WIDE), ("light", NARROW), ("dark", NARROW), ("dark", WIDE))
TWO = LOOKS[::2]
"""The looks in which a page is photographed that has nothing new but its words."""
JUDGED = {
    "en": (LOOKS[0], {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}),
    "ko": (LOOKS[2], {"runOnly": {"type": "rule", "values": ["color-contrast"]}}),
}
"""Where axe judges what: markup is the same in all languages, colours are not the same at night."""
AGAIN = frozenset({"agent", NEWCOMER})
"""They see pages that were judged before, with fewer rows."""
KEY = re.compile(r"(?<![\w@./-])[a-z_]+(?:\.[a-z_]+)+(?![\w@-])")
"""A text key where words should stand, and nothing that is an address."""
FIELD = re.compile(r"\{\w*\}")
LOOK = Path(__file__).with_name("look.js").read_text(encoding="utf-8")
SEND = """([selector, entries, button]) => {
  const form = document.querySelector(selector);
  for (const [name, value] of Object.entries(entries)) {
    const found = [...form.querySelectorAll(`[name="${name}"]`)];
    if (found[0].type === "radio") found.find((one) => one.value === value).checked = true;
    else found[0].value = value;
  }
  form.noValidate = true;
  form.requestSubmit(form.querySelector(button || "button:not(.visually-hidden, [name])"));
}"""


@define
class Walk:
    """One language's walk through the pages, with what it found."""

    artifacts: Path
    language: str
    foreign: frozenset[str]
    """English texts that have words of their own in this language."""
    pages: dict[str, Page]
    """By who is signed in."""
    address: str
    found: list[str] = field(factory=list)

    def visit(self, one: Visit) -> None:
        """Open a page and look at it in every look."""
        page = self.pages[one.who]
        status = self._open(page, one)
        self._note(one.name, status != one.status, f"status {status}")
        for look in LOOKS:
            scheme, size = look
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size(size)  # type: ignore[arg-type]
            if one.is_first or look in TWO:
                name = f"panel-{one.name}-{self.language}-{scheme}-{size['width']}.jpg"
                page.screenshot(path=self.artifacts / name, full_page=True, quality=70)
            if scheme == "light":
                self._measure(page, f"{one.name} {size['width']}")
            if look == JUDGED.get(self.language, ("",))[0] and one.who not in AGAIN:
                self._judge(page, one.name)
        page.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
        self._measure(page, f"{one.name} 320")

    def _open(self, page: Page, one: Visit) -> int:
        answer = page.goto(f"{self.address}{one.path}")
        if one.form:
            with page.expect_navigation() as sent:
                page.evaluate(SEND, [one.form, one.entries, one.button])
            answer = sent.value
        page.locator("details").evaluate_all("(all) => all.forEach((one) => { one.open = true; })")
        assert answer is not None
        return answer.status

    def _measure(self, page: Page, name: str) -> None:
        seen = page.evaluate(LOOK)
        self._note(name, seen["wider"] > 0, f"{seen['wider']} px too wide")
        self._note(name, seen["cut"], f"cut: {seen['cut'][:3]}")
        raw = [text for text in seen["words"] if KEY.search(text) or FIELD.search(text)]
        self._note(name, raw, f"not in words: {raw}")
        english = self.foreign.intersection(seen["words"])
        self._note(name, english, f"in English: {english}")

    def _judge(self, page: Page, name: str) -> None:
        wrong = Axe().run(page, options=JUDGED[self.language][1])["violations"]
        self._note(name, wrong, str([(one["id"], one["nodes"][0]["html"]) for one in wrong]))

    def _note(self, name: str, is_wrong: object, what: str) -> None:
        if is_wrong:
            self.found.append(f"{name}: {what}")


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """Templates are compiled once for all languages."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def world(tmp_path: Path, templates: BytecodeCache, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    made = build(tmp_path, templates)
    made.panel.config["SEND_FILE_MAX_AGE_DEFAULT"] = 3600
    for name, view in vars(views).items():
        if hasattr(view, "PAGE"):
            monkeypatch.setattr(f"{views.__name__}.{name}.PAGE", MANY - 2)
    yield made
    made.engine.dispose()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_is_in_words_and_is_accessible_in_every_look(
    world: World, open_page: Callable[..., Page], artifacts: Path, language: str
) -> None:
    heard: list[str] = []
    with served(world.panel) as address:
        pages = {
            who: reader(open_page, world, address, who, language, heard)
            for who in ("", "operator", "leader", "agent", NEWCOMER)
        }
        walk = Walk(artifacts, language, left_in_english(world, language), pages, address)
        for one in everything(world, language):
            walk.visit(one)

    assert not walk.found + heard, "\n".join(walk.found + heard)


def everything(world: World, language: str) -> Iterable[Visit]:
    """Return all pages; those of people first, since forms change what is there."""
    yield from chain.from_iterable(of_routes(world, who) for who in ("operator", "agent", NEWCOMER))
    yield from of_strangers(world)
    yield from of_forms(world, f"new-{language.lower()}")


def reader(
    open_page: Callable[..., Page], world: World, address: str, who: str, language: str, heard: list[str]
) -> Page:
    """Open a browser for one of the company's people, and listen to what it complains of."""
    # Colours are judged as they stay, not half-way on their road there.
    page = open_page(locale=language, reduced_motion="reduce")
    page.context.add_cookies([{"name": "deskside_lang", "value": language, "url": address}])
    if who:
        signed_in(page.context, world, who, address)
    page.on("pageerror", lambda error: heard.append(f"{page.url}: {error}"))
    page.on("console", lambda said: heard.append(f"{page.url}: {said.text}") if _is_news(said.text) else None)
    page.on("response", lambda answer: heard.extend(_missing(answer)))
    return page


def _is_news(text: str) -> bool:
    return not text.startswith("Failed to load resource")


def _missing(answer: Response) -> Iterator[str]:
    if answer.status >= 400 and not answer.request.is_navigation_request():
        yield f"{answer.url}: {answer.status}"


def left_in_english(world: World, language: str) -> frozenset[str]:
    """Return the English sentences for which a language has words of its own."""
    known: Texts = world.panel.extensions["deskside"].texts
    english, own = known.all("en"), known.all(language)
    return frozenset(text for key, text in english.items() if " " in text and own[key] != text)
