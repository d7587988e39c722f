"""From settings and a data folder to a whole gateway."""

import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from attrs import define, field, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import CollectorRegistry, Gauge, PlatformCollector, ProcessCollector
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session
from starlette.applications import Starlette

from deskside import texts
from deskside.declare import Side
from deskside.errors import DesksideError
from deskside.loader import Plugins, allowed_by, load
from deskside.restarting import left_out
from deskside.settings import Settings
from deskside_admin import rules
from deskside_admin.panel import create_panel, live, plugin_pages
from deskside_admin.service import companies, installing, licences, setup
from deskside_admin.service.entitling import Issuer
from deskside_admin.service.outcome import Refused
from deskside_admin.service.sealing import Box
from deskside_gateway import data, plugin_parts
from deskside_gateway.app import NOBODY, Guest, Parts, create_app
from deskside_gateway.broker import Broker
from deskside_gateway.hub import Hub
from deskside_gateway.mailing import mailer_of
from deskside_gateway.outbox import Outbox
from deskside_gateway.pages.render import House, Pages
from deskside_gateway.refusals import Refused as NotNow
from deskside_gateway.refusing import LiveRefusals
from deskside_gateway.relay import Counters, Relay
from deskside_gateway.store import Store
from deskside_gateway.tickets import Tickets

LARGEST_LICENCE = 64 * 1024
DOORPLATE_S = 2.0


class CannotStart(DesksideError):
    """Raised when a program cannot start; its text says what to change."""


@frozen
class Built:
    """A gateway that is ready to listen."""

    app: Starlette
    hub: Hub


def build(
    settings: Settings, folder: Path, engine: Engine, invite: Callable[[Hub], Guest] | None = None
) -> Built:
    """Put a gateway together; `invite` may bring a program that runs inside it, such as a viewer.

    :raises CannotStart: if the licence cannot be used
    """
    plugins = load_plugins(Side.GATEWAY, settings.text("plugins"))
    registry = _registry()
    issuer = Issuer(
        Ed25519PrivateKey.from_private_bytes(data.secret(folder, "signing")),
        plugins.catalogue,
        _listed(settings.text("vendor_keys")),
    )
    store = Store(engine)
    _license(store, issuer, settings.text("licence"))
    hub, mailer = _hub(folder, store, issuer, registry), mailer_of(settings)
    hub.mailer, hub.feedback_to = mailer, settings.text("feedback_mail")
    panel = create_panel(
        engine,
        issuer,
        secret_key=data.secret(folder, "panel"),
        cookie_secure=_is_secure(settings),
        mailer=mailer,
    )
    allow = allowed_by(settings.text("plugins"))
    plugin_pages.install(panel, plugin_parts.for_panel(allow, plugins))
    live.install(panel, LiveRefusals(hub))
    parts = Parts(
        pages=Pages(texts.load("deskside_gateway")),
        panel=panel,
        metrics=registry,
        metrics_token=data.secret(folder, "metrics").hex(),
        is_ready=lambda: _answers(engine),
        house=_Doorplate(store).read,
        hub=hub,
        of_plugins=plugin_parts.routes_of(plugins, settings.text("address")),
    )
    return Built(create_app(parts, invite(hub) if invite else NOBODY), hub)


def _registry() -> CollectorRegistry:
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    PlatformCollector(registry=registry)
    return registry


@define
class _Doorplate:
    """Whose server this is, looked up now and then: a public page must not keep the database busy."""

    _store: Store
    _known: House = field(factory=House)
    _until: float = 0.0

    def read(self) -> House:
        if time.monotonic() >= self._until:
            with suppress(NotNow):
                self._known = self._store.at_once(_house)
            self._until = time.monotonic() + DOORPLATE_S
        return self._known


def load_plugins(side: Side, allowed: str) -> Plugins:
    """Load what the operator allows; name in the log what is left out."""
    plugins = load(side, allowed_by(allowed), own=rules.declared(), without=left_out())
    for one in plugins.refused:
        logging.getLogger(__name__).warning("plugin %s of %s: %s", one.name, one.distribution, one.reason)
    return plugins


def _hub(folder: Path, store: Store, issuer: Issuer, registry: CollectorRegistry) -> Hub:
    hub = Hub(
        store=store,
        outbox=Outbox(store, folder / "events.waiting"),
        broker=Broker(time.monotonic),
        tickets=Tickets(data.secret(folder, "tickets")),
        relay=Relay(Counters.of(registry)),
        issuer=issuer,
        node_secret=data.secret(folder, "node"),
        box=Box.of(data.secret(folder, "panel")),
    )
    Gauge("deskside_waits", "Codes that wait", registry=registry).set_function(lambda: len(hub.broker))
    Gauge("deskside_viewer_sessions", "Sessions held", registry=registry).set_function(
        lambda: len(hub.holders)
    )
    return hub


def _license(store: Store, issuer: Issuer, path: str) -> None:
    now = store.now()
    store.at_once(lambda db: licences.start_trial(db, now))
    if not path:
        store.at_once(lambda db: installing.forget(db, now))
        return
    try:
        with Path(path).open("rb") as file:
            token = file.read(LARGEST_LICENCE).decode("ascii", "replace").strip()
    except OSError as error:
        raise CannotStart(f"the licence {path} cannot be read: {error.strerror}") from None
    outcome = store.at_once(lambda db: installing.begin_with(db, token, issuer, now))
    if isinstance(outcome, Refused):
        raise CannotStart(_why(path, outcome))


def _why(path: str, refused: Refused) -> str:
    if refused.reason == "licence.not_of_vendor":
        return f"the licence {path} is not signed by a vendor named in vendor_keys"
    if refused.reason == "licence.unreadable":
        return f"the licence {path} is damaged, or made for a newer version of this server"
    key = refused.problems[0].values["server_key"]
    return f"the licence {path} is for another server; this one has the key {key}"


def _house(db: Session) -> House:
    only = companies.only_one(db)
    return House(only.name if only else "", setup.is_done(db))


def _listed(names: str) -> tuple[str, ...]:
    return tuple(one.strip() for one in names.split(",") if one.strip())


def _is_secure(settings: Settings) -> bool:
    return bool(settings.text("tls_certificate")) or settings.text("address").startswith("https://")


def _answers(engine: Engine) -> bool:
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True
