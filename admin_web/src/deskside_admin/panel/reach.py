"""What the signed-in user may see in the page at hand, and the objects in it, or 404."""

from flask import abort, request

from deskside_admin.model import Group, User
from deskside_admin.panel import menus
from deskside_admin.panel.context import company, database, me
from deskside_admin.service import accounts, groups, ranks
from deskside_admin.service.scope import Scope


def scope() -> Scope:
    """Return whose rows this page shows."""
    return menus.scope(request.endpoint or "", me())


def user_or_404(user_id: int) -> User:
    """Return a user this page may show."""
    user = accounts.find(database(), company().id, user_id)
    return user if user is not None and scope().holds(user) else abort(404)


def managed_user_or_404(user_id: int) -> User:
    """Return a user whom the reader may change; one he may only see is refused."""
    user = user_or_404(user_id)
    return user if ranks.may_manage(me(), user) else abort(403)


def group_or_404(group_id: int) -> Group:
    """Return a group this page may show."""
    group = groups.find(database(), company().id, group_id)
    only = scope().group_id
    return group if group is not None and only in (None, group.id) and scope().user_id is None else abort(404)
