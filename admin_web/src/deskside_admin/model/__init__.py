"""The tables, one module per noun."""

from deskside_admin.model.access import OneTimeLink, SignIn, WrongPassword
from deskside_admin.model.base import Row
from deskside_admin.model.company import Company
from deskside_admin.model.group import FeaturePolicy, Group, OptionValue
from deskside_admin.model.user import FeatureTick, User, UserOptionValue, UserRole

__all__ = [
    "Company",
    "FeaturePolicy",
    "FeatureTick",
    "Group",
    "OneTimeLink",
    "OptionValue",
    "Row",
    "SignIn",
    "User",
    "UserOptionValue",
    "UserRole",
    "WrongPassword",
]
