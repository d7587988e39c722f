"""`deskside up --demo`: a ready company, and its passwords on the console."""

import base64
import datetime
import hashlib
import sys
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from deskside_admin.service import demo, passwords, setup
from deskside_gateway import data


def tell_demo(engine: Engine, folder: Path) -> None:
    """Make the demo company unless there is a company, and say how to sign in."""
    secret = data.secret(folder, "demo")
    chosen = [_password(secret, name) for name, _ in (demo.ADMINISTRATOR, demo.AGENT)]
    with Session(engine) as db:
        is_new = demo.make(db, chosen[0], chosen[1], datetime.datetime.now(datetime.UTC))
        db.commit()
    told = "made" if is_new else "as made at the first start, unless they were changed since"
    sys.stdout.write(f"Demo company '{demo.COMPANY}' ({told}):\n")
    for (name, _), password in zip((demo.ADMINISTRATOR, demo.AGENT), chosen, strict=True):
        sys.stdout.write(f"  {name:<8}{password}\n")
    sys.stdout.write("  agents work at /console, administrators at /admin\n")


def _password(secret: bytes, name: str) -> str:
    """Return this installation's own password for a demo account; nobody else can know it.

    A digest in letters and digits may lack a digit, or hold a run of them: then its own digest is taken.
    """
    digest = hashlib.sha256(b"deskside demo " + name.encode() + b"\0" + secret).digest()
    while True:
        text = base64.b32encode(digest).decode().lower()
        password = "-".join((text[:4], text[4:8], text[8:12], text[12:16]))
        if not passwords.problems(password, setup.LEVEL):
            return password
        digest = hashlib.sha256(digest).digest()
