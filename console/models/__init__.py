"""What the console keeps of its own: who did what, passwords others gave, and views of lists."""

from console.models.audit import RIGHT_TO_AUDIT, AuditEntry, AuditKind
from console.models.passwords import GivenPassword
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
    "GivenPassword",
    "RecentlyViewed",
    "SavedView",
    "ViewedList",
]
