"""From an order to the end of a session, on the session's loop, whichever surface is there."""

import getpass
import platform
import sys
import tomllib
from functools import partial
from pathlib import Path

import anyio
from attrs import define, frozen

from deskside import texts
from deskside.agree import Unavailable
from deskside.api import Machine
from deskside.calls import Failure, collect
from deskside.chain import Trust
from deskside.errors import DesksideError
from deskside.grants import Answer
from deskside.host_ports import HostPorts
from deskside.host_session import HostSession
from deskside.loader import QT_GROUP, Plugins
from deskside.notice import Question
from deskside.pairing import PASSWORD_DIGITS, Code, is_digits
from deskside.restarting import left_out, packages_of, restart_without
from deskside.running import BLOCKED
from deskside.scoped import PluginSession
from deskside.session import Surroundings
from deskside.watchdog import Watchdog
from deskside_customer.locating import Found, NotReached, Unknown, locate
from deskside_customer.opening import addresses, open_page
from deskside_customer.reporting import Reporter
from deskside_customer.resuming import ResumeFile
from deskside_customer.ui import Drop, End, Press, Step, Stop, Ui
from deskside_line.proxies import AS_THE_SYSTEM_SAYS, Proxies
from deskside_line.roads import dial

FLUSH_S = 3
TOLD_S = 15
"""How long after a support the gateway's word on what to show is waited for."""
EVENTS_OF_ONE = 10_000
"""More than one process reports of a session."""
TRIES, PAUSE_S = 5, 2.0


@frozen(kw_only=True)
class Order:
    """What the customer program was started with."""

    gateway: str
    plugins: Plugins
    proxies: Proxies = AS_THE_SYSTEM_SAYS
    code: Code | None = None
    trust: str = ""
    name: str = ""
    has_windows: bool = True
    opens_pages: bool = False
    """Whether pages may open in the browser of whoever sits here."""


async def run(ui: Ui, order: Order) -> int:
    """Bring the customer into a session and stay until it has ended; return the exit code."""
    resume = ResumeFile.here()
    if left_out() and (kept := resume.take()) is not None:
        await Visit(ui, order, kept[0], resume, secret=kept[1]).run()
        return 0
    code, problem = order.code, ""
    while True:
        if code is None:
            typed = await ui.ask_code(problem)
            if typed is None:
                return 0
            code, problem = Code.read(typed), ui.text("customer.code.wrong")
            continue
        found, problem = await _find(ui, order, code)
        if found is not None:
            password = await _password(ui, found)
            if password is None:
                return 0
            ui.progress(Step.CONNECTING)
            failure = await Visit(ui, order, found, resume, code.secret + password).run()
            if not failure:
                return 0
            problem = ui.text(f"customer.{_with_password(failure) if password else failure}")
        code = None


async def _find(ui: Ui, order: Order, code: Code) -> tuple[Found | None, str]:
    problem = ""
    for _ in range(TRIES):
        ui.progress(Step.FINDING, problem)
        try:
            return await locate(order.gateway, code.locator, ui.language, order.proxies), ""
        except Unknown as no:
            return None, str(no)
        except NotReached as no:
            problem = ui.text(no.failed.key, **no.failed.values)
            ui.progress(Step.FINDING, problem)
            await anyio.sleep(PAUSE_S)
    return None, problem


async def _password(ui: Ui, found: Found) -> str | None:
    """Return the session password, empty where none is asked for; None: the customer gave up."""
    problem = ""
    while found.needs_password:
        typed = await ui.ask_password(problem)
        if typed is None or is_digits(typed, PASSWORD_DIGITS):
            return typed
        problem = ui.text("customer.password.wrong")
    return ""


def _with_password(failure: str) -> str:
    return "failed.password" if failure == "failed.code" else failure


