"""The expected "no": what is wrong with which entry, as text keys for whoever shows it."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen


@frozen
class Problem:
    """One thing that is wrong: the text key of the reason, its values, and the entry at fault if any."""

    reason: str
    entry: str = ""
    values: Mapping[str, object] = field(factory=dict)


@frozen
class Refused:
    """Nothing was done, for these reasons."""

    problems: tuple[Problem, ...]

    @property
    def reason(self) -> str:
        """Return the text key of the first reason."""
        return self.problems[0].reason


def refused(reason: str, entry: str = "", **values: object) -> Refused:
    """Return a refusal with one reason."""
    return Refused((Problem(reason, entry, values),))


def gathered(problems: Iterable[Problem | None]) -> Refused | None:
    """Return one refusal with every problem found, or None if there is none."""
    found = tuple(problem for problem in problems if problem)
    return Refused(found) if found else None
