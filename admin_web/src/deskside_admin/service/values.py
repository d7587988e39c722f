"""What is wrong with the value of an option, in words for whoever entered it. Pure."""

from deskside.options import List, Option, Pattern, Text
from deskside_admin.service.outcome import Problem

LONGEST_SHOWN = 40


def bad_value(option: Option, value: object, entry: str) -> Problem | None:
    """Say what is wrong with a value, if anything."""
    if option.accepts(value):
        return None
    if isinstance(option, List) and isinstance(value, list):
        return _bad_list(option, value, entry)
    if isinstance(option, Text) and isinstance(value, str) and option.pattern is not Pattern.LINE:
        return Problem(f"entry.bad_{option.pattern}", entry, {"text": value[:LONGEST_SHOWN]})
    return Problem("entry.not_allowed", entry)


def _bad_list(option: List, value: list[object], entry: str) -> Problem:
    if len(value) > option.most:
        return Problem("entry.too_many", entry, {"most": option.most, "count": len(value)})
    texts = [one for one in value if isinstance(one, str)]
    wrong = [one for one in texts if not option.pattern.fits(one)]
    if wrong:
        return Problem(f"entry.bad_{option.pattern}", entry, {"text": wrong[0][:LONGEST_SHOWN]})
    doubled = [one for one in texts if texts.count(one) > 1]
    return (
        Problem("entry.doubled", entry, {"text": doubled[0]})
        if doubled
        else Problem("entry.not_allowed", entry)
    )
