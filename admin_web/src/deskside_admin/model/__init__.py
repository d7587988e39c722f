"""The tables, one module per noun."""

from deskside_admin.model.access import (
    OneTimeLink,
    RecoveryCode,
    SecondStep,
    SignIn,
    SignInKind,
    SignInRecord,
    WrongPassword,
)
from deskside_admin.model.base import Row
from deskside_admin.model.company import Company, CompanyLogo, CompanyPolicy, CompanyValue, PasswordLevel
from deskside_admin.model.feedback import Feedback
from deskside_admin.model.group import FeaturePolicy, Group, OptionValue
from deskside_admin.model.licence import LicenceKind, LicenceRow, PolicySerial, Vendor
from deskside_admin.model.support import AuditEvent, NumberOfDay, SessionKind, SessionState, SupportSession
from deskside_admin.model.user import FeatureTick, User, UserOptionValue, UserPhoto, UserRole

__all__ = [
    "AuditEvent",
    "Company",
    "CompanyLogo",
    "CompanyPolicy",
    "CompanyValue",
    "FeaturePolicy",
    "FeatureTick",
    "Feedback",
    "Group",
    "LicenceKind",
    "LicenceRow",
    "NumberOfDay",
    "OneTimeLink",
    "OptionValue",
    "PasswordLevel",
    "PolicySerial",
    "RecoveryCode",
    "Row",
    "SecondStep",
    "SessionKind",
    "SessionState",
    "SignIn",
    "SignInKind",
    "SignInRecord",
    "SupportSession",
    "User",
    "UserOptionValue",
    "UserPhoto",
    "UserRole",
    "Vendor",
    "WrongPassword",
]
