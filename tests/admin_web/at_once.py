"""Many people at the same moment: a thread and a transaction for each, all let go together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

Given = TypeVar("Given")
Answer = TypeVar("Answer")


def all_at_once(
    engine: Engine, given: Sequence[Given], act: Callable[[Session, Given], Answer]
) -> list[Answer]:
    """Return what each of them was answered; what they did is committed."""
    start = threading.Barrier(len(given))

    def run(one: Given) -> Answer:
        start.wait()
        with Session(engine, expire_on_commit=False) as db:
            answer = act(db, one)
            db.commit()
            return answer

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(run, given))
