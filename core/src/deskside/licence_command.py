"""`deskside licence`: what a vendor does with keys and licences, and an operator to read one."""

import argparse
import re
import secrets
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from deskside.errors import BadSignature, DesksideError
from deskside.licence import Licence, Revocations, public, read_revocations, sign
from deskside.licence_files import FileProblem, make_key, read_key, read_text, write_token
from deskside.licence_words import in_words
from deskside.offers import Offers

DAY_S = 24 * 3600
PUBLIC_KEY = re.compile(r"[0-9a-f]{64}")


class BadOrder(DesksideError):
    """Raised when a licence cannot be made as it was ordered."""


def licence(arguments: Sequence[str]) -> int:
    """Make, show and withdraw licences; only the holder of a vendor key can make them."""
    given = _parser().parse_args(arguments)
    try:
        said: str = given.act(given)
    except ValueError as error:
        raise BadOrder(str(error)) from None
    sys.stdout.write(said)
    return 0


def _keygen(given: argparse.Namespace) -> str:
    key = make_key(given.key)
    return (
        f"The signing key is in {given.key}. Keep it secret, and keep a copy.\n"
        f"Servers and customer programs need its public half:\n{public(key)}\n"
    )


def _issue(given: argparse.Namespace) -> str:
    key, offers = read_key(given.key), Offers.read(read_text(given.tiers))
    sold = offers.put_together(given.tier, given.extra)
    if not PUBLIC_KEY.fullmatch(given.server_key):
        raise BadOrder("--server-key takes the 64 digits that the licence page of the company's server shows")
    starts = given.begins or int(time.time())
    ends = given.until or starts + given.days * DAY_S
    if ends <= starts:
        raise BadOrder("the licence would be over before it begins")
    made = Licence(
        id=f"L-{secrets.token_hex(6)}",
        company=given.company,
        features=sold.features,
        seats=given.seats,
        concurrent=given.concurrent,
        demo=given.demo,
        starts=starts,
        ends=ends,
        gateway_key=given.server_key,
        vendor=offers.vendor,
        tier=sold.title,
        caps=sold.caps,
    )
    write_token(given.out, sign(made, key))
    return f"{in_words(read_text(given.out), [public(key)], time.time())}written to  {given.out}\n"


def _show(given: argparse.Namespace) -> str:
    return in_words(read_text(given.file), given.vendor_key, time.time())


def _revoke(given: argparse.Namespace) -> str:
    key = read_key(given.key)
    known = _known(given.list, public(key))
    vendor = given.vendor or (known.vendor if known else "")
    if not vendor:
        raise BadOrder("a first list needs the vendor's name: --vendor NAME")
    made = Revocations(
        vendor=vendor,
        serial=known.serial + 1 if known else 1,
        issued=int(time.time()),
        licences=[*(known.licences if known else ()), *given.licence],
    )
    write_token(given.list, sign(made, key))
    return f"{in_words(read_text(given.list), [public(key)], time.time())}written to  {given.list}\n"


def _known(path: Path, key: str) -> Revocations | None:
    if not path.exists():
        return None
    try:
        return read_revocations("".join(read_text(path).split()), key)
    except BadSignature:
        raise FileProblem(f"{path} is no list that this key has signed; nothing was changed") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deskside licence", description=licence.__doc__)
    acts = parser.add_subparsers(metavar="keygen | issue | show | revoke", required=True)
    keygen = acts.add_parser("keygen", help="make a vendor's signing key")
    keygen.add_argument("key", type=Path, metavar="FILE", help="where to put it; must not exist yet")
    keygen.set_defaults(act=_keygen)
    show = acts.add_parser("show", help="say in words what a licence, or a list of withdrawn ones, contains")
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument(
        "--vendor-key", action="append", default=[], metavar="KEY", help="check the signature with this key"
    )
    show.set_defaults(act=_show)
    revoke = acts.add_parser("revoke", help="add licences to the list of those that no longer count")
    revoke.add_argument("licence", nargs="+", metavar="ID", help="the licence's name, as 'show' tells it")
    revoke.add_argument("--key", type=Path, required=True, metavar="FILE", help="the signing key")
    revoke.add_argument("--list", type=Path, required=True, metavar="FILE", help="the list; made if missing")
    revoke.add_argument("--vendor", default="", metavar="NAME", help="the vendor's name, for a first list")
    revoke.set_defaults(act=_revoke)
    _describe_issue(acts.add_parser("issue", help="sign a licence for a company's server"))
    return parser


def _describe_issue(issue: argparse.ArgumentParser) -> None:
    issue.add_argument("--key", type=Path, required=True, metavar="FILE", help="the signing key")
    issue.add_argument("--tiers", type=Path, required=True, metavar="FILE", help="TOML file: what is sold")
    issue.add_argument("--tier", required=True, metavar="NAME", help="which of the file's tiers")
    issue.add_argument("--extra", action="append", default=[], metavar="NAME", help="which extras beside it")
    issue.add_argument("--company", required=True, metavar="NAME", help="who buys it")
    issue.add_argument("--server-key", required=True, metavar="KEY", help="the key of the company's server")
    issue.add_argument("--seats", type=int, required=True, metavar="N", help="how many users or agents")
    issue.add_argument("--concurrent", action="store_true", help="count those signed in at once, not users")
    issue.add_argument("--demo", action="store_true", help="label each session as a demonstration")
    issue.add_argument("--begins", type=_day, default=0, metavar="DAY", help="first day (default: now)")
    ends = issue.add_mutually_exclusive_group()
    ends.add_argument("--days", type=_days, default=365, metavar="N", help="how long (default: 365 days)")
    ends.add_argument("--until", type=_day, default=0, metavar="DAY", help="when it ends, such as 2027-12-31")
    issue.add_argument("--out", type=Path, required=True, metavar="FILE", help="where to write the licence")
    issue.set_defaults(act=_issue)


def _day(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).timestamp())


def _days(text: str) -> int:
    days = int(text)
    if not 1 <= days <= 36_500:
        raise ValueError(text)
    return days
