"""Plugins as a person would install them: a folder on PYTHONPATH with code and a distribution's metadata."""

import sys
from collections.abc import Mapping
from importlib.metadata import distributions
from pathlib import Path
from textwrap import dedent

from attrs import define

from deskside.declare import Side
from deskside.loader import Plugins, load
from live import PLUGINS


@define
class Shelf:
    """A folder of plugins."""

    folder: Path

    def add(self, name: str, parts: Mapping[str, str], texts: Mapping[str, str] | None = None) -> str:
        """Write a plugin from the source of its parts; return the name of its distribution."""
        code = self.folder / f"{name}_code"
        code.mkdir(parents=True)
        (code / "__init__.py").write_text("")
        for part, source in parts.items():
            (code / f"{part}.py").write_text(dedent(source))
        if texts:
            (code / "texts").mkdir()
            lines = "".join(f'"{key}" = "{text}"\n' for key, text in texts.items())
            (code / "texts" / "en.toml").write_text(lines)
        return self.announce(name, [part for part in parts if part != "messages"])

    def announce(self, name: str, parts: list[str]) -> str:
        """Write the metadata of a plugin whose code is on the path; return its distribution's name."""
        info = self.folder / f"test_{name}-1.0.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: test-{name}\nVersion: 1.0\n")
        points = "".join(f"[deskside.{part}]\n{name} = {name}_code.{part}\n" for part in parts)
        (info / "entry_points.txt").write_text(points)
        return f"test-{name}"

    @property
    def path(self) -> str:
        """Return what PYTHONPATH must hold."""
        return f"{self.folder}:{PLUGINS}"

    def loaded(self, allowed: str, without: tuple[str, ...] = (), side: Side = Side.VIEWER) -> Plugins:
        """Load plugins into this process, as a viewer does, or another program."""
        if str(self.folder) not in sys.path:
            sys.path.insert(0, str(self.folder))
        names = allowed.split(",")
        found = [one for one in distributions(path=[str(self.folder), *sys.path]) if one.name in names]
        by_name = {one.name: one for one in reversed(found)}
        return load(side, lambda _: True, by_name.values(), without=without)
