import threading

import anyio

from deskside_customer.inbox import Inbox, Loop, Outcome


def test_values_of_another_thread_arrive_in_order() -> None:
    async def main() -> list[int]:
        loop = Loop()
        loop.attach()
        inbox: Inbox[int] = Inbox(loop)

        def put() -> None:
            for number in range(3000):
                inbox.put(number)
            inbox.close()

        threading.Thread(target=put).start()
        return [value async for value in inbox]

    assert anyio.run(main) == list(range(3000))


def test_what_was_put_in_before_the_loop_ran_is_there() -> None:
    loop = Loop()
    inbox: Inbox[str] = Inbox(loop)
    inbox.put("early")

    async def main() -> str:
        loop.attach()
        return await anext(inbox)

    assert anyio.run(main) == "early"


def test_a_reader_that_is_too_far_behind_gets_no_more() -> None:
    inbox: Inbox[int] = Inbox(Loop(), most=2)

    assert [inbox.put(1), inbox.put(2), inbox.put(3)] == [True, True, False]


def test_nothing_breaks_once_the_loop_has_ended() -> None:
    loop = Loop()

    async def main() -> None:
        loop.attach()

    anyio.run(main)

    assert Inbox[int](loop).put(1)


def test_the_first_answer_counts() -> None:
    async def main() -> tuple[bool, str]:
        loop = Loop()
        loop.attach()
        outcome: Outcome[str] = Outcome(loop)
        before = await outcome.within(0)
        threading.Thread(target=lambda: [outcome.settle("no"), outcome.settle("yes")]).start()
        await outcome.within(5)
        return before, outcome.value()

    assert anyio.run(main) == (False, "no")
