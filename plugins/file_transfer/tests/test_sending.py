"""Agent → customer, over the real wire."""

import hashlib
import os
import random
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from deskside.grants import Answer, Gate, Refusal
from deskside.notice import Answered, Question
from deskside_file_transfer.messages import (
    Accepted,
    Cancel,
    Chunk,
    Complete,
    Declined,
    Done,
    Failed,
    Offer,
    OfferedFile,
    State,
    WantState,
)

pytestmark = pytest.mark.anyio
MB = 1_000_000
BIG = random.Random(1).randbytes(20 * MB)


async def no(question: Question) -> Answered:
    return Answered(Answer.NO)


@pytest.mark.feature("FIL-01")
@pytest.mark.feature("FIL-06")
async def test_several_files_arrive_in_received_files_after_one_question(support: Any) -> None:
    async with support() as session:
        contents = {"report_pdf": b"a" * 300_000, "보고서_txt": "안녕".encode(), "empty_txt": b""}

        ids = await session.agent.offer(**contents)
        accepted = [await session.agent.next("send", Accepted) for _ in ids]
        for one, content in zip(accepted, contents.values(), strict=True):
            await session.agent.push(one, content)
        done = [await session.agent.next("send", Done) for _ in ids]

        assert [one.name for one in done] == ["report.pdf", "보고서.txt", "empty.txt"]
        assert session.names() == ["empty.txt", "report.pdf", "보고서.txt"]
        assert (session.received / "report.pdf").read_bytes() == contents["report_pdf"]
        assert 300_000 in session.agent.progress
        shown = " ".join(message for notice in session.kit.notices for message in notice.messages)
        assert "3 files: 99 %" in shown
        assert len(session.kit.questions) == 1
        assert session.kit.questions[0].detail == "report.pdf, 보고서.txt, empty.txt (300 kB)"
        assert [one["result"] for one in session.events("file_sent")] == ["complete"] * 3
        assert session.events("file_sent")[0] == {
            "direction": "send",
            "name": "report.pdf",
            "size": 300_000,
            "sha256": hashlib.sha256(contents["report_pdf"]).hexdigest(),
            "result": "complete",
            "by": "Lee Jun",
        }


@pytest.mark.feature("FIL-10")
async def test_a_big_file_survives_a_cut_line_a_killed_viewer_and_a_reload(support: Any) -> None:
    async with support() as session:
        kit = session.kit
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

        number = (await session.agent.offer(big_bin=BIG))["big_bin"]
        accepted = await session.agent.next("send", Accepted)
        is_over = await session.agent.push(accepted, BIG, trouble)
        assert not is_over
        resumed = await session.agent.resume(number)
        assert resumed.offset > 8 * MB
        await session.agent.push(resumed, BIG)
        await session.agent.next("send", Done)

        assert not troubles
        assert (session.received / "big.bin").read_bytes() == BIG
        assert session.names() == ["big.bin"]


async def test_the_customers_no_leaves_nothing_and_is_written_down(support: Any) -> None:
    async with support() as session:
        session.kit.answer = no

        await session.agent.offer(a_txt=b"x", b_txt=b"y")
        declined = [await session.agent.next("send", Declined) for _ in range(2)]

        assert {one.reason.key for one in declined} == {"refused.consent.no"}
        assert session.names() == []
        assert [one["result"] for one in session.events("file_refused")] == ["refused.consent.no"] * 2


@pytest.mark.parametrize(
    "name", ["../x", "a/b", "a\\b", "nul.txt", "x.", "x ", "a\u202egpj.exe", "a\nb", "C:x", "é" * 130]
)
async def test_a_hostile_name_is_refused_before_the_customer_is_asked(support: Any, name: str) -> None:
    async with support() as session:
        await session.agent.say("send", Offer((OfferedFile(1, name, 1),)))
        declined = await session.agent.next("send", Declined)

        assert declined.reason.key.startswith("file_transfer.reason.name_")
        assert not session.kit.questions


