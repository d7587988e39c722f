"""Who may manage whom: nobody changes an account that holds more than his own. Pure."""

from deskside_admin.model import User, UserRole

MANAGERS = frozenset({UserRole.SYSTEM, UserRole.ADMIN})


def may_manage(by: User, user: User) -> bool:
    """Tell whether somebody may change another's account.

    Whoever can replace a password can sign in with it, so this decides what he could come to hold.
    """
    if by.company_id != user.company_id or (user.operator and not by.operator):
        return False
    if by.role in MANAGERS:
        return True
    is_leader = by.role == UserRole.LEADER and by.group_id == user.group_id
    return is_leader and user.role == UserRole.AGENT


def roles_to_give(by: User | None) -> tuple[UserRole, ...]:
    """Return the roles that somebody may give; without anybody, the server itself gives."""
    if by is None or by.role in MANAGERS:
        return (UserRole.AGENT, UserRole.LEADER, UserRole.ADMIN, UserRole.SYSTEM)
    return (UserRole.AGENT,) if by.role == UserRole.LEADER else ()


def groups_to_fill(by: User | None) -> int | None:
    """Return the only group that somebody may put users into; None if he may choose any."""
    return by.group_id if by is not None and by.role not in MANAGERS else None
