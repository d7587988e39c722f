"""What a session page is told before it opens its line: channels, schemas, texts, modules."""

import base64
import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath
from typing import Any

from attrs import frozen

from deskside.catalogue import Catalogue
from deskside.declare import Ends, Role, WebPage
from deskside.errors import BadMessage
from deskside.link import CORE
from deskside.loader import Plugins
from deskside.messages import Codec
from deskside.texts import Texts
from deskside.viewer_session import ViewerSession

PREFIX = "/plugins"


@frozen
class WebFolders:
    """The `web/` folders of loaded plugins."""

    folders: dict[str, Traversable]
    digests: dict[str, str]
    """A short hash of everything in each folder, as it was when this program started."""

    @classmethod
    def of(cls, plugins: Plugins) -> "WebFolders":
        """Find them."""
        found = {}
        for one in plugins.loaded:
            package = one.points["deskside.plugin"].value.partition(".")[0]
            folder = files(package) / "web"
            if folder.is_dir():
                found[one.name] = folder
        return cls(found, {name: _digest(folder) for name, folder in found.items()})

    def read(self, plugin: str, path: str) -> bytes | None:
        """Return a file; a path that leaves the folder finds nothing."""
        parts = PurePosixPath(path).parts
        folder = self.folders.get(plugin)
        if folder is None or not parts or any(one in ("..", "/", "") or "\\" in one for one in parts):
            return None
        item = folder.joinpath(*parts)
        return item.read_bytes() if item.is_file() else None

    def address(self, plugin: str, path: str) -> str:
        """Return a module's address, which changes with the content of its folder."""
        return f"{PREFIX}/{plugin}/{self.digests[plugin]}/{path}"


@frozen
class Reader:
    """Who a page is for."""

    ticket: str
    role: Role
    name: str
    language: str


def start(session: ViewerSession, web: WebFolders, words: Texts, reader: Reader) -> dict[str, Any]:
    """Return the boot data of a page."""
    told = facts(session, reader.role, reader.name)
    data = completed(told, session.catalogue, web, words, reader.language)
    return {**data, "ticket": reader.ticket, "socket": f"/session/{session.id}/socket"}


def facts(session: ViewerSession, role: Role, name: str) -> dict[str, Any]:
    """Return what only the session's own viewer knows of a page's boot data."""
    memory, catalogue = session.memory, session.catalogue
    return {
        "core": CORE.schema(),
        "session": {
            "id": session.id, "number": memory.number, "kind": memory.kind, "began": memory.began or None,
        },
        "me": {"name": name, "role": str(role)},
        "plugins": [_plugin(session, catalogue, one, role) for one in sorted(catalogue.owners)],
    }  # fmt: skip


def completed(
    told: Mapping[str, Any], catalogue: Catalogue, web: WebFolders, words: Texts, language: str
) -> dict[str, Any]:
    """Return the boot data, with the modules and words of the program that serves the page.

    :raises BadMessage: if what was told, perhaps by a viewer elsewhere, is nothing of the kind
    """
    try:
        role = Role(told["me"]["role"])
        plugins = [{**one, "modules": _modules(catalogue, web, one["name"], role)} for one in told["plugins"]]
        about = {key: told[key] for key in ("core", "session", "me")}
    except (KeyError, TypeError, ValueError):
        raise BadMessage("no boot data of a page") from None
    return {**about, "language": language, "texts": words.all(language), "plugins": plugins}


def for_console(catalogue: Catalogue, web: WebFolders) -> list[dict[str, str]]:
    """Return the modules that the console loads."""
    return [
        {"plugin": name, "url": web.address(name, one.path)}
        for name in sorted(web.folders)
        for one in catalogue.owners[name].web_modules
        if one.page is WebPage.CONSOLE
    ]


def _modules(catalogue: Catalogue, web: WebFolders, name: str, role: Role) -> list[dict[str, str]]:
    if name not in catalogue.owners or name not in web.folders:
        return []
    of_session = [one for one in catalogue.owners[name].web_modules if one.page is WebPage.SESSION]
    modules = [one for one in of_session if one.role is role]
    if not modules and role is Role.OBSERVER:
        modules = [one for one in of_session if one.role is Role.AGENT]
    return [{"url": web.address(name, one.path)} for one in modules]


def _plugin(session: ViewerSession, catalogue: Catalogue, name: str, role: Role) -> dict[str, object]:
    declared = catalogue.owners[name]
    return {
        "name": name,
        "version": declared.info.version,
        "options": dict(session.options_of(name)),
        "features": [
            {"key": one.key, "consent": str(one.consent), "indicator": one.indicator}
            for one in declared.features
        ],
        "channels": [
            {
                "name": f"{name}.{spec.name}",
                "feature": spec.feature,
                "number": session.page_numbers[f"{name}.{spec.name}"],
                "ends": str(spec.ends),
                "lane": str(spec.lane),
                "window": spec.window_bytes,
                "send": role in spec.senders,
                "messages": Codec.of(spec.messages).schema(),
            }
            for spec in declared.channels
            if spec.ends is not Ends.HOST_VIEWER
        ],
    }


def _digest(folder: Traversable) -> str:
    sum_ = hashlib.sha256()
    for name, item in sorted(_walk(folder, ""), key=lambda pair: pair[0]):
        sum_.update(name.encode() + b"\0" + item.read_bytes())
    return base64.urlsafe_b64encode(sum_.digest()[:12]).decode()


def _walk(folder: Traversable, prefix: str) -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_dir():
            yield from _walk(item, f"{prefix}{item.name}/")
        elif item.is_file():
            yield f"{prefix}{item.name}", item
