"""What the console keeps of its own: who did what, given passwords, people’s profiles."""

from console.models.audit import RIGHT_TO_AUDIT, AuditEntry, AuditKind
from console.models.passwords import GivenPassword
from console.models.profiles import Density, Profile

__all__ = ["RIGHT_TO_AUDIT", "AuditEntry", "AuditKind", "Density", "GivenPassword", "Profile"]
