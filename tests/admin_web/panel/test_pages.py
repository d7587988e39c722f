"""Tests of what holds for every page: headers, mount, language, text, look."""

import re
from html.parser import HTMLParser

import pytest
from admin_web.kit import PASSWORD, Browser
from flask import Flask
from sqlalchemy import Engine
from sqlmodel import Session

from deskside.texts import LANGUAGES
from deskside_admin.model import Company, Group, User
from deskside_admin.panel import create_panel
from deskside_admin.service.entitling import Issuer

CANARY = "<b>x"
PAGES = (
    "/",
    "/users/",
    "/users/stopped",
    "/users/new",
    "/groups/",
    "/groups/new",
    "/company/",
    "/account/password",
    "/account/features",
)


class Page(HTMLParser):
    """Collects what a page links to, its ids and what its labels and descriptions point at."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.ids: list[str] = []
        self.pointed_at: set[str] = set()
        self.inline: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.addresses += [found[name] for name in ("href", "src", "action") if name in found]
        self.ids += [found["id"]] if "id" in found else []
        for name in ("for", "aria-describedby", "aria-labelledby", "popovertarget"):
            self.pointed_at |= set(found.get(name, "").split())
        bare = tag == "style" or (tag == "script" and "src" not in found)
        if bare or "style" in found or any(name.startswith("on") for name in found):
            self.inline.append(tag)


def every_page(admin: User) -> list[str]:
    of_objects = [
        f"/users/{admin.id}",
        f"/users/{admin.id}/delete",
        f"/groups/{admin.group_id}",
        f"/groups/{admin.group_id}/features",
        f"/users/{admin.id}/features",
        "/features/why",
        "/account/features/why",
    ]
    return [*PAGES, *of_objects]


@pytest.mark.parametrize("path", ["/sign-in", "/nothing-here", "/static/panel.css", "/look/look.css", "/"])
def test_every_answer_carries_the_strict_headers(browser: Browser, path: str) -> None:
    headers = browser.get(path).headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    )
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_pages_are_not_kept_by_the_browser(signed_in: Browser) -> None:
    assert signed_in.get("/").headers["Cache-Control"] == "no-store"


def test_under_a_folder_every_address_and_cookie_stays_in_it(panel: Flask, admin: User) -> None:
    browser = Browser(panel.test_client(), mount="http://localhost/admin/")
    answer = browser.sign_in("kim")
    assert answer.location == "/admin/"
    assert "Path=/admin" in answer.headers["Set-Cookie"]

    addresses = {one for path in every_page(admin) for one in Page(browser.get(path).text).addresses}

    assert {one for one in addresses if not one.startswith(("/admin/", "?", "#"))} == set()


def test_no_page_has_inline_script_or_style(signed_in: Browser, admin: User) -> None:
    assert [Page(signed_in.get(path).text).inline for path in every_page(admin)] == [[]] * len(
        every_page(admin)
    )


def test_labels_and_descriptions_point_at_what_is_there_once(signed_in: Browser, admin: User) -> None:
    for path in every_page(admin):
        page = Page(signed_in.get(path).text)

        assert page.pointed_at <= set(page.ids), path
        assert len(page.ids) == len(set(page.ids)), path


def test_what_people_typed_is_shown_as_text_everywhere(db: Session, browser: Browser, admin: User) -> None:
    company, group = db.get(Company, admin.company_id), db.get(Group, admin.group_id)
    assert company is not None
    assert group is not None
    company.name = group.name = admin.name = admin.chat_name = CANARY
    db.commit()
    browser.sign_in("kim")

    shown = [browser.get(path).text for path in ["/sign-in", *every_page(admin), "/users/?q=<b>x"]]

    assert not any(CANARY in text for text in shown)
    assert all("&lt;b&gt;x" in text for text in shown)


@pytest.mark.parametrize(
    ("path", "entries"),
    [
        ("/users/new", {"login_name": CANARY, "name": "", "chat_name": CANARY}),
        ("/groups/new", {"name": CANARY * 30}),
        ("/sign-in", {"login_name": CANARY, "company": CANARY}),
    ],
)
def test_refused_entries_are_shown_again_as_text(
    signed_in: Browser, path: str, entries: dict[str, str]
) -> None:
    answer = signed_in.post(path, path, **entries)

    assert answer.status_code == 422
    assert CANARY not in answer.text
    assert "&lt;b&gt;x" in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_that_was_asked_for_is_kept(browser: Browser, language: str) -> None:
    browser.get(f"/sign-in?lang={language}")

    assert f'<html lang="{language}">' in browser.get("/sign-in").text


def test_the_language_of_the_browser_is_spoken(browser: Browser) -> None:
    page = browser.get("/sign-in", headers={"Accept-Language": "ko-KR,ko;q=0.9"}).text

    assert "<h1>로그인</h1>" in page


def test_an_unknown_language_is_not_kept(browser: Browser) -> None:
    answer = browser.get("/sign-in?lang=<b>x")

    assert "deskside_lang" not in answer.headers.get("Set-Cookie", "")
    assert '<html lang="en">' in answer.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_shows_a_bare_text_key(signed_in: Browser, admin: User, language: str) -> None:
    signed_in.get(f"/?lang={language}")

    for path in every_page(admin):
        words = re.sub(r"<[^>]*>", " ", signed_in.get(path).text)
        assert not re.search(
            r"\b(page|users|groups|features|account|policy|home|role|company|licence)\.[a-z_]+", words
        ), path


def test_the_shared_look_is_served_from_the_core(browser: Browser) -> None:
    answer = browser.get("/look/look.css")

    assert answer.mimetype == "text/css"
    assert "--accent" in answer.text
    again = browser.get("/look/look.css", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", ["..%2Ftexts.py", "nothing.css", "..", "%2e%2e%2ferrors.py"])
def test_nothing_beside_the_look_is_served(browser: Browser, name: str) -> None:
    assert browser.get(f"/look/{name}").status_code == 404


def test_over_https_the_cookie_is_secure_and_forms_work_without_a_referrer(
    engine: Engine, issuer: Issuer, admin: User
) -> None:
    panel = create_panel(engine, issuer, secret_key=b"k" * 32, cookie_secure=True)
    browser = Browser(panel.test_client(), mount="https://help.example/")

    answer = browser.sign_in("kim", PASSWORD)

    assert answer.status_code == 303
    assert "Secure" in answer.headers["Set-Cookie"]


def test_a_missing_page_says_so_in_the_readers_language(browser: Browser) -> None:
    answer = browser.get("/nix", headers={"Accept-Language": "ja"})

    assert answer.status_code == 404
    assert "見つかりません" in answer.text


def test_a_form_that_is_too_large_is_refused(signed_in: Browser) -> None:
    answer = signed_in.post("/groups/new", "/groups/new", name="x" * 2_000_000)

    assert answer.status_code == 413


def test_a_fault_is_answered_with_a_page_and_without_its_details(
    panel: Flask, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a detail")

    panel.testing = False
    monkeypatch.setattr("deskside_admin.service.groups.summaries", fail)

    answer = signed_in.get("/groups/")

    assert answer.status_code == 500
    assert "Something went wrong" in answer.text
    assert "a detail" not in answer.text
