"""What the console keeps of its own: who did what, given passwords, profiles, views of lists."""

from console.models.audit import RIGHT_TO_AUDIT, AuditEntry, AuditKind
from console.models.passwords import GivenPassword
from console.models.profiles import Density, Profile
from console.models.views import (
    RIGHT_TO_SHARE,
    DefaultView,
    RecentlyViewed,
    SavedView,
    ViewedList,
)

__all__ = [
    "RIGHT_TO_AUDIT",
    "RIGHT_TO_SHARE",
    "AuditEntry",
    "AuditKind",
    "DefaultView",
    "Density",
    "GivenPassword",
    "Profile",
    "RecentlyViewed",
    "SavedView",
    "ViewedList",
]
