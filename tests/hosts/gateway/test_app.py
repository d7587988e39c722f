"""Public answers: the right language, strict headers, plain errors."""

import httpx
import pytest

from programs import Server

LEADS = {
    "en": "Enter the number your agent gave you",
    "ko": "상담원이 알려 준 번호를 입력하세요",
    "zh-CN": "请输入客服人员告诉您的号码",
    "ja": "担当者からお伝えした番号を入力してください",
}


@pytest.mark.parametrize(("accepted", "lead"), LEADS.items())
def test_the_start_page_speaks_the_browsers_language(server: Server, accepted: str, lead: str) -> None:
    page = httpx.get(server.address, headers={"Accept-Language": accepted})

    assert lead in page.text
    assert page.headers["content-language"].startswith(accepted[:2])


def test_the_language_can_be_chosen_and_nonsense_is_passed_over(server: Server) -> None:
    assert 'lang="ko"' in httpx.get(f"{server.address}/?lang=ko").text
    assert httpx.get(f"{server.address}/?lang=<b>").headers["content-language"] == "en"


@pytest.mark.parametrize(
    "path",
    ["/", "/c/0123", "/static/connect.js", "/healthz", "/look/look.css", "/no-such-page", "/admin/signin"],
)
def test_every_answer_carries_strict_headers_and_no_cookie_before_it_is_needed(
    server: Server, path: str
) -> None:
    answer = httpx.get(server.address + path)

    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert path.startswith("/admin") or "set-cookie" not in answer.headers


def test_until_there_is_an_administrator_the_page_says_how_to_make_one(server: Server) -> None:
    assert "has no administrator yet" in httpx.get(server.address).text


def test_a_start_link_leads_to_the_same_page_and_a_broken_one_nowhere(server: Server) -> None:
    assert "number-form" in httpx.get(f"{server.address}/c/0123").text
    for broken in ("/c/", "/c/12", "/c/12345", "/c/abcd", "/c/１２３４"):
        assert httpx.get(server.address + broken).status_code == 404


def test_an_unknown_address_says_so_in_the_readers_language(server: Server) -> None:
    answer = httpx.get(f"{server.address}/no-such-page", headers={"Accept-Language": "ko"})

    assert answer.status_code == 404
    assert "없는 페이지입니다" in answer.text


def test_files_outside_the_served_folders_are_not_served(server: Server) -> None:
    for path in ("/look/../errors.py", "/look/%2e%2e/errors.py", "/static/..%2fapp.py", "/look/"):
        assert httpx.get(server.address + path).status_code == 404


def test_a_forwarded_address_is_not_believed_from_a_proxy_nobody_configured(server: Server) -> None:
    answer = httpx.get(server.address, headers={"X-Forwarded-For": "1.2.3.4", "X-Forwarded-Proto": "https"})

    assert answer.status_code == 200
    assert "https://" not in str(answer.headers.get("location", ""))
