"""`deskside licence`: keys, licences and lists as a vendor makes them at a console."""

import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from core.test_offers import TEXT

from deskside.cli import main
from deskside.licence import Licence, new_key, public, read_licence, read_revocations, sign

SERVER = public(new_key())
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a subcommand in a fresh folder: exit code, what it said, what it complained about."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> tuple[int, str, str]:
        code = main(["licence", *arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return call


@pytest.fixture
def vendor(run: Run) -> str:
    """The public key of a vendor whose signing key is in vendor.key, with tiers.toml beside it."""
    _, said, _ = run("keygen", "vendor.key")
    Path("tiers.toml").write_text(TEXT)
    return said.split()[-1]


def issue(run: Run, *more: str) -> tuple[int, str, str]:
    """Issue a licence; what is said twice counts as it was said last."""
    files = ("--key", "vendor.key", "--tiers", "tiers.toml", "--out", "hanbit.licence")
    wanted = ("--company", "Hanbit", "--tier", "standard", "--seats", "5", "--server-key", SERVER)
    return run("issue", *files, *wanted, *more)


@pytest.mark.feature("LIC-03")
def test_a_licence_carries_what_the_vendors_file_says_about_its_tier(run: Run, vendor: str) -> None:
    code, said, _ = issue(run, "--tier", "professional", "--concurrent", "--extra", "windows", "--days", "30")

    made = read_licence(Path("hanbit.licence").read_text().strip(), vendor)
    assert code == 0
    assert (made.vendor, made.tier, made.company, made.seats) == ("Acme", "Professional", "Hanbit", 5)
    assert made.features == ("chat.store", "drawing.draw", "screen.watch", "windows.open")
    assert made.caps == {"drawing.draw.strokes": 500, "windows.open.most": 5}
    assert (made.concurrent, made.demo, made.gateway_key) == (True, False, SERVER)
    assert made.ends - made.starts == 30 * 24 * 3600
    assert abs(made.starts - time.time()) < 60
    assert made.id in said


def test_a_signing_key_is_its_owners_alone_and_never_written_over(run: Run, vendor: str) -> None:
    before = Path("vendor.key").read_text()

    code, _, said = run("keygen", "vendor.key")

    assert stat.S_IMODE(Path("vendor.key").stat().st_mode) == 0o600
    assert (code, said) == (2, "deskside licence: vendor.key exists already; a key is never written over\n")
    assert Path("vendor.key").read_text() == before
    assert before.strip() != vendor


def test_a_key_that_others_can_read_is_not_used(run: Run, vendor: str) -> None:
    Path("vendor.key").chmod(0o640)

    code, _, said = issue(run)

    assert code == 2
    assert said.startswith("deskside licence: others can read vendor.key")
    assert not Path("hanbit.licence").exists()


def test_show_says_in_words_what_a_licence_contains_and_whose_signature_it_bears(
    run: Run, vendor: str
) -> None:
    issue(run, "--begins", "2026-01-01", "--until", "2999-12-31", "--demo")

    code, said, _ = run("show", "hanbit.licence", "--vendor-key", "00" * 32, "--vendor-key", vendor)
    _, unchecked, _ = run("show", "hanbit.licence")

    assert code == 0
    lines = dict(
        line.split(None, 1) for line in said.splitlines() if not line.startswith(("server", "at most"))
    )
    assert lines["signature"] == f"good, by the key {vendor}"
    assert (lines["vendor"], lines["tier"], lines["company"]) == ("Acme", "Standard", "Hanbit")
    assert lines["seats"].startswith("5 (named")
    assert lines["until"].startswith("2999-12-31 00:00 UTC (in force, ")
    assert lines["demo"].startswith("yes")
    assert lines["features"] == "drawing.draw, screen.watch"
    assert "at most     drawing.draw.strokes = 50, windows.open.most = 1\n" in said
    assert "signature   not checked" in unchecked


def test_show_tells_a_licence_that_is_over_and_an_older_one(run: Run, vendor: str, tmp_path: Path) -> None:
    key = new_key()
    old = Licence(id="L-1", company="Hanbit", features=(), seats=1, starts=1, ends=2, gateway_key=SERVER)
    Path("old").write_text(sign(old, key))

    _, said, _ = run("show", "old", "--vendor-key", public(key))

    assert "until       1970-01-01 00:00 UTC (is over)\n" in said
    assert "tier        not named (an older licence)\n" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "not a signed document"),
        ("e30.e30", "with other fields than ours"),
        ("한글.한글", "not a signed document"),
        ("x" * 70_000, "is larger than anything that belongs here"),
    ],
)
def test_show_says_in_one_sentence_why_something_is_no_licence(
    run: Run, vendor: str, content: str, said: str
) -> None:
    Path("broken").write_text(content)

    code, shown, complaint = run("show", "broken")

    assert (code, shown) == (2, "")
    assert complaint.startswith("deskside licence: ")
    assert said in complaint
    assert complaint.count("\n") == 1


def test_show_refuses_a_licence_that_none_of_the_given_keys_signed(run: Run, vendor: str) -> None:
    issue(run)

    code, _, said = run("show", "hanbit.licence", "--vendor-key", "00" * 32)

    assert code == 2
    assert said.startswith("deskside licence: none of the given keys signed this licence")


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--tier", "gold"), "there is no tier 'gold'"),
        (("--extra", "gold"), "there is no extra 'gold'"),
        (("--server-key", "12"), "--server-key takes the 64 digits"),
        (("--seats", "-1"), "seats is a whole number"),
        (("--until", "2001-01-01"), "over before it begins"),
    ],
)
def test_issue_says_in_one_sentence_what_was_wrong_and_writes_nothing(
    run: Run, vendor: str, more: tuple[str, ...], said: str
) -> None:
    code, _, complaint = issue(run, *more)

    assert code == 2
    assert said in complaint
    assert complaint.count("\n") == 1
    assert not Path("hanbit.licence").exists()


def test_revoke_adds_to_the_list_and_raises_its_serial(run: Run, vendor: str) -> None:
    run("revoke", "--key", "vendor.key", "--list", "withdrawn", "--vendor", "Acme", "L-1")
    first = read_revocations(Path("withdrawn").read_text().strip(), vendor)

    code, _, _ = run("revoke", "--key", "vendor.key", "--list", "withdrawn", "L-2", "L-1")
    second = read_revocations(Path("withdrawn").read_text().strip(), vendor)

    assert code == 0
    assert (first.serial, first.licences) == (1, ("L-1",))
    assert (second.serial, second.licences, second.vendor) == (2, ("L-1", "L-2"), "Acme")
    _, said, _ = run("show", "withdrawn", "--vendor-key", vendor)
    assert "withdrawn   L-1, L-2\n" in said


def test_revoke_leaves_a_list_alone_that_another_key_signed(run: Run, vendor: str) -> None:
    run("keygen", "other.key")
    run("revoke", "--key", "other.key", "--list", "withdrawn", "--vendor", "Other", "L-1")
    before = Path("withdrawn").read_text()

    code, _, said = run("revoke", "--key", "vendor.key", "--list", "withdrawn", "L-2")

    assert code == 2
    assert "is no list that this key has signed" in said
    assert Path("withdrawn").read_text() == before