@define(eq=False)
class Visit:
    """One session of this program."""

    ui: Ui
    order: Order
    found: Found
    resume: ResumeFile
    code: str = ""
    secret: bytes = b""

    async def run(self) -> str:
        """Run it to its end; return why it could not begin, as a text key, or nothing."""
        reporter = Reporter(
            self.order.gateway,
            self.found.ticket,
            lambda by: session.finish("ended.forced", by),
            lambda licence, token: session.entitle(licence, token),
            self.order.proxies,
        )
        around = Surroundings(
            self.order.plugins,
            reporter.note,
            self._words(),
            language=self.ui.language,
            supply=self._supply,
            supplies=window_services(self.order.plugins) if self.order.has_windows else (),
            events_before=len(left_out()) * EVENTS_OF_ONE,
        )
        session = HostSession(self.found.session, around, self._ports(), code=self.code, secret=self.secret)
        if self.secret:
            self.resume.keep(self.found, self.secret)
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(reporter.run)
            tasks.start_soon(self._act, session)
            tasks.start_soon(self._watchdog(session).run)
            try:
                await session.run()
            finally:
                self.resume.forget()
            await reporter.flush(FLUSH_S)
            if session.notice.began is not None:
                self._open(await reporter.told_end(TOLD_S))
            tasks.cancel_scope.cancel()
        return session.failure

    def _ports(self) -> HostPorts:
        return HostPorts(
            dial=partial(dial, self.order.gateway, self.found.ticket, proxies=self.order.proxies),
            consent=self.ui.ask,
            show=self.ui.show,
            trust=trust_of(self.order.trust),
            unavailable=probe(self.order.plugins),
            admit=self._admit,
            paired=partial(self.resume.keep, self.found),
            resumed=bool(self.secret),
            person=self.order.name or _user_name(),
            system=f"{platform.system()} {platform.release()}",
        )

    async def _admit(self, begins: tuple[str, ...]) -> bool:
        self.ui.progress(Step.ASKING)
        question = Question(
            id=0,
            who=self.found.agent,
            company=self.found.company,
            features=("session.connect",),
            titles=("\n".join((self.ui.text("customer.connect"), *begins)),),
        )
        return (await self.ui.ask(question)).answer is Answer.YES

    def _open(self, told: object) -> None:
        for address in addresses(told):
            if not (self.order.opens_pages and open_page(address)):
                self.ui.tell_page(address)

    def _watchdog(self, session: HostSession) -> Watchdog:
        def blocked(plugin: str) -> None:
            session.runner.fail(plugin, BLOCKED)

        return Watchdog(packages_of(self.order.plugins), blocked, restart_without)

    def _words(self) -> texts.Texts:
        own = texts.load("deskside").with_more(texts.load("deskside_customer"))
        return self.order.plugins.catalogue.texts().with_more(own)

    async def _supply(self, key: str, scope: PluginSession) -> object | None:
        return await self.ui.window(key, scope.plugin)

    async def _act(self, session: HostSession) -> None:
        async for action in self.ui.actions:
            match action:
                case Stop(feature):
                    session.stop(feature)
                case Press(button):
                    session.press(button)
                case Drop(paths):
                    session.drop(paths)
                case End():
                    session.end()


def window_services(plugins: Plugins) -> set[str]:
    """Return the services that plugins' own windows answer for."""
    owners = (plugins.catalogue.owners[one.name] for one in plugins.loaded if QT_GROUP in one.points)
    return {key for owner in owners for key in owner.info.provides}


def probe(plugins: Plugins) -> tuple[Unavailable, ...]:
    """Return what this machine cannot do; a plugin that fails to say so can do nothing."""
    found: list[Unavailable] = []
    for answer in collect(plugins.manager.hook.deskside_probe, machine=Machine(sys.platform)):
        if isinstance(answer, Failure):
            features = plugins.catalogue.features_of(answer.plugin)
            found += [Unavailable(one.key, "refused.probe") for one in features]
        else:
            found += answer.value
    return tuple(found)


def trust_of(path: str) -> Trust:
    """Return whose licences count; without a file, only a server's own trial."""
    if not path:
        return Trust()
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        keys = tuple(str(one) for one in content.get("vendor_keys", ()))
        return Trust(keys, trial=content.get("trial", False) is True)
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise DesksideError(f"the trust file {path} cannot be used: {error}") from None


def _user_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""
