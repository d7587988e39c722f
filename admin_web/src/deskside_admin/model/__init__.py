"""The tables, one module per noun."""

from deskside_admin.model.access import OneTimeLink, SignIn, WrongPassword
from deskside_admin.model.base import Row
from deskside_admin.model.company import Company
from deskside_admin.model.group import FeaturePolicy, Group, OptionValue
from deskside_admin.model.licence import LicenceKind, LicenceRow, PolicySerial
from deskside_admin.model.support import AuditEvent, NumberOfDay, SessionKind, SessionState, SupportSession
from deskside_admin.model.user import FeatureTick, User, UserOptionValue, UserRole

__all__ = [
    "AuditEvent",
    "Company",
    "FeaturePolicy",
    "FeatureTick",
    "Group",
    "LicenceKind",
    "LicenceRow",
    "NumberOfDay",
    "OneTimeLink",
    "OptionValue",
    "PolicySerial",
    "Row",
    "SessionKind",
    "SessionState",
    "SignIn",
    "SupportSession",
    "User",
    "UserOptionValue",
    "UserRole",
    "WrongPassword",
]