async def test_nothing_is_written_over(support: Any) -> None:
    async with support() as session:
        session.received.mkdir(parents=True)
        outside = session.received.parent / "outside"
        (session.received / "a.txt").write_bytes(b"old")
        (session.received / "a (2).txt").symlink_to(outside)

        await session.agent.offer(a_txt=b"new")
        await session.agent.push(await session.agent.next("send", Accepted), b"new")
        done = await session.agent.next("send", Done)

        assert done.name == "a (3).txt"
        assert (session.received / "a.txt").read_bytes() == b"old"
        assert not outside.exists()
        assert (session.received / "a (3).txt").read_bytes() == b"new"


async def send_bytes(session: Any, *chunks: tuple[int, int, bytes]) -> None:
    for run, offset, content in chunks:
        await session.agent.page.send("file_transfer.send_data", Chunk(7, run, offset, content))


async def begin(session: Any, size: int = 10) -> Accepted:
    await session.agent.say("send", Offer((OfferedFile(7, "a.bin", size),)))
    accepted: Accepted = await session.agent.next("send", Accepted)
    return accepted


async def test_bytes_at_a_wrong_place_are_never_written(support: Any) -> None:
    async with support() as session:
        accepted = await begin(session)

        await send_bytes(session, (accepted.run, 5, b"wrong"))
        again = await session.agent.next("send", Accepted)
        await send_bytes(session, (accepted.run, 0, b"stale run!"), (again.run, 0, b"right once"))
        digest = hashlib.sha256(b"right once").digest()
        await session.agent.page.send("file_transfer.send_data", Complete(7, again.run, digest))
        await session.agent.next("send", Done)

        assert (again.offset, again.run) == (0, accepted.run + 1)
        assert (session.received / "a.bin").read_bytes() == b"right once"


async def test_more_bytes_than_announced_end_the_transfer(support: Any) -> None:
    async with support() as session:
        accepted = await begin(session)

        await send_bytes(session, (accepted.run, 0, b"eleven byte"))
        failed = await session.agent.next("send", Failed)

        assert failed.reason.key == "file_transfer.reason.broken"
        assert session.names() == []


@pytest.mark.feature("FIL-10")
@pytest.mark.parametrize(("content", "reason"), [(b"0123456789", "hash"), (b"0123", "broken")])
async def test_what_is_not_what_was_sent_is_not_kept(support: Any, content: bytes, reason: str) -> None:
    async with support() as session:
        accepted = await begin(session)

        await send_bytes(session, (accepted.run, 0, content))
        await session.agent.page.send("file_transfer.send_data", Complete(7, accepted.run, bytes(32)))
        failed = await session.agent.next("send", Failed)

        assert failed.reason.key == f"file_transfer.reason.{reason}"
        assert session.names() == []
        assert session.events("file_sent")[0]["result"] == f"file_transfer.reason.{reason}"


async def test_bytes_after_the_end_change_nothing(support: Any) -> None:
    async with support() as session:
        accepted = await begin(session, 3)
        digest = hashlib.sha256(b"abc").digest()
        await send_bytes(session, (accepted.run, 0, b"abc"))
        await session.agent.page.send("file_transfer.send_data", Complete(7, accepted.run, digest))
        await session.agent.next("send", Done)

        await send_bytes(session, (accepted.run, 3, b"more"), (accepted.run + 1, 0, b"new"))
        await session.agent.say("send", WantState())
        state = await session.agent.next("send", State)

        assert [(row.stage, row.sha256) for row in state.transfers] == [("done", digest)]
        assert (session.received / "a.bin").read_bytes() == b"abc"


async def test_a_second_transfer_with_the_same_id_changes_nothing_of_the_first(support: Any) -> None:
    async with support() as session:
        accepted = await begin(session, 3)

        await session.agent.say("send", Offer((OfferedFile(7, "other.bin", 99),)))
        await send_bytes(session, (accepted.run, 0, b"abc"))
        digest = hashlib.sha256(b"abc").digest()
        await session.agent.page.send("file_transfer.send_data", Complete(7, accepted.run, digest))
        await session.agent.next("send", Done)

        assert session.names() == ["a.bin"]
        assert len(session.kit.questions) == 1


