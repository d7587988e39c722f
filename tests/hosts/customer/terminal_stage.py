"""A program under test: the terminal surface with a made-up session."""

import sys
import time

from deskside import texts
from deskside.notice import Line, NoticeState, Question, SessionState
from deskside_customer import terminal
from deskside_customer.ui import End
from deskside_customer.words import Words

BOTH = {"features": ("control.mouse", "control.keyboard"), "titles": ("Use your mouse", "Use your keyboard")}


def say(line: str) -> None:
    sys.stdout.write(f"\r\n{line}\r\n")
    sys.stdout.flush()


async def main(ui: terminal.Terminal) -> int:
    code = await ui.ask_code()
    say(f"code {code}")
    if code == "password":
        say(f"password {await ui.ask_password('Four digits, please.')}")
        ui.tell_page("https://help.example/ended/abc")
        return 0
    name = "\x1b[2J\x1b[H evil" if code == "evil" else "Lee Jun"
    state = NoticeState(
        state=SessionState.ACTIVE,
        agents=(name,),
        company="Hanbit Service",
        began=time.time() - 761,
        label="demo",
        lines=(Line("screen.view", "sees your screen"),),
    )
    ui.show(state)
    if code == "evil":
        return 0
    one = await ui.ask(Question(id=1, who="Lee Jun", company="Hanbit Service", **BOTH))
    say(f"answer {one.answer} {' '.join(one.allowed)}")
    two = await ui.ask(Question(id=2, who="Lee Jun", company="", features=("a.b",), titles=("x",), seconds=1))
    say(f"answer {two.answer}")
    async for action in ui.actions:
        say(f"did {action}")
        if isinstance(action, End):
            break
    ui.show(NoticeState(state=SessionState.ENDED, began=state.began))
    return 0


if __name__ == "__main__":
    sys.exit(terminal.run(Words(texts.load("deskside_customer"), "en"), main))
