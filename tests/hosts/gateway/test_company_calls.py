"""A viewer's calls for people who have not signed in: a company's page, and login names to pick from."""

import io
import json
from base64 import b64decode
from collections.abc import Mapping
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session

from deskside_admin.model import Company
from deskside_admin.service import company_pages
from deskside_gateway.company_calls import LONGEST_PART
from deskside_gateway.control import Control
from deskside_gateway.hub import NAMES_AT_ONCE, Hub
from deskside_gateway.refusals import Refused
from deskside_viewer.remote import LARGEST_FRAME

pytestmark = pytest.mark.anyio

HERE = "203.0.113.9"


async def viewer(hub: Hub, *, hosted: bool = True) -> Control:
    async def push(_: str, __: Mapping[str, Any]) -> Mapping[str, Any]:
        return {}

    control = Control(hub, push, HERE)
    await control.call("hello", {"node_secret": hub.node_secret.hex()} if hosted else {})
    return control


def decide(hub: Hub, number: int = 1, **wanted: object) -> None:
    def run(db: Session) -> None:
        for name, value in wanted.items():
            setattr(db.get_one(Company, number), name, value)

    hub.store.at_once(run)


def keep_logo(hub: Hub, size: tuple[int, int]) -> None:
    buffer = io.BytesIO()
    Image.effect_noise(size, 200).convert("RGBA").save(buffer, "PNG")

    def run(db: Session) -> None:
        assert company_pages.keep_logo(db, db.get_one(Company, 1), buffer.getvalue()) is None

    hub.store.at_once(run)


async def names(control: Control, company: str, address: str = HERE) -> list[str]:
    found: list[str] = (await control.call("login_names", {"company": company, "address": address}))["names"]
    return found


async def test_a_page_tells_what_the_company_shows_and_nothing_else(hub: Hub) -> None:
    decide(
        hub, own_page=True, page_part="hanbit", telephone="02-1", contact_name="Secret", mail="a@x.example"
    )

    found = (await (await viewer(hub, hosted=False)).call("company_page", {"part": "HANBIT"}))["page"]

    assert found == {
        "part": "hanbit", "number": 1, "name": "Hanbit", "site": "", "mail": "a@x.example",
        "telephone": "02-1", "lists_names": False, "logo": "",
    }  # fmt: skip


async def test_the_heaviest_logo_goes_through_one_message_to_a_viewer_elsewhere(hub: Hub) -> None:
    decide(hub, own_page=True, page_part="hanbit")
    keep_logo(hub, (380, 320))

    found = (await (await viewer(hub)).call("company_page", {"part": "hanbit"}))["page"]

    kind, _, content = found["logo"].partition(",")
    assert kind == "data:image/png;base64"
    assert Image.open(io.BytesIO(b64decode(content))).height == company_pages.LARGEST_LOGO[1]
    assert len(json.dumps(found)) < LARGEST_FRAME - 4096


@pytest.mark.parametrize("part", ["", "hanbit", "1", "x" * LONGEST_PART, "한빛", "../1", "%"])
async def test_where_there_is_no_page_there_is_none_whatever_stands_in_the_address(
    hub: Hub, part: str
) -> None:
    decide(hub, own_page=False, page_part="hanbit")

    assert await (await viewer(hub)).call("company_page", {"part": part}) == {"page": None}


@pytest.mark.parametrize("part", [None, 5, "a\0", "x" * (LONGEST_PART + 1)])
async def test_an_impossible_part_is_refused(hub: Hub, part: object) -> None:
    with pytest.raises(Refused) as no:
        await (await viewer(hub)).call("company_page", {"part": part})
    assert no.value.reason == "refused.request"


@pytest.mark.feature("ACC-02")
async def test_a_company_that_lists_nobody_answers_like_one_that_is_not_there(hub: Hub) -> None:
    control = await viewer(hub)
    before = [await names(control, one) for one in ("1", "2", "999", "", "x", "١")]
    decide(hub, lists_names=True)

    assert before == [[]] * 6
    assert await names(control, "1") == ["kim", "lee", "park"]
    assert await names(control, "2") == []


@pytest.mark.feature("ACC-02")
@pytest.mark.parametrize("company", ["1", "2", "999"])
async def test_every_question_counts_for_the_address_it_comes_from_whatever_is_answered(
    hub: Hub, company: str
) -> None:
    decide(hub, lists_names=True)
    control = await viewer(hub)
    for _ in range(NAMES_AT_ONCE):
        await names(control, company)

    with pytest.raises(Refused) as no:
        await names(control, "1")

    assert no.value.reason == "refused.names"
    assert await names(control, "1", "198.51.100.1") == ["kim", "lee", "park"]
    local = await viewer(hub, hosted=False)
    with pytest.raises(Refused):
        await names(local, "1", "198.51.100.2")
