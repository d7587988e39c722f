"""Adding and removing entries of lists: buttons that send the form back to be drawn again, unsaved."""

from deskside_admin.panel.option_form import Form


def wants_redrawing(form: Form) -> bool:
    """Tell whether a form was sent only to be drawn again."""
    return any(name in form for name in ("add", "remove", "again"))


def redrawn(form: Form) -> Form:
    """Return the form with one entry less or room for one more, and with what now has the focus."""
    changed = form.copy()
    if entry := form.get("add", ""):
        changed["focus"] = entry
    elif wanted := form.get("remove", ""):
        entry, _, place = wanted.rpartition(" ")
        name = f"value:{entry}"
        kept = [text for number, text in enumerate(form.getlist(name)) if str(number) != place]
        changed.setlist(name, kept)
        changed["focus"] = f"add {entry}"
    return changed
