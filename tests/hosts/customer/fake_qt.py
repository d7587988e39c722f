"""A plugin's qt.py for tests."""

from typing import Any

from attrs import define

from deskside.hookspecs import hookimpl


@define
class Overlay:
    """Tells back what it is told."""

    scope: Any

    def draw(self, colour: str) -> None:
        self.scope.emit(f"{self.scope.language} {colour} {self.scope.text('drawing.title')}")


@hookimpl
def deskside_provide(service: str, scope: Any) -> object | None:
    if service == "drawing.broken/1":
        raise ValueError("no window today")
    return Overlay(scope) if service == "drawing.overlay/1" else None
