"""Customer → agent, over the real wire."""

import hashlib
import os
import random
from pathlib import Path
from typing import Any

import pytest

from deskside.grants import Answer, Gate, Refusal
from deskside.notice import Answered, Question
from deskside_file_transfer.messages import (
    Arrived,
    AskForFiles,
    Cancel,
    Chosen,
    Declined,
    Done,
    Failed,
    Offer,
    State,
    WantState,
)
from deskside_file_transfer.plugin import FEATURES

pytestmark = pytest.mark.anyio
MB = 1_000_000
BIG = random.Random(2).randbytes(20 * MB)


async def no(question: Question) -> Answered:
    return Answered(Answer.NO)


def file_of(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path


async def test_the_agent_asks_and_gets_what_the_customer_chooses(support: Any, tmp_path: Path) -> None:
    async with support() as session:
        picked = {"로그.txt": b"log", "b.bin": b"b" * 200_000}
        session.windows.picks = tuple(file_of(tmp_path, *one) for one in picked.items())

        await session.agent.say("fetch", AskForFiles(5))
        offer = await session.agent.next("fetch", Offer)
        chosen = await session.agent.next("fetch", Chosen)
        for one in offer.files:
            content = bytearray()
            await session.agent.pull(one, content)
            await session.agent.next("fetch", Done)
            assert bytes(content) == picked[one.name]

        assert (chosen.id, chosen.count) == (5, 2)
        assert session.windows.dialogs == ["Lee Jun"]
        assert session.kit.questions[0].features == ("file_transfer.fetch",)
        assert [one["result"] for one in session.events("file_fetched")] == ["complete"] * 2
        assert session.events("file_fetched")[0]["sha256"] == hashlib.sha256(b"log").hexdigest()


@pytest.mark.feature("FIL-10")
async def test_a_big_file_survives_a_cut_line_a_killed_viewer_and_a_reload(
    support: Any, tmp_path: Path
) -> None:
    async with support() as session:
        kit = session.kit
        session.windows.picks = (file_of(tmp_path, "big.bin", BIG),)
        troubles = {4: "cut", 8: "kill", 12: "line", 16: "reload"}

        async def trouble(offset: int) -> bool:
            what = troubles.pop(offset // MB, "")
            if what == "cut":
                await kit.line.cut()
                kit.line.mend()
            elif what == "kill":
                await kit.kill_viewer()
            elif what == "line":
                session.agent.page.cut()
            elif what == "reload":
                session.agent.page.reload()
            return what == "reload"

        content = bytearray()
        await session.press("Send files")
        offered = (await session.agent.next("fetch", Offer)).files[0]
        is_over = await session.agent.pull(offered, content, trouble)
        assert not is_over
        await session.agent.say("fetch", WantState())
        state = await session.agent.next("fetch", State)
        assert [row.id for row in state.transfers] == [offered.id]
        await session.agent.pull(offered, content)
        await session.agent.next("fetch", Done)

        assert not troubles
        assert bytes(content) == BIG


@pytest.mark.feature("FIL-05")
async def test_the_customer_sends_by_himself_without_a_question(support: Any, tmp_path: Path) -> None:
    async with support() as session:
        chosen = file_of(tmp_path, "chosen.txt", b"chosen")
        dropped = file_of(tmp_path, "dropped.txt", b"dropped")
        session.windows.picks = (chosen,)
        got = {}

        await session.press("Send files")
        first = (await session.agent.next("fetch", Offer)).files[0]
        await session.until(lambda: session.kit.host.notice.accepts_files)
        session.kit.host.drop((dropped,))
        second = (await session.agent.next("fetch", Offer)).files[0]
        for one in (first, second):
            content = bytearray()
            await session.agent.pull(one, content)
            await session.agent.next("fetch", Done)
            got[one.name] = bytes(content)

        assert got == {"chosen.txt": b"chosen", "dropped.txt": b"dropped"}
        assert not session.kit.questions
        await session.shows("dropped.txt was sent.")


@pytest.mark.feature("FIL-08")
async def test_the_customer_drops_files_where_agents_may_not_send_any(support: Any, tmp_path: Path) -> None:
    refusals = {"file_transfer.send": Refusal(Gate.LICENCE, "refused.licence.unnamed")}
    async with support(refusals=refusals) as session:
        await session.until(lambda: session.kit.host.notice.accepts_files)
        session.kit.host.drop((file_of(tmp_path, "dropped.txt", b"dropped"),))
        offered = (await session.agent.next("fetch", Offer)).files[0]
        content = bytearray()
        await session.agent.pull(offered, content)

        assert bytes(content) == b"dropped"
    drop = next(one for one in FEATURES if one.key == "file_transfer.drop")
    assert "file_transfer.send" not in drop.requires, "the server would switch it off with sending"


async def test_without_drag_and_drop_the_notice_window_takes_no_files(support: Any) -> None:
    refusals = {"file_transfer.drop": Refusal(Gate.GROUP, "refused.group")}
    async with support(refusals=refusals) as session:
        await session.until(lambda: "Send files" in session.buttons())

        assert not session.kit.host.notice.accepts_files


async def test_the_customers_no_opens_no_dialog(support: Any) -> None:
    async with support() as session:
        session.kit.answer = no

        await session.agent.say("fetch", AskForFiles(5))
        declined = await session.agent.next("fetch", Declined)

        assert (declined.id, declined.reason.key) == (5, "refused.consent.no")
        assert not session.windows.dialogs
        assert session.events("file_refused")[0]["direction"] == "fetch"


async def test_an_agent_who_no_longer_asks_closes_the_dialog(support: Any) -> None:
    async with support() as session:
        session.windows.is_slow = True

        await session.agent.say("fetch", AskForFiles(5))
        await session.until(lambda: session.windows.dialogs)
        await session.agent.say("fetch", AskForFiles(6))
        declined = await session.agent.next("fetch", Declined)
        await session.agent.say("fetch", Cancel(5))
        await session.until(lambda: session.windows.dismissed)

        assert (declined.id, declined.reason.key) == (6, "file_transfer.reason.busy")
        assert session.windows.dismissed == [1]


async def test_folders_devices_and_vanished_files_are_told_to_the_customer(
    support: Any, tmp_path: Path
) -> None:
    async with support() as session:
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        await session.until(lambda: session.kit.host.notice.accepts_files)
        said = []
        for path in (tmp_path, pipe, tmp_path / "gone"):
            session.kit.host.drop((path,))
            await session.shows(f"{path.name} cannot be sent")
            said.append(session.message())

        assert "Folders and devices cannot be sent." in said[0]
        assert "Folders and devices cannot be sent." in said[1]
        assert "no longer there" in said[2]


async def test_a_file_that_shrank_meanwhile_fails_visibly(support: Any, tmp_path: Path) -> None:
    async with support() as session:
        path = file_of(tmp_path, "a.bin", b"0123456789")
        session.windows.picks = (path,)

        async def enough(_: int) -> bool:
            return True

        await session.press("Send files")
        offered = (await session.agent.next("fetch", Offer)).files[0]
        os.truncate(path, 4)
        await session.agent.pull(offered, bytearray(), enough)
        failed = await session.agent.next("fetch", Failed)

        assert failed.reason.key == "file_transfer.reason.changed"


async def test_a_page_that_got_other_bytes_is_believed_and_the_file_counts_as_failed(
    support: Any, tmp_path: Path
) -> None:
    async with support() as session:
        session.windows.picks = (file_of(tmp_path, "a.bin", b"abc"),)
        await session.press("Send files")
        offered = (await session.agent.next("fetch", Offer)).files[0]

        async def lie(offset: int) -> bool:
            return True

        await session.agent.pull(offered, bytearray(), lie)
        complete = await session.agent.page.receive("file_transfer.fetch_data", object)
        await session.agent.say("fetch", Arrived(offered.id, complete.run, bytes(32)))
        failed = await session.agent.next("fetch", Failed)

        assert failed.reason.key == "file_transfer.reason.hash"
        assert session.events("file_fetched")[0]["result"] == "file_transfer.reason.hash"


@pytest.mark.parametrize("by", ["agent", "customer"])
async def test_either_side_cancels(support: Any, tmp_path: Path, by: str) -> None:
    async with support() as session:
        session.windows.picks = (file_of(tmp_path, "a.bin", bytes(MB)),)
        await session.press("Send files")
        offered = (await session.agent.next("fetch", Offer)).files[0]

        if by == "agent":
            await session.agent.say("fetch", Cancel(offered.id))
        else:
            await session.press("Cancel transfer")
            await session.agent.next("fetch", Cancel)
        await session.shows("was not sent")

        assert session.events("file_fetched")[0]["result"] == f"file_transfer.reason.{by}_cancelled"


async def test_a_file_too_large_for_the_group_is_told_to_the_customer(support: Any, tmp_path: Path) -> None:
    async with support(options={"file_transfer.fetch": {"fetch_limit_mb": 1}}) as session:
        session.windows.picks = (file_of(tmp_path, "a.bin", bytes(MB + 1)),)

        await session.press("Send files")
        await session.shows("larger than 1.0 MB")

        assert session.events("file_refused")[0]["result"] == "file_transfer.reason.too_large"
