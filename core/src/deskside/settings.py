"""What an operator sets: one TOML file and `DESKSIDE_…` variables, each setting declared once. Pure.

Order, the strongest first: command line, environment, file, installation, default. `Value.origin` says
which one spoke, so that `deskside config` can explain. The installation's file is written by whoever
installed the programs and is the same for all of them: what one of them does not declare is not for it.
"""

import tomllib
from collections.abc import Mapping, Sequence

from attrs import frozen

from deskside.errors import DesksideError

PREFIX = "DESKSIDE_"


class BadSetting(DesksideError):
    """Raised when a setting is unknown or its value does not fit."""


@frozen(kw_only=True)
class Setting:
    """One setting; its type is that of its default."""

    name: str
    default: str | int | bool
    help: str
    minimum: int = 0
    maximum: int = 2**31

    @property
    def variable(self) -> str:
        """Return the name of its environment variable."""
        return PREFIX + self.name.upper()

    def read(self, given: object, origin: str) -> str | int | bool:
        """Turn what was given into a value.

        :raises BadSetting: if it does not fit, naming setting, value and origin
        """
        if isinstance(self.default, bool):
            return self._bool(given, origin)
        if isinstance(self.default, int):
            return self._int(given, origin)
        if isinstance(given, str):
            return given
        raise self._bad(given, origin, "a text")

    def _bool(self, given: object, origin: str) -> bool:
        if isinstance(given, bool):
            return given
        known = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
        if isinstance(given, str) and given.lower() in known:
            return known[given.lower()]
        raise self._bad(given, origin, "true or false")

    def _int(self, given: object, origin: str) -> int:
        try:
            value = int(given) if isinstance(given, str) else given
        except ValueError:
            value = None
        if type(value) is int and self.minimum <= value <= self.maximum:
            return value
        raise self._bad(given, origin, f"a whole number from {self.minimum} to {self.maximum}")

    def _bad(self, given: object, origin: str, wanted: str) -> BadSetting:
        return BadSetting(f"{origin}: {self.name} must be {wanted}, not {str(given)[:60]!r}")


@frozen
class Value:
    """A setting's value and where it came from."""

    value: str | int | bool
    origin: str


@frozen
class Settings:
    """All values of a program."""

    values: Mapping[str, Value]

    def text(self, name: str) -> str:
        """Return a text setting."""
        return str(self.values[name].value)

    def number(self, name: str) -> int:
        """Return a number setting."""
        value = self.values[name].value
        if type(value) is not int:
            raise TypeError(f"{name} is no number")
        return value

    def flag(self, name: str) -> bool:
        """Return a true-or-false setting."""
        return self.values[name].value is True


def read(
    declared: Sequence[Setting],
    *,
    installed: bytes = b"",
    file: bytes = b"",
    environ: Mapping[str, str],
    given: Mapping[str, object],
) -> Settings:
    """Join default, installation, file, environment and command line.

    :raises BadSetting: if the file or a variable names an unknown setting, or a value does not fit
    """
    common, content = _parse(installed), _parse(file)
    known = {setting.name: setting for setting in declared}
    if unknown := sorted(set(content) - set(known)):
        raise BadSetting(f"the settings file names an unknown setting: {unknown[0]}")
    values = {}
    for name, setting in known.items():
        value = Value(setting.default, "default")
        for origin, found in (
            ("installation", common.get(name)),
            ("settings file", content.get(name)),
            (setting.variable, environ.get(setting.variable)),
            (f"--{name.replace('_', '-')}", given.get(name)),
        ):
            if found is not None:
                value = Value(setting.read(found, origin), origin)
        values[name] = value
    return Settings(values)


def _parse(file: bytes) -> dict[str, object]:
    try:
        return tomllib.loads(file.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadSetting(f"the settings file cannot be read: {error}") from None
