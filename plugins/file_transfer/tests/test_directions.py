"""Each direction begins and ends with its own feature, whatever the other does; the history stays bounded."""

from typing import Any

import pytest
from attrs import evolve

from deskside.audit import AT_ONCE, LEFT_OUT
from deskside.grants import Gate, Grant, Refusal
from deskside_file_transfer.messages import CHUNK_BYTES, Accepted, Declined, Done, Offer, OfferedFile
from deskside_file_transfer.plugin import FETCH, SEND

pytestmark = pytest.mark.anyio

OPEN, CHOOSE = "file_transfer.button.open_folder", "file_transfer.button.send"


async def switch(session: Any, feature: str, *, on: bool) -> None:
    """Be the administrator who takes a switch away, and gives it back."""
    viewer = session.kit.viewer
    said = Grant(feature, {}) if on else Refusal(Gate.GROUP, "refused.group")
    viewer.entitlement = evolve(viewer.entitlement, features={**viewer.entitlement.features, feature: said})
    viewer.grants.judge()
    await session.until(lambda: session.kit.host.allows(feature) == on)


def titles(session: Any) -> set[str]:
    """Return what the buttons of the notice window are called, as text keys."""
    return {one.id.partition(":")[2] for one in session.kit.host.notice.buttons}


async def test_a_direction_that_is_taken_away_leaves_nothing_and_the_other_goes_on(support: Any) -> None:
    async with support() as session:
        await session.until(lambda: titles(session) == {OPEN, CHOOSE})
        await session.agent.offer(half_txt=b"x" * 3 * CHUNK_BYTES)
        accepted = await session.agent.next("send", Accepted)

        async def half(offset: int) -> bool:
            return offset >= CHUNK_BYTES

        await session.agent.push(accepted, b"x" * 3 * CHUNK_BYTES, half)
        await session.until(session.names)

        await switch(session, SEND, on=False)

        await session.until(lambda: not session.names())
        await session.until(lambda: titles(session) == {CHOOSE})
        assert [one["result"] for one in session.events("file_sent")] == ["file_transfer.reason.withdrawn"]
        await session.shows("was not received: File transfer was switched off.")
        given = session.windows.folder / "given.txt"
        session.windows.folder.mkdir(exist_ok=True)
        given.write_bytes(b"as before")
        session.windows.picks = (given,)
        session.kit.host.press(f"file_transfer:{CHOOSE}")
        offer = await session.agent.next("fetch", Offer)
        assert [one.name for one in offer.files] == ["given.txt"]


async def test_a_direction_that_is_given_back_works_again_on_both_sides(support: Any) -> None:
    async with support() as session:
        for feature in (SEND, FETCH):
            await switch(session, feature, on=False)
            await switch(session, feature, on=True)
        await session.until(lambda: titles(session) == {OPEN, CHOOSE})

        await session.agent.offer(back_txt=b"again")
        accepted = await session.agent.next("send", Accepted)
        await session.agent.push(accepted, b"again")

        assert (await session.agent.next("send", Done)).name == "back.txt"
        assert (session.received / "back.txt").read_bytes() == b"again"


async def test_a_page_that_offers_bad_names_without_end_does_not_fill_the_history(support: Any) -> None:
    async with support() as session:
        refused, rounds = 0, 15
        for round_ in range(rounds):
            files = tuple(OfferedFile(round_ * 100 + n + 1, f"../{n}", 1) for n in range(100))
            await session.agent.say("send", Offer(files))
            for _ in files:
                await session.agent.next("send", Declined)
                refused += 1
        await session.agent.offer(good_txt=b"good")
        accepted = await session.agent.next("send", Accepted)
        await session.agent.push(accepted, b"good")
        await session.agent.next("send", Done)
        session.kit.host.end()
        await session.until(lambda: session.events(LEFT_OUT))

        stored = len(session.events("file_refused"))
        assert AT_ONCE <= stored < AT_ONCE + 60
        assert session.events(LEFT_OUT) == [
            {"event": "file_refused", "plugin": "file_transfer", "count": refused - stored}
        ]
        assert [one["result"] for one in session.events("file_sent")] == ["complete"]
