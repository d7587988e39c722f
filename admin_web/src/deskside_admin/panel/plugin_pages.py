"""Pages that plugins bring: behind the sign-in, in the panel's frame, each with its place in the menu."""

import logging

from flask import Blueprint, Flask, g

from deskside.calls import Answer, collect
from deskside.loader import Plugins
from deskside.pages import PanelPages, Reader, Readers
from deskside_admin.panel import menus
from deskside_admin.panel.context import company, me, panel
from deskside_admin.panel.menus import FULL, NOTHING, Place, Row

log = logging.getLogger(__name__)

FIRST = "show"
ICON = "features"


class Program:
    """What pages may ask while they answer a request."""

    def reader(self) -> Reader:
        """Return who reads."""
        user = me()
        return Reader(
            name=user.name,
            login_name=user.login_name,
            role=user.role,
            company=company().name,
            language=g.language,
        )

    def text(self, key: str, **values: object) -> str:
        """Return a text in the reader's language."""
        return panel().texts.say(g.language, key, **values)


def install(app: Flask, plugins: Plugins) -> None:
    """Add the pages of all plugins."""
    answers = collect(plugins.manager.hook.deskside_panel_pages, panel=Program())
    for one in answers:
        if not isinstance(one, Answer) or one.value is None:
            continue
        pages = one.value
        if isinstance(pages, PanelPages) and isinstance(pages.blueprint, Blueprint):
            _add(app, one.plugin, pages, pages.blueprint)
        else:
            log.warning("plugin %s has no pages: deskside_panel_pages must return PanelPages", one.plugin)


def _add(app: Flask, plugin: str, pages: PanelPages, blueprint: Blueprint) -> None:
    name = f"plugin_{plugin}"
    app.register_blueprint(blueprint, name=name, url_prefix=f"/plugins/{plugin}")
    menus.add(app, name, _row(pages, Place(f"{name}.{FIRST}", pages.title, ICON)))


def _row(pages: PanelPages, place: Place) -> Row:
    return Row(
        leader=NOTHING if pages.readers is Readers.MANAGERS else FULL,
        agent=FULL if pages.readers is Readers.EVERYBODY else NOTHING,
        place=place,
    )