@pytest.mark.parametrize("by", ["agent", "customer"])
async def test_either_side_cancels_and_nothing_is_left(support: Any, by: str) -> None:
    async with support() as session:
        accepted = await begin(session)
        await send_bytes(session, (accepted.run, 0, b"half"))
        await session.shows("40 %")

        if by == "agent":
            await session.agent.say("send", Cancel(7))
        else:
            await session.press("Cancel transfer")
            await session.agent.next("send", Cancel)
        await session.shows("was not received")

        assert session.names() == []
        assert session.events("file_sent")[0]["result"] == f"file_transfer.reason.{by}_cancelled"
        assert "Cancel transfer" not in session.buttons()


async def test_a_full_disk_is_told_in_a_sentence(support: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=5))
    async with support() as session:
        await session.agent.say("send", Offer((OfferedFile(7, "a.bin", 10),)))
        failed = await session.agent.next("send", Failed)

        assert failed.reason.key == "file_transfer.reason.disk_full"
        assert session.names() == []


async def test_a_disk_that_fills_up_on_the_way_leaves_nothing(
    support: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with support() as session:
        accepted = await begin(session)

        def full(*_: object) -> int:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        await send_bytes(session, (accepted.run, 0, b"half"))
        failed = await session.agent.next("send", Failed)
        monkeypatch.undo()

        assert failed.reason.key == "file_transfer.reason.disk_full"
        assert session.names() == []


async def test_a_folder_that_cannot_be_used_is_told_in_a_sentence(support: Any, tmp_path: Path) -> None:
    async with support() as session:
        session.received.parent.mkdir()
        session.received.write_text("a file is in the way")
        await session.agent.say("send", Offer((OfferedFile(7, "a.bin", 10),)))
        failed = await session.agent.next("send", Failed)

        assert failed.reason.key == "file_transfer.reason.io"


async def test_the_viewer_refuses_what_the_group_does_not_allow(support: Any) -> None:
    async with support(options={"file_transfer.send": {"send_limit_mb": 1, "send_total_mb": 2}}) as session:
        reasons = []
        for number, size in enumerate((MB + 1, MB, MB, 1), start=1):
            await session.agent.say("send", Offer((OfferedFile(number, "a.bin", size),)))
            answer = await session.agent.next("send", (Accepted, Declined))
            reasons.append(answer.reason.key if isinstance(answer, Declined) else "")

        assert reasons == ["file_transfer.reason.too_large", "", "", "file_transfer.reason.total"]
        refused = [one for one in session.kit.events if one.name == "file_refused"]
        assert [one.side for one in refused] == ["viewer", "viewer"]


async def test_what_was_moved_still_counts_after_the_viewer_was_killed(support: Any) -> None:
    async with support(options={"file_transfer.send": {"send_limit_mb": 2, "send_total_mb": 2}}) as session:
        content = bytes(MB + MB // 2)
        await session.agent.offer(a_bin=content)
        await session.agent.push(await session.agent.next("send", Accepted), content)
        await session.agent.next("send", Done)

        await session.kit.kill_viewer()
        await session.agent.say("send", Offer((OfferedFile(8, "b.bin", MB),)))
        declined = await session.agent.next("send", Declined)

        assert declined.reason.key == "file_transfer.reason.total"


async def test_without_the_feature_nothing_is_received(support: Any) -> None:
    refusals = {"file_transfer.send": Refusal(Gate.GROUP, "refused.group")}
    async with support(refusals=refusals) as session:
        await session.until(lambda: session.kit.host.notice.accepts_files)

        assert set(session.buttons()) == {"Send files"}


async def test_the_end_of_the_support_leaves_no_part(support: Any) -> None:
    async with support() as session:
        accepted = await begin(session)
        await send_bytes(session, (accepted.run, 0, b"half"))
        await session.shows("40 %")
        assert len(session.names()) == 1

        session.agent.page.end()
        await session.kit.host.over.wait()
        await session.until(lambda: not session.names())

        assert session.events("file_sent")[0]["result"] == "file_transfer.reason.session_over"


async def test_the_customer_opens_the_folder_with_received_files(support: Any) -> None:
    async with support() as session:
        await session.press("Received files")
        await session.until(lambda: session.windows.opened)

        assert session.windows.opened == [str(session.received)]
        assert session.received.is_dir()
